/** What the family reads of a notice: a first coordinator and a new one are told in different words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { App } from "../src/state/api";
import { noticeWords, placeOf, stillHolds } from "../src/views/family/notices";
import { groupsFor } from "../src/views/reminder-groups";

const knowing = (name?: string): App => ({ one: () => ({ value: name ? { name } : undefined }) }) as unknown as App;
const words = (kind: string, name?: string): string => noticeWords(knowing(name), { id: "n", entity: "notice", kind, doc: "d", at: "" });

test("the first coordinator, a new one, and one who is not named yet are told apart", () => {
  assert.equal(words("coordinator_named", "Maria Ekdahl"), "You have got a coordinator");
  assert.ok(words("coordinator_changed", "Maria Ekdahl").startsWith("New coordinator: "));
  assert.match(words("coordinator_changed", "Maria Ekdahl"), /Maria Ekdahl/);
  assert.equal(words("coordinator_changed"), "You will get a new coordinator");
});

test("a last word leads to that child's home, and one can choose how to hear of it", () => {
  assert.notEqual(words("child_closed"), words("unheard_of"));
  assert.equal(placeOf("child", "c"), "/?about=c");
  const kinds = groupsFor("family").flatMap((group) => group.kinds);
  for (const kind of ["coordinator_named", "coordinator_changed", "child_closed"]) assert.ok(kinds.includes(kind), kind);
});

test("a question about sharing is news until one has answered it", () => {
  const holds = (doc: object): boolean => stillHolds({ one: () => ({ value: doc }) } as unknown as App, { id: "n", entity: "notice", kind: "consent_asked", doc: "c", at: "" });
  assert.ok(holds({ state: "asked" }));
  assert.ok(!holds({ state: "asked", answer: "yes" }));
  assert.ok(!holds({ state: "shared", answer: "yes" }));
  assert.ok(!holds({ state: "not_shared" }));
});

test("whatever a professional can be told has words of its own in the list of what has happened", async () => {
  Object.assign(globalThis, { document: { documentElement: {} }, location: { pathname: "/", search: "", origin: "http://localhost" }, history: { state: null }, addEventListener: () => undefined });
  const { noticeWords: atWork } = await import("../src/views/staff/words");
  for (const kind of groupsFor("staff").flatMap((group) => group.kinds)) assert.notEqual(atWork(kind), atWork("unheard_of"), kind);
});
