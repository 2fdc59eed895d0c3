/** A database that does not answer: it holds nothing up for ever, and what it does at last does no harm. */
import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Replica } from "../src/sync/replica";
import { newChange, type Change } from "../src/sync/store";
import { Client, entry, seeded } from "./support";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const AT = new Date(NOW).toISOString();
const PATIENCE_MS = 60;
const FEW = 1_000;
const STORES = ["keys", "scopes", "rows", "small"];

const letGo: (() => void)[] = [];
after(() => letGo.forEach((release) => release()));

/** Everything asked of this database from now on waits, until what is given is called. */
async function held(name: string): Promise<() => Promise<void>> {
  const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
  const tx = db.transaction(STORES, "readwrite");
  let isHeld = true;
  letGo.push(() => { isHeld = false; });
  const ended = new Promise<void>((resolve) => { tx.oncomplete = () => resolve(); });
  const again = (): void => { if (isHeld) tx.objectStore("keys").get("key").onsuccess = again; };
  again();
  return async () => {
    isHeld = false;
    await ended;
    db.close();
  };
}

async function opened(name: string): Promise<Replica> {
  const replica = await Replica.open(name, 1000, PATIENCE_MS);
  assert.equal(await replica.openKey(), true);
  return replica;
}

function draft(key: string, value: unknown): Change {
  const change = newChange();
  change.drafts.set(key, { value });
  return change;
}

/** Fails instead of waiting for what never ends. */
function soon<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => setTimeout(() => reject(new Error("still waiting")), 20 * PATIENCE_MS).unref())]);
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("never");
}

test("a_write_that_does_not_end_is_given_up_in_its_time_and_the_next_is_not_begun", async () => {
  const replica = await opened("late");
  const release = await held("late");
  await assert.rejects(soon(replica.save(draft("a", 1))), { code: "stuck" });
  const begun = performance.now();
  await assert.rejects(replica.save(draft("b", 2)), { code: "stuck" });
  await assert.rejects(replica.load(), { code: "stuck" });
  assert.ok(performance.now() - begun < PATIENCE_MS, "nothing waits a second time");
  await release();
  await until(() => replica.save(draft("c", 3)).then(() => true, () => false));
  assert.deepEqual([...(await replica.load()).drafts], [["a", 1], ["c", 3]], "what ended late is there, what was refused is not");
});

test("what_waits_for_a_slow_phone_is_not_given_up_before_its_time", async () => {
  const replica = await opened("slow");
  const release = await held("slow");
  const saved = replica.save(draft("a", 1));
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS / 2));
  await release();
  await saved;
  assert.equal((await replica.load()).drafts.size, 1);
});

async function offline(name: string): Promise<Client> {
  const client = new Client("s1", await opened(name), seeded(1), () => NOW);
  await client.open();
  return client;
}

test("a_command_that_was_refused_and_ends_up_on_the_disk_all_the_same_is_taken_back_from_there", async () => {
  const client = await offline("refused");
  await client.engine.putDraft("note.write:c", { value: "hej" });
  const release = await held("refused");
  await assert.rejects(soon(client.engine.submit(entry("a"), { draft: "note.write:c" })), { code: "stuck" });
  assert.deepEqual([client.engine.fault, client.session.outbox.entries.size, await client.engine.recall("note.write:c")], ["stuck", 0, "hej"]);
  await release();
  await until(async () => {
    await client.engine.run({ on: "tick" });
    return client.engine.fault === null;
  });
  const { entries, drafts } = await client.store.load();
  assert.deepEqual([entries, [...drafts]], [[], [["note.write:c", "hej"]]]);
});

test("with_a_connection_it_is_sent_from_memory_and_lies_on_the_disk_once_when_that_answers", async () => {
  const client = await offline("sent");
  await client.engine.run({ on: "opened" });
  await client.engine.run({ on: "frame", frame: { t: "welcome", user: "u", seat: "s1", epoch: "e", schema: 1, scopes: [], now: AT, last_n: 0 } });
  const release = await held("sent");
  await soon(client.engine.submit(entry("a", { at: AT }), { draft: "note.write:c" }));
  await soon(client.engine.putDraft("note.write:c", { value: "mer" }));
  assert.deepEqual(client.sent.flatMap((frame) => (frame.t === "command" ? [frame.id] : [])), ["a"]);
  await client.engine.run({ on: "frame", frame: { t: "ack", id: "a", n: 1, at: {}, result: null } });
  await release();
  await until(async () => {
    await client.engine.run({ on: "tick" });
    return client.engine.fault === null;
  });
  const { entries, drafts } = await client.store.load();
  assert.deepEqual([entries.map(({ id, state }) => [id, state]), [...drafts]], [[["a", "done"]], [["note.write:c", "mer"]]]);
});

test("a_code_that_could_not_be_set_in_time_is_not_asked_for_later", async () => {
  const replica = await opened("code");
  await replica.save(draft("a", 1));
  const release = await held("code");
  await assert.rejects(soon(replica.rekey("271828", draft("a", 1), FEW)), { code: "stuck" });
  await release();
  await until(() => replica.save(draft("b", 2)).then(() => true, () => false));
  replica.close();
  const again = await opened("code");
  assert.deepEqual([...(await again.load()).drafts], [["a", 1], ["b", 2]]);
});

test("no_code_is_tried_that_cannot_be_counted", async () => {
  const replica = await opened("uncounted");
  await replica.rekey("271828", draft("a", 1), FEW);
  replica.close();
  const locked = await Replica.open("uncounted", 1000, PATIENCE_MS);
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  try {
    await assert.rejects(locked.unlock("271828"), { code: "storage" });
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  await assert.rejects(locked.load(), { code: "locked" });
  assert.equal(await locked.unlock("271828"), "ok");
});

test("a_database_that_was_taken_away_and_does_not_come_back_is_asked_for_once_in_a_step", async () => {
  const name = "gone";
  const { open } = indexedDB;
  let connection: IDBDatabase | undefined;
  indexedDB.open = (...given) => {
    const request = open.apply(indexedDB, given);
    request.addEventListener("success", () => { connection = request.result; });
    return request;
  };
  const client = new Client("s1", await opened(name), seeded(1), () => NOW);
  await client.open();
  const { store } = client;
  Object.defineProperty(client.engine.options.store, "isCut", { get: () => store.isCut });
  let asked = 0;
  indexedDB.open = () => {
    asked += 1;
    throw new Error("broken");
  };
  try {
    forceCloseDatabase(connection as never);
    await soon(client.engine.run({ on: "tick" }));
    assert.ok(asked >= 1 && asked <= 4, `${asked} times`);
  } finally {
    indexedDB.open = open;
  }
  await client.engine.run({ on: "tick" });
  assert.equal(client.engine.fault, null);
});
