/** Dates, numbers and texts as a person reads them; decided in Europe/Stockholm whatever the machine's own zone is. */
import assert from "node:assert/strict";
import { test } from "node:test";

process.env["TZ"] = "America/Los_Angeles";
Object.assign(globalThis, {
  document: { documentElement: {} }, location: { pathname: "/", search: "", origin: "http://localhost" }, history: { state: null },
});
const { showCatalog, t, tn } = await import("../src/i18n");
const dates = await import("../src/dates");
const { dial, phoneText } = await import("../src/ui/text");
const { match } = await import("../src/router");
const { CODE, readCode } = await import("../src/auth");

const SWEDISH = {
  months: ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
  months_short: ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"],
  days: ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"], days_short: ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
  today: "I dag", tomorrow: "I morgon", yesterday: "I går", date: "{weekday} {day} {month}", date_year: "{weekday} {day} {month} {year}",
  at: "kl. {time}", time_separator: ".",
};
const SV = {
  lang: "sv", dir: "ltr" as const, plural: "one_other", dates: SWEDISH,
  messages: { "Call {name}": "Ring {name}", "in {n} day": ["om {n} dag", "om {n} dagar"] },
};
const AR = {
  ...SV, lang: "ar", dir: "rtl" as const, plural: "arabic", untranslated: ["Old"],
  messages: { "Call {name}": "اتصل بـ {name}", "in {n} day": ["z", "one", "two", "few {n}", "many {n}", "other {n}"] },
};
showCatalog(SV);
dates.now.value = Date.parse("2026-11-20T13:32:00Z");

test("test_iso_week_at_the_turn_of_the_year", () => {
  const weeks: [string, number, number][] = [
    ["2026-12-31", 2026, 53], ["2027-01-01", 2026, 53], ["2027-01-04", 2027, 1], ["2026-11-22", 2026, 47], ["2024-12-30", 2025, 1], ["2021-01-03", 2020, 53],
  ];
  for (const [date, year, week] of weeks) assert.deepEqual(dates.isoWeek(date), { year, week }, date);
});

test("test_wall_clock_is_stockholms_through_both_changes_of_the_clock", () => {
  assert.equal(dates.wall("2026-11-20T23:30:00Z").date, "2026-11-21");
  assert.equal(dates.wall("2027-03-28T00:59:00Z").hour, 1);
  assert.equal(dates.wall("2027-03-28T01:00:00Z").hour, 3);
  assert.equal(dates.wall("2026-10-25T00:30:00Z").hour, 2);
  assert.equal(dates.wall("2026-10-25T01:30:00Z").hour, 2);
  assert.equal(dates.daysBetween("2027-03-27", "2027-03-29"), 2);
  assert.equal(dates.addDays("2026-02-28", 1), "2026-03-01");
});

test("test_dates_in_swedish", () => {
  assert.equal(dates.fullDate("2026-11-24"), "tisdag 24 november");
  assert.equal(dates.fullDate("2027-02-14"), "söndag 14 februari 2027");
  assert.equal(dates.shortDate("2026-12-02"), "2 dec");
  assert.equal(dates.atTime("2026-12-02T14:00:00Z"), "kl. 15.00");
  assert.equal(dates.timeRange("2026-12-02T14:00:00Z", 45), "15.00–15.45");
  assert.equal(dates.dayWords("2026-11-20"), "i dag");
  assert.equal(dates.dayWords("2026-11-21"), "i morgon");
  assert.equal(dates.dayWords("2026-11-23"), "måndag 23 november");
  assert.equal(dates.stamp("2026-11-19T15:40:00Z"), "i går 16.40");
  assert.equal(dates.fromNow("2026-12-02"), "om 12 dagar");
  assert.equal(dates.capital("måndag"), "Måndag");
});

test("test_phone_numbers_are_written_and_dialled_as_in_sweden", () => {
  const written: [string, string][] = [
    ["+46313900600", "031-390 06 00"], ["+46701740605", "070-174 06 05"], ["0104358650", "010-435 86 50"], ["+46852449910", "08-524 499 10"],
    ["020852000", "020-85 20 00"], ["0771505050", "077-150 50 50"], ["+46501123456", "0501-12 34 56"], ["112", "112"], ["116 111", "116 111"],
  ];
  for (const [number, text] of written) assert.equal(phoneText(number), text);
  assert.equal(dial("070-174 06 21"), "+46701740621");
  for (const short of ["112", "1177", "90101"]) assert.equal(dial(short), short);
  assert.equal(dial("116 111"), "116111");
});

test("test_texts_fill_and_count", () => {
  assert.equal(t("Call {name}", { name: "Maria" }), "Ring Maria");
  assert.equal(t("Not in the catalog {x}"), "Not in the catalog {x}");
  assert.equal(t("{constructor}", {}), "{constructor}");
  assert.equal(tn("in {n} day", "in {n} days", 1), "om 1 dag");
  assert.equal(tn("{n} new", "{n} many", 2), "2 many");
});

test("test_arabic_isolates_names_and_has_six_forms", () => {
  showCatalog(AR);
  assert.equal(t("Call {name}", { name: "Maria" }), "اتصل بـ \u2068Maria\u2069");
  assert.deepEqual([0, 1, 2, 3, 11, 100, 103].map((n) => tn("in {n} day", "in {n} days", n)), ["z", "one", "two", "few 3", "many 11", "other 100", "few 103"]);
  showCatalog(SV);
});

test("test_addresses_match_whole_paths", () => {
  assert.deepEqual(match("/meetings/:id", "/meetings/a"), { id: "a" });
  assert.equal(match("/meetings/:id", "/meetings"), null);
  assert.equal(match("/meetings", "/meetings/a"), null);
  assert.deepEqual(match("/", "/"), {});
});

test("test_invitation_code_is_read_as_meant", () => {
  assert.equal(readCode(" k7m4p-9xwo1 "), "K7M4P9XW01");
  assert.ok(CODE.test(readCode("k7m4p 9xwil")));
  assert.ok(!CODE.test(readCode("K7M4P9XWU1")));
  assert.ok(!CODE.test(readCode("K7M4")));
});
