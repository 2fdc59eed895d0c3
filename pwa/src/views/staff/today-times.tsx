/** The day's meetings and consultations, with the way in from a quarter of an hour before. */
import { capital, dateOf, dayWords, time, today } from "../../dates";
import { t } from "../../i18n";
import { Empty, LinkButton, Section, shownName, useApp } from "../../ui";
import { Schedule } from "../../ui/staff";
import type { TermMeeting } from "../professional/model";
import { meetingWords, ownAnswer } from "../professional/words";
import { InLine } from "./advice-now";
import { type DayItem, canJoin, ofBooking, opens } from "./booking-times";
import { useSelf } from "./kit";
import type { Booking, Child, Meeting } from "./model";
import { meetingTitle } from "./words";

export { canJoin };

function ofMeeting(meeting: Meeting, child: Child | undefined, nowMs: number): DayItem {
  const end = Date.parse(meeting.ends_at);
  const open = canJoin(meeting.starts_at, end, nowMs);
  const where = meeting.place ?? (meeting.join_url ? t("By video") : meeting.phone_in ? t("By phone") : "");
  return {
    at: meeting.starts_at, end, key: meeting.id,
    title: child && !meeting.title?.includes(child.display_name) ? t("{title}, {name}", { title: meetingTitle(meeting, child.display_name), name: shownName(child.display_name) }) : meetingTitle(meeting, child?.display_name),
    text: [where, meeting.join_url && !open && nowMs < end ? opens(meeting.starts_at) : ""].filter(Boolean).join(". "),
    actions: <>
      {meeting.join_url && open && <LinkButton slim kind="primary" icon="video" href={meeting.join_url} external>{t("Join")}</LinkButton>}
      <LinkButton slim href={`/meetings/${meeting.id}`}>{t("Open the meeting")}</LinkButton>
    </>,
  };
}

function ofTerm(meeting: TermMeeting, nowMs: number): DayItem {
  const end = Date.parse(meeting.ends_at);
  const open = canJoin(meeting.starts_at, end, nowMs);
  return {
    at: meeting.starts_at, end, key: meeting.id, title: meetingWords(meeting),
    text: [meeting.place ?? (meeting.join_url ? t("By video") : ""), meeting.join_url && !open && nowMs < end ? opens(meeting.starts_at) : ""].filter(Boolean).join(". "),
    actions: <>
      {meeting.join_url && open && <LinkButton slim kind="primary" icon="video" href={meeting.join_url} external>{t("Join")}</LinkButton>}
      <LinkButton slim href={`/terms/${meeting.id}`}>{t("Open the meeting")}</LinkButton>
    </>,
  };
}

/** I come to it, or have not said that I do not. */
const isMine = (meeting: TermMeeting, seat: string | undefined): boolean => {
  const answer = ownAnswer(meeting, seat);
  return meeting.state === "planned" && answer !== undefined && answer !== "no" && answer !== "substitute";
};

export function DayTimes({ rooms: children }: { rooms: ReadonlyMap<string, Child> }) {
  const app = useApp();
  const nowMs = app.now.value;
  const seat = app.me.value?.seat;
  const consultant = useSelf()?.functions.includes("consultant");
  const meetings = app.all<Meeting>("meeting").value.filter((one) => (one.state === "invited" || one.state === "confirmed") && (one.answers ?? []).some((answer) => answer.who === seat));
  const bookings = app.all<Booking>("booking").value.filter((one) => one.state === "booked" && (one.mine || one.consultant === seat));
  const all = [
    ...meetings.map((one) => ofMeeting(one, children.get(one.child), nowMs)),
    ...bookings.map((one) => ofBooking(one, nowMs)),
    ...app.all<TermMeeting>("term_meeting").value.filter((one) => isMine(one, seat)).map((one) => ofTerm(one, nowMs)),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const now = today();
  const todays = all.filter((one) => dateOf(one.at) === now);
  const next = all.find((one) => one.end > nowMs);
  const ahead = todays.length > 0 ? [] : all.filter((one) => dateOf(one.at) > now).slice(0, 3);
  const draw = (items: readonly DayItem[], day?: string) => (
    <Schedule key={day} day={day && capital(dayWords(day))} items={items.map((one) => ({ from: time(one.at), to: time(one.end), title: one.title, text: one.text, now: one === next && !day, actions: one.actions }))} />
  );
  const days = [...new Set(ahead.map((one) => dateOf(one.at)))];
  return (
    <>
      <InLine turn={false} />
      <Section title={todays.length > 0 || ahead.length === 0 ? t("Today's times") : t("Your next times")} end={consultant && <a class="sm" href="/slots">{t("Open times")}</a>}>
        {todays.length > 0 ? draw(todays) : days.length > 0 ? days.map((day) => draw(ahead.filter((one) => dateOf(one.at) === day), day)) : <Empty icon="calendar" title={t("No times today")} text={t("Meetings and consultations stand here on their day.")} />}
      </Section>
    </>
  );
}
