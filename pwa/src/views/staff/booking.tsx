/** One consultation: for the one who asks, and for the one who gives advice. */
import { useRef, useState } from "preact/hooks";
import { addDays, capital, fullDate, longDate, timeRange, today, weekdayOf } from "../../dates";
import { t } from "../../i18n";
import { AskSheet, Button, CallButton, Card, ChoiceGroup, Facts, Field, Form, LinkButton, Ltr, More, Notice, OutboxFor, Page, Phone, Section, fieldErrors, useApp, useForm } from "../../ui";
import { OwnTime } from "../professional/mail-time";
import type { ViewProps } from "../roles";
import { NextTwo, nextTwo } from "./advice-next";
import { slotWords } from "./advice-now";
import { canJoin, opens } from "./booking-times";
import { Missing, useDoing } from "./kit";
import type { Booking, Slot } from "./model";
import { BOOKING_OUTCOMES, bookingOutcome, modeWords, topicWords } from "./words";

/** Feedback is promised this many days ahead, unless another day is chosen. */
const FEEDBACK_DAYS = 14;

/** The day feedback is promised for: two weeks ahead, on a weekday. */
function feedbackDay(): string {
  const day = addDays(today(), FEEDBACK_DAYS);
  return weekdayOf(day) > 4 ? addDays(day, 7 - weekdayOf(day)) : day;
}

/** What came of it: one choice, and one press that also promises feedback or not. */
function Outcome({ booking }: { booking: Booking }) {
  const { run, said } = useDoing();
  const promise = useRef(false);
  const form = useForm<{ outcome: string; feedback_on: string }>(
    { outcome: "", feedback_on: feedbackDay() },
    (v) => ({ ...(v.outcome ? {} : { outcome: t("Choose how it went") }), ...(!promise.current || v.feedback_on > today() ? {} : { feedback_on: t("Choose a day to come") }) }),
    async (v) => {
      const done = await run("booking.outcome", { booking: booking.id, outcome: v.outcome, feedback_on: promise.current ? v.feedback_on : undefined });
      if (done.state === "refused") form.fail(fieldErrors(done.fields));
    },
  );
  return (
    <Section title={t("What came out of it?")}>
      <Form form={form}>
        <Card>
          <ChoiceGroup legend={t("What came out of it?")} hideLegend id={form.ids.outcome} error={form.errors.outcome} options={Object.keys(BOOKING_OUTCOMES).map((value) => ({ value, label: bookingOutcome(value) }))} value={form.values.outcome} onChange={(x) => form.set("outcome", x)} />
          {said}
          <Button type="submit" kind="primary" block icon="check" onPress={() => { promise.current = false; }}>{t("Save")}</Button>
          <Button type="submit" block icon="bell" onPress={() => { promise.current = true; }}>{t("Save, and give feedback {day}", { day: longDate(form.values.feedback_on || today()) })}</Button>
          <More summary={t("Another day for feedback")}>
            <Field label={t("Give feedback on")} hint={t("You are reminded that day.")} type="date" min={addDays(today(), 1)} id={form.ids.feedback_on} value={form.values.feedback_on} error={form.errors.feedback_on} onInput={(x) => form.set("feedback_on", x)} />
          </More>
        </Card>
      </Form>
    </Section>
  );
}

/** The time was withdrawn: the two next ones, with the same question, one press each. */
function Instead({ booking }: { booking: Booking }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [booked, setBooked] = useState<{ slot: Slot; sent: boolean } | null>(null);
  const book = async (slot: Slot): Promise<void> => {
    const done = await run("slot.book", { slot: slot.id, topic: booking.topic, age_band: booking.age_band, question: booking.question });
    if (done.state !== "refused") setBooked({ slot, sent: done.state === "done" });
  };
  if (booked)
    return booked.sent
      ? <Notice tone="good" icon="check" alert title={t("Booked: {what}", { what: slotWords(booked.slot) })}><a href="/advice">{t("See your bookings")}</a></Notice>
      : <Notice tone="warn" icon="queued" title={t("Preliminary: {what}", { what: slotWords(booked.slot) })}><span>{t("It is yours when you are online again and nobody was before you. What you wrote is saved on this device.")}</span></Notice>;
  return (
    <Notice tone="bad" icon="close" title={t("The time was withdrawn")}>
      <NextTwo slots={nextTwo(app, booking.topic, booking.slot)} onBook={book} />
      {said}
      <span><a href="/advice">{t("Choose another time")}</a></span>
    </Notice>
  );
}

export function BookingView({ params }: ViewProps) {
  const app = useApp();
  const booking = app.one<Booking>("booking", params["id"] ?? "").value;
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  if (!booking) return <Missing home="/advice" />;
  const end = Date.parse(booking.starts_at) + booking.minutes * 60_000;
  const open = booking.state === "booked" && canJoin(booking.starts_at, end, app.now.value);
  const phone = booking.mine ? booking.phone_in : booking.booked_by?.phone;
  const coming = booking.state === "booked" && app.now.value < end;
  const who = booking.mine ? booking.consultant_title : booking.booked_by?.name ?? "";
  return (
    <Page title={booking.mine ? t("Advice from {unit}", { unit: booking.unit_name }) : t("Give advice: {topic}", { topic: topicWords(booking.topic) })} back={booking.mine ? { href: "/advice", label: t("Advice") } : { href: "/", label: t("Today") }}>
      {booking.state === "withdrawn" && (booking.mine ? <Instead booking={booking} /> : <Notice tone="grey" icon="undo" title={t("The time was taken back")} />)}
      {booking.state === "released" && <Notice tone="grey" icon="undo" title={t("The time was given back")} />}
      {booking.outcome && <Notice tone="good" icon="check" title={bookingOutcome(booking.outcome)}><span>{booking.feedback_on && t("Feedback {day}", { day: fullDate(booking.feedback_on) })}</span></Notice>}
      <Card>
        <Facts items={[
          { icon: "clock", title: capital(fullDate(booking.starts_at)), text: <Ltr>{timeRange(booking.starts_at, booking.minutes)}</Ltr> },
          { icon: booking.mode === "video" ? "video" : "phone", title: capital(modeWords(booking.mode)), text: booking.join_url && coming && !open ? opens(booking.starts_at) : phone && booking.mode === "phone" ? <Phone number={phone} /> : undefined },
          { icon: "person", title: who, text: booking.mine ? booking.unit_name : booking.booked_by?.title },
          { icon: "note", title: t("{topic}, {ages} years", { topic: topicWords(booking.topic), ages: booking.age_band.replace("-", "–") }), text: booking.question && <bdi>{booking.question}</bdi> },
        ]} />
        {open && booking.join_url && <LinkButton kind="primary" icon="video" href={booking.join_url} external>{t("Join")}</LinkButton>}
        {coming && phone && <CallButton kind={open && !booking.join_url ? "primary" : "second"} number={phone}>{t("Call {name}", { name: who })}</CallButton>}
      </Card>
      {said}
      {booking.state === "booked" && <OwnTime id={booking.id} />}
      <OutboxFor id={booking.id} />
      {booking.mine && app.may("slot.release", booking) && <Button icon="undo" onPress={() => setAsking(true)}>{t("I do not need the time")}</Button>}
      {!booking.mine && app.may("booking.outcome", booking) && <Outcome booking={booking} />}
      <p class="sm muted inset">{t("The question is erased 30 days after the day.")}</p>
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Give the time back?")} lead={t("It is offered to the next who waits, or free for everybody.")} yes={{ label: t("Yes, give it back"), kind: "second", onPress: async () => { setAsking(false); await run("slot.release", { booking: booking.id }); } }} no={t("Keep the time")} />
    </Page>
  );
}
