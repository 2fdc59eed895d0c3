/** Asking about reminders at the right moment: after something has been booked, with what it will look like. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { type PushState, askLater, isApple, isInstalled, offer, pushState, turnOn } from "../push";
import { Button, Choice, LinkButton, Mark, Notice, Sheet, useApp } from "../ui";
import { groupsFor } from "./reminder-groups";
import { roleKind } from "./roles";
import { Unblock } from "./unblock";

/** Words and the next step for what reminders are here. */
export function PushStatus({ state }: { state: PushState }) {
  if (state === "on") return <Notice tone="good" icon="bell" title={t("Reminders are on")} />;
  if (state === "install")
    return <Notice icon="add-home" title={t("Put Samled on the home screen first")}><span>{t("This phone sends reminders only to apps on the home screen.")}</span><LinkButton slim href="/install">{t("Show how")}</LinkButton></Notice>;
  if (state === "denied") return <Unblock />;
  if (state === "unsupported") return <Notice tone="grey" icon="info" title={t("This browser cannot send reminders")}><span>{t("Everything is here when you open Samled.")}</span></Notice>;
  if (state === "failed") return <Notice tone="warn" icon="bell" title={t("Reminders could not be turned on")}><span>{t("It is tried again the next time you open Samled.")}</span></Notice>;
  return null;
}

/** What a reminder looks like on the lock screen: no names, nothing of what it is about. */
export function ReminderSample() {
  return (
    <div class="well" aria-hidden="true">
      <div class="push"><Mark /><span class="txt"><b>Samled</b><span class="sm">{t("You have something booked. Open to see more.")}</span></span></div>
    </div>
  );
}

/** Whom a reminder would also tell of: the group of kinds that can be chosen away in the question itself. */
const ALSO = "answers";

/**
 * The question. Place it on the page that is shown after a yes to a meeting or after a booking; it draws nothing when it
 * should not be asked. `also` is the name of somebody who gets in touch: that can be chosen away at once.
 */
export function ReminderOffer({ also }: { also?: string }) {
  const app = useApp();
  // Turning reminders on takes a connection: without one it is asked another time.
  const [asked] = useState(() => (app.online.peek() ? offer() : null));
  const [open, setOpen] = useState(asked !== null);
  const [more, setMore] = useState(true);
  const [result, setResult] = useState<PushState | null>(null);
  const yes = async (): Promise<void> => {
    const state = await turnOn(app);
    const group = groupsFor(roleKind(app.me.peek()?.kind)).find((one) => one.key === ALSO);
    if (state === "on" && also && !more && group) await app.send("settings.change", { kinds: Object.fromEntries(group.kinds.map((kind) => [kind, "in_app"])) });
    setResult(state);
    setOpen(false);
  };
  const no = (): void => {
    askLater();
    setOpen(false);
  };
  const later = <Button kind="second" block onPress={no}>{t("Not now")}</Button>;
  const title = t("Shall we remind you the day before?");
  if (asked === "install")
    return (
      <Sheet open={open} onClose={no} title={title} lead={t("This phone sends reminders only to apps on the home screen.")}>
        <p>{t("Put Samled there first. It takes half a minute, and we show how with pictures.")}</p>
        <div class="stack-2"><LinkButton kind="primary" block icon="add-home" href="/install">{t("Show how")}</LinkButton>{later}</div>
      </Sheet>
    );
  return (
    <>
      {result && <PushStatus state={result} />}
      <Sheet open={open} onClose={no} title={title} lead={t("This is how it looks on the lock screen. No names, nothing of what it is about.")}>
        <ReminderSample />
        {also && <Choice checked={more} onChange={setMore} label={t("Also when {name} gets in touch", { name: also })} hint={t("Never at night")} />}
        <div class="stack-2">
          <Button kind="primary" block icon="bell" onPress={yes}>{t("Yes, remind me")}</Button>
          {later}
        </div>
        <p class="sm muted centre">{t("After your yes the phone asks too. If you say no, everything is still here.")}</p>
      </Sheet>
    </>
  );
}

/** One row on a home page when the phone can have Samled on its home screen and does not yet. */
export function offersInstall(): boolean {
  return isApple() && !isInstalled() && pushState.value === "install";
}
