/** One's times to come: who has booked, and taking one back; and what came of opening more. */
import { useState } from "preact/hooks";
import { capital, dateOf, fullDate, longDate, shortDate, shortDay, wallTime } from "../../dates";
import { t, tn } from "../../i18n";
import { AskSheet, Button, Notice, OutboxNotice, Row, Rows, Section, useApp } from "../../ui";
import { useDoing } from "./kit";
import type { Booking, Slot } from "./model";
import { topicWords } from "./words";

const FIRST = 12;

export interface Skipped { starts_local: string; why: string }
export type Told = { state: "done"; opened: number; skipped: readonly Skipped[] } | { state: "none"; skipped: readonly Skipped[] };

function whyWords(why: string): string {
  return why === "taken" ? t("you have a time then already") : why === "closed" ? t("your unit is closed") : why === "saturday" || why === "sunday" ? t("weekend") : why === "no_such_hour" ? t("the clocks change") : t("public holiday");
}

/** What was opened, and what was passed over and why. */
export function ToldNotice({ told }: { told: Told }) {
  const passed = told.skipped.map((one) => t("{day} {time} ({why})", { day: longDate(one.starts_local.slice(0, 10)), time: wallTime(one.starts_local), why: whyWords(one.why) }));
  const done = told.state === "done";
  return (
    <Notice tone={done ? "good" : "warn"} icon={done ? "check" : "warning"} alert title={done ? tn("{n} time is open", "{n} times are open", told.opened) : t("No time was opened")}>
      {done && <span>{t("Those who can book see them now.")} </span>}
      {passed.length > 0 && <span>{t("Passed over: {days}.", { days: passed.join(", ") })}</span>}
    </Notice>
  );
}

export function Opened({ slots, nowMs }: { slots: readonly Slot[]; nowMs: number }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [count, setCount] = useState(FIRST);
  const [asked, setAsked] = useState<Slot | null>(null);
  const bookings = new Map(app.all<Booking>("booking").value.filter((one) => one.state === "booked" && !one.mine).map((one) => [one.slot, one]));
  const ahead = slots.filter((one) => Date.parse(one.starts_at) > nowMs && ["open", "offered", "booked"].includes(one.state)).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const unsent = app.outbox.value.filter((one) => one.name === "slot.withdraw");
  if (ahead.length === 0 && unsent.length === 0) return null;
  const when = (one: Slot): string => `${capital(shortDay(one.starts_at))} ${shortDate(dateOf(one.starts_at))} ${wallTime(one.starts_local)}`;
  const words = (one: Slot, booking: Booking | undefined): string =>
    booking ? [booking.booked_by?.name, topicWords(booking.topic)].filter(Boolean).join(" · ") : one.state === "booked" ? t("Booked") : one.state === "offered" ? t("Kept for one who waits") : t("Free");
  const withdraw = (one: Slot): Promise<unknown> => run("slot.withdraw", { slot: one.id });
  const sure = async (): Promise<void> => {
    const slot = asked;
    setAsked(null);
    if (slot) await withdraw(slot);
  };
  return (
    <Section title={t("Your times to come")} note={t("Taking back a booked time tells the one who booked, who is offered the next two.")}>
      {said}
      {unsent.map((one) => <OutboxNotice key={one.id} item={one} />)}
      <Rows>
        {ahead.slice(0, count).map((one) => {
          const booking = bookings.get(one.id);
          return (
            <Row
              key={one.id} icon="clock" tone={booking ? "info" : "grey"} title={booking ? <a href={`/bookings/${booking.id}`}>{when(one)}</a> : when(one)} text={words(one, booking)}
              end={app.may("slot.withdraw", one) ? <Button slim onPress={() => (one.state === "open" ? withdraw(one) : setAsked(one))}>{t("Take back")}<span class="vh"> {when(one)}</span></Button> : undefined}
            />
          );
        })}
      </Rows>
      {ahead.length > count && <Button kind="quiet" onPress={() => setCount(count + FIRST)}>{tn("Show {n} more time", "Show {n} more times", Math.min(FIRST, ahead.length - count))}</Button>}
      <AskSheet
        open={asked !== null} onClose={() => setAsked(null)} title={t("Take back the time?")} lead={asked ? `${capital(fullDate(asked.starts_at))} ${wallTime(asked.starts_local)}` : ""}
        yes={{ label: t("Take back"), kind: "badline", onPress: sure }} no={t("Keep as it is")} note={t("The one who has it is told at once.")}
      />
    </Section>
  );
}
