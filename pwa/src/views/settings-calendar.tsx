/** One's own calendar: an address that other calendars fetch times from. It is told once, can be changed and turned off. */
import { useState } from "preact/hooks";
import { longDate } from "../dates";
import { t } from "../i18n";
import type { Doc } from "../state/api";
import { AskSheet, Button, Buttons, Card, Field, LinkButton, Notice, Section, refusalWords, useApp } from "../ui";

interface Calendar extends Doc { seat: string; made_at: string }
type Asking = "renew" | "close";

/** Seats that have nothing a calendar could hold. */
const WITHOUT = ["supporter", "admin"];
const FAMILY = ["guardian", "young_person"];
const PATIENCE_MS = 10_000;

export function CalendarSettings() {
  const app = useApp();
  const me = app.me.value;
  const own = app.all<Calendar>("calendar").value.find((one) => one.seat === me?.seat);
  const hidden = app.all<Doc & { protected?: boolean }>("child").value.some((child) => child.protected);
  const [address, setAddress] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const family = FAMILY.includes(me?.kind ?? "");
  if (!me || WITHOUT.includes(me.kind) || (family && hidden)) return null;

  const act = async (name: string): Promise<void> => {
    setFailed(null);
    setCopied(false);
    const id = await app.send(name, {});
    const answer = await Promise.race([app.result(id), new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS))]);
    setAsking(null);
    if (answer?.ok) return setAddress((answer.result?.address as string | undefined) ?? null);
    // An address that nobody sees is of no use: what did not go now is not sent later either.
    await app.discard(id).catch(() => undefined);
    setFailed(answer ? refusalWords(answer.code) : t("No answer came. Try again when you are online."));
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address ?? "").then(() => setCopied(true), () => setCopied(false));
  };
  const offline = !app.online.value && t("This needs a connection");
  const shown = own && address;
  return (
    <Section title={t("Your own calendar")} note={family ? t("Your meetings as times with one word: Meeting. Nothing else leaves Samled.") : t("Term meetings, advice and your own times, with one word: Meeting. Never anything about a child.")}>
      <Card>
        {failed && <Notice tone="warn" icon="warning" alert title={t("It was not done")}><span>{failed}</span></Notice>}
        {shown && <>
          <Notice tone="good" icon="check" alert title={t("Here is your address")}><span>{t("It is shown only now. Whoever has it sees when you are busy, so keep it to yourself.")}</span></Notice>
          <Field label={t("The address")} type="url" value={address} onInput={() => undefined} />
          <Buttons>
            <Button icon="note" onPress={copy}>{copied ? t("Copied") : t("Copy the address")}</Button>
            <LinkButton icon="calendar" external href={address.replace(/^https?:/, "webcal:")}>{t("Open in the calendar")}</LinkButton>
          </Buttons>
          <p class="sm muted">{t("Other calendars may be a day behind. Trust your reminders here.")}</p>
        </>}
        {own && !shown && <p>{t("Your calendar address was made {day}.", { day: longDate(own.made_at) })}</p>}
        {own
          ? <Buttons>
              <Button icon="refresh" disabled={offline} onPress={() => setAsking("renew")}>{t("Make a new address")}</Button>
              <Button kind="quiet" icon="close" disabled={offline} onPress={() => setAsking("close")}>{t("Turn off")}</Button>
            </Buttons>
          : <Button block icon="calendar" disabled={offline} onPress={() => act("calendar.open")}>{t("Make a calendar address")}</Button>}
      </Card>
      <AskSheet
        open={asking !== null} onClose={() => setAsking(null)} title={asking === "close" ? t("Turn off the calendar address?") : t("Make a new address?")}
        lead={t("The address you have stops working at once.")}
        yes={{ label: asking === "close" ? t("Turn it off") : t("Make a new one"), kind: "second", onPress: () => act(asking === "close" ? "calendar.close" : "calendar.open") }} no={t("Keep as it is")}
      />
    </Section>
  );
}
