/** What a meeting looks like in lists, and when one can join it. */
import { now, timeRange } from "../../dates";
import { t } from "../../i18n";
import { Badge, DateTile, Ltr, Row } from "../../ui";
import type { Meeting } from "./docs";
import { meetingTitle } from "./words";

/** The door opens this long before. */
const EARLY_MS = 15 * 60_000;

export const opensAt = (meeting: Meeting): number => Date.parse(meeting.starts_at) - EARLY_MS;
export const isOver = (meeting: Meeting): boolean => now.value >= Date.parse(meeting.ends_at);
export const isPlanned = (meeting: Meeting): boolean => meeting.state === "invited" && !isOver(meeting);
/** From a quarter before until the end, while there is a link or a number. */
export function canJoin(meeting: Meeting): boolean {
  return isPlanned(meeting) && now.value >= opensAt(meeting) && Boolean(meeting.join_url || meeting.phone_in);
}

/** Soonest first. */
export const bySoonest = (a: Meeting, b: Meeting): number => a.starts_at.localeCompare(b.starts_at);

/** Where it is, in a few words: "Lillåns skola, eller via länk". */
export function placeWords(meeting: Meeting): string {
  if (meeting.place && meeting.join_url) return t("{place}, or by link", { place: meeting.place });
  if (meeting.place) return meeting.place;
  if (meeting.join_url) return t("By link");
  return meeting.phone_in ? t("By phone") : "";
}

/** What one has answered, in words. */
export function answerWords(answer: string): string {
  switch (answer) {
    case "yes": return t("You come");
    case "digital": return t("By link");
    case "phone": return t("By phone");
    case "no": return t("You do not come");
    default: return t("Not answered");
  }
}

/** One's own answer as a badge. */
export function OwnAnswer({ meeting }: { meeting: Meeting }) {
  if (meeting.state === "cancelled") return <Badge icon="close">{t("Cancelled")}</Badge>;
  if (!isPlanned(meeting)) return null;
  switch (meeting.answer) {
    case "yes": return <Badge tone="good" icon="check">{answerWords(meeting.answer)}</Badge>;
    case "digital": return <Badge tone="info" icon="video">{answerWords(meeting.answer)}</Badge>;
    case "phone": return <Badge tone="info" icon="phone">{answerWords(meeting.answer)}</Badge>;
    case "no": return <Badge icon="close">{answerWords(meeting.answer)}</Badge>;
    default: return <Badge tone="mark" icon="flag">{t("Answer")}</Badge>;
  }
}

/** A meeting in a list. */
export function MeetingRow({ meeting, bare = false }: { meeting: Meeting; bare?: boolean }) {
  const place = placeWords(meeting);
  const answered = meeting.state === "cancelled" || isPlanned(meeting);
  return (
    <Row
      href={`/meetings/${meeting.id}`} bare={bare} start={<DateTile date={meeting.starts_at} />} title={<span dir="auto">{meetingTitle(meeting)}</span>}
      text={<><Ltr>{timeRange(meeting.starts_at, meeting.minutes)}</Ltr>{place && <><br /><bdi>{place}</bdi></>}{answered && <><br /><OwnAnswer meeting={meeting} /></>}</>}
    />
  );
}
