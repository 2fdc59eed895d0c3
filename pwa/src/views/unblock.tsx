/** The phone or the browser has said no to notices: only its own settings can change that, so here is how. */
import { t } from "../i18n";
import { isApple, isInstalled } from "../push";
import { Notice, Trail, type TrailStep } from "../ui";

function steps(): TrailStep[] {
  if (isApple())
    return [{ what: t("Open the phone's Settings") }, { what: t("Choose Notifications, then Samled") }, { what: t("Turn on Allow notifications") }];
  if (/Android/.test(navigator.userAgent) && isInstalled())
    return [{ what: t("Hold a finger on the Samled icon") }, { what: t("Choose App info, then Notifications") }, { what: t("Turn them on") }];
  return [{ what: t("Press the sign to the left of the address") }, { what: t("Choose Permissions, then Notifications") }, { what: t("Choose Allow, and open Samled again") }];
}

export function Unblock() {
  return (
    <div class="stack">
      <Notice tone="warn" icon="bell" title={isApple() || /Android/.test(navigator.userAgent) ? t("The phone has said no to reminders") : t("The browser has said no to reminders")}><span>{t("Samled cannot ask again. You can change it like this:")}</span></Notice>
      <Trail numbered label={t("How to do it")} steps={steps()} />
    </div>
  );
}
