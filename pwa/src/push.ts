/**
 * Reminders on this device. Asked for on a press, at a moment when they help; "not now" waits thirty days.
 * The subscription is compared with what the server has at each start: browsers change it without a word.
 */
import { effect, signal } from "@preact/signals";
import { bytesOf } from "./base64";
import { lang } from "./i18n";
import { mend } from "./push-health";
import type { App, Doc } from "./state/api";
import { store, stored } from "./stored";
import { fnv1a } from "./sync/digest";

/** `install`: this phone needs the app on its home screen first. `denied`: only the phone's own settings can change it. */
export type PushState = "unsupported" | "install" | "denied" | "off" | "on" | "failed";

/** What reminders are on this device. */
export const pushState = signal<PushState>("off");

/** A device of the account, as the server knows it. */
export interface DeviceDoc extends Doc {
  /** `dead`: its push service does not know it any more. */
  push?: "none" | "pending" | "ok" | "dead";
  /** The last day the device itself said that it had shown something. */
  confirmed_on?: string;
  /** Since this day its push service takes what is sent, and the device says nothing. */
  unanswered_since?: string;
}

const LATER = "samled.push.later";
const SENT = "samled.push.sent";
/** The account that wants reminders here: the next person to sign in on this device is asked anew. */
const WANTED = "samled.push.on";
const LATER_MS = 30 * 24 * 3600 * 1000;
const AGAIN_MS = 7 * 24 * 3600 * 1000;
/** PushManager.subscribe can hang for ever. */
const TIMEOUT_MS = 20_000;

/** Opened from the home screen or as an installed app. */
export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
}
/** A phone or tablet whose browser sends reminders to home screen apps only. */
export function isApple(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Mac") && navigator.maxTouchPoints > 1);
}

function supported(): PushState | null {
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis) || !("Notification" in globalThis))
    return isApple() && !isInstalled() ? "install" : "unsupported";
  return Notification.permission === "denied" ? "denied" : null;
}

/** What to ask now: `ask` the phone, `install` first, or nothing: answered already, or put off within thirty days. */
export function offer(): "ask" | "install" | null {
  if (Date.now() - Number(stored(LATER) ?? 0) <= LATER_MS) return null;
  const stopped = supported();
  if (stopped) return stopped === "install" ? stopped : null;
  return Notification.permission === "granted" ? null : "ask";
}
/** "Inte nu". */
export function askLater(): void {
  store(LATER, String(Date.now()));
}

function within<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, fail) => setTimeout(() => fail(new Error("timeout")), TIMEOUT_MS))]);
}

/** The key to subscribe with, and which other channels this house has. */
export async function serverKey(): Promise<{ key: string; channels?: readonly string[] }> {
  const answer = await fetch("/push/key", { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error("no key");
  return (await answer.json()) as { key: string; channels?: readonly string[] };
}

async function subscribe(anew: boolean): Promise<PushSubscription> {
  const worker = await within(navigator.serviceWorker.ready);
  const before = await worker.pushManager.getSubscription();
  const key = await serverKey().then((found) => found.key, (fault: unknown) => {
    if (before && !anew) return null;
    throw fault;
  });
  // Without a connection the one that is here is as good as it was.
  if (before && key === null) return before;
  const current = before?.options.applicationServerKey;
  const wanted = bytesOf(key ?? "");
  if (!anew && before && current && String(new Uint8Array(current)) === String(wanted)) return before;
  // The server's key has changed, or nothing arrives through this one: it would never be heard again.
  await before?.unsubscribe();
  return within(worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted }));
}

async function tell(app: App, subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  // A short mark instead of the address itself, which is personal data.
  const mark = String(fnv1a(`${app.me.peek()?.seat}${endpoint}${lang.peek()}`));
  if (stored(SENT)?.split("|")[0] === mark && Date.now() - toldAt() < AGAIN_MS) return;
  await app.send("push.subscribe", { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], lang: lang.peek() });
  store(SENT, `${mark}|${Date.now()}`);
}

/** The person said yes: asks the phone, subscribes and tells the server. Call from a press. */
export async function turnOn(app: App): Promise<PushState> {
  const stopped = supported();
  if (stopped) return (pushState.value = stopped);
  if ((await Notification.requestPermission()) !== "granted") return (pushState.value = Notification.permission === "denied" ? "denied" : "off");
  return connect(app, "if_new");
}

/** When the server was last told of the subscription, in milliseconds; 0 when never. */
export const toldAt = (): number => Number((stored(SENT) ?? "|0").split("|")[1]);

/** Subscribes and tells the server: `if_new` what it does not know, `again` in any case, `anew` with a new subscription. */
export async function connect(app: App, how: "if_new" | "again" | "anew"): Promise<PushState> {
  try {
    const subscription = await subscribe(how === "anew");
    if (how !== "if_new") store(SENT, null);
    await tell(app, subscription);
    store(WANTED, app.me.peek()?.account ?? null);
    pushState.value = "on";
    watch(app);
    return "on";
  } catch {
    // Offline, or a service that does not answer: the next start tries again.
    return (pushState.value = "failed");
  }
}

/** No more reminders here. */
export async function turnOff(app: App): Promise<void> {
  store(WANTED, null);
  store(SENT, null);
  pushState.value = "off";
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager?.getSubscription();
  if (!subscription) return;
  await app.send("push.unsubscribe", { endpoint: subscription.endpoint });
  await subscription.unsubscribe().catch(() => false);
}

/** At each start: says what reminders are here, and renews a subscription the browser has changed or dropped. */
export async function syncPush(app: App): Promise<void> {
  const stopped = supported();
  if (stopped) {
    pushState.value = stopped;
    return;
  }
  if (Notification.permission !== "granted" || stored(WANTED) !== app.me.peek()?.account) {
    pushState.value = "off";
    return;
  }
  await connect(app, "if_new");
}

let watching: (() => void)[] = [];

/**
 * Mends what does not arrive, as soon as the server has said so. And whenever there is a network the service worker tells
 * what it has shown without one.
 */
function watch(app: App): void {
  for (const stop of watching) stop();
  const telling = effect(() => {
    if (app.online.value) void navigator.serviceWorker.ready.then((worker) => worker.active?.postMessage({ type: "tell" }), () => undefined);
  });
  const mending = effect(() => {
    if (app.phase.value !== "ready" || pushState.value !== "on") return;
    if (app.all<DeviceDoc>("device").value.some((one) => one.push === "dead" || one.push === "none" || one.unanswered_since))
      // After this effect: else it would run again with all that mending reads.
      void Promise.resolve().then(() => mend(app)).catch(() => undefined);
  });
  watching = [telling, mending];
}
