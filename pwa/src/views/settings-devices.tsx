/** The devices one is signed in on, and passkeys: see them, forget one that is lost. */
import { useEffect, useState } from "preact/hooks";
import { type Device, type Passkey, devices, endDevice, passkeyAdd, passkeys, removePasskey } from "../auth";
import { stamp } from "../dates";
import { t } from "../i18n";
import { canUsePasskey } from "../lock/passkey";
import { AskSheet, Badge, Button, Notice, Row, Section } from "../ui";

type Asking = { kind: "device"; device: Device } | { kind: "passkey"; passkey: Passkey };

export function DeviceSettings() {
  const [list, setList] = useState<readonly Device[] | null>([]);
  const [keys, setKeys] = useState<readonly Passkey[] | null>([]);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [failed, setFailed] = useState(false);
  const load = async (): Promise<void> => {
    const [found, own] = await Promise.all([devices(), passkeys()]);
    setList(found);
    setKeys(own);
  };
  useEffect(() => void load(), []);
  const forget = async (): Promise<void> => {
    if (!asking) return;
    const done = asking.kind === "device" ? await endDevice(asking.device.id) : await removePasskey(asking.passkey.id);
    setAsking(null);
    setFailed(!done.ok);
    if (done.ok) await load();
  };
  const add = async (): Promise<void> => {
    const done = await passkeyAdd("");
    setFailed(!done.ok && done.code !== "declined");
    if (done.ok) await load();
  };
  const offline = list === null;
  return (
    <Section title={t("Your devices")} note={t("A device that is forgotten erases everything it keeps as soon as it has a connection.")}>
      {offline && <Notice tone="grey" icon="offline" title={t("The list is shown when you are online")} />}
      {failed && <Notice tone="warn" icon="warning" alert title={t("It did not work. Try again, or sign in with e-ID first.")} />}
      <div class="card flush rows">
        {list?.map((device) => (
          <Row
            key={device.id} icon="phone-device" tone="grey" title={<bdi>{device.label || t("A device")}</bdi>} text={t("Last used {when}", { when: stamp(device.seen_at) })}
            end={device.current ? <Badge tone="good" icon="check">{t("This one")}</Badge> : <Button slim onPress={() => setAsking({ kind: "device", device })}>{t("Forget it")}</Button>}
          />
        ))}
        {keys?.map((passkey) => (
          <Row
            key={passkey.id} icon="passkey" tone="grey" title={<bdi>{passkey.label || t("Passkey")}</bdi>}
            text={passkey.used_at ? t("Last used {when}", { when: stamp(passkey.used_at) }) : t("Made {when}", { when: stamp(passkey.created_at) })}
            end={<Button slim onPress={() => setAsking({ kind: "passkey", passkey })}>{t("Forget it")}</Button>}
          />
        ))}
      </div>
      {canUsePasskey() && !offline && <Button block icon="passkey" onPress={add}>{t("Make a passkey on this device")}</Button>}
      <AskSheet
        open={asking !== null} onClose={() => setAsking(null)} title={t("Forget this one?")}
        yes={{ label: t("Yes, forget it"), onPress: forget }} no={t("Keep it")}
      >
        <p>{asking?.kind === "passkey" ? t("It can no longer be used to sign in.") : t("It is signed out and everything kept on it is erased, also what was not sent.")}</p>
      </AskSheet>
    </Section>
  );
}
