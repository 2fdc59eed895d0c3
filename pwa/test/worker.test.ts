/** The service worker's part in reminders, in a browser made of the few things it touches. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

type Handler = (event: Record<string, unknown>) => void;
interface Shown { title: string; body: string; silent: boolean; tag?: string; data: { navigate: string } }

const ORIGIN = "https://samled.example.org";
const handlers = new Map<string, Handler>();
const kept = new Map<string, string>();
let shown: Shown[] = [];
let posted: { path: string; body: unknown }[] = [];
let opened: string[] = [];
let subscribed: unknown[] = [];
let windows: Window[] = [];
let answers: boolean | number = true;
let syncs: string[] = [];

/** An open window; `hears` when it is a page of the app that has started. */
class Window {
  went: string[] = [];
  told: { type: string }[] = [];
  raised = false;

  constructor(readonly hears: boolean, readonly focused = false, readonly visibilityState = "hidden", readonly navigates = true) {}

  async focus(): Promise<this> {
    this.raised = true;
    return this;
  }
  async navigate(address: string): Promise<this> {
    if (!this.navigates) throw new TypeError("not controlled");
    this.went.push(address);
    return this;
  }
  postMessage(message: { type: string; path?: string }, ports: MessagePort[] = []): void {
    this.told.push(message);
    if (message.type === "open" && this.hears) {
      this.went.push(ORIGIN + message.path);
      ports[0]?.postMessage(true);
    }
    // One that is left open keeps these tests from ending.
    ports[0]?.close();
  }
}

const pathOf = (asked: string | Request): string => (typeof asked === "string" ? asked : new URL(asked.url).pathname);
const cache = {
  match: async (asked: string | Request) => (kept.has(pathOf(asked)) ? new Response(kept.get(pathOf(asked))) : undefined),
  put: async (asked: string | Request, answer: Response) => void kept.set(pathOf(asked), await answer.text()),
  delete: async (asked: string | Request) => kept.delete(pathOf(asked)),
  keys: async () => [...kept.keys()].map((path) => new Request(ORIGIN + path)),
};

Object.assign(globalThis, {
  __PRECACHE__: [], __VERSION__: "test", __CATALOGS__: {}, __STAFF_TEXTS__: {}, __STAFF_FILES__: [], __GROUP_FILES__: {}, __NEUTRAL__: { sv: "Du har något nytt.", ar: "لديك شيء جديد." },
  location: { origin: ORIGIN },
  addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
  caches: { open: async () => cache },
  clients: { matchAll: async () => windows, openWindow: async (address: string) => void opened.push(address) },
  registration: {
    showNotification: async (title: string, options: Omit<Shown, "title">) => void shown.push({ title, ...options }),
    sync: { register: async (tag: string) => void syncs.push(tag) },
    pushManager: { subscribe: async (options: unknown) => void subscribed.push(options) },
  },
  fetch: async (path: string, options?: { body?: string }) => {
    if (!options?.body) return new Response(JSON.stringify({ key: "BKey" }));
    posted.push({ path, body: JSON.parse(options.body) });
    if (!answers) throw new TypeError("offline");
    return new Response(null, { status: answers === true ? 204 : answers });
  },
});
// Bundled by itself: the worker lives in another world than the pages, with types of its own. The path is from dist-node/test.
const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL("../../sw.ts", import.meta.url))], write: false, format: "esm", logLevel: "warning" });
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString("base64")}`);

async function happens(name: string, event: Record<string, unknown>): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  handlers.get(name)!({ ...event, waitUntil: (promise: Promise<unknown>) => { work = promise; } });
  await work;
}
const push = (text: string | null): Promise<void> => happens("push", { data: text === null ? null : { json: () => JSON.parse(text) as unknown } });
const press = (navigate: string): Promise<void> => happens("notificationclick", { notification: { close: () => undefined, data: { navigate } } });

beforeEach(() => {
  shown = [];
  posted = [];
  opened = [];
  subscribed = [];
  windows = [];
  answers = true;
  syncs = [];
  kept.clear();
});

test("every push shows something, whatever is in it", async () => {
  const garbage = [null, "", "{", "null", "[]", "42", '"x"', '{"notification":null}', '{"notification":7}', '{"id":3}'];
  for (const text of garbage) await push(text);
  assert.equal(shown.length, garbage.length);
  for (const one of shown) assert.deepEqual([one.title, one.body], ["Samled", "Du har något nytt."]);
});

test("a delivery that comes twice makes a sound once", async () => {
  const twice = JSON.stringify({ id: "delivery", notification: { tag: "notice", lang: "ar" } });
  await push(twice);
  await push(twice);
  assert.deepEqual(shown.map((one) => [one.silent, one.tag, one.body]), [[false, "notice", "لديك شيء جديد."], [true, "notice", "لديك شيء جديد."]]);
});

test("what was shown is reported, and the app hears when it arrived", async () => {
  windows = [new Window(true)];
  await push(JSON.stringify({ id: "delivery", confirm: "token" }));
  assert.deepEqual(posted, [{ path: "/push/confirm", body: { token: "token" } }, { path: "/push/seen", body: { id: "delivery" } }]);
  assert.ok(Number(kept.get("/kept/arrived")) > Date.now() - 5000);
  assert.deepEqual(windows[0]!.told, [{ type: "arrived" }]);
});

test("what the server did not hear of has not arrived", async () => {
  answers = false;
  await push(JSON.stringify({ id: "delivery" }));
  assert.equal(shown.length, 1);
  assert.equal(kept.has("/kept/arrived"), false);
});

const untold = (): string[] => [...kept.keys()].filter((name) => name.startsWith("/kept/untold/"));
const missed = async (count: number): Promise<void> => {
  for (let number = 0; number < count; number += 1) await push(JSON.stringify({ id: `delivery-${number}`, notification: { title: "Samled", body: "Elsa" } }));
  posted = [];
};

test("what the server did not hear of is told with the next push", async () => {
  answers = false;
  await missed(2);
  answers = true;
  await push(JSON.stringify({ id: "next" }));
  assert.deepEqual(posted.map((one) => one.body), [{ id: "next" }, { id: "delivery-0" }, { id: "delivery-1" }]);
  assert.deepEqual(untold(), []);
});

for (const [when, event] of [["the app asks for it", ["message", { data: { type: "tell" } }]], ["the browser has a network again", ["sync", { tag: "untold" }]]] as const)
  test(`what the server did not hear of is told when ${when}`, async () => {
    answers = false;
    await push(JSON.stringify({ confirm: "token" }));
    await missed(1);
    assert.deepEqual(syncs, ["untold", "untold"]);
    answers = true;
    await happens(event[0], event[1]);
    assert.deepEqual(posted, [{ path: "/push/confirm", body: { token: "token" } }, { path: "/push/seen", body: { id: "delivery-0" } }]);
    assert.deepEqual(untold(), []);
  });

test("a sync without a network is one the browser tries again", async () => {
  answers = false;
  await missed(3);
  await assert.rejects(happens("sync", { tag: "untold" }));
  assert.deepEqual([posted.length, untold().length], [1, 3]);
});

test("a server that is too busy hears of it later, one that refuses never does", async () => {
  answers = 503;
  await missed(1);
  assert.equal(untold().length, 1);
  answers = 400;
  await happens("message", { data: { type: "tell" } });
  assert.deepEqual(untold(), []);
});

test("what waits to be told is some ids and nothing of what was shown", async () => {
  answers = false;
  await missed(60);
  assert.deepEqual([untold().length, untold()[0], untold().at(-1)], [50, "/kept/untold/delivery-10", "/kept/untold/delivery-59"]);
  for (const name of untold()) assert.deepEqual(JSON.parse(kept.get(name)!), { path: "/push/seen", body: { id: name.slice("/kept/untold/".length) } });
});

test("a press opens a closed app there, and no other site", async () => {
  await press(`${ORIGIN}/n/one`);
  await press("https://elsewhere.example.org/n/two");
  assert.deepEqual(opened, [`${ORIGIN}/n/one`, `${ORIGIN}/`]);
});

test("a press leads the window one looks at there, and raises it", async () => {
  windows = [new Window(true), new Window(true, false, "visible"), new Window(true, true, "visible")];
  await press(`${ORIGIN}/n/one`);
  assert.deepEqual(windows.map((one) => [one.raised, one.went.length]), [[false, 0], [false, 0], [true, 1]]);
  assert.deepEqual(opened, []);
});

test("a window that has not started yet goes there as a page", async () => {
  windows = [new Window(false)];
  await press(`${ORIGIN}/n/one`);
  assert.deepEqual([windows[0]!.went, opened], [[`${ORIGIN}/n/one`], []]);
});

test("beside a window that cannot be led, another is opened", async () => {
  windows = [new Window(false, false, "visible", false)];
  await press(`${ORIGIN}/n/one`);
  assert.deepEqual(opened, [`${ORIGIN}/n/one`]);
});

test("a dropped subscription is made anew, and the open app tells the server", async () => {
  windows = [new Window(true)];
  await happens("pushsubscriptionchange", { newSubscription: null });
  assert.deepEqual(subscribed, [{ userVisibleOnly: true, applicationServerKey: "BKey" }]);
  assert.deepEqual(windows[0]!.told, [{ type: "push" }]);
  await happens("pushsubscriptionchange", { newSubscription: {} });
  assert.equal(subscribed.length, 1);
});
