import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../src/sync/outbox";
import { Session } from "../src/sync/session";
import { StoreError, newChange } from "../src/sync/store";
import { entry, makeSession } from "./support";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const numbers = (taken: { id: string; n: number | null }[]): unknown[] => taken.map(({ id, n }) => [id, n]);

test("numbers_have_no_gap_when_something_is_taken_back", () => {
  const outbox = new Outbox([entry("a", { seq: 1 }), entry("b", { seq: 2 }), entry("c", { seq: 3 })]);
  outbox.remove("b", newChange());
  outbox.begin(0);
  assert.deepEqual(numbers(outbox.take(16, newChange())), [["a", 1], ["c", 2]]);
});

test("decided_numbers_are_repeated_before_new_ones", () => {
  const outbox = new Outbox([entry("a", { seq: 1, n: 4 }), entry("b", { seq: 2, n: 5 }), entry("c", { seq: 3 })]);
  outbox.begin(4);
  assert.deepEqual(numbers(outbox.take(16, newChange())), [["a", 4], ["b", 5], ["c", 6]]);
});

test("room_limits_what_is_in_flight", () => {
  const outbox = new Outbox([entry("a", { seq: 1 }), entry("b", { seq: 2 }), entry("c", { seq: 3 })]);
  outbox.begin(0);
  assert.deepEqual(numbers(outbox.take(2, newChange())), [["a", 1], ["b", 2]]);
  outbox.ack(outbox.answered("a", 1, newChange())!, {}, NOW, newChange());
  assert.deepEqual(numbers(outbox.take(1, newChange())), [["c", 3]]);
});

test("answer_with_another_id_renumbers_the_entry_that_believed_to_own_the_number", () => {
  const outbox = new Outbox([entry("a", { seq: 1, n: 3 })]);
  outbox.begin(3);
  outbox.take(16, newChange());
  assert.equal(outbox.answered("stranger", 3, newChange()), undefined);
  assert.deepEqual(numbers(outbox.take(16, newChange())), [["a", 4]]);
});

test("answer_with_an_older_number_settles_by_id", () => {
  const outbox = new Outbox([entry("a", { seq: 1 }), entry("b", { seq: 2 })]);
  outbox.begin(6);
  outbox.take(16, newChange());
  const answered = outbox.answered("a", 2, newChange())!;
  outbox.ack(answered, {}, NOW, newChange());
  assert.equal(outbox.entries.get("a")!.state, "done");
  assert.deepEqual([...outbox.flight], ["b"]);
});

test("pushed_back_numbers_are_given_again_in_order", () => {
  const outbox = new Outbox([entry("a", { seq: 1 }), entry("b", { seq: 2 }), entry("c", { seq: 3 })]);
  outbox.begin(0);
  outbox.take(16, newChange());
  outbox.ack(outbox.answered("a", 1, newChange())!, {}, NOW, newChange());
  outbox.pushBack(outbox.entries.get("b")!, newChange());
  assert.equal(outbox.entries.get("c")!.n, null);
  assert.deepEqual(numbers(outbox.take(16, newChange())), [["b", 2], ["c", 3]]);
});

test("log_of_acknowledged_commands_lasts_30_days", () => {
  const outbox = new Outbox([entry("a", { state: "done", doneAt: NOW })]);
  const day = 86_400_000;
  outbox.prune(NOW + 30 * day - 1, newChange());
  assert.equal(outbox.entries.size, 1);
  outbox.prune(NOW + 30 * day, newChange());
  assert.equal(outbox.entries.size, 0);
});

test("sixty_days_old_becomes_a_draft", () => {
  const outbox = new Outbox([entry("a", { at: new Date(NOW).toISOString() })]);
  const day = 86_400_000;
  assert.deepEqual(outbox.retire(NOW + 60 * day - 1, newChange()), []);
  assert.deepEqual(outbox.retire(NOW + 60 * day, newChange()), ["a"]);
  assert.deepEqual([outbox.entries.get("a")!.state, outbox.entries.get("a")!.code], ["draft", "too_old"]);
});

test("command_over_64_KiB_is_refused_when_written", () => {
  const sized = (length: number) => () => Session.check(entry("018f1111-0000-7000-8000-000000000001", { args: { text: "å".repeat(length) } }));
  assert.doesNotThrow(sized(32_600));
  assert.throws(sized(32_768), (error) => error instanceof StoreError && error.code === "too_long");
});

test("item_sent_once_cannot_be_taken_back", () => {
  const session = makeSession();
  session.receive({ on: "start" }, NOW);
  session.receive({ on: "opened" }, NOW);
  session.receive({ on: "frame", frame: { t: "welcome", user: "u", seat: "s1", epoch: "e", schema: 1, scopes: [], now: new Date(NOW).toISOString(), last_n: 0 } }, NOW);
  session.receive({ on: "command", entry: entry("a") }, NOW);
  session.receive({ on: "closed" }, NOW);
  session.receive({ on: "discard", id: "a" }, NOW);
  session.receive({ on: "draft", id: "a" }, NOW);
  assert.deepEqual([session.outbox.entries.get("a")!.state, session.outbox.entries.get("a")!.n], ["waiting", 1]);
});

test("save_comes_before_every_send", () => {
  const session = makeSession();
  session.receive({ on: "start" }, NOW);
  session.receive({ on: "command", entry: entry("a") }, NOW);
  session.receive({ on: "opened" }, NOW);
  const effects = session.receive({ on: "frame", frame: { t: "welcome", user: "u", seat: "s1", epoch: "e", schema: 1, scopes: [], now: new Date(NOW).toISOString(), last_n: 0 } }, NOW);
  assert.equal(effects[0]!.do, "save");
  assert.ok(effects.some((effect) => effect.do === "send" && effect.frame.t === "command"));
});

test("reconnect_delays_have_full_jitter_up_to_30_s", () => {
  const delays: number[] = [];
  const session = makeSession({ random: () => 1 });
  session.receive({ on: "start" }, NOW);
  for (let i = 0; i < 9; i += 1)
    for (const effect of session.receive({ on: "closed" }, NOW)) if (effect.do === "connect") delays.push(effect.delayMs);
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("clock_set_back_does_not_bring_hidden_documents_back", () => {
  const loaded = { meta: { replica: "r", epoch: "e", seen: NOW, syncedAt: null, dropped: [] }, scopes: [{ scope: "user:u", cursor: 1, until: new Date(NOW).toISOString() }], rows: [], entries: [], reads: [], drafts: new Map() };
  const session = makeSession({ loaded });
  session.receive({ on: "start" }, NOW - 90 * 86_400_000);
  assert.equal(session.isHidden("user:u"), true);
});

test("purged_in_flight_keeps_its_number_and_not_its_content", () => {
  const session = makeSession();
  const frame = (value: unknown) => session.receive({ on: "frame", frame: value }, NOW);
  session.receive({ on: "start" }, NOW);
  session.receive({ on: "opened" }, NOW);
  frame({ t: "welcome", user: "u", seat: "s1", epoch: "e", schema: 1, scopes: [{ scope: "user:u", until: null, store: "keep" }], now: new Date(NOW).toISOString(), last_n: 0 });
  frame({ t: "delta", scope: "user:u", from: 0, to: 1, rows: [["child", "c", 1, { id: "c" }]] });
  session.drafts.set("note.secret:c", { text: "hemligt" });
  session.receive({ on: "command", entry: entry("a", { name: "note.secret", args: { child: "c", text: "hemligt" } }) }, NOW);
  const effects = frame({ t: "scopes", add: [], drop: ["user:u"] });
  const saved = effects.find((effect) => effect.do === "save")!.change;
  assert.deepEqual([saved.entries.get("a")!.n, saved.entries.get("a")!.args], [1, {}]);
  assert.equal(saved.drafts.get("note.secret:c"), null);
  const answer = frame({ t: "ack", id: "a", n: 1, ok: true, at: {}, result: null });
  assert.deepEqual(answer.find((effect) => effect.do === "settled")!.outcome, { ok: false, code: "scope_lost", fields: {}, data: null });
  assert.equal(session.outbox.entries.size, 0);
});
