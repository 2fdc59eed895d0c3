import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_TRIES } from "../src/lock/keys";
import { Replica } from "../src/sync/replica";
import { MemoryStore, StoreError, newChange, type Change, type ReplicaStore } from "../src/sync/store";
import { Client, entry, seeded } from "./support";

const CANARY = "Kanariefågel";
const FEW = 1_000;

function sample(): Change {
  const change = newChange();
  change.rows.push({ scope: "user:u", entity: "child", id: "c", version: 2, doc: { id: "c", display_name: CANARY } });
  change.rows.push({ scope: "user:u", entity: "child", id: "d", version: 3, doc: { id: "d" } });
  change.scopes.push({ scope: "user:u", cursor: 3, until: null });
  change.entries.set("b", entry("b", { seq: 2, args: { text: CANARY } }));
  change.entries.set("a", entry("a", { seq: 1 }));
  change.reads.set("n", { id: "n", entity: "child", doc: "c", at: "2026-11-22T08:00:00.000Z" });
  change.drafts.set("note.write:c", { value: { text: CANARY } });
  change.meta = { replica: "r", epoch: "e", seen: 1, syncedAt: null, dropped: [], me: { name: CANARY } };
  return change;
}

async function raw(name: string): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
  const texts: string[] = [];
  for (const store of db.objectStoreNames) {
    const values = await new Promise<unknown[]>((resolve) => { const request = db.transaction(store).objectStore(store).getAll(); request.onsuccess = () => resolve(request.result); });
    const keys = await new Promise<unknown[]>((resolve) => { const request = db.transaction(store).objectStore(store).getAllKeys(); request.onsuccess = () => resolve(request.result); });
    texts.push(JSON.stringify([keys, values], (_key, value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString("utf-8") : value)));
  }
  db.close();
  return texts.join("\n");
}

async function opened(name: string): Promise<Replica> {
  const replica = await Replica.open(name);
  assert.equal(await replica.openKey(), true);
  return replica;
}

const makers: [string, (name: string) => Promise<ReplicaStore>][] = [["disk", opened], ["memory", async () => new MemoryStore()]];
for (const [kind, make] of makers) {
  test(`${kind}_gives_back_what_was_saved`, async () => {
    const store = await make(`same-${kind}`);
    await store.save(sample());
    const loaded = await store.load();
    assert.deepEqual(loaded.scopes, sample().scopes);
    assert.deepEqual(loaded.rows.sort((a, b) => a.version - b.version), sample().rows);
    assert.deepEqual(loaded.entries.map(({ id }) => id), ["a", "b"]);
    assert.deepEqual(loaded.meta, sample().meta);
    assert.deepEqual([...loaded.drafts], [["note.write:c", { text: CANARY }]]);
    assert.equal(loaded.reads.length, 1);
  });

  test(`${kind}_drops_and_clears_only_the_named_scope`, async () => {
    const store = await make(`drop-${kind}`);
    const change = sample();
    change.rows.push({ scope: "user:u:more", entity: "child", id: "c", version: 1, doc: { id: "c" } });
    change.scopes.push({ scope: "user:u:more", cursor: 1, until: null });
    await store.save(change);
    const drop = newChange();
    drop.drop.push("user:u");
    await store.save(drop);
    const loaded = await store.load();
    assert.deepEqual([loaded.scopes.map(({ scope }) => scope), loaded.rows.map(({ scope }) => scope)], [["user:u:more"], ["user:u:more"]]);
  });

  test(`${kind}_erase_of_documents_keeps_what_the_person_wrote`, async () => {
    const store = await make(`erase-${kind}`);
    await store.save(sample());
    await store.erase("documents");
    const loaded = await store.load();
    assert.deepEqual([loaded.meta, loaded.scopes, loaded.rows, loaded.reads, loaded.entries.length, loaded.drafts.size], [null, [], [], [], 2, 1]);
  });
}

test("nothing_readable_lies_on_disk", async () => {
  const replica = await opened("canary");
  await replica.save(sample());
  const text = await raw("canary");
  assert.ok(text.includes("user:u"));
  assert.equal(text.includes(CANARY), false);
  assert.equal(text.includes("display_name"), false);
});

test("key_of_a_family_cannot_be_taken_out", async () => {
  await opened("nonextractable");
  const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open("nonextractable"); request.onsuccess = () => resolve(request.result); });
  const record = await new Promise<any>((resolve) => { const request = db.transaction("keys").objectStore("keys").get("key"); request.onsuccess = () => resolve(request.result); });
  assert.equal(record.key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", record.key));
});

test("a_locked_copy_loses_what_was_hidden_for_thirty_days_without_its_key", async () => {
  const replica = await opened("lapse");
  const change = sample();
  change.scopes = [{ scope: "user:u", cursor: 3, until: "2026-11-01T00:00:00.000Z" }, { scope: "region:public", cursor: 1, until: null }];
  change.rows.push({ scope: "region:public", entity: "area", id: "a", version: 1, doc: { id: "a" } });
  await replica.rekey("246813", change, FEW);
  replica.close();
  const locked = await Replica.open("lapse");
  await locked.lapse(Date.parse("2026-11-30T23:59:59.999Z"));
  assert.ok((await raw("lapse")).includes("user:u"));
  await locked.lapse(Date.parse("2026-12-01T00:00:00.000Z"));
  const kept = await raw("lapse");
  assert.ok(!kept.includes("user:u") && kept.includes("region:public"));
  assert.equal(await locked.unlock("246813"), "ok");
  const found = await locked.load();
  assert.deepEqual([found.rows.map((row) => row.id), found.entries.map((one) => one.id), [...found.drafts.keys()]], [["a"], ["a", "b"], ["note.write:c"]]);
});

/** The latest connection to each database. */
const connections = new Map<string, any>();
const open = indexedDB.open.bind(indexedDB);
indexedDB.open = (name, version) => {
  const request = open(name, version);
  request.addEventListener("success", () => connections.set(name, request.result));
  return request;
};

/** What a browser does that needs the room: the connection is taken away, and what it led to is gone. */
async function emptied(name: string): Promise<void> {
  forceCloseDatabase(connections.get(name)!);
  await Replica.remove(name);
}

for (const secret of [null, "314159"])
  test(`what_an_emptied_${secret ? "locked" : "open"}_copy_is_given_next_can_be_read_after_a_restart`, async () => {
    const name = `emptied-${secret}`;
    const replica = await opened(name);
    const whole = sample();
    await replica.save(whole);
    if (secret) await replica.rekey(secret, whole, FEW);
    await emptied(name);
    assert.equal(replica.isCut, true);
    const change = newChange();
    change.rows.push({ scope: "user:u", entity: "child", id: "e", version: 4, doc: { id: "e" } });
    change.scopes.push({ scope: "user:u", cursor: 4, until: null });
    change.drafts.set("note.write:e", { value: "Nytt" });
    await replica.save(change, () => whole);
    assert.equal(replica.isCut, false);
    replica.close();
    const again = await Replica.open(name);
    assert.equal(await (secret ? again.unlock(secret) : again.openKey()), secret ? "ok" : true);
    const loaded = await again.load();
    assert.deepEqual(loaded.entries.map(({ id }) => id), ["a", "b"]);
    assert.deepEqual([...loaded.drafts.keys()].sort(), ["note.write:c", "note.write:e"]);
    assert.deepEqual(loaded.rows.map(({ id }) => id).sort(), ["c", "d", "e"], "no hole below the cursor");
    assert.equal(loaded.meta?.replica, "r");
  });

test("a_connection_taken_away_from_a_whole_copy_costs_nothing", async () => {
  const replica = await opened("cut");
  await replica.save(sample());
  // An earlier cut may have made that write renew the log: its two steps end before the second of these.
  await replica.load();
  await replica.load();
  forceCloseDatabase(connections.get("cut")!);
  await replica.save(newChange(), () => assert.fail("nothing is put there again"));
  assert.deepEqual([replica.isCut, (await replica.load()).rows.length], [false, 2]);
});

test("a_database_that_never_opens_is_none", async () => {
  const { open } = indexedDB;
  const unheard = { addEventListener: { value: () => undefined }, removeEventListener: { value: () => undefined } };
  indexedDB.open = () => Object.create(IDBOpenDBRequest.prototype, unheard) as IDBOpenDBRequest;
  try {
    const patient = new Promise((resolve) => setTimeout(() => resolve("still waiting"), 5000).unref());
    await assert.rejects(Promise.race([Replica.open("silent", 20), patient]), { code: "stuck" });
  } finally {
    indexedDB.open = open;
  }
  (await Replica.open("silent", 2000)).close();
});

test("pin_locks_and_wrong_pins_erase", async () => {
  const replica = await opened("pin");
  await replica.save(sample());
  await replica.rekey("271828", sample(), FEW);
  replica.close();
  const again = await Replica.open("pin");
  assert.equal(await again.lockKind(), "pin");
  assert.equal(await again.openKey(), false);
  await assert.rejects(again.load(), (error) => error instanceof StoreError && error.code === "locked");
  assert.equal(await again.unlock("000000"), "wrong");
  assert.equal(await again.unlock("271828"), "ok");
  assert.equal((await again.load()).rows.length, 2);
  again.close();
  const thief = await Replica.open("pin");
  for (let i = 1; i < MAX_TRIES; i += 1) assert.equal(await thief.unlock(String(i)), "wrong");
  assert.equal(await thief.unlock("no"), "erased");
  const empty = await Replica.open("pin");
  assert.equal(await empty.lockKind(), "none");
});

test("passkey_secret_locks", async () => {
  const replica = await opened("prf");
  const prf = crypto.getRandomValues(new Uint8Array(32)).buffer;
  await replica.rekey({ prf }, sample());
  replica.close();
  const again = await Replica.open("prf");
  assert.equal(await again.unlock({ prf: new Uint8Array(32).buffer }), "wrong");
  assert.equal(await again.unlock({ prf }), "ok");
  assert.equal((await again.load()).entries.length, 2);
});

test("damaged_row_costs_its_scope_and_nothing_else", async () => {
  const replica = await opened("damage");
  const change = sample();
  change.rows.push({ scope: "team:t", entity: "team", id: "t", version: 1, doc: { id: "t" } });
  change.scopes.push({ scope: "team:t", cursor: 1, until: null });
  await replica.save(change);
  const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open("damage"); request.onsuccess = () => resolve(request.result); });
  const store = db.transaction("rows", "readwrite").objectStore("rows");
  const sealed = await new Promise<any>((resolve) => { const request = store.get(["user:u", "child", "d"]); request.onsuccess = () => resolve(request.result); });
  await new Promise((resolve) => { store.put(sealed, ["user:u", "child", "c"]).onsuccess = resolve; });
  const loaded = await replica.load();
  assert.deepEqual([loaded.scopes.map(({ scope }) => scope), loaded.rows.map(({ scope }) => scope), loaded.entries.length], [["team:t"], ["team:t"], 2]);
});

test("full_disk_is_told_and_leaves_the_store_whole", async () => {
  const replica = await opened("quota");
  await replica.save(sample());
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  try {
    const more = newChange();
    more.rows.push({ scope: "user:u", entity: "child", id: "e", version: 4, doc: { id: "e" } });
    more.scopes.push({ scope: "user:u", cursor: 4, until: null });
    more.drop.push("user:u");
    await assert.rejects(replica.save(more), (error) => error instanceof StoreError && error.code === "storage");
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.deepEqual((await replica.load()).scopes, sample().scopes);
  assert.equal((await replica.load()).rows.length, 2);
});

test("full_disk_refuses_a_command_instead_of_pretending", async () => {
  const client = new Client("s1", new MemoryStore(), seeded(1), () => Date.parse("2026-11-22T08:00:00Z"));
  await client.open();
  client.mortal.quota = true;
  await assert.rejects(client.engine.submit(entry("a")), (error) => error instanceof StoreError && error.code === "storage");
  assert.equal(client.session.outbox.entries.size, 0);
  client.mortal.quota = false;
  await client.engine.submit(entry("a"));
  assert.equal((await client.store.load()).entries.length, 1);
});
