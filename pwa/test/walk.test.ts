/**
 * Seeded random walks of the real session, outbox, engine and stores against the model server. SEEDS sets how many, SEED
 * the first. Nothing here runs by itself, so a seed gives the same walk to the byte.
 */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Grant } from "../src/sync/frames";
import { rowsOf } from "../src/sync/holdings";
import { Replica } from "../src/sync/replica";
import { MemoryStore, type ReplicaStore } from "../src/sync/store";
import { Connection, ModelServer } from "./model-server";
import { Client, seeded, seededId } from "./support";

const SEEDS = Number(process.env.SEEDS ?? 300);
const FIRST = Number(process.env.SEED ?? 1);
const STEPS = 80;
const SCOPES = ["user:s1", "child:c1:guardian:u", "child:c2:guardian:u", "consent:k1:unit:x"];
const DAY = 86_400_000;
const TEN_MINUTES = 600_000;

class Walk {
  now = Date.parse("2026-11-22T08:00:00Z");
  /** How far the device's clock is off, in milliseconds; another each time it starts. */
  off = 0;
  /** Every frame that came through, in order. */
  readonly trace = createHash("sha256");
  readonly random: () => number;
  readonly server: ModelServer;
  readonly client: Client;
  connection: Connection | null = null;
  /** What the person wrote, in order. */
  written: { id: string; bad: boolean; poison: boolean; unkept: boolean }[] = [];
  /** What was on its way from memory alone, on a full disk, when the app died. */
  readonly gone = new Set<string>();
  readonly cursors = new Map<string, number>();
  snapshot: ReturnType<ModelServer["snapshot"]> | null = null;
  readonly newId: (now: number) => string;

  constructor(seed: number, store: ReplicaStore) {
    this.random = seeded(seed);
    this.server = new ModelServer({ now: () => this.now, random: this.random });
    this.client = new Client("s1", store, this.random, () => this.now + this.off);
    this.newId = seededId(this.random);
    for (const scope of SCOPES.slice(0, 2)) this.server.grant("s1", this.lease(scope));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  lease(scope: string): Grant {
    return { scope, until: new Date(this.now + 14 * DAY).toISOString(), store: scope.startsWith("child:c2") && this.random() < 0.5 ? "memory" : "keep" };
  }

  async run(event: Parameters<Client["engine"]["run"]>[0]): Promise<void> {
    const { engine, mortal } = this.client;
    let over = false;
    void engine.run(event).then(() => { over = true; }, () => { over = true; });
    while (!over && mortal.left > 0) await new Promise(setImmediate);
    if (mortal.left <= 0) return this.crash();
    await this.after(event.on);
  }

  async after(why: string): Promise<void> {
    if (this.client.wantsClose) {
      this.client.wantsClose = false;
      this.connection?.close();
      this.connection = null;
    }
    for (const [name, scope] of this.client.session.scopes) {
      const before = this.cursors.get(name);
      assert.ok(before === undefined || scope.cursor >= before, `cursor of ${name} went back at ${why}`);
      this.cursors.set(name, scope.cursor);
    }
    for (const name of this.cursors.keys()) if (!this.client.session.scopes.has(name)) this.cursors.delete(name);
    const unkept = this.client.engine.unkept().entries;
    for (const item of this.written) item.unkept &&= unkept.has(item.id);
  }

  async crash(): Promise<void> {
    for (const { id } of this.written.filter((item) => item.unkept)) this.gone.add(id);
    this.written = this.written.filter((item) => !item.unkept);
    this.connection?.close();
    this.connection = null;
    this.cursors.clear();
    this.off = this.pick([0, -TEN_MINUTES, TEN_MINUTES, Math.floor((this.random() * 2 - 1) * TEN_MINUTES)]);
    await this.client.open();
  }

  async write(): Promise<void> {
    const id = this.newId(this.now);
    const item = { id, bad: this.random() < 0.2, poison: this.random() < 0.03, unkept: false };
    const args = { text: id, ...(item.bad ? { bad: true } : {}), ...(item.poison ? { poison: true } : {}) };
    const { engine, mortal } = this.client;
    let outcome = "";
    void engine.submit({ id, seq: 0, n: null, name: "note.write", args, at: new Date(this.now).toISOString(), state: "waiting" })
      .then(() => { outcome = "stored"; }, () => { outcome = "refused"; });
    while (!outcome && mortal.left > 0) await new Promise(setImmediate);
    // Only what was promised to be stored must not be lost; on a full disk people are told that nothing is.
    item.unkept = engine.unkept().entries.has(id);
    if (outcome === "stored") this.written.push(item);
    if (mortal.left <= 0) return this.crash();
    await this.after("write");
  }

  async connect(): Promise<void> {
    if (this.connection || this.client.dueAt === null) return;
    this.now = Math.max(this.now, this.client.dueAt - this.off);
    this.client.dueAt = null;
    this.client.sent.length = 0;
    this.connection = new Connection(this.server);
    await this.run({ on: "opened" });
  }

  async up(): Promise<void> {
    const frame = this.client.sent.shift();
    if (!frame || !this.connection) return;
    this.trace.update(`> ${JSON.stringify(frame)}\n`);
    this.connection.receive(JSON.parse(JSON.stringify(frame)));
  }

  async down(): Promise<void> {
    const { connection } = this;
    const frame = connection?.out.shift();
    if (frame) {
      this.trace.update(`< ${JSON.stringify(frame)}\n`);
      if (frame.t === "delta" && frame.reset) this.cursors.delete(frame.scope);
      if (frame.t === "scopes") for (const scope of frame.drop ?? []) this.cursors.delete(scope);
      if (frame.t === "welcome" && frame.epoch !== this.client.session.meta.epoch) this.cursors.clear();
      await this.run({ on: "frame", frame: JSON.stringify(frame) });
    } else if (connection?.closed && this.connection === connection) {
      this.connection = null;
      await this.run({ on: "closed" });
    }
  }

  async step(): Promise<void> {
    const luck = this.random();
    if (luck < 0.12) this.publish();
    else if (luck < 0.16) this.server.grant("s1", this.lease(this.pick(SCOPES)));
    else if (luck < 0.19) this.server.revoke("s1", this.pick(SCOPES.slice(1)));
    else if (luck < 0.29) await this.write();
    else if (luck < 0.42) await this.connect();
    else if (luck < 0.62) await this.up();
    else if (luck < 0.86) await this.down();
    else if (luck < 0.88 && this.connection) {
      this.connection.close();
      this.connection = null;
      await this.run({ on: "closed" });
    } else if (luck < 0.92) {
      this.now += Math.floor(this.random() * 5_000);
      await this.run({ on: "tick" });
    } else if (luck < 0.94) this.client.mortal.left = 1 + Math.floor(this.random() * 4);
    else if (luck < 0.95) this.client.mortal.quota = !this.client.mortal.quota;
    else if (luck < 0.96) this.snapshot ??= this.server.snapshot();
    else if (luck < 0.965 && this.snapshot) this.server.restore(this.snapshot);
    else if (luck < 0.98) await this.run({ on: "read", note: { id: this.newId(this.now), entity: "note", doc: "x", at: new Date(this.now).toISOString() } });
  }

  publish(): void {
    const changes = Array.from({ length: 1 + Math.floor(this.random() * 4) }, () => {
      const id = `d${Math.floor(this.random() * 8)}`;
      return [this.pick(SCOPES), this.pick(["meeting", "consent"]), id, this.random() < 0.2 ? null : { id, v: Math.floor(this.random() * 1000) }] as [string, string, string, Record<string, unknown> | null];
    });
    this.server.publish(changes);
  }

  /** A good network until nothing moves any more. */
  async settle(): Promise<void> {
    this.client.mortal.left = Infinity;
    this.client.mortal.quota = false;
    for (let round = 0; round < 600; round += 1) {
      await this.connect();
      while (this.client.sent.length && this.connection && !this.connection.closed) await this.up();
      while (this.connection && (this.connection.out.length || this.connection.closed)) await this.down();
      this.now += 600;
      await this.run({ on: "tick" });
      const idle = this.connection && !this.client.sent.length && !this.connection.out.length;
      const open = [...this.client.session.outbox.entries.values()].some((item) => item.state === "waiting");
      if (idle && !open && this.client.session.link === "synced" && !this.client.session.reads.size) return;
    }
    assert.fail("did not come to rest");
  }

  async check(): Promise<void> {
    const { server, client: { session, store } } = this;
    assert.deepEqual([...session.scopes.keys()].sort(), [...server.grantsOf("s1").keys()].sort());
    for (const [name, scope] of session.scopes) {
      const feed = server.feed(name);
      const live = [...feed.rows.values()].filter((row) => row[3]).map(([entity, id, version, doc]) => ({ entity, id, version, doc }));
      const key = (row: { entity: string; id: string }): string => `${row.entity}/${row.id}`;
      assert.deepEqual([...rowsOf(scope)].sort((a, b) => key(a).localeCompare(key(b))), live.sort((a, b) => key(a).localeCompare(key(b))), name);
      assert.equal(scope.cursor, feed.version, name);
    }
    const stored = await store.load();
    for (const meta of stored.scopes) {
      const held = session.scopes.get(meta.scope);
      assert.ok(held && held.store === "keep", `${meta.scope} is on disk and should not be`);
      if (!held.disk) continue;
      const rows = stored.rows.filter((row) => row.scope === meta.scope);
      assert.equal(rows.length, [...rowsOf(held)].length, `rows of ${meta.scope} on disk`);
      assert.equal(meta.cursor, held.cursor);
    }
    assert.deepEqual(stored.rows.filter((row) => session.scopes.get(row.scope)?.store !== "keep"), []);
    for (const { id, bad, poison } of this.written) {
      const entry = session.outbox.entries.get(id);
      assert.ok(entry, `${id} was lost`);
      const times = server.state.applied.get(id) ?? 0;
      assert.ok(times <= 1, `${id} was applied ${times} times`);
      if (bad || poison) assert.deepEqual([entry.state, times], ["refused", 0], id);
      else assert.deepEqual([entry.state, times], ["done", 1], id);
    }
    for (const id of this.gone) assert.ok((server.state.applied.get(id) ?? 0) <= 1, `${id} was applied more than once`);
    assert.equal(server.differs, 0, "a digest differed");
  }
}

/** The digest of everything that was sent. */
async function walk(seed: number, store: ReplicaStore): Promise<string> {
  const it = new Walk(seed, store);
  await it.crash();
  for (let i = 0; i < STEPS; i += 1) await it.step();
  await it.settle();
  await it.check();
  // What is on disk is enough to begin again.
  await it.crash();
  await it.settle();
  await it.check();
  return it.trace.digest("hex");
}

test(`walk_converges_and_loses_nothing in memory, ${SEEDS} seeds`, async () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1)
    await walk(seed, new MemoryStore()).catch((error) => { throw new Error(`seed ${seed}: ${error.message}`, { cause: error }); });
});

test("the same seed gives the same walk, to the byte", async () => {
  const seeds = Array.from({ length: Math.max(10, SEEDS / 20) }, (_, i) => FIRST + i);
  const digests = [];
  for (const seed of [...seeds, ...seeds]) digests.push(await walk(seed, new MemoryStore()));
  assert.deepEqual(digests.slice(seeds.length), digests.slice(0, seeds.length));
  assert.equal(new Set(digests).size, seeds.length);
});

test("walk_converges_and_loses_nothing on IndexedDB", async () => {
  for (let seed = FIRST; seed < FIRST + Math.max(5, SEEDS / 20); seed += 1) {
    const replica = await Replica.open(`walk-${seed}`);
    await replica.openKey();
    await walk(seed, replica).catch((error) => { throw new Error(`seed ${seed}: ${error.message}`, { cause: error }); });
    await replica.erase("all");
  }
});
