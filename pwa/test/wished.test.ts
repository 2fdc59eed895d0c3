/** What a person has chosen in their settings holds from when they chose it, not from when the server has said so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxItem } from "../src/state/api";
import { waitingSettings, wishedLanguage } from "../src/wished";

const item = (state: OutboxItem["state"], args: Record<string, unknown>, name = "settings.change"): OutboxItem =>
  ({ id: "1", n: null, name, args, at: "2026-11-20T13:32:00.000Z", state, confirm: false });

test("the newest language that waits goes before the one that is kept", () => {
  assert.equal(wishedLanguage("ar", []), "ar");
  assert.equal(wishedLanguage(undefined, []), undefined);
  assert.equal(wishedLanguage("ar", [item("waiting", { language: "sv" })]), "sv");
  assert.equal(wishedLanguage("ar", [item("sent", { language: "sv" }), item("waiting", { language: "en" })]), "en");
  assert.equal(wishedLanguage(undefined, [item("sent", { language: "en" })]), "en");
  assert.equal(wishedLanguage("ar", [item("held", { language: "sv" })]), "sv", "until the app is updated");
});

test("what waits and says nothing of the language leaves it as it is", () => {
  assert.equal(wishedLanguage("ar", [item("waiting", { language: "sv" }), item("waiting", { quiet_from: "21:00" })]), "sv");
  assert.equal(wishedLanguage("ar", [item("waiting", { language: "sv" }, "directory.edit")]), "ar");
  assert.equal(wishedLanguage("ar", [item("waiting", { language: 3 })]), "ar");
});

test("what was refused, or waits for the person themselves, is not a wish any more", () => {
  for (const state of ["refused", "draft"] as const) {
    assert.equal(wishedLanguage("ar", [item(state, { language: "sv" })]), "ar", state);
    assert.deepEqual(waitingSettings([item(state, { quiet_from: "21:00" })]), [], state);
  }
  assert.deepEqual(waitingSettings([item("sent", { quiet_from: "21:00" }), item("waiting", { quiet_to: "07:00" })]), [{ quiet_from: "21:00" }, { quiet_to: "07:00" }]);
});
