/** One consultation: for the one who asks, and for the one who gives advice. */
import { addDays, capital, fullDate, timeRange, today } from "../../dates";
import { t } from "../../i18n";
import { useState } from "preact/hooks";
import { AskSheet, Button, CallButton, Card, ChoiceGroup, Facts, Field, Form, LinkButton, Ltr, Notice, OutboxFor, Page, Phone, Section, fieldErrors, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useDoing } from "./kit";
import type { Booking } from "./model";
import { canJoin } from "./today-times";
import { BOOKING_OUTCOMES, bookingOutcome, modeWords, topicWords } from "./words";

function Outcome({ booking }: { booking: Booking }) {
  const { run, said } = useDoing();
  const form = useForm<{ outcome: string; feedback_on: string }>(
    { outcome: "", feedback_on: "" },
    (v) => ({ ...(v.outcome ? {} : { outcome: t("Choose how it went") }), ...(!v.feedback_on || v.feedback_on > today() ? {} : { feedback_on: t("Choose a day to come") }) }),
    async (v) => {
      const done = await run("booking.outcome", { booking: booking.id, outcome: v.outcome, feedback_on: v.feedback_on });
      if (done.state === "refused") form.fail(fieldErrors(done.fields));
    },
  );
  return (
    <Section title={t("What came out of it?")}>
      <Form form={form}>
        <Card>
          <ChoiceGroup legend={t("What came out of it?")} hideLegend id={form.ids.outcome} error={form.errors.outcome} options={Object.keys(BOOKING_OUTCOMES).map((value) => ({ value, label: bookingOutcome(value) }))} value={form.values.outcome} onChange={(x) => form.set("outcome", x)} />
          <Field label={t("Give feedback on")} optional hint={t("Both of you are reminded that day.")} type="date" min={addDays(today(), 1)} id={form.ids.feedback_on} value={form.values.feedback_on} error={form.errors.feedback_on} onInput={(x) => form.set("feedback_on", x)} />
          {said}
          <Button type="submit" kind="primary">{t("Save")}</Button>
        </Card>
      </Form>
    </Section>
  );
}

export function BookingView({ params }: ViewProps) {
  const app = useApp();
  const booking = app.one<Booking>("booking", params.id ?? "").value;
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  if (!booking) return <Missing home="/advice" />;
  const end = Date.parse(booking.starts_at) + booking.minutes * 60_000;
  const open = booking.state === "booked" && canJoin(booking.starts_at, end, app.now.value);
  const phone = booking.mine ? booking.phone_in : booking.booked_by?.phone;
  return (
    <Page title={booking.mine ? t("Advice from {unit}", { unit: booking.unit_name }) : t("Give advice: {topic}", { topic: topicWords(booking.topic) })} back={booking.mine ? { href: "/advice", label: t("Advice") } : { href: "/", label: t("Today") }}>
      {booking.state === "withdrawn" && <Notice tone="bad" icon="close" title={t("The time was withdrawn")}><a href="/advice">{t("Choose another time")}</a></Notice>}
      {booking.state === "released" && <Notice tone="grey" icon="undo" title={t("The time was given back")} />}
      {booking.outcome && <Notice tone="good" icon="check" title={bookingOutcome(booking.outcome)}><span>{booking.feedback_on && t("Feedback {day}", { day: fullDate(booking.feedback_on) })}</span></Notice>}
      <Card>
        <Facts items={[
          { icon: "clock", title: capital(fullDate(booking.starts_at)), text: <Ltr>{timeRange(booking.starts_at, booking.minutes)}</Ltr> },
          { icon: booking.mode === "video" ? "video" : "phone", title: capital(modeWords(booking.mode)), text: phone ? <Phone number={phone} /> : undefined },
          { icon: "person", title: booking.mine ? booking.consultant_title : booking.booked_by?.name ?? "", text: booking.mine ? booking.unit_name : booking.booked_by?.title },
          { icon: "note", title: t("{topic}, {ages} years", { topic: topicWords(booking.topic), ages: booking.age_band.replace("-", "–") }), text: booking.question },
        ]} />
        {open && booking.join_url && <LinkButton kind="primary" icon="video" href={booking.join_url} external>{t("Join")}</LinkButton>}
        {booking.state === "booked" && booking.mode === "phone" && phone && <CallButton kind={open ? "primary" : "second"} number={phone}>{t("Call")}</CallButton>}
      </Card>
      {said}
      <OutboxFor id={booking.id} />
      {booking.mine && app.may("slot.release", booking) && <Button icon="undo" onPress={() => setAsking(true)}>{t("I do not need the time")}</Button>}
      {!booking.mine && app.may("booking.outcome", booking) && <Outcome booking={booking} />}
      <p class="sm muted inset">{t("The question is erased 30 days after the day.")}</p>
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Give the time back?")} lead={t("Somebody else can book it at once.")} yes={{ label: t("Yes, give it back"), kind: "second", onPress: async () => { setAsking(false); await run("slot.release", { booking: booking.id }); } }} no={t("Keep the time")} />
    </Page>
  );
}
