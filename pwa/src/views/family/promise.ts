/** The promise of an answer: its working days, and whether it is late. Dates come from the server; none is counted anew. */
import { addDays, daysBetween, dateOf, now, today, weekdayOf } from "../../dates";
import { t, tn } from "../../i18n";
import type { DayMarker } from "../../ui";
import type { ContactRequest } from "./docs";

/** Somebody has been told that it is late, or the time has run out. */
export function isLate(request: ContactRequest): boolean {
  return request.state === "open" && (request.escalated_at !== undefined || now.value >= Date.parse(request.due_at));
}

/** The days from the asking to the last day. Holidays are known to the server only: with one in between, just the ends are drawn. */
export function promiseDays(request: ContactRequest): { days: DayMarker[]; label: string } {
  const asked = dateOf(request.asked_at);
  const due = request.due_on;
  const here = today();
  const between: string[] = [];
  for (let date = addDays(asked, 1); date < due; date = addDays(date, 1)) if (weekdayOf(date) < 5) between.push(date);
  const plain = between.length + 1 <= request.promise_days ? between : between.filter((date) => date === here);
  const days: DayMarker[] = [{ date: asked, state: "done", label: t("You asked") }];
  for (const date of plain)
    days.push(date === here ? { date, state: "now", label: t("Today") } : { date, state: date < here ? "done" : "ahead" });
  if (due > asked) days.push({ date: due, state: "goal", label: due === here ? t("Today") : t("Latest") });
  const left = Math.max(0, daysBetween(here, due));
  return { days, label: left === 0 ? t("The answer comes today at the latest") : tn("{n} day left until the answer", "{n} days left until the answer", left) };
}
