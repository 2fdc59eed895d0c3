/** A colleague who came in by a code alone: one step more, and they can work. Nothing for those who have proved who they are. */
import { useEffect, useState } from "preact/hooks";
import { type Called, type Ways, eidProve, passkeyAdd, passkeySignIn, ways } from "../../auth";
import { lang, t } from "../../i18n";
import { canUsePasskey } from "../../lock/passkey";
import { place } from "../../router";
import { Button, Card, Notice, refusalWords, useApp } from "../../ui";

export function FirstProof() {
  const app = useApp();
  const byCode = app.me.value?.assurance === "code";
  const [found, setFound] = useState<Ways | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    if (byCode) void ways().then(setFound, () => undefined);
  }, [byCode]);
  if (!byCode) return null;
  const tell = (called: Called<unknown>): boolean => {
    // Who closed the device's own question knows that it did not happen.
    setWrong(called.ok || called.code === "declined" ? null : refusalWords(called.code));
    return called.ok;
  };
  const passkey = async (): Promise<void> => {
    if (tell(await passkeyAdd("")) && tell(await passkeySignIn())) await app.reopen();
  };
  const again = async (): Promise<void> => {
    if (tell(await passkeySignIn())) await app.reopen();
  };
  const eid = found?.eid ?? [];
  return (
    <Card selected>
      <h2>{t("One more step before you can work")}</h2>
      <p class="sm muted">{t("The code let you in. Now make sure that nobody else comes in as you.")}</p>
      {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
      {eid.map((door) => <Button key={door.key} kind="primary" block onPress={async () => void tell(await eidProve(door.key, place.peek().path, lang.value))}>{t("Use {way}", { way: door.name })}</Button>)}
      {canUsePasskey() && found?.passkey && <>
        <Button kind={eid.length > 0 ? "second" : "primary"} block icon="passkey" onPress={passkey}>{t("Make a passkey on this device")}</Button>
        <Button kind="quiet" block onPress={again}>{t("I have a passkey already")}</Button>
      </>}
    </Card>
  );
}
