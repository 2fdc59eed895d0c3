/** The day's meetings and consultations, with the way in from a quarter of an hour before. */
import { capital, dateOf, dayWords, time, today } from "../../dates";
import { t } from "../../i18n";
import { CallButton, Empty, LinkButton, Schedule, Section, phoneText, shownName, useApp } from "../../ui";
import type { Booking, Child, Meeting } from "./model";
import { meetingTitle, modeWords, topicWords } from "./words";

const JOIN_BEFORE_MS = 15 * 60_000;

interface Item { at: string; end: number; key: string; title: string; text: string; actions: preact.ComponentChildren }

/** True from 15 minutes before until the end. */
export function canJoin(startsAt: string, endMs: number, nowMs: number): boolean {
  return nowMs >= Date.parse(startsAt) - JOIN_BEFORE_MS && nowMs < endMs;
}

/** When the way in opens: "Länken öppnar 12.45". */
function opens(startsAt: string): string {
  return t("The link opens at {time}", { time: time(Date.parse(startsAt) - JOIN_BEFORE_MS) });
}

function ofMeeting(meeting: Meeting, child: Child | undefined, nowMs: number): Item {
  const end = Date.parse(meeting.ends_at);
  const open = canJoin(meeting.starts_at, end, nowMs);
  const where = meeting.place ?? (meeting.join_url ? t("By video") : meeting.phone_in ? t("By phone") : "");
  return {
    at: meeting.starts_at, end, key: meeting.id,
    title: child ? t("{title}, {name}", { title: meetingTitle(meeting, child.display_name), name: shownName(child.display_name) }) : meetingTitle(meeting),
    text: [where, meeting.join_url && !open && nowMs < end ? opens(meeting.starts_at) : ""].filter(Boolean).join(". "),
    actions: <>
      {meeting.join_url && open && <LinkButton slim kind="primary" icon="video" href={meeting.join_url} external>{t("Join")}</LinkButton>}
      <LinkButton slim href={`/meetings/${meeting.id}`}>{t("Open the meeting")}</LinkButton>
    </>,
  };
}

function ofBooking(booking: Booking, nowMs: number): Item {
  const end = Date.parse(booking.starts_at) + booking.minutes * 60_000;
  const open = canJoin(booking.starts_at, end, nowMs);
  const phone = booking.mine ? booking.phone_in : booking.booked_by?.phone;
  return {
    at: booking.starts_at, end, key: booking.id,
    title: booking.mine ? t("Advice from {unit}", { unit: booking.unit_name }) : t("Give advice: {topic}", { topic: topicWords(booking.topic) }),
    text: [booking.mine ? topicWords(booking.topic) : booking.booked_by?.name ?? "", modeWords(booking.mode), booking.join_url && !open && nowMs < end ? opens(booking.starts_at) : ""].filter(Boolean).join(" · "),
    actions: <>
      {booking.join_url && open && <LinkButton slim kind="primary" icon="video" href={booking.join_url} external>{t("Join")}</LinkButton>}
      {booking.mode === "phone" && phone && open && <CallButton slim kind="primary" number={phone}>{phoneText(phone)}</CallButton>}
      <LinkButton slim href={`/bookings/${booking.id}`}>{t("Open")}</LinkButton>
    </>,
  };
}

export function DayTimes({ rooms: children }: { rooms: ReadonlyMap<string, Child> }) {
  const app = useApp();
  const nowMs = app.now.value;
  const seat = app.me.value?.seat;
  const meetings = app.all<Meeting>("meeting").value.filter((one) => (one.state === "invited" || one.state === "confirmed") && (one.answers ?? []).some((answer) => answer.who === seat));
  const bookings = app.all<Booking>("booking").value.filter((one) => one.state === "booked" && (one.mine || one.consultant === seat));
  const all = [
    ...meetings.map((one) => ofMeeting(one, children.get(one.child), nowMs)),
    ...bookings.map((one) => ofBooking(one, nowMs)),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const now = today();
  const todays = all.filter((one) => dateOf(one.at) === now);
  const next = all.find((one) => one.end > nowMs);
  const ahead = todays.length > 0 ? [] : all.filter((one) => dateOf(one.at) > now).slice(0, 3);
  const draw = (items: readonly Item[], withDay: boolean) => (
    <Schedule items={items.map((one) => ({
      from: time(one.at), to: time(one.end), title: one.title, text: [withDay ? capital(dayWords(one.at)) : "", one.text].filter(Boolean).join(". "),
      now: one === next && !withDay, actions: one.actions,
    }))} />
  );
  return (
    <Section title={todays.length > 0 || ahead.length === 0 ? t("Today's times") : t("Your next times")}>
      {todays.length > 0 ? draw(todays, false) : ahead.length > 0 ? draw(ahead, true) : <Empty icon="calendar" title={t("No times today")} text={t("Meetings and consultations stand here on their day.")} />}
    </Section>
  );
}
