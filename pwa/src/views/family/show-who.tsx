/** With an invitation code alone one sees the person and the meetings. What more there is, and how to get to it. */
import { useEffect, useState } from "preact/hooks";
import { type Called, type Ways, eidProve, passkeyAdd, passkeySignIn, passkeys, ways } from "../../auth";
import { lang, t } from "../../i18n";
import { canUsePasskey } from "../../lock/passkey";
import { place } from "../../router";
import { Button, Card, Notice, Steps, refusalWords, useApp } from "../../ui";

/** True while nothing but a code has said who this is. */
export function isByCode(app: ReturnType<typeof useApp>): boolean {
  return app.me.value?.assurance === "code";
}

export function ShowWho() {
  const app = useApp();
  const [found, setFound] = useState<Ways | null>(null);
  const [has, setHas] = useState<boolean | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    void ways().then(setFound, () => undefined);
    void passkeys().then((own) => setHas((own ?? []).length > 0), () => setHas(false));
  }, []);
  // Who closed the phone's own question knows that it did not happen.
  const tell = (called: Called<unknown>): void => setWrong(called.ok || called.code === "declined" ? null : refusalWords(called.code));
  const make = async (): Promise<void> => {
    const made = await passkeyAdd("");
    tell(made);
    if (!made.ok) return;
    setHas(true);
    await passkey();
  };
  const passkey = async (): Promise<void> => {
    const done = await passkeySignIn();
    tell(done);
    if (done.ok) await app.reopen();
  };
  return (
    <Card selected>
      <h2>{t("Show who you are to see the rest")}</h2>
      <Steps small items={[
        { icon: "check", state: "ok", text: t("With the code alone you see your coordinator, your meetings and what you have written.") },
        { icon: "lock", text: t("What may be shared, the wait and who has looked are opened only for you.") },
      ]} />
      {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
      {found?.eid.map((door) => <Button key={door.key} kind="primary" block onPress={async () => tell(await eidProve(door.key, place.peek().path, lang.value))}>{t("Sign in with {way}", { way: door.name })}</Button>)}
      <p class="sm muted">{t("You can also show your ID to your coordinator, and then use a passkey.")}</p>
      {canUsePasskey() && found?.passkey && has !== null && (has
        ? <Button block icon="passkey" onPress={passkey}>{t("Sign in with passkey")}</Button>
        : <>
            <Button block icon="passkey" onPress={make}>{t("Make a passkey on this device")}</Button>
            <Button block kind="quiet" onPress={passkey}>{t("I have a passkey already")}</Button>
          </>)}
    </Card>
  );
}
