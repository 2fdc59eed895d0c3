/** Leader and followers, on node's BroadcastChannel and a small lock manager. */
import assert from "node:assert/strict";
import { test } from "node:test";

class Locks {
  private readonly held = new Map<string, { queue: (() => void)[] }>();

  async request(name: string, options: { ifAvailable?: boolean; signal?: AbortSignal }, work: (lock: object | null) => Promise<unknown>): Promise<unknown> {
    const lock = this.held.get(name);
    if (lock && options.ifAvailable) return work(null);
    if (lock) {
      await new Promise<void>((resolve, reject) => {
        lock.queue.push(resolve);
        options.signal?.addEventListener("abort", () => reject(new DOMException("no", "AbortError")));
      });
    }
    const mine = lock ?? { queue: [] };
    this.held.set(name, mine);
    try {
      return await work({});
    } finally {
      const next = mine.queue.shift();
      if (next) next();
      else this.held.delete(name);
    }
  }
}

Object.defineProperty(globalThis, "navigator", { value: { locks: new Locks() }, configurable: true });
const { Tabs } = await import("../src/sync/tabs");

const pause = (ms = 30): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function tab(name: string) {
  const log: string[] = [];
  const shown: unknown[] = [];
  const tabs = new Tabs({
    name,
    lead: async () => { log.push("lead"); return async () => void log.push("stop"); },
    show: (face, whole) => void shown.push([face, whole]),
    act: async (act) => { log.push(`act ${act}`); if (act === "bad") throw Object.assign(new Error("no"), { code: "storage" }); return `did ${act}`; },
    whole: () => "everything",
    told: (what) => void log.push(`told ${what}`),
  });
  return { tabs, log, shown };
}

test("one_tab_leads_and_the_other_is_shown_and_served", async () => {
  const a = tab("t1");
  const b = tab("t1");
  await a.tabs.join();
  await b.tabs.join();
  await pause();
  assert.deepEqual([a.tabs.isLeader, b.tabs.isLeader, b.shown.at(-1)], [true, false, ["everything", true]]);
  a.tabs.publish("more");
  assert.equal(await b.tabs.do("1", "x"), "did x");
  await assert.rejects(b.tabs.do("2", "bad"), /storage/);
  assert.deepEqual(b.shown.at(-1), ["more", false]);
  assert.deepEqual(b.log, []);
  await a.tabs.end();
  await pause();
  assert.deepEqual([b.tabs.isLeader, a.log.at(-1), b.log], [true, "stop", ["lead"]]);
  await b.tabs.end();
});

test("asked_while_the_leader_goes_away_is_done_by_the_next", async () => {
  const a = tab("t2");
  const b = tab("t2");
  await a.tabs.join();
  await b.tabs.join();
  const ended = a.tabs.end();
  const answer = b.tabs.do("1", "x");
  await ended;
  assert.equal(await answer, "did x");
  assert.deepEqual(b.log, ["lead", "act x"]);
  await b.tabs.end();
});

test("lock_reaches_every_tab", async () => {
  const a = tab("t3");
  const b = tab("t3");
  await a.tabs.join();
  await b.tabs.join();
  b.tabs.tell("lock");
  await pause();
  assert.deepEqual([a.log, b.log], [["lead", "told lock"], []]);
  await a.tabs.end();
  await b.tabs.end();
});
