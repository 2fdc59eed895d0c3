/** Days off, the same as the server's: tests/domain/test_calendar.py holds the same list against its calendar. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addDays } from "../src/dates";
import { isDayOff } from "../src/days-off";

const LISTED = JSON.parse(readFileSync(join(process.env["VECTORS"] ?? "", "..", "..", "domain", "data", "days_off.json"), "utf8")) as Record<string, string[]>;

test("each day of fifteen years is off here when it is off at the server", () => {
  for (const [year, days] of Object.entries(LISTED)) {
    const found: string[] = [];
    for (let day = `${year}-01-01`; day.startsWith(year); day = addDays(day, 1)) if (isDayOff(day)) found.push(day.slice(5));
    assert.deepEqual(found, days, year);
  }
});
