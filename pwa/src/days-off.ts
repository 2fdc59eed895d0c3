/** Days on which nobody works: public holidays and the three eves beside them, as the server counts them (domain/calendar.py). Pure. */
import { addDays, weekdayOf } from "./dates";

const FIXED = new Set(["01-01", "01-06", "05-01", "06-06", "12-24", "12-25", "12-26", "12-31"]);
/** Days from Easter Sunday: Good Friday, Easter, Ascension and Whit Sunday. */
const FROM_EASTER = [-2, 0, 1, 39, 49];

/** Easter Sunday by the rule of Gauss, as Meeus gives it. */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((8 * b + 13) / 25) + 15) % 30;
  const r = (2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4) + 32) % 7;
  const days = h + r - 7 * Math.floor((a + 11 * h + 22 * r) / 451);
  return addDays(`${year}-03-22`, days);
}

/** The first day with this weekday (Monday is 0) from the date on. */
const from = (date: string, weekday: number): string => addDays(date, (weekday - weekdayOf(date) + 7) % 7);

/** True on a red day or one of its eves; Saturdays and Sundays count only when they are one. `date`: YYYY-MM-DD. */
export function isDayOff(date: string): boolean {
  if (FIXED.has(date.slice(5))) return true;
  const year = date.slice(0, 4);
  const midsummer = from(`${year}-06-20`, 5);
  const first = easter(Number(year));
  return [addDays(midsummer, -1), midsummer, from(`${year}-10-31`, 5), ...FROM_EASTER.map((days) => addDays(first, days))].includes(date);
}
