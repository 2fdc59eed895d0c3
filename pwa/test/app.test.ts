/** The whole client on a fake browser: real tabs, stores and transport; the model server answers. */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openApp } from "../src/state/api";
import type { App, Phase } from "../src/state/api";
import { Connection, ModelServer } from "./model-server";
import { CONTRACT } from "./support";

const DAY = 86_400_000;
const storage = new Map<string, string>();
const net = { online: true, signedIn: true, kind: "guardian", signOuts: 0, sockets: [] as FakeSocket[] };
let server: ModelServer;
const apps: App[] = [];

class FakeSocket {
  static OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly connection = new Connection(server);
  private readonly timer: ReturnType<typeof setInterval>;

  constructor() {
    net.sockets.push(this);
    this.timer = setInterval(() => this.pump(), 2);
    setTimeout(() => {
      if (!net.online) return this.close();
      this.readyState = 1;
      this.onopen?.();
    }, 1);
  }

  send(text: string): void {
    this.connection.receive(JSON.parse(text));
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  close(): void {
    clearInterval(this.timer);
    this.connection.close();
    this.readyState = 3;
    setTimeout(() => this.onclose?.(), 0);
  }

  private pump(): void {
    if (!net.online) return this.close();
    for (const frame of this.connection.out.splice(0)) this.say(frame);
    if (this.connection.closed) this.close();
  }
}

Object.assign(globalThis, {
  location: { origin: "http://localhost" },
  localStorage: { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value), removeItem: (key: string) => void storage.delete(key) },
  WebSocket: FakeSocket,
  fetch: async (url: string, init?: RequestInit) => {
    const path = String(url).replace("http://localhost", "");
    if (path === "/contract.json") return Response.json(CONTRACT);
    if (!net.online) throw new TypeError("no network");
    if (path === "/auth/sign-out") { net.signOuts += 1; net.signedIn = false; return new Response(null, { status: 204 }); }
    if (path === "/auth/me?quiet=true") return net.signedIn ? Response.json({ account: "u", seat: "s1", kind: net.kind, name: "Anna", lang: "sv", assurance: "eid", seats: [{ id: "s1", kind: net.kind, label: "" }] }) : new Response(null, { status: 401 });
    const connection = new Connection(server);
    for (const frame of JSON.parse(String(init?.body)).frames) connection.receive(frame);
    connection.close();
    return Response.json({ frames: connection.out });
  },
});

function begin(kind = "guardian"): void {
  Object.assign(net, { online: true, signedIn: true, kind, signOuts: 0, sockets: [] });
  storage.clear();
  server = new ModelServer({ now: () => Date.now(), random: () => 0.5 });
  server.grant("s1", { scope: "user:s1", until: new Date(Date.now() + 14 * DAY).toISOString(), store: "keep" });
  server.grant("s1", { scope: "child:c:guardian:u", until: new Date(Date.now() + 14 * DAY).toISOString(), store: "keep" });
  server.publish([["child:c:guardian:u", "meeting", "m", { id: "m", answer: "none" }]]);
}

function start(): App {
  const app = openApp({ lang: () => "sv", graceMs: 0 });
  apps.push(app);
  return app;
}

async function until(what: () => unknown, why: string): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    if (what()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(why);
}

const ready = (app: App, phase: Phase = "ready"): Promise<void> => until(() => app.phase.value === phase, `never ${phase}, but ${app.phase.value}`);

async function wiped(): Promise<string[]> {
  return (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name.startsWith("samled:"));
}

after(async () => {
  for (const app of apps) await app.close();
});

test("first_copy_then_live_then_offline_start", async () => {
  begin();
  const app = start();
  await until(() => app.syncedAt.value, "never synced");
  assert.equal(app.all("meeting").value[0]!.id, "m");
  await until(() => app.online.value && net.sockets.length, "no socket after the first copy");
  const one = app.one("meeting", "m");
  server.publish([["child:c:guardian:u", "meeting", "m", { id: "m", answer: "none", place: "Hus 4" }]]);
  await until(() => one.value?.place === "Hus 4", "no live change");
  await app.close();
  net.online = false;
  const again = start();
  await ready(again);
  assert.equal(again.one("meeting", "m").value?.place, "Hus 4");
  assert.deepEqual([again.me.value?.name, again.online.value], ["Anna", false]);
  await again.forget();
  assert.deepEqual(await wiped(), []);
});

test("written_offline_survives_the_app_and_is_sent_once", async () => {
  begin();
  const app = start();
  await until(() => app.syncedAt.value, "never synced");
  net.online = false;
  await until(() => !app.online.value, "never noticed");
  const id = await app.send("note.write", { text: "hej", meeting: "m" });
  assert.equal(app.outbox.value[0]!.state, "waiting");
  assert.equal(app.about("m").value[0]!.id, id);
  await app.saveDraft("note.write:m", { text: "halv" });
  await app.close();
  const again = start();
  await ready(again);
  assert.equal(again.outbox.value[0]!.id, id);
  assert.deepEqual(await again.draft("note.write:m"), { text: "halv" });
  net.online = true;
  assert.deepEqual(await again.result(id), { ok: true, result: null });
  assert.equal(server.state.applied.get(id), 1);
  await until(() => again.outbox.value.length === 0, "the item stayed");
  await again.forget();
});

test("optimistic_answer_never_flickers", async () => {
  begin();
  const app = start();
  await until(() => app.online.value && app.syncedAt.value, "never synced");
  const seen: unknown[] = [];
  const stop = app.one("meeting", "m").subscribe((doc) => void seen.push(doc?.answer));
  net.online = false;
  await until(() => !app.online.value, "never noticed");
  await app.send("meeting.respond", { meeting: "m", answer: "yes", text: "x" });
  assert.equal(app.one("meeting", "m").value?.answer, "yes");
  net.online = true;
  await until(() => app.online.value, "never back");
  await until(() => app.outbox.value.length === 0, "the item stayed");
  stop();
  assert.deepEqual(seen.filter((answer, i) => answer !== seen[i - 1]), [undefined, "none", "yes"].slice(seen[0] === undefined ? 0 : 1));
  await app.forget();
});

test("refused_stays_and_goes_again_as_a_new_command", async () => {
  begin();
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  const id = await app.send("note.write", { text: "fel", bad: true });
  assert.equal((await app.result(id)).ok, false);
  await until(() => app.outbox.value[0]?.state === "refused", "not shown as refused");
  const next = await app.retry(id, { text: "rätt" });
  assert.notEqual(next, id);
  assert.equal((await app.result(next)).ok, true);
  await until(() => app.outbox.value.length === 0, "the item stayed");
  await app.forget();
});

test("ended_session_asks_before_unsent_writing_goes", async () => {
  begin();
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  net.online = false;
  await until(() => !app.online.value, "never noticed");
  await app.send("note.write", { text: "osänt" });
  net.signedIn = false;
  net.online = true;
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never back");
  net.sockets.at(-1)!.say({ t: "bye", reason: "signed_out", retry_after_ms: null });
  await ready(app, "signed_out");
  await until(() => app.leaving.value, "never told");
  assert.equal(app.leaving.value!.reason, "signed_out");
  assert.deepEqual(app.all("meeting").value, []);
  net.signedIn = true;
  await app.reopen();
  await ready(app);
  await until(() => app.outbox.value.length === 0 && server.state.applied.size === 1, "what was unsent never went");
  await app.forget();
});

test("forgotten_device_keeps_nothing", async () => {
  begin();
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  await app.saveDraft("note.write:m", "halv");
  net.sockets.at(-1)!.say({ t: "bye", reason: "wipe", retry_after_ms: null });
  await until(() => app.leaving.value?.reason === "wipe", "never told");
  assert.deepEqual([app.phase.value, app.leaving.value!.unsent, await wiped()], ["signed_out", [], []]);
});

test("sign_out_offline_erases_now_and_ends_the_session_later", async () => {
  begin();
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  net.online = false;
  await app.signOut();
  assert.deepEqual([app.phase.value, await wiped(), net.signOuts], ["signed_out", [], 0]);
  await app.close();
  net.online = true;
  const again = start();
  await ready(again, "signed_out");
  assert.equal(net.signOuts, 1);
});

test("staff_copy_is_in_memory_until_a_pin_is_set_and_then_locks", async () => {
  begin("staff");
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  assert.deepEqual([app.storage.value, app.lockable.value, await app.lock()], ["memory", false, false]);
  await app.setPin("271828");
  assert.deepEqual([app.storage.value, app.lockable.value], ["disk", true]);
  net.online = false;
  await until(() => !app.online.value, "never noticed");
  const id = await app.send("note.write", { text: "hej" });
  assert.equal(await app.lock(), true);
  assert.deepEqual([app.phase.value, app.all("meeting").value, app.outbox.value], ["locked", [], []]);
  await assert.rejects(app.send("note.write", { text: "låst" }));
  assert.equal(await app.unlock("wrong"), "wrong");
  assert.equal(await app.unlock("271828"), "ok");
  assert.deepEqual([app.phase.value, app.outbox.value[0]?.id, app.all("meeting").value.length], ["ready", id, 1]);
  await app.forget();
});

const { open } = Object.getPrototypeOf(indexedDB) as IDBFactory;

/** Nothing can be opened, until what is given is called. */
function unopenable(): () => void {
  Object.defineProperty(indexedDB, "open", { value: () => { throw new Error("broken"); }, configurable: true });
  return () => void Object.defineProperty(indexedDB, "open", { value: open, configurable: true });
}

/** Nothing can be written, until what is given is called. */
function full(): () => void {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  return () => void (IDBObjectStore.prototype.put = put);
}

async function withCode(): Promise<App> {
  begin("staff");
  const app = start();
  await until(() => app.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  await app.setPin("271828");
  return app;
}

test("a_locked_copy_that_cannot_be_read_stays_locked_and_says_so", async () => {
  await (await withCode()).close();
  net.online = false;
  const mended = unopenable();
  const again = start();
  await ready(again, "locked");
  assert.equal(again.broken.value, true);
  assert.deepEqual([await again.unlock("271828"), await again.unlock("wrong")], ["broken", "broken"], "no code is called wrong that was not tried");
  await again.tryAgain();
  assert.deepEqual([again.phase.value, again.broken.value, again.all("meeting").value], ["locked", true, []]);
  mended();
  await again.tryAgain();
  assert.deepEqual([again.phase.value, again.broken.value], ["locked", false]);
  assert.equal(await again.unlock("wrong"), "wrong");
  assert.equal(await again.unlock("271828"), "ok");
  await again.forget();
  assert.equal(storage.get("samled.locked"), undefined);
});

test("a_locked_copy_on_a_full_disk_says_that_it_cannot_be_opened_and_opens_when_there_is_room", async () => {
  const app = await withCode();
  await app.lock();
  const room = full();
  assert.equal(await app.unlock("271828"), "broken");
  room();
  assert.deepEqual([app.phase.value, app.broken.value], ["locked", true]);
  assert.equal(await app.unlock("271828"), "ok");
  await app.forget();
});

test("what_had_no_room_outlives_the_lock", async () => {
  const app = await withCode();
  net.online = false;
  await until(() => !app.online.value, "never noticed");
  const room = full();
  await app.saveDraft("note.write:m", "halvt");
  await app.lock();
  room();
  assert.equal(await app.unlock("271828"), "ok");
  assert.equal(await app.draft("note.write:m"), "halvt");
  await app.close();
  const again = start();
  await ready(again, "locked");
  assert.equal(await again.unlock("271828"), "ok");
  assert.equal(await again.draft("note.write:m"), "halvt", "and it was put on the disk");
  await again.forget();
});

test("a_copy_that_opens_and_cannot_be_read_leaves_the_app_without_one_and_as_it_was", async () => {
  begin();
  const before = start();
  await until(() => before.online.value && net.sockets.at(-1)?.readyState === 1, "never online");
  await before.saveDraft("note.write:m", "halvt");
  await before.close();
  const { getAll } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.getAll = () => { throw new DOMException("damaged", "UnknownError"); };
  const app = start();
  await until(() => app.syncedAt.value, "never synced");
  assert.deepEqual([app.storage.value, app.all("meeting").value.length], ["memory", 1]);
  await assert.rejects(app.setPin("271828"), "what cannot be read is not written over");
  await app.close();
  IDBObjectStore.prototype.getAll = getAll;
  const again = start();
  await ready(again);
  assert.equal(await again.draft("note.write:m"), "halvt");
  await again.forget();
});

test("offers_come_from_the_contract", async () => {
  begin();
  const app = start();
  await ready(app);
  assert.deepEqual([app.may("meeting.respond"), app.may("unknown.command")], [true, false]);
  await app.forget();
});
