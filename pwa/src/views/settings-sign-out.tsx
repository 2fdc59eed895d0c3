/** Signing out erases this device's copy, so what is not sent is named first. */
import { useState } from "preact/hooks";
import { t, tn } from "../i18n";
import { turnOff } from "../push";
import { navigate } from "../router";
import { AskSheet, Button, Notice, useApp } from "../ui";

export function SignOutSettings() {
  const app = useApp();
  const [asking, setAsking] = useState(false);
  const unsent = app.outbox.value.filter((item) => item.state !== "sent").length;
  const leave = async (): Promise<void> => {
    // The subscription goes with the person: nobody else on this device gets their reminders.
    await turnOff(app).catch(() => undefined);
    // The next person to sign in here begins at the beginning.
    navigate("/", { replace: true });
    await app.signOut();
  };
  return (
    <>
      <Button block icon="leave" onPress={() => setAsking(true)}>{t("Sign out")}</Button>
      <AskSheet
        open={asking} onClose={() => setAsking(false)} title={t("Sign out and erase?")}
        yes={{ label: t("Sign out"), onPress: leave }} no={t("Stay")}
      >
        <p>{t("Everything Samled keeps on this device is erased. It comes back when you sign in again.")}</p>
        {unsent > 0 && <Notice tone="warn" icon="queued" title={tn("{n} thing has not been sent", "{n} things have not been sent", unsent)}><span>{t("It is erased too.")}</span></Notice>}
      </AskSheet>
    </>
  );
}
