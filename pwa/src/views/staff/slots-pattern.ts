/** Times pressed open in a week, as single ones or as a pattern of every week. Pure. */
import { addDays, weekdayOf } from "../../dates";

/** `2026-11-23T10:00`: Swedish wall time. */
export type WallTime = string;
export interface Span { starts: WallTime; minutes: number }
export interface TimeOfWeek { weekday: number; at: string; minutes: number }

const minutesOf = (at: string): number => Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5));
const dayOf = (starts: WallTime): string => starts.slice(0, 10);

/** True when two spans of the same day run into each other. */
export function runInto(one: Span, other: Span): boolean {
  if (dayOf(one.starts) !== dayOf(other.starts)) return false;
  const [a, b] = [minutesOf(one.starts.slice(11)), minutesOf(other.starts.slice(11))];
  return a < b + other.minutes && b < a + one.minutes;
}

/** The pressed times as times of every week; Monday is 1. */
export function patternOf(pressed: Iterable<WallTime>, minutes: number): TimeOfWeek[] {
  return [...new Set([...pressed].map((starts) => `${weekdayOf(dayOf(starts)) + 1} ${starts.slice(11, 16)}`))].sort()
    .map((one) => ({ weekday: Number(one[0]), at: one.slice(2), minutes }));
}

/** The pattern's times in the week that begins on `monday`. */
export function inWeek(pattern: readonly TimeOfWeek[], monday: string): WallTime[] {
  return pattern.map((one) => `${addDays(monday, one.weekday - 1)}T${one.at}`);
}
