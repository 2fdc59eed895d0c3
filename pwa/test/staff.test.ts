/** What professionals' pages call people and days while names are hidden, and that the heading is never calmer than the page. */
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, {
  document: { documentElement: {} }, location: { pathname: "/", search: "", origin: "http://localhost" }, history: { state: null }, addEventListener: () => undefined,
});
const { namesHidden, shownAmong } = await import("../src/ui/names");
const { todayTitle } = await import("../src/views/staff/promise");
const { whoIsWho } = await import("../src/views/staff/words");

const quiet = { late: 0, worse: 0, due: 0, overdue: 0 };

test("the heading of the day is calm only when nothing is late and nothing has become worse", () => {
  const calm = todayTitle(quiet);
  assert.equal(calm, "No promises due today");
  for (const alarm of ["late", "worse", "due", "overdue"] as const) assert.notEqual(todayTitle({ ...quiet, [alarm]: 1 }), calm, alarm);
  assert.equal(todayTitle({ late: 0, worse: 2, due: 3, overdue: 1 }), todayTitle({ ...quiet, worse: 2 }), "worse before what is due");
  assert.equal(todayTitle({ late: 1, worse: 2, due: 3, overdue: 1 }), todayTitle({ ...quiet, late: 1 }), "a broken promise first");
});

test("hidden names in one list are told apart by as few letters as do", () => {
  namesHidden.value = true;
  const names = ["Alva", "Alex", "Maja", "Aino"];
  assert.deepEqual(names.map((one) => shownAmong(one, names)), ["Alv", "Ale", "M", "Ai"]);
  assert.equal(shownAmong("Anna", ["Anna", "Anna-Lena"]), "Anna");
  namesHidden.value = false;
  assert.equal(shownAmong("Alva", names), "Alva");
});

test("who answers is told by the relation, and by name where two would look the same", () => {
  namesHidden.value = true;
  const anna = { id: "1", name: "Anna", kind: "guardian" };
  const child = { id: "3", name: "Alva", kind: "child" };
  const apart = whoIsWho([anna, { id: "2", name: "Omar", kind: "guardian" }, child]);
  const words = ["1", "2", "3"].map(apart.called);
  assert.equal(apart.named, false);
  assert.equal(new Set(words).size, 3, words.join());
  assert.ok(words.every((one) => !/Anna|Omar|Alva/.test(one)), words.join());
  const alike = whoIsWho([anna, { id: "2", name: "Axel", kind: "guardian" }, child]);
  assert.equal(alike.named, true);
  assert.deepEqual(["1", "2", "3"].map(alike.called), ["Anna", "Axel", "Alva"]);
});

test("what was refused for what it says is not offered to be sent again, what may go another time is", async () => {
  const { mayRetry } = await import("../src/ui/refusals");
  for (const code of ["conflict", "taken", "too_late", "invalid", "identifying_text", "not_allowed", "not_found", "too_long"]) assert.ok(!mayRetry(code), code);
  for (const code of [undefined, "consent_required", "assurance_required", "rate_limited", "storage", "locked", "fault"]) assert.ok(mayRetry(code), code);
});
