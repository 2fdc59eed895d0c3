/** A time for one's own calendar, or out of it once it is off: as a file, or mailed to one's own confirmed address. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Doc } from "../../state/api";
import { Button, LinkButton, Notice, useApp } from "../../ui";

interface Settings extends Doc { addresses?: { email?: { address: string; state: string } } }
type State = "sent" | "later" | "failed" | null;

/** `off`: the time is called off, so that the file takes it out of the calendar it was saved in. */
export function OwnTime({ id, off = false }: { id: string; off?: boolean }) {
  const app = useApp();
  const [state, setState] = useState<State>(null);
  const mail = app.all<Settings>("settings").value[0]?.addresses?.email;
  const file = `/calendar/meeting/${id}.ics`;
  const send = async (): Promise<void> => {
    const answer = await fetch(file, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => null);
    setState(answer?.ok ? "sent" : answer?.status === 429 ? "later" : "failed");
  };
  return (
    <>
      <LinkButton icon={off ? "undo" : "calendar"} download="tid.ics" href={file}>{off ? t("Take it out of the calendar") : t("Add to the calendar")}</LinkButton>
      {mail?.state === "confirmed"
        ? <Button kind="quiet" icon="mail" disabled={!app.online.value && t("This needs a connection")} onPress={send}>{t("Mail it to me")}</Button>
        : !off && <p class="sm muted inset">{t("Do you want it mailed?")} <a href="/settings/reminders">{t("Add your e-mail address")}</a></p>}
      {state === "sent" && <Notice tone="good" icon="check" alert title={t("It is on its way to {address}", { address: mail?.address ?? "" })} />}
      {state === "later" && <Notice tone="warn" icon="clock" alert title={t("That was many in an hour. Try again later.")} />}
      {state === "failed" && <Notice tone="warn" icon="warning" alert title={t("It was not sent")}><span>{t("Try again, or save the file instead.")}</span></Notice>}
    </>
  );
}
