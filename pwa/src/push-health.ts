/** Whether reminders reach this device: what the server knows of it, when something last arrived, and mending it. */
import { signal } from "@preact/signals";
import { devices } from "./auth";
import { type DeviceDoc, connect, serverKey, toldAt } from "./push";
import type { App } from "./state/api";
import { answered } from "./state/reach";
import { store, stored } from "./stored";

/** When this device last told the server that it had shown something, in milliseconds; null when never. */
export const arrivedAt = signal<number | null>(null);
/** Which channels besides this phone the house has; null while it is not known. */
export const channels = signal<readonly string[] | null>(null);
const ownId = signal<string | null>(null);

const MENDED = "samled.push.mended";
/** A subscription that is dead again at once is not made anew all the time. */
const MEND_AGAIN_MS = 12 * 3600 * 1000;
/** The server needs a moment to note a subscription it has just been told of. */
const SETTLES_MS = 10 * 60 * 1000;
const ARRIVED = "/kept/arrived";

/** Reads when something last arrived, as the service worker has noted it. */
export async function readArrived(): Promise<void> {
  const found = await caches.match(ARRIVED).catch(() => undefined);
  arrivedAt.value = found ? Number(await found.text()) || null : null;
}

/** Learns which of the account's devices this one is. Null without a connection. */
export async function learnDevice(): Promise<string | null> {
  const found = await devices();
  if (found) ownId.value = found.find((one) => one.current)?.id ?? null;
  return ownId.value;
}

/** This device as the server knows it, once `learnDevice` has answered. */
export function thisDevice(app: App): DeviceDoc | undefined {
  return ownId.value ? app.one<DeviceDoc>("device", ownId.value).value : undefined;
}

/** Learns the house's channels; they stay as they were without a connection. */
export async function learnChannels(): Promise<void> {
  const found = await serverKey().catch(() => null);
  if (found) channels.value = found.channels ?? [];
}

let mending = false;

/** Subscribes anew when the server says that nothing arrives here; at most twice a day. */
export async function mend(app: App): Promise<void> {
  if (mending || Date.now() - Number(stored(MENDED) ?? 0) < MEND_AGAIN_MS) return;
  mending = true;
  try {
    const id = await learnDevice();
    const own = id ? app.one<DeviceDoc>("device", id).peek() : undefined;
    if (!own || (own.push !== "dead" && own.push !== "none" && !own.unanswered_since)) return;
    if (own.push === "none" && Date.now() - toldAt() < SETTLES_MS) return;
    store(MENDED, String(Date.now()));
    // Unknown to this sign-in: it is told again. Known and dead: nothing would come through it any more.
    await connect(app, own.push === "none" ? "again" : "anew");
  } finally {
    mending = false;
  }
}

/** Sends this device something to show. `none`: the server has no way here; `later`: there is no connection. */
export async function tryOut(app: App): Promise<"sent" | "none" | "later"> {
  const id = await app.send("push.check", {});
  const outcome = await answered(app, id);
  if (!outcome) return "later";
  return outcome.ok && outcome.result?.sent !== false ? "sent" : "none";
}
