/** The app's own lock: a code or a passkey, asked for when the app is opened or has been left alone. */
import { useState } from "preact/hooks";
import { passkeyAdd } from "../auth";
import { t } from "../i18n";
import { askPasskey, canUsePasskey } from "../lock/passkey";
import type { Secret } from "../state/api";
import { Button, Buttons, Card, Notice, Section, Sheet, useApp } from "../ui";
import { PinPad } from "../ui/pin-pad";
import { roleKind } from "./roles";

/** Twice the same code, then it is set. */
function NewCode({ onSet, onClose }: { onSet: (pin: string) => Promise<void>; onClose: () => void }) {
  const [first, setFirst] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const typed = async (pin: string): Promise<void> => {
    if (first === null) {
      setFirst(pin);
      setMessage(null);
    } else if (first === pin) await onSet(pin);
    else {
      setFirst(null);
      setMessage(t("The two codes were not the same. Begin again."));
    }
  };
  return (
    <Sheet open onClose={onClose} title={t("A code for Samled")} lead={t("Six digits. Not the phone's own code. Ten wrong tries erase what is kept here.")}>
      <PinPad title={first === null ? t("Choose a code") : t("Write it once more")} message={message} onDone={typed} />
    </Sheet>
  );
}

export function LockSettings() {
  const app = useApp();
  const [choosing, setChoosing] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  const on = app.lockable.value;
  const mayRemove = roleKind(app.me.value?.kind) !== "staff";
  const set = async (secret: Secret | null): Promise<void> => {
    try {
      await app.setPin(secret);
      setMessage(secret === null ? t("The lock is off.") : t("The lock is on."));
    } catch {
      // Everything is written anew with the new key, or nothing is.
      setMessage(t("This could not be saved. Nothing has changed."));
    }
  };
  const setPin = async (pin: string): Promise<void> => {
    await set(pin);
    setChoosing(false);
  };
  const usePasskey = async (): Promise<void> => {
    let secret = await askPasskey();
    if (!secret && (await passkeyAdd("")).ok) secret = await askPasskey();
    if (!secret) return setMessage(t("This passkey cannot lock the app. Choose a code instead."));
    await set(secret);
  };
  return (
    <Section title={t("Lock for the app")}>
      <Card>
        <p class="muted">{on ? app.opensBy.value === "prf" ? t("Samled asks for your passkey when it is opened.") : t("Samled asks for your code when it is opened.") : t("Good on a phone that others use too. Works without a connection.")}</p>
        {message && <Notice tone="grey" icon="lock" title={message} alert />}
        <Buttons>
          <Button icon="lock" onPress={() => setChoosing(true)}>{app.opensBy.value === "pin" ? t("Change code") : t("Choose a code")}</Button>
          {canUsePasskey() && app.opensBy.value !== "prf" && <Button icon="passkey" onPress={usePasskey}>{t("Use passkey")}</Button>}
          {on && mayRemove && <Button onPress={() => set(null)}>{t("Take away the lock")}</Button>}
          {on && <Button onPress={() => app.lock()}>{t("Lock now")}</Button>}
        </Buttons>
      </Card>
      {choosing && <NewCode onSet={setPin} onClose={() => setChoosing(false)} />}
    </Section>
  );
}
