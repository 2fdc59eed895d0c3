/** What one can be told of: every kind stands in exactly one group of a role, so that one choice holds for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SettingsDoc, groupsFor, wayOf } from "../src/views/reminder-groups";

const settings = (kinds: SettingsDoc["kinds"]): SettingsDoc => ({ id: "s", entity: "settings", ...(kinds ? { kinds } : {}) });

for (const role of ["family", "youth", "staff"] as const) {
  test(`no kind stands in two groups of ${role}`, () => {
    const kinds = groupsFor(role).flatMap((group) => group.kinds);
    assert.deepEqual(kinds.filter((kind, index) => kinds.indexOf(kind) !== index), []);
  });
  test(`a group of ${role} goes into one command`, () => {
    for (const group of groupsFor(role)) assert.ok(group.kinds.length <= 60, group.key);
  });
}

test("a kind nobody has chosen a way for is a reminder", () => {
  const [meetings] = groupsFor("family");
  assert.equal(wayOf(meetings!, undefined), "push");
  assert.equal(wayOf(meetings!, settings({})), "push");
});

test("a group is what all its kinds are, or different", () => {
  const [meetings] = groupsFor("family");
  const all = Object.fromEntries(meetings!.kinds.map((kind) => [kind, "none" as const]));
  assert.equal(wayOf(meetings!, settings(all)), "none");
  assert.equal(wayOf(meetings!, settings({ meeting_day: "sms" })), null);
});
