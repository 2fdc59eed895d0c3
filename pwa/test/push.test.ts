/** Reminders on a device: when to ask, a start without a connection, and mending what the server says is dead. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { signal } from "@preact/signals";

const DAY_MS = 24 * 3600 * 1000;
const stored = new Map<string, string>();
const notification = { permission: "default" as string, answer: "granted" as string, requestPermission: async () => (notification.permission = notification.answer) };
let current: Subscription | null = null;
let made = 0;
let answers = true;

class Subscription {
  readonly options = { applicationServerKey: new Uint8Array([4, 0, 16]).buffer };
  constructor(readonly endpoint: string) {}
  toJSON(): object {
    return { endpoint: this.endpoint, keys: { p256dh: "p", auth: "a" } };
  }
  async unsubscribe(): Promise<boolean> {
    current = null;
    return true;
  }
}
const pushManager = {
  getSubscription: async () => current,
  subscribe: async () => (current = new Subscription(`https://push.example.org/${(made += 1)}`)),
};
const define = (name: string, value: unknown): void => void Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
define("localStorage", { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value), removeItem: (key: string) => stored.delete(key) });
define("navigator", { serviceWorker: { ready: Promise.resolve({ pushManager }), getRegistration: async () => ({ pushManager }) }, userAgent: "Android", maxTouchPoints: 5 });
define("matchMedia", () => ({ matches: false }));
define("PushManager", class {});
define("Notification", notification);
define("document", { documentElement: {} });
define("fetch", async (path: string) => {
  if (!answers) throw new TypeError("offline");
  return new Response(JSON.stringify(path === "/push/key" ? { key: "BAAQ", channels: ["sms"] } : { sessions: [{ id: "here", current: true }] }));
});

const push = await import("../src/push");
const health = await import("../src/push-health");

function someApp(account = "anna") {
  const devices = signal<readonly Record<string, unknown>[]>([]);
  const sent: { name: string; args: Record<string, unknown> }[] = [];
  const app = {
    me: signal({ account, seat: `${account}-seat` }), phase: signal("ready"), online: signal(true),
    all: () => devices, one: (_: string, id: string) => signal(devices.value.find((one) => one["id"] === id)),
    send: async (name: string, args: Record<string, unknown>) => void sent.push({ name, args }),
  };
  return { app: app as never, devices, sent };
}

beforeEach(() => {
  stored.clear();
  current = null;
  answers = true;
  notification.permission = "default";
  notification.answer = "granted";
});

test("not now waits thirty days", () => {
  assert.equal(push.offer(), "ask");
  push.askLater();
  assert.equal(push.offer(), null);
  stored.set("samled.push.later", String(Date.now() - 29 * DAY_MS));
  assert.equal(push.offer(), null);
  stored.set("samled.push.later", String(Date.now() - 31 * DAY_MS));
  assert.equal(push.offer(), "ask");
});

test("what the phone has answered is not asked again", () => {
  for (const answer of ["granted", "denied"]) {
    notification.permission = answer;
    assert.equal(push.offer(), null);
  }
});

test("a yes subscribes and tells the server, once", async () => {
  const { app, sent } = someApp();
  assert.equal(await push.turnOn(app), "on");
  await push.syncPush(app);
  assert.deepEqual(sent.map((one) => one.name), ["push.subscribe"]);
});

test("a no leaves everything as it was", async () => {
  const { app, sent } = someApp();
  notification.answer = "denied";
  assert.equal(await push.turnOn(app), "denied");
  assert.deepEqual([sent, current], [[], null]);
});

test("a start without a connection keeps what is here", async () => {
  const { app } = someApp();
  await push.turnOn(app);
  answers = false;
  await push.syncPush(app);
  assert.equal(push.pushState.value, "on");
});

test("a subscription the browser has dropped is made anew at the next start", async () => {
  const { app, sent } = someApp();
  await push.turnOn(app);
  current = null;
  await push.syncPush(app);
  assert.deepEqual(sent.map((one) => one.name), ["push.subscribe", "push.subscribe"]);
  assert.notEqual(sent[0]!.args["endpoint"], sent[1]!.args["endpoint"]);
});

test("the next person to sign in on this device is asked anew", async () => {
  await push.turnOn(someApp().app);
  const { app, sent } = someApp("omar");
  await push.syncPush(app);
  assert.equal(push.pushState.value, "off");
  assert.deepEqual(sent, []);
});

test("a dead subscription is given up for a new one, not all the time", async () => {
  const { app, devices, sent } = someApp();
  await push.turnOn(app);
  const dead = current!.endpoint;
  devices.value = [{ id: "elsewhere", push: "ok" }, { id: "here", push: "dead" }];
  await health.mend(app);
  assert.notEqual(current!.endpoint, dead);
  assert.equal(sent.length, 2);
  await health.mend(app);
  assert.equal(sent.length, 2, "twelve hours later at the soonest");
});

test("what dies while the app is open is mended there and then, also right after the yes", async () => {
  const { app, devices, sent } = someApp();
  await push.turnOn(app);
  devices.value = [{ id: "here", push: "dead" }];
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(sent.length, 2);
});

test("another device's trouble is not this one's", async () => {
  const { app, devices, sent } = someApp();
  await push.turnOn(app);
  devices.value = [{ id: "elsewhere", push: "dead" }, { id: "here", push: "ok" }];
  await health.mend(app);
  assert.equal(sent.length, 1);
});

test("a sign-in the server has no subscription of is told again, with the one that is here", async () => {
  const { app, devices, sent } = someApp();
  await push.turnOn(app);
  const { endpoint } = current!;
  devices.value = [{ id: "here", push: "none" }];
  await health.mend(app);
  assert.equal(sent.length, 1, "the server needs a moment");
  stored.set("samled.push.sent", stored.get("samled.push.sent")!.replace(/\|.*/, `|${Date.now() - DAY_MS}`));
  await health.mend(app);
  assert.deepEqual([sent.length, current!.endpoint], [2, endpoint]);
});

test("silence for days is mended as death is", async () => {
  const { app, devices, sent } = someApp();
  await push.turnOn(app);
  devices.value = [{ id: "here", push: "ok", unanswered_since: "2026-11-01" }];
  await health.mend(app);
  assert.equal(sent.length, 2);
});
