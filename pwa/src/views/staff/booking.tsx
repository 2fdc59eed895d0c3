/** One consultation: for the one who asks, and for the one who gives advice. */
import { useState } from "preact/hooks";
import { capital, fullDate, stamp, timeRange } from "../../dates";
import { t } from "../../i18n";
import { AskSheet, Button, CallButton, Card, Facts, LinkButton, Ltr, Notice, OutboxFor, Page, Phone, useApp } from "../../ui";
import { OwnTime } from "../professional/mail-time";
import type { ViewProps } from "../roles";
import { BookForm } from "./advice-book";
import { NextTwo, nextTwo } from "./advice-next";
import { useSameQuestion } from "./advice-same";
import { slotWords } from "./advice-now";
import { canJoin, opens } from "./booking-times";
import { consultantPart } from "./chunks";
import { Missing, useDoing, useUnsent } from "./kit";
import type { Booking, Slot } from "./model";
import { bookingOutcome, modeWords, topicWords } from "./words";

const BookingOutcome = consultantPart("BookingOutcome");
const NOTHING = new URLSearchParams();

/** The time was withdrawn: the two next ones, with the same question, one press each. */
function Instead({ booking }: { booking: Booking }) {
  const app = useApp();
  const { run, said, clear } = useDoing();
  const [booked, setBooked] = useState<{ slot: Slot; sent: boolean } | null>(null);
  const { again, book } = useSameQuestion(booking, run, clear);
  const settle = async (slot: Slot): Promise<void> => {
    const state = await book(slot);
    if (state !== "refused") setBooked({ slot, sent: state === "done" });
  };
  if (booked)
    return booked.sent
      ? <Notice tone="good" icon="check" alert title={t("Booked: {what}", { what: slotWords(booked.slot) })}><a href="/advice">{t("See your bookings")}</a></Notice>
      : <Notice tone="warn" icon="queued" title={t("Preliminary: {what}", { what: slotWords(booked.slot) })}><span>{t("It is yours when you are online again and nobody was before you. What you wrote is saved on this device.")}</span></Notice>;
  return (
    <>
      <Notice tone="bad" icon="close" title={t("The time was withdrawn")}>
        <NextTwo slots={nextTwo(app, booking.topic, booking.slot)} onBook={settle} />
        {said}
        <span><a href="/advice">{t("Choose another time")}</a></span>
      </Notice>
      {again && <BookForm key={again.slot.id} slot={again.slot} begun={again.begun} onBooked={(made) => setBooked({ slot: made.slot, sent: made.state === "done" })} />}
    </>
  );
}

export function BookingView({ params }: ViewProps) {
  const app = useApp();
  const booking = app.one<Booking>("booking", params["id"] ?? "").value;
  const { run, said } = useDoing();
  const [asking, setAsking] = useState(false);
  const unsent = useUnsent(params["id"] ?? "", "slot.release");
  if (!booking) return <Missing home="/advice" />;
  const end = Date.parse(booking.starts_at) + booking.minutes * 60_000;
  const open = booking.state === "booked" && canJoin(booking.starts_at, end, app.now.value);
  const phone = booking.mine ? booking.phone_in : booking.booked_by?.phone;
  const coming = booking.state === "booked" && app.now.value < end;
  const who = booking.mine ? booking.consultant_title : booking.booked_by?.name ?? "";
  return (
    <Page title={booking.mine ? t("Advice from {unit}", { unit: booking.unit_name }) : t("Give advice: {topic}", { topic: topicWords(booking.topic) })} back={booking.mine ? { href: "/advice", label: t("Advice") } : { href: "/", label: t("Today") }}>
      {booking.state === "withdrawn" && (booking.mine ? <Instead booking={booking} /> : <Notice tone="grey" icon="undo" title={t("The time was taken back")} />)}
      {booking.not_reached && (
        <Notice tone="warn" icon="bell" title={t("{name} has not been reached", { name: booking.booked_by?.name ?? "" })}>
          <span>{t("No phone has shown it, and nothing else got there. Tried {when}. Call instead.", { when: stamp(booking.not_reached) })}</span>
          {!coming && booking.booked_by?.phone && <CallButton slim number={booking.booked_by.phone}>{t("Call {name}", { name: booking.booked_by.name })}</CallButton>}
        </Notice>
      )}
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
      {(booking.state === "withdrawn" || (booking.mine && booking.state === "released")) && app.now.value < end && <OwnTime id={booking.id} off />}
      <OutboxFor id={booking.id} />
      {booking.mine && !unsent && app.may("slot.release", booking) && <Button icon="undo" onPress={() => setAsking(true)}>{t("I do not need the time")}</Button>}
      {!booking.mine && app.may("booking.outcome", booking) && <BookingOutcome params={{ id: booking.id }} query={NOTHING} />}
      <p class="sm muted inset">{t("The question is erased 30 days after the day.")}</p>
      <AskSheet open={asking} onClose={() => setAsking(false)} title={t("Give the time back?")} lead={t("It is offered to the next who waits, or free for everybody.")} yes={{ label: t("Yes, give it back"), kind: "second", onPress: async () => { setAsking(false); await run("slot.release", { booking: booking.id }); } }} no={t("Keep the time")} />
    </Page>
  );
}
