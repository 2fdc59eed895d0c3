/**
 * Reminders on this device. Asked for on a press, at a moment when they help; "not now" waits thirty days.
 * The subscription is compared with what the server has at each start: browsers change it without a word.
 */
import { signal } from "@preact/signals";
import { lang } from "./i18n";
import type { App } from "./state/api";

/** `install`: this phone needs the app on its home screen first. `denied`: only the phone's own settings can change it. */
export type PushState = "unsupported" | "install" | "denied" | "off" | "on" | "failed";

/** What reminders are on this device. */
export const pushState = signal<PushState>("off");

const LATER = "samled.push.later";
const SENT = "samled.push.sent";
const WANTED = "samled.push.on";
const LATER_MS = 30 * 24 * 3600 * 1000;
const AGAIN_MS = 7 * 24 * 3600 * 1000;
/** PushManager.subscribe can hang for ever. */
const TIMEOUT_MS = 20_000;

const kept = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const keep = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Refused storage: asked again at the next start.
  }
};

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

/** Whether this is a moment to ask: possible, not answered, and not put off within thirty days. */
export function mayAsk(): boolean {
  if (supported() !== null || Notification.permission === "granted") return false;
  return Date.now() - Number(kept(LATER) ?? 0) > LATER_MS;
}
/** "Inte nu". */
export function askLater(): void {
  keep(LATER, String(Date.now()));
}

function within<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, fail) => setTimeout(() => fail(new Error("timeout")), TIMEOUT_MS))]);
}

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

async function serverKey(): Promise<string> {
  const answer = await fetch("/push/key", { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error("no key");
  return ((await answer.json()) as { key: string }).key;
}

async function subscribe(): Promise<PushSubscription> {
  const worker = await within(navigator.serviceWorker.ready);
  const key = await serverKey();
  const before = await worker.pushManager.getSubscription();
  const current = before?.options.applicationServerKey;
  if (before && current && btoa(String.fromCharCode(...new Uint8Array(current))) === btoa(String.fromCharCode(...bytes(key)))) return before;
  // The server's key has changed: a subscription to the old one would never be heard again.
  await before?.unsubscribe();
  return within(worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
}

async function tell(app: App, subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  const [mark, at] = (kept(SENT) ?? "|0").split("|");
  const now = `${app.me.peek()?.seat}${endpoint}${lang.peek()}`;
  if (mark === String(hash(now)) && Date.now() - Number(at) < AGAIN_MS) return;
  await app.send("push.subscribe", { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], lang: lang.peek() });
  keep(SENT, `${hash(now)}|${Date.now()}`);
}

/** A short mark instead of the address itself, which is personal data. */
function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619) >>> 0;
  return value;
}

/** The person said yes: asks the phone, subscribes and tells the server. Call from a press. */
export async function turnOn(app: App): Promise<PushState> {
  const stopped = supported();
  if (stopped) return (pushState.value = stopped);
  if ((await Notification.requestPermission()) !== "granted") return (pushState.value = Notification.permission === "denied" ? "denied" : "off");
  try {
    await tell(app, await subscribe());
    keep(WANTED, "1");
    return (pushState.value = "on");
  } catch {
    return (pushState.value = "failed");
  }
}

/** No more reminders here. */
export async function turnOff(app: App): Promise<void> {
  keep(WANTED, null);
  keep(SENT, null);
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
  if (Notification.permission !== "granted" || kept(WANTED) !== "1") {
    pushState.value = "off";
    return;
  }
  try {
    await tell(app, await subscribe());
    pushState.value = "on";
  } catch {
    // Offline, or a service that does not answer: the next start tries again.
    pushState.value = "failed";
  }
}
