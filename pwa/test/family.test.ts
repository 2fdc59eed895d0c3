/** What families and young people read: whose news it is, what they are called, what waits on the device. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { App, OutboxItem } from "../src/state/api";
import { type Catalog, showCatalog } from "../src/i18n";
import type { Consent, Measure, Waiting } from "../src/views/family/docs";

Object.assign(globalThis, {
  document: { documentElement: {} }, location: { pathname: "/", search: "", origin: "http://localhost" }, history: { state: null },
});
const { commas, consentQuestion, gotWords, interpreterWords, kindWords, listed, relationWords, supportTitle } = await import("../src/views/family/words");
const { ofThisSeat } = await import("../src/views/seat-notices");
const { hoursWords, knownPerson } = await import("../src/views/known-person");
const { unsent } = await import("../src/views/unsent");
const { steps } = await import("../src/views/family/waiting");
const { addDays, today } = await import("../src/dates");
const { isSame } = await import("../src/views/youth/draft");

const seat = (id: string) => ({ id, kind: "guardian", label: "" });

test("news about a child is told only in the seat that knows the child", () => {
  const known = new Set(["consent:own"]);
  const app = (seats: number, kind = "guardian") => ({
    me: { value: { kind, seats: [seat("a"), seat("b")].slice(0, seats) } }, one: (entity: string, id: string) => ({ value: known.has(`${entity}:${id}`) ? {} : undefined }),
  }) as unknown as App;
  const told = [{ about: "consent", doc: "own" }, { about: "consent", doc: "at-work" }, { about: "slot", doc: "x" }, {}].map((one, n) => ({ id: `${n}`, entity: "notice", ...one }));
  assert.deepEqual(ofThisSeat(app(2), told).map((one) => one.id), ["0", "3"]);
  assert.deepEqual(ofThisSeat(app(2, "staff"), told).map((one) => one.id), ["0", "2", "3"]);
  assert.equal(ofThisSeat(app(1), told).length, 4);
});

test("a young person is spoken to, never about", () => {
  const consent = { to_units: [{ unit: "u", name: "UPH" }], purpose: "" } as unknown as Consent;
  for (const purpose of ["meeting", "sip", "team", "handover", "feedback", "ask_for_us", "wellbeing"]) {
    assert.match(consentQuestion({ ...consent, purpose }, ""), /\byou\b/, purpose);
    assert.doesNotMatch(consentQuestion({ ...consent, purpose }, ""), /\{name\}/, purpose);
  }
  for (const kind of ["child", "waiting", "measure", "voice"]) assert.match(kindWords(kind, ""), /\byou\b/, kind);
  for (const what of ["assessment", "treatment", "first_visit"]) assert.match(gotWords(what, ""), /^You /, what);
  assert.equal(relationWords(""), "Your coordinator");
  assert.equal(relationWords("Elsa"), "Elsa's coordinator");
});

test("support is on offer, goes on, or both", () => {
  const all = (...states: string[]): Measure[] => states.map((state) => ({ state }) as Measure);
  assert.equal(supportTitle(all("offered")), "Support you can get now");
  assert.equal(supportTitle(all("running", "done")), "Support that goes on");
  assert.equal(supportTitle(all("offered", "running")), "Support meanwhile");
});

test("what has not left the device is counted, what is on its way is not", () => {
  const item = (name: string, state: string) => ({ name, state }) as OutboxItem;
  const app = (online: boolean, ...items: OutboxItem[]) => ({ online: { value: online }, outbox: { value: items } }) as unknown as App;
  const written = [item("message.send", "waiting"), item("message.send", "sent"), item("contact.request", "waiting"), item("notice.read", "waiting")];
  assert.equal(unsent(app(false, ...written)), 1);
  assert.equal(unsent(app(true, ...written)), 0);
  assert.equal(unsent(app(true, item("message.send", "refused"))), 1);
});

test("hours and interpreters as staff write them", () => {
  assert.deepEqual(hoursWords("vardagar 8–16"), { text: "weekdays 8–16", own: false });
  assert.deepEqual(hoursWords("Vardagar 8.30-15"), { text: "weekdays 8.30-15", own: false });
  assert.deepEqual(hoursWords("måndagar, helst före lunch"), { text: "måndagar, helst före lunch", own: true });
  assert.equal(interpreterWords("Arabiska", ["ar", "sv"]), "arabiska");
  assert.equal(interpreterWords("Teckenspråk", ["sv"]), "Teckenspråk");
});

test("help names the coordinator with the hours, and who stands in while they are away", () => {
  const app = (kind: string, doc: object) => ({ me: { value: { kind } }, all: () => ({ value: [{ name: "Maria Ekdahl", phone: "070-174 06 06", reach_hours: "vardagar 8–16", ...doc }] }) }) as unknown as App;
  const deputy = { name: "Johan Nyström", phone: "070-174 06 07" };
  assert.deepEqual(knownPerson(app("young_person", { deputy })), { name: "Maria Ekdahl", phone: "070-174 06 06", about: "Your person. Reached weekdays 8–16" });
  assert.deepEqual(knownPerson(app("guardian", { deputy, away_until: today() })), { ...deputy, about: "Answers while Maria Ekdahl is away" });
  assert.equal(knownPerson(app("guardian", { deputy, away_until: addDays(today(), -1) }))?.name, "Maria Ekdahl");
  assert.equal(knownPerson(app("guardian", { away_until: today() }))?.name, "Maria Ekdahl");
  assert.equal(knownPerson(app("staff", {})), undefined);
});

test("a draft is the same as what is out when nothing in it would change", () => {
  const out = { take_part: "video", to: "coordinator", say: { want: "Börja tio" }, not_about: ["Mat"], read_aloud: false } as const;
  const draft = { ...out, say: { want: " Börja tio ", good: "" }, not_about: ["Mat"] };
  assert.ok(isSame(draft, { ...out, not_about: ["Mat"] }));
  for (const other of [{ take_part: "phone" }, { to: "nobody" as const }, { say: {} }, { not_about: [] }, { read_aloud: true }])
    assert.ok(!isSame({ ...draft, ...other }, { ...out, not_about: ["Mat"] }), JSON.stringify(other));
});

test("a wait is told in the order of time, and no visit is promised by a day that is over", () => {
  const wait = {
    id: "w", entity: "waiting", child: "c", unit_name: "BUP", what: "treatment", state: "waiting", start_basis: "decision_to_treat", start_on: addDays(today(), -95),
    target_on: addDays(today(), -65), limit_on: addDays(today(), -5), overdue_after: addDays(today(), -5), next_check_in_on: addDays(today(), 2), check_in_by: "Maria Ekdahl",
  } as Waiting;
  const told = (one: Waiting) => steps(one, "Maja").map((step) => `${step.state ?? "ahead"} ${String(step.what)}`);
  assert.deepEqual(told(wait).slice(1), ["done The aim of 30 days has passed", "done The limit of 90 days has passed", "now You have waited 95 days", "ahead Maria calls to hear how you are"]);
  const before = { ...wait, limit_on: addDays(today(), 1), overdue_after: addDays(today(), 1) };
  assert.deepEqual(told(before).slice(2), ["now You have waited 95 days", "goal Maja begins treatment", "ahead Maria calls to hear how you are"]);
});

test("names in a list do not turn an Arabic sentence round", () => {
  assert.equal(listed(["Maria", "Johan"]), "Maria och Johan");
  assert.equal(commas(["Du", "", undefined, "senast 2 december"]), "Du, senast 2 december");
  const arabic = { lang: "ar", dir: "rtl", plural: "arabic", messages: {} } as unknown as Catalog;
  showCatalog(arabic);
  try {
    assert.equal(listed(["Maria", "Johan"]), "\u2068Maria\u2069 و\u2068Johan\u2069");
    assert.equal(commas(["Rehab", "26 أكتوبر"]), "\u2068Rehab\u2069، \u206826 أكتوبر\u2069");
  } finally {
    showCatalog({ ...arabic, lang: "en", dir: "ltr", plural: "one_other" });
  }
});
