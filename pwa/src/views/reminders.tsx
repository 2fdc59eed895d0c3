/** Asking about reminders at the right moment: after something has been booked, with what it will look like. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { type PushState, askLater, isApple, isInstalled, mayAsk, pushState, turnOn } from "../push";
import { Button, LinkButton, Mark, Notice, Sheet, useApp } from "../ui";

/** Words and the next step for what reminders are here. */
export function PushStatus({ state }: { state: PushState }) {
  if (state === "on") return <Notice tone="good" icon="bell" title={t("Reminders are on")} />;
  if (state === "install")
    return <Notice icon="add-home" title={t("Put Samled on the home screen first")}><span>{t("This phone sends reminders only to apps on the home screen.")}</span><LinkButton slim href="/install">{t("Show how")}</LinkButton></Notice>;
  if (state === "denied")
    return <Notice tone="warn" icon="bell" title={t("The phone has said no to reminders")}><span>{t("Open the phone's settings, choose the browser or Samled, and allow notifications.")}</span></Notice>;
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

/** The question. Place it on the page that is shown after a yes to a meeting; it draws nothing when it should not be asked. */
export function ReminderOffer() {
  const app = useApp();
  const [open, setOpen] = useState(mayAsk);
  const [result, setResult] = useState<PushState | null>(null);
  const yes = async (): Promise<void> => {
    setResult(await turnOn(app));
    setOpen(false);
  };
  const no = (): void => {
    askLater();
    setOpen(false);
  };
  return (
    <>
      {result && <PushStatus state={result} />}
      <Sheet open={open} onClose={no} title={t("Shall we remind you the day before?")} lead={t("This is how it looks on the lock screen. No names, nothing of what it is about.")}>
        <ReminderSample />
        <div class="stack-2">
          <Button kind="primary" block icon="bell" onPress={yes}>{t("Yes, remind me")}</Button>
          <Button kind="second" block onPress={no}>{t("Not now")}</Button>
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
