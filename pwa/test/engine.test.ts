/** A disk that refuses: what must still be true of it, of the server's knowledge and of the next start. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore, type ReplicaStore } from "../src/sync/store";
import { Client, entry, seeded } from "./support";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const KEEP = { scope: "child:c:guardian:u", until: null, store: "keep" };

async function connected(epoch = "e1", store: ReplicaStore = new MemoryStore()): Promise<Client> {
  const client = new Client("s1", store, seeded(3), () => NOW);
  await client.open();
  await greet(client, epoch);
  await client.engine.run({ on: "frame", frame: { t: "delta", scope: KEEP.scope, from: 0, to: 2, rows: [["child", "c", 1, { id: "c" }], ["meeting", "m", 2, { id: "m" }]] } });
  await client.engine.run({ on: "frame", frame: { t: "synced", at: new Date(NOW).toISOString() } });
  return client;
}

async function greet(client: Client, epoch: string, scopes: unknown[] = [KEEP], last_n = 0): Promise<void> {
  await client.engine.run({ on: "opened" });
  await client.engine.run({ on: "frame", frame: { t: "welcome", user: "u", seat: "s1", epoch, schema: 1, scopes, now: new Date(NOW).toISOString(), last_n } });
}

const more = { t: "delta", scope: KEEP.scope, from: 2, to: 3, rows: [["meeting", "n", 3, { id: "n" }]] };

test("full_disk_keeps_its_copy_whole_while_memory_goes_on", async () => {
  const client = await connected();
  client.mortal.quota = true;
  await client.engine.run({ on: "frame", frame: more });
  client.mortal.quota = false;
  await client.engine.run({ on: "frame", frame: { ...more, from: 3, to: 4, rows: [["meeting", "o", 4, { id: "o" }]] } });
  assert.equal(client.session.scopes.get(KEEP.scope)!.cursor, 4);
  const { scopes, rows } = await client.store.load();
  assert.deepEqual([scopes[0]!.cursor, rows.map(({ id }) => id)], [2, ["c", "m"]]);
});

test("full_disk_is_no_reason_to_claim_an_erasure", async () => {
  const client = await connected();
  client.mortal.quota = true;
  client.sent.length = 0;
  await client.engine.run({ on: "frame", frame: { t: "scopes", add: [], drop: [KEEP.scope] } });
  assert.equal(client.session.scopes.size, 0);
  await greet(client, "e1", []);
  assert.deepEqual(client.sent.filter(({ t }) => t === "dropped"), []);
  client.mortal.quota = false;
  await client.engine.run({ on: "tick" });
  assert.deepEqual((await client.store.load()).rows, []);
  assert.deepEqual(client.sent.filter(({ t }) => t === "dropped"), [{ t: "dropped", scopes: [KEEP.scope] }]);
});

for (const when of ["before", "at"] as const)
  test(`rows_of_another_past_are_not_left_under_a_new_epoch when the disk was full ${when} the restore`, async () => {
    const client = await connected();
    client.mortal.quota = true;
    if (when === "before") {
      await client.engine.run({ on: "frame", frame: more });
      client.mortal.quota = false;
    } else client.mortal.store.save = failOnce(client.store.save.bind(client.store), client);
    await client.engine.run({ on: "closed" });
    await greet(client, "e2");
    client.mortal.quota = false;
    const { meta, scopes, rows } = await client.store.load();
    assert.deepEqual([meta!.epoch, scopes, rows], ["e2", [], []]);
  });

/** Refuses rows and cursors, as a full disk does, and takes what is small. */
function failOnce(save: MemoryStore["save"], client: Client): MemoryStore["save"] {
  client.mortal.quota = false;
  return async (change) => {
    if (change.clear.length || change.rows.length || change.scopes.length) throw new Error("full");
    return save(change);
  };
}

test("restored_database_gives_unanswered_commands_new_numbers", async () => {
  const client = await connected();
  await client.engine.submit(entry("a", { at: new Date(NOW).toISOString() }));
  await client.engine.run({ on: "closed" });
  client.sent.length = 0;
  await greet(client, "e2", [KEEP], 7);
  assert.deepEqual(client.sent.flatMap((frame) => (frame.t === "command" ? [[frame.id, frame.n]] : [])), [["a", 8]]);
});

test("command_is_on_disk_before_it_is_sent", async () => {
  const client = await connected();
  const order: string[] = [];
  const save = client.store.save.bind(client.store);
  client.store.save = async (change) => { if (change.entries.size) order.push("stored"); return save(change); };
  const push = client.sent.push.bind(client.sent);
  client.sent.push = (...frames) => { order.push(...frames.map(({ t }) => t)); return push(...frames); };
  await client.engine.submit(entry("a", { at: new Date(NOW).toISOString() }));
  assert.deepEqual(order, ["stored", "stored", "command"]);
});

test("what_a_full_disk_refuses_goes_over_the_wire_while_there_is_one_and_is_stored_when_there_is_room", async () => {
  const client = await connected();
  client.mortal.quota = true;
  client.sent.length = 0;
  await client.engine.putDraft("note.write:c", { value: "hej" });
  await client.engine.submit(entry("a", { at: new Date(NOW).toISOString() }), { draft: "note.write:c" });
  assert.deepEqual(client.sent.flatMap((frame) => (frame.t === "command" ? [frame.id] : [])), ["a"]);
  assert.deepEqual([client.engine.fault, (await client.store.load()).entries], ["storage", []]);
  client.mortal.quota = false;
  await client.engine.run({ on: "tick" });
  const { entries, drafts } = await client.store.load();
  assert.deepEqual([client.engine.fault, entries.map(({ id, n }) => [id, n]), drafts.size], [null, [["a", 1]], 0]);
});

test("what_was_written_while_the_disk_was_full_is_there_as_long_as_the_app_and_stored_when_there_is_room", async () => {
  const client = await connected();
  client.mortal.quota = true;
  client.notices.length = 0;
  await client.engine.putDraft("note.write:c", { value: "halvt" });
  assert.deepEqual([await client.engine.recall("note.write:c"), client.engine.fault], ["halvt", "storage"]);
  assert.ok(client.notices.length > 0, "and it is told");
  client.mortal.quota = false;
  await client.engine.run({ on: "tick" });
  assert.deepEqual([[...(await client.store.load()).drafts], client.engine.fault], [[["note.write:c", "halvt"]], null]);
});

class Disk extends MemoryStore {
  override readonly kind = "disk" as unknown as "memory";
}

for (const store of [new MemoryStore(), new Disk()])
  test(`closing_is_asked_about_while_what_is_written_is_nowhere_else (${store.kind})`, async () => {
    const client = await connected("e1", store);
    const isMemory = store.kind === "memory";
    const { engine } = client;
    assert.equal(engine.isAtRisk(), false);
    await engine.putDraft("note.write:a", { value: "half" });
    assert.equal(engine.isAtRisk(), isMemory);
    client.mortal.quota = true;
    await engine.putDraft("note.write:a", { value: "half of it" });
    assert.equal(engine.isAtRisk(), true);
    await engine.submit(entry("a", { at: new Date(NOW).toISOString() }), { draft: "note.write:a" });
    assert.equal(engine.isAtRisk(), true);
    await engine.run({ on: "frame", frame: { t: "ack", id: "a", n: 1, at: {}, result: null } });
    assert.equal(engine.isAtRisk(), false);
    await engine.putDraft("note.write:b", { value: "more" });
    assert.equal(engine.isAtRisk(), true);
    client.mortal.quota = false;
    await engine.run({ on: "tick" });
    assert.equal(engine.isAtRisk(), isMemory);
    await engine.submit(entry("b", { seq: 2, at: new Date(NOW).toISOString() }), { draft: "note.write:b" });
    assert.equal(engine.isAtRisk(), isMemory);
  });
