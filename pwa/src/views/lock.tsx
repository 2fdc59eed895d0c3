/** The app's own lock, and the neutral page after a quick exit. Nothing of what is kept is shown here. */
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { askPasskey } from "../lock/passkey";
import type { Secret } from "../state/api";
import { AskSheet, Button, Card, Notice, Page, unhide, useApp } from "../ui";
import { PinPad } from "../ui/pin-pad";

/** Opens the app with what it was locked with. Nothing is asked for that cannot be tried. */
export function Lock() {
  const app = useApp();
  const [message, setMessage] = useState<string | null>(null);
  const [forgetting, setForgetting] = useState(false);
  const open = async (secret: Secret): Promise<void> => {
    const result = await app.unlock(secret);
    if (result === "wrong" && app.opensBy.value === "prf") setMessage(t("That is not the passkey Samled was locked with."));
    else if (result === "wrong") setMessage(t("That was not right. Try again. Ten wrong codes erase what is kept here."));
    if (result === "erased") setMessage(t("What was kept here has been erased. Sign in again."));
  };
  const tryAgain = async (): Promise<void> => {
    setMessage(null);
    await app.tryAgain();
  };
  const passkey = async (): Promise<void> => {
    setMessage(null);
    const secret = await askPasskey();
    if (secret) await open(secret);
    else setMessage(t("The passkey was not used. Try again."));
  };
  return (
    <Page title={t("Samled is locked")}>
      {app.broken.value ? (
        <Card>
          <Notice tone="warn" icon="warning" alert title={t("What is kept here cannot be opened right now")}>
            <span>{t("It is not about your code, and nothing is erased.")} {t("Close the app and open it again. If the phone is full, make some room first.")}</span>
          </Notice>
          <Button kind="primary" block onPress={tryAgain}>{t("Try again")}</Button>
          <Button kind="quiet" onPress={() => setForgetting(true)}>{t("Erase and sign in again")}</Button>
        </Card>
      ) : app.opensBy.value === "prf" ? (
        <Card>
          {message && <p class="error-text" role="alert">{message}</p>}
          <Button kind="primary" block big icon="passkey" onPress={passkey}>{t("Open with passkey")}</Button>
          <Button kind="quiet" onPress={() => setForgetting(true)}>{t("I no longer have the passkey")}</Button>
        </Card>
      ) : (
        <Card>
          <PinPad title={t("Write your code")} message={message} onDone={open} />
          <Button kind="quiet" onPress={() => setForgetting(true)}>{t("I have forgotten the code")}</Button>
        </Card>
      )}
      <AskSheet
        open={forgetting} onClose={() => setForgetting(false)} title={t("Erase and sign in again?")}
        yes={{ label: t("Erase and sign in again"), onPress: () => app.forget() }} no={t("Go back")}
      >
        <p>{t("Everything kept on this device is erased, also what has not been sent. The rest comes back when you sign in.")}</p>
      </AskSheet>
    </Page>
  );
}

/** What is shown after "Dölj", until the person asks to go on. */
export function Cover({ onOpen }: { onOpen: () => void }) {
  const app = useApp();
  const open = async (): Promise<void> => {
    if (app.lockable.value) await app.lock();
    unhide();
    onOpen();
  };
  return (
    <Page title={t("Paused")} end={<span />}>
      <Button kind="primary" big block onPress={open}>{t("Continue")}</Button>
    </Page>
  );
}
