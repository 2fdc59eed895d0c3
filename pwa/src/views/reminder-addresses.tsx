/** One's own e-mail address and phone number for reminders: given, confirmed with a code, taken away. */
import { useEffect, useState } from "preact/hooks";
import { now, time } from "../dates";
import { t, tn } from "../i18n";
import { channels } from "../push-health";
import { answered } from "../state/reach";
import { Badge, Button, Field, Form, Ltr, Notice, Row, Rows, Section, Sheet, refusalWords, useApp, useForm } from "../ui";
import type { Address, Channel, SettingsDoc } from "./reminder-groups";
import { useSettings } from "./reminder-settings";

const CHANNELS: readonly Channel[] = ["email", "sms"];
const CODE = /^\d{6}$/;

const nameOf = (channel: Channel): string => (channel === "email" ? t("E-mail") : t("Text message"));

function badge(address: Address) {
  if (address.state === "confirmed") return <Badge tone="good" icon="check">{t("Confirmed")}</Badge>;
  return address.state === "failed" ? <Badge tone="bad" icon="warning">{t("Did not arrive")}</Badge> : <Badge tone="mark" icon="clock">{t("Waits for the code")}</Badge>;
}

/** Sends a command that is nothing without an answer now; the words of what stopped it, or its result. */
function useAsk(): (name: string, args: Record<string, unknown>) => Promise<{ result: any } | { words: string }> {
  const app = useApp();
  return async (name, args) => {
    const offline = { words: t("You are offline. Try again when you have a connection.") };
    if (!app.online.peek()) return offline;
    const id = await app.send(name, args);
    const outcome = await answered(app, id);
    if (outcome?.ok) return { result: outcome.result };
    await app.discard(id).catch(() => undefined);
    if (!outcome) return offline;
    if (name === "settings.confirm_address") return { words: t("The code is too old. Ask for a new one.") };
    return { words: outcome.code === "invalid" ? t("That does not look right. Look through what you wrote.") : refusalWords(outcome.code) };
  };
}

/** Step one: the address. */
function Give({ channel, known, onGiven }: { channel: Channel; known: Address | undefined; onGiven: () => void }) {
  const ask = useAsk();
  const form = useForm(
    { address: known?.address ?? "" },
    ({ address }) => (address.trim() ? {} : { address: channel === "email" ? t("Write your e-mail address") : t("Write your number") }),
    async ({ address }) => {
      const done = await ask("settings.give_address", { channel, address: address.trim() });
      if ("words" in done) form.fail({ address: done.words });
      else onGiven();
    },
    null,
  );
  const mail = channel === "email";
  return (
    <Form form={form}>
      <Field
        type={mail ? "email" : "tel"} autocomplete={mail ? "email" : "tel"} label={mail ? t("Your e-mail address") : t("Your mobile number")} id={form.ids.address}
        value={form.values.address} error={form.errors["address"]} onInput={(value) => form.set("address", value)}
      />
      <Button type="submit" kind="primary" block>{t("Send me a code")}</Button>
    </Form>
  );
}

/** Step two: the code that came. */
function Confirm({ channel, address, onAnother }: { channel: Channel; address: Address; onAnother: () => void }) {
  const ask = useAsk();
  const [again, setAgain] = useState(false);
  const form = useForm(
    { code: "" },
    ({ code }) => (CODE.test(code.replace(/\s/g, "")) ? {} : { code: t("Write all six digits") }),
    async ({ code }) => {
      const done = await ask("settings.confirm_address", { channel, code: code.replace(/\s/g, "") });
      if ("words" in done) form.fail({ code: done.words });
      else if (!done.result?.confirmed) form.fail({ code: tn("That was not the code. {n} try is left.", "That was not the code. {n} tries are left.", Number(done.result?.left ?? 0)) });
    },
    null,
  );
  const resend = async (): Promise<void> => {
    const done = await ask("settings.give_address", { channel, address: address.address });
    if ("words" in done) form.fail({ code: done.words });
    setAgain(!("words" in done));
  };
  const over = address.state === "sent" && (address.left === 0 || (address.until !== undefined && Date.parse(address.until) <= now.value));
  return (
    <Form form={form}>
      {address.state === "sending" ? <Notice tone="grey" icon="clock" title={t("The code is on its way")} />
        : address.state === "failed"
        ? <Notice tone="bad" icon="warning" alert title={t("It could not be sent there")}><span>{t("Look through the address and try again.")}</span></Notice>
        : <p>{t("We have sent six digits to {address}.", { address: address.address })} {address.until && !over && <span class="muted">{t("They hold until {time}.", { time: time(address.until) })}</span>}</p>}
      {over && <Notice tone="warn" icon="clock" title={t("The code is too old. Ask for a new one.")} />}
      {again && address.state === "sent" && <Notice tone="grey" icon="mail" alert title={t("A new code is on its way")} />}
      {address.state === "sent" && (
        <>
          <Field label={t("The code")} code inputMode="numeric" autocomplete="one-time-code" id={form.ids.code} value={form.values.code} error={form.errors["code"]} onInput={(value) => form.set("code", value)} />
          <Button type="submit" kind="primary" block>{t("Confirm")}</Button>
        </>
      )}
      <div class="stack-2">
        <Button block onPress={resend}>{t("Send a new code")}</Button>
        <Button kind="quiet" block onPress={onAnother}>{t("Another address")}</Button>
      </div>
    </Form>
  );
}

function Confirmed({ channel, address, onAnother, onClose }: { channel: Channel; address: Address; onAnother: () => void; onClose: () => void }) {
  const app = useApp();
  const drop = async (): Promise<void> => {
    await app.send("settings.drop_address", { channel });
    onClose();
  };
  return (
    <>
      <Notice tone="good" icon="check" title={t("Confirmed")}><span><Ltr>{address.address}</Ltr></span></Notice>
      <div class="stack-2">
        <Button kind="primary" block onPress={onClose}>{t("Done")}</Button>
        <Button block onPress={onAnother}>{t("Change")}</Button>
        <Button kind="quiet" block onPress={drop}>{t("Take away")}</Button>
      </div>
    </>
  );
}

function AddressSheet({ channel, settings, onClose }: { channel: Channel; settings: SettingsDoc | undefined; onClose: () => void }) {
  const address = settings?.addresses?.[channel];
  const [giving, setGiving] = useState(!address);
  useEffect(() => {
    if (!address) setGiving(true);
  }, [address === undefined]);
  const title = channel === "email" ? t("Reminders by e-mail") : t("Reminders by text message");
  return (
    <Sheet open onClose={onClose} title={title} lead={t("The same short words as on the lock screen. No names, nothing of what it is about.")}>
      {giving || !address ? <Give channel={channel} known={address} onGiven={() => setGiving(false)} />
        : address.state === "confirmed" ? <Confirmed channel={channel} address={address} onAnother={() => setGiving(true)} onClose={onClose} />
        : <Confirm channel={channel} address={address} onAnother={() => setGiving(true)} />}
    </Sheet>
  );
}

/** Nothing in a house that sends neither e-mail nor text messages, unless an address is known already. */
export function ReminderAddresses() {
  const { settings } = useSettings();
  const [open, setOpen] = useState<Channel | null>(null);
  const shown = CHANNELS.filter((channel) => channels.value?.includes(channel) || settings?.addresses?.[channel]);
  if (shown.length === 0) return null;
  return (
    <Section title={t("When reminders do not arrive")} note={t("If a reminder has not been shown in time, it comes here instead.")}>
      <Rows>
        {shown.map((channel) => {
          const address = settings?.addresses?.[channel];
          return (
            <Row
              key={channel} icon={channel === "email" ? "mail" : "message"} tone="grey" title={nameOf(channel)} text={address ? <Ltr>{address.address}</Ltr> : t("Not given")}
              end={address ? badge(address) : undefined} onPress={() => setOpen(channel)}
            />
          );
        })}
      </Rows>
      {open && <AddressSheet channel={open} settings={settings} onClose={() => setOpen(null)} />}
    </Section>
  );
}
