/** Consultations as the day shows them: what is asked, whom to ring, the way in, and how it went. */
import type { ComponentChildren } from "preact";
import { capital, dateOf, dayWords, time, today } from "../../dates";
import { t } from "../../i18n";
import { CallButton, LinkButton, Phone, Row, Rows, Section, phoneText, useApp } from "../../ui";
import type { Booking } from "./model";
import { modeWords, topicWords } from "./words";

const JOIN_BEFORE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** True from 15 minutes before until the end. */
export function canJoin(startsAt: string, endMs: number, nowMs: number): boolean {
  return nowMs >= Date.parse(startsAt) - JOIN_BEFORE_MS && nowMs < endMs;
}

/** When the way in opens: "Länken öppnar 12.45". */
export function opens(startsAt: string): string {
  return t("The link opens at {time}", { time: time(Date.parse(startsAt) - JOIN_BEFORE_MS) });
}

export interface DayItem { at: string; end: number; key: string; title: ComponentChildren; text: ComponentChildren; actions: ComponentChildren }

export function ofBooking(booking: Booking, nowMs: number): DayItem {
  const end = Date.parse(booking.starts_at) + booking.minutes * MINUTE_MS;
  const open = canJoin(booking.starts_at, end, nowMs);
  const phone = booking.mine ? booking.phone_in : booking.booked_by?.phone;
  const begun = nowMs >= Date.parse(booking.starts_at);
  const about = t("{topic}, {ages} years", { topic: topicWords(booking.topic), ages: booking.age_band.replace("-", "–") });
  const how = booking.join_url && !open && nowMs < end ? `${modeWords(booking.mode)}. ${opens(booking.starts_at)}` : modeWords(booking.mode);
  return {
    at: booking.starts_at, end, key: booking.id,
    title: booking.mine ? t("Advice from {unit}", { unit: booking.unit_name }) : t("Give advice: {topic}", { topic: about }),
    text: booking.mine ? `${about} · ${how}` : (
      <>
        {booking.question && <><bdi>{booking.question}</bdi><br /></>}
        <bdi>{booking.booked_by?.name}</bdi>{booking.booked_by?.phone && <> <Phone number={booking.booked_by.phone} /></>} · {how}
      </>
    ),
    actions: <>
      {booking.join_url && open && <LinkButton slim kind="primary" icon="video" href={booking.join_url} external>{t("Join")}</LinkButton>}
      {phone && open && <CallButton slim kind={booking.join_url ? "second" : "primary"} number={phone}>{booking.join_url ? t("Call") : phoneText(phone)}</CallButton>}
      {!booking.mine && begun ? <LinkButton slim icon="check" href={`/bookings/${booking.id}`}>{t("How did it go?")}</LinkButton> : <LinkButton slim href={`/bookings/${booking.id}`}>{t("Open")}</LinkButton>}
    </>,
  };
}

/** Consultations of earlier days that nobody has written the outcome of. */
export function Unsaid() {
  const app = useApp();
  const seat = app.me.value?.seat;
  const now = today();
  const left = app.all<Booking>("booking").value.filter((one) => one.state === "booked" && !one.mine && one.consultant === seat && dateOf(one.starts_at) < now).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  if (left.length === 0) return null;
  return (
    <Section title={t("How did it go?")}>
      <Rows>{left.map((one) => <Row key={one.id} icon="note" title={`${topicWords(one.topic)}, ${one.booked_by?.name ?? ""}`} text={`${capital(dayWords(one.starts_at))} ${time(one.starts_at)}`} href={`/bookings/${one.id}`} />)}</Rows>
    </Section>
  );
}
