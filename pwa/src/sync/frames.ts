/**
 * The frames of the sync protocol, version 1, and the reading of what the server sends.
 * A frame that does not have its required keys is `null`: a broken peer is data, not an exception.
 */

export const PROTOCOL = 1;
export const SUBPROTOCOL = "samled.sync.v1";
/** Bytes a client frame may have on the wire. */
export const MAX_FRAME = 65_536;

/** Version per scope. */
export type Cursors = Record<string, number>;
export type Store = "keep" | "memory";
/** `until` is an instant, exclusive, or null (no end). */
export interface Grant { scope: string; until: string | null; store: Store }
/** entity, id, version, document or null (tombstone). */
export type WireRow = [string, string, number, Record<string, unknown> | null];

export type ClientFrame =
  | { t: "hello"; protocol: number; schema: number; seat: string | null; replica: string; cursors: Cursors; epoch: string | null; lang: string }
  | { t: "command"; id: string; n: number; name: string; args: Record<string, unknown>; at: string }
  | { t: "digest"; scopes: Record<string, [number, string]> }
  | { t: "read"; id: string; entity: string; doc: string; at: string }
  | { t: "dropped"; scopes: string[] };

export type ByeReason = "signed_out" | "wipe" | "upgrade" | "restart" | "bad_frame" | "too_slow" | "resync";

export type ServerFrame =
  | { t: "welcome"; user: string; seat: string; epoch: string; schema: number; scopes: Grant[]; now: string; last_n: number }
  | { t: "delta"; scope: string; from: number; to: number; reset?: boolean; rows: WireRow[]; more?: boolean }
  | { t: "synced"; at: string }
  | { t: "scopes"; add?: Grant[]; drop?: string[] }
  | { t: "ack"; id: string; n: number; ok: true; at: Cursors; result: unknown }
  | { t: "nack"; id: string; n: number; ok: false; code: string; fields: Record<string, string> | null; data: any }
  | { t: "noted"; id: string }
  | { t: "same"; scope: string }
  | { t: "differs"; scope: string }
  | { t: "still"; now: string }
  | { t: "bye"; reason: ByeReason; retry_after_ms?: number | null };

const REQUIRED: Record<ServerFrame["t"], readonly [string, string][]> = {
  welcome: [["epoch", "string"], ["scopes", "array"], ["now", "string"], ["last_n", "number"]],
  delta: [["scope", "string"], ["from", "number"], ["to", "number"], ["rows", "array"]],
  synced: [["at", "string"]],
  scopes: [],
  ack: [["id", "string"], ["n", "number"], ["at", "object"]],
  nack: [["id", "string"], ["n", "number"], ["code", "string"]],
  noted: [["id", "string"]],
  same: [["scope", "string"]],
  differs: [["scope", "string"]],
  still: [["now", "string"]],
  bye: [["reason", "string"]],
};

/** The frame, `"unknown"` for a kind that must be ignored, or null for one that is broken. */
export function readFrame(raw: unknown): ServerFrame | "unknown" | null {
  let frame = raw;
  if (typeof raw === "string") {
    try { frame = JSON.parse(raw); } catch { return null; }
  }
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) return null;
  const record = frame as Record<string, unknown>;
  if (typeof record.t !== "string") return null;
  if (!Object.hasOwn(REQUIRED, record.t)) return "unknown";
  const fits = REQUIRED[record.t as ServerFrame["t"]].every(([key, type]) => {
    const value = record[key];
    return type === "array" ? Array.isArray(value) : type === "object" ? typeof value === "object" && value !== null : typeof value === type;
  });
  return fits ? (record as unknown as ServerFrame) : null;
}

const encoder = new TextEncoder();

/** Bytes of a frame as sent. */
export function frameBytes(frame: ClientFrame): number {
  return encoder.encode(JSON.stringify(frame)).length;
}
