/** What goes into the session and what comes out of it. */
import type { ClientFrame } from "./frames";
import type { Change, Entry, ReadNote } from "./store";

export type Event =
  | { on: "start" }
  | { on: "opened" }
  | { on: "frame"; frame: unknown }
  /** `planned`: the transport changes its means; connect again at once. */
  | { on: "closed"; planned?: boolean }
  | { on: "tick" }
  /** The network came back, or the person asks. */
  | { on: "online" }
  /** The device says the network is gone: its sockets do not notice. */
  | { on: "offline" }
  | { on: "command"; entry: Entry }
  | { on: "read"; note: ReadNote }
  | { on: "discard"; id: string }
  | { on: "draft"; id: string }
  /** Who the copy belongs to, to be kept with it. */
  | { on: "me"; me: unknown }
  /** These scopes are off the disk now. */
  | { on: "erased"; scopes: string[] }
  /** The disk refused rows of these scopes. */
  | { on: "unsaved"; scopes: string[] };

export type Outcome = { ok: true; result: unknown } | { ok: false; code: string; fields: Record<string, string>; data: unknown };

export type Effect =
  | { do: "save"; change: Change }
  | { do: "send"; frame: ClientFrame }
  | { do: "connect"; delayMs: number }
  | { do: "close" }
  | { do: "settled"; id: string; outcome: Outcome }
  | { do: "lost"; ids: string[] }
  /** Documents of these entities may look different now; null means any. */
  | { do: "shown"; entities: string[] | null }
  /** Give a tick after this long, at the latest. */
  | { do: "wake"; delayMs: number }
  /** The server ended this device's use; the session stays still. */
  | { do: "leave"; reason: "signed_out" | "wipe" };

export type Link = "down" | "opening" | "greeting" | "catching_up" | "synced";
