/** Whether reminders reach this phone: one light, when something last arrived, trying it out, and mending it. */
import { useEffect, useState } from "preact/hooks";
import { now, shortDate, stamp, today } from "../dates";
import { t } from "../i18n";
import { type DeviceDoc, connect, pushState, turnOff, turnOn } from "../push";
import { arrivedAt, learnDevice, readArrived, thisDevice, tryOut } from "../push-health";
import { Button, Buttons, Card, Notice, Row, type RowProps, useApp } from "../ui";
import { PushStatus } from "./reminders";

/** How long a test may take before it counts as not arrived. */
const ARRIVES_MS = 60_000;

interface Light { tone: RowProps["tone"]; title: string; text: string; mends?: boolean }

/** "Senast framme i går 8.01". */
function lastWords(arrived: number | null, device: DeviceDoc | undefined): string {
  if (arrived !== null) return t("Last arrived {when}", { when: stamp(arrived) });
  if (device?.confirmed_on) return device.confirmed_on === today() ? t("Last arrived today") : t("Last arrived {when}", { when: shortDate(device.confirmed_on) });
  return t("Nothing has been sent here yet");
}

function lightOf(device: DeviceDoc | undefined, arrived: number | null): Light {
  if (device?.push === "dead") return { tone: "bad", title: t("Reminders do not get here"), text: t("The address for reminders no longer works."), mends: true };
  if (device?.unanswered_since) return { tone: "mark", title: t("Reminders may not arrive"), text: t("Nothing has been shown here since {day}.", { day: shortDate(device.unanswered_since) }), mends: true };
  if (device?.push === "none") return { tone: "mark", title: t("Reminders are being connected"), text: t("It is tried again each time you open Samled."), mends: true };
  if (!device && arrived === null) return { tone: "grey", title: t("Reminders are on"), text: lastWords(null, undefined) };
  if (device?.push === "pending" && arrived === null) return { tone: "mark", title: t("Waiting for the first one to arrive"), text: t("It usually takes less than a minute.") };
  return { tone: "good", title: t("Reminders work"), text: lastWords(arrived, device) };
}

/** The light alone, for a row of the settings page. */
export function useLight(): Light {
  const app = useApp();
  const state = pushState.value;
  useEffect(() => {
    void readArrived();
    void learnDevice();
  }, [state]);
  if (state === "on") return lightOf(thisDevice(app), arrivedAt.value);
  const off: Light = { tone: "grey", title: t("Reminders are off here"), text: t("Everything is here when you open Samled.") };
  if (state === "denied") return { ...off, tone: "mark", text: t("The phone has said no to reminders") };
  if (state === "failed") return { ...off, tone: "mark", title: t("Reminders could not be connected"), text: t("It is tried again each time you open Samled."), mends: true };
  return off;
}

type Trying = "no" | "sent" | "arrived" | "lost" | "none" | "later" | "soon";

/** Sends one here and waits until the phone says that it has shown it. */
function TryOut() {
  const app = useApp();
  const [trying, setTrying] = useState<Trying>("no");
  const [since, setSince] = useState(0);
  const arrived = arrivedAt.value;
  useEffect(() => {
    if (trying !== "sent") return undefined;
    if (arrived !== null && arrived >= since) {
      setTrying("arrived");
      return undefined;
    }
    const waiting = setTimeout(() => setTrying("lost"), ARRIVES_MS);
    return () => clearTimeout(waiting);
  }, [trying, arrived, since]);
  const send = async (): Promise<void> => {
    // The server sends one a minute.
    if (trying !== "no" && Date.now() - since < ARRIVES_MS) return setTrying("soon");
    setSince(Date.now());
    setTrying(await tryOut(app));
  };
  return (
    <>
      {trying === "sent" && <Notice tone="grey" icon="clock" title={t("It is on its way")} alert><span>{t("It can take a minute.")}</span></Notice>}
      {trying === "arrived" && <Notice tone="good" icon="check" title={t("It arrived")} alert><span>{t("It has been shown here.")}</span></Notice>}
      {trying === "lost" && <Notice tone="warn" icon="warning" title={t("It has not arrived")} alert><span>{t("See that notices from Samled are not silenced. Then connect again.")}</span></Notice>}
      {trying === "none" && <Notice tone="warn" icon="warning" title={t("There is no way here yet")} alert><span>{t("Connect again, and try once more.")}</span></Notice>}
      {trying === "soon" && <Notice tone="grey" icon="clock" title={t("Wait a minute before you try again")} alert />}
      {trying === "later" && <Notice tone="grey" icon="offline" title={t("You are offline")} alert><span>{t("It is sent when you are online.")}</span></Notice>}
      <Buttons tight>
        {trying !== "sent" && <Button slim icon="bell" onPress={send}>{t("Try it out")}</Button>}
        {(trying === "lost" || trying === "none") && <Mend />}
      </Buttons>
    </>
  );
}

function Mend() {
  const app = useApp();
  return <Button slim icon="refresh" onPress={() => connect(app, "anew")}>{t("Connect again")}</Button>;
}

/** The light with everything one can do about it. */
export function ReminderLight() {
  const app = useApp();
  const state = pushState.value;
  const light = useLight();
  // "Yesterday" becomes "the day before" while the page stays open.
  void now.value;
  useEffect(() => {
    const heard = (event: MessageEvent<{ type?: string } | null>): void => {
      if (event.data?.type === "arrived") void readArrived();
    };
    navigator.serviceWorker?.addEventListener("message", heard);
    return () => navigator.serviceWorker?.removeEventListener("message", heard);
  }, []);
  return (
    <Card>
      <div role="status"><Row bare icon="bell" tone={light.tone ?? "grey"} title={light.title} text={light.text} /></div>
      {state === "on" && (
        <>
          {light.mends && <Buttons tight><Mend /></Buttons>}
          <TryOut />
          <Buttons tight><Button slim kind="quiet" onPress={() => turnOff(app)}>{t("Turn off here")}</Button></Buttons>
        </>
      )}
      {state === "off" && <Button kind="primary" icon="bell" onPress={() => turnOn(app)}>{t("Turn on reminders here")}</Button>}
      {state === "failed" && <Buttons tight><Mend /></Buttons>}
      {(state === "denied" || state === "install" || state === "unsupported") && <PushStatus state={state} />}
    </Card>
  );
}
