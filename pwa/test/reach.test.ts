/** What a person is told of the connection. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { answered, steady } from "../src/state/reach";

const GRACE_MS = 30;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("a_short_gap_is_told_to_nobody_and_a_long_one_is", async () => {
  const live = signal<boolean | null>(null);
  const told = steady(live, GRACE_MS);
  const seen: boolean[] = [];
  told.subscribe((value) => void seen.push(value));
  await wait(2 * GRACE_MS);
  assert.deepEqual(seen, [true], "nobody tries to connect yet");
  live.value = false;
  live.value = true;
  await wait(2 * GRACE_MS);
  assert.deepEqual(seen, [true]);
  live.value = false;
  await wait(2 * GRACE_MS);
  live.value = true;
  assert.deepEqual(seen, [true, false, true]);
});

test("without_a_network_it_is_told_at_once", () => {
  Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {} as Navigator), "onLine", { value: false, configurable: true });
  try {
    const live = signal<boolean | null>(false);
    const told = steady(live, GRACE_MS);
    assert.equal(told.value, false);
    live.value = true;
    assert.equal(told.value, true);
  } finally {
    Reflect.deleteProperty(globalThis.navigator, "onLine");
  }
});

test("an_answer_is_waited_for_only_with_a_connection", async () => {
  const outcome = { ok: true, result: null } as const;
  const app = (online: boolean) => ({ online: signal(online), result: async () => outcome });
  assert.equal(await answered(app(false), "c"), null);
  assert.deepEqual(await answered(app(true), "c"), outcome);
});
