/**
 * Dates in words. Days are decided in Europe/Stockholm whatever the phone thinks, digits are Latin in every language,
 * and names come from the catalog. A date is `YYYY-MM-DD`; an instant is RFC 3339 in UTC, or milliseconds since 1970.
 */
import { signal } from "@preact/signals";
import { type DateWords, dateWords, fill, lang, t, tn } from "./i18n";

/** `YYYY-MM-DD`. */
export type DateText = string;
/** RFC 3339 text or milliseconds since 1970. */
export type Instant = string | number;

/** One instant on the wall of Europe/Stockholm. */
export interface Wall { date: DateText; year: number; month: number; day: number; hour: number; minute: number }

const DAY_MS = 86_400_000;
/** This moment; ticks every half minute, so that "today" and "late" are redrawn. The app's clock replaces it. */
export const now = signal(Date.now());

const stockholm = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Stockholm", hourCycle: "h23", numberingSystem: "latn", calendar: "gregory",
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});
const two = (n: number): string => String(n).padStart(2, "0");

/** The wall clock of an instant. */
export function wall(at: Instant): Wall {
  const part: Record<string, string> = {};
  for (const { type, value } of stockholm.formatToParts(new Date(at))) part[type] = value;
  const [year, month, day] = [Number(part.year), Number(part.month), Number(part.day)];
  return { date: `${part.year}-${part.month}-${part.day}`, year, month, day, hour: Number(part.hour), minute: Number(part.minute) };
}

let last = { at: 0, date: "" };
/** Today's date. */
export function today(): DateText {
  // Asked for each row of a long list, and the same for half a minute.
  if (last.at !== now.value) last = { at: now.value, date: wall(now.value).date };
  return last.date;
}

const utc = (date: DateText): number => Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
/** The date of a date or an instant. */
export function dateOf(value: DateText | Instant): DateText {
  return typeof value === "string" && value.length === 10 ? value : wall(value).date;
}
/** Calendar days later (negative: earlier). */
export function addDays(date: DateText, days: number): DateText {
  return new Date(utc(date) + days * DAY_MS).toISOString().slice(0, 10);
}
/** Calendar days from the first date to the second. */
export function daysBetween(from: DateText, to: DateText): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS);
}
/** 0 Monday … 6 Sunday. */
export function weekdayOf(date: DateText): number {
  return (new Date(utc(date)).getUTCDay() + 6) % 7;
}
/** ISO 8601 week and the year it belongs to: 2027-01-01 is week 53 of 2026. */
export function isoWeek(date: DateText): { year: number; week: number } {
  const thursday = addDays(date, 3 - weekdayOf(date));
  const year = Number(thursday.slice(0, 4));
  return { year, week: Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1 };
}

/** Upper-case first letter, for a date that begins a line. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(lang.value) + text.slice(1);
}

function named(date: DateText, words: DateWords, pattern: string): string {
  return fill(pattern, {}).replace(/\{(\w+)\}/g, (_, key: string) => {
    if (key === "weekday") return words.days[weekdayOf(date)] ?? "";
    if (key === "month") return words.months[Number(date.slice(5, 7)) - 1] ?? "";
    return key === "day" ? String(Number(date.slice(8, 10))) : date.slice(0, 4);
  });
}

/** "tisdag 24 november"; with the year when it is not this one. */
export function fullDate(value: DateText | Instant): string {
  const date = dateOf(value);
  const words = dateWords.value;
  if (!words) return date;
  return named(date, words, date.slice(0, 4) === today().slice(0, 4) ? words.date : words.date_year);
}
function dayAndMonth(value: DateText | Instant, months: "months" | "months_short"): string {
  const date = dateOf(value);
  const month = dateWords.value?.[months][Number(date.slice(5, 7)) - 1] ?? date.slice(5, 7);
  const year = date.slice(0, 4) === today().slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
  return `${Number(date.slice(8, 10))} ${month}${year}`;
}
/** "2 dec"; with the year when it is not this one. */
export function shortDate(value: DateText | Instant): string {
  return dayAndMonth(value, "months_short");
}
/** "24 november" or "30 juni 2027". */
export function longDate(value: DateText | Instant): string {
  return dayAndMonth(value, "months");
}
/** "tis". */
export function shortDay(value: DateText | Instant): string {
  return dateWords.value?.days_short[weekdayOf(dateOf(value))] ?? "";
}
/** "tisdag". */
export function dayName(value: DateText | Instant): string {
  return dateWords.value?.days[weekdayOf(dateOf(value))] ?? "";
}
/** The three lines of a date tile: "ons", "2", "dec". */
export function tileWords(value: DateText | Instant): { day: string; number: string; month: string } {
  const date = dateOf(value);
  return {
    day: shortDay(date), number: String(Number(date.slice(8, 10))),
    month: dateWords.value?.months_short[Number(date.slice(5, 7)) - 1] ?? "",
  };
}

/** "I dag", "I morgon", "I går"; null for other days. Starts with a capital in Swedish and English. */
export function nearDay(value: DateText | Instant): string | null {
  const words = dateWords.value;
  if (!words) return null;
  const days = daysBetween(today(), dateOf(value));
  return days === 0 ? words.today : days === 1 ? words.tomorrow : days === -1 ? words.yesterday : null;
}
/** "i dag" inside a sentence, else "tisdag 24 november". */
export function dayWords(value: DateText | Instant): string {
  const near = nearDay(value);
  return near === null ? fullDate(value) : near.charAt(0).toLocaleLowerCase(lang.value) + near.slice(1);
}

/** "15.00" (the separator is the language's). */
export function time(at: Instant): string {
  const { hour, minute } = wall(at);
  return `${two(hour)}${dateWords.value?.time_separator ?? "."}${two(minute)}`;
}
/** "15.00" from "15:00" or "2026-12-02T15:00", which is already wall time. */
export function wallTime(text: string): string {
  const [hour = "", minute = ""] = text.slice(-5).split(":");
  return `${hour}${dateWords.value?.time_separator ?? "."}${minute}`;
}
/** "kl. 15.00". */
export function atTime(at: Instant): string {
  return fill(dateWords.value?.at ?? "{time}", { time: time(at) });
}
/** "15.00–15.45". Wrap in `<Ltr>` when it stands beside other text. */
export function timeRange(at: Instant, minutes: number): string {
  return `${time(at)}–${time(new Date(at).getTime() + minutes * 60_000)}`;
}
/** "i dag 14.32", "i går 16.40", "tis 24 nov 16.40". For what has happened. */
export function stamp(at: Instant): string {
  const near = nearDay(at);
  const day = near === null ? `${shortDay(at)} ${shortDate(at)}` : dayWords(at);
  return `${day} ${time(at)}`;
}
/** "om 12 dagar", "i morgon", "i dag", "för 3 dagar sedan". */
export function fromNow(value: DateText | Instant): string {
  const days = daysBetween(today(), dateOf(value));
  if (Math.abs(days) <= 1) return dayWords(value);
  return days > 0 ? tn("in {n} day", "in {n} days", days) : tn("{n} day ago", "{n} days ago", -days);
}
/** "vecka 49". */
export function weekWords(date: DateText): string {
  return t("week {n}", { n: isoWeek(date).week });
}
