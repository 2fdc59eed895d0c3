/**
 * What the screens may ask of the app's data: live documents, the outbox, drafts, locking and signing out.
 * Screens import from here only; nothing here decides a rule (offers come from the contract, words from the server).
 */
import type { ReadonlySignal } from "@preact/signals";
import type { Contract } from "../sync/contract";

export type { Contract } from "../sync/contract";

/** One projected document. All fields but `id` and `entity` are the server's, as in the model. */
export interface Doc { id: string; entity: string; [field: string]: unknown }

/** `loading` until the store is open; `locked` needs `unlock`; `signed_out` needs a new sign-in. */
export type Phase = "signed_out" | "loading" | "locked" | "ready";

/**
 * Something the person wrote that is not settled yet.
 * draft: waits for the person. waiting: goes when there is a connection. sent: on its way, or answered and its
 * effect not yet here. refused: the server said no (`code`, `fields`, `data`). held: cannot go until the app is updated.
 * A draft made by the app says why in `code`: `scope_lost`, `too_old`.
 */
export interface OutboxItem {
  id: string; n: number | null; name: string; args: Record<string, unknown>; at: string;
  state: "draft" | "waiting" | "sent" | "refused" | "held";
  code?: string; fields?: Record<string, string>; data?: any;
  /** Id of the document it concerns, if its arguments name one. */
  about?: string;
  confirm: boolean;
}

export interface Me {
  account: string; seat: string; kind: string; name: string; lang: string; assurance: string;
  seats: readonly { id: string; kind: string; label: string }[];
}

export type Outcome =
  | { ok: true; result: any }
  | { ok: false; code: string; fields: Record<string, string>; data: any };

/**
 * Why the server ended this device's use. `unsent` and so many `drafts` would be lost by `forget()` and go on when the
 * same person signs in again (`reopen()`); none on `wipe`.
 */
export interface Leaving { reason: "signed_out" | "wipe"; unsent: readonly OutboxItem[]; drafts: number }

export type Storage = "disk" | "memory" | "failing" | "stuck";

/** Unfinished writing, by the key of its form. */
export interface Draft { key: string; value: unknown }

/** `broken`: what is kept here cannot be opened just now, whatever the code (`App.broken`). */
export type UnlockResult = "ok" | "wrong" | "erased" | "broken";
/** A PIN, or 32 bytes from a passkey's PRF extension (see lock/passkey.ts). */
export type Secret = string | { prf: ArrayBuffer };

export interface App {
  phase: ReadonlySignal<Phase>;
  me: ReadonlySignal<Me | null>;
  /** Connected to the server, or just about to be (see `steady`). Being up to date is `syncedAt`. */
  online: ReadonlySignal<boolean>;
  /** Milliseconds since 1970 of the last moment everything was known to be here; null before the first time. */
  syncedAt: ReadonlySignal<number | null>;
  /** True while something is hidden because its lease ran out: say "connect to see the rest". */
  stale: ReadonlySignal<boolean>;
  /** `disk`: kept here, encrypted. `memory`: gone when the app closes. `failing`: the disk refuses new data. `stuck`: it does not answer. */
  storage: ReadonlySignal<Storage>;
  /** The server wants a newer app: offer to reload. What waits is kept. */
  upgrade: ReadonlySignal<boolean>;
  /** Set when the server ended the session or forgot the device. */
  leaving: ReadonlySignal<Leaving | null>;
  /** A PIN or passkey is set, so `lock()` works. */
  lockable: ReadonlySignal<boolean>;
  /** What opens it again: a PIN or a passkey; null without a lock, and while `broken`. */
  opensBy: ReadonlySignal<"pin" | "prf" | null>;
  /** While `locked`: what is kept here cannot be opened just now, and so no code can be tried. `tryAgain()` may help. */
  broken: ReadonlySignal<boolean>;
  contract: ReadonlySignal<Contract | null>;

  /** Live documents of one entity, sorted by id. */
  all<T extends Doc = Doc>(entity: string): ReadonlySignal<readonly T[]>;
  one<T extends Doc = Doc>(entity: string, id: string): ReadonlySignal<T | undefined>;

  outbox: ReadonlySignal<readonly OutboxItem[]>;
  /** Outbox items that name this document anywhere in their arguments. */
  about(id: string): ReadonlySignal<readonly OutboxItem[]>;
  /** Resolves with the command's id once it is stored on this device, or on its way from memory when the device keeps nothing;
   *  the draft it was written as, named by its key, leaves in the same step. Rejects with `StoreError` (`too_long`, `locked`;
   *  `storage` and `stuck` without a connection). */
  send(name: string, args: Record<string, unknown>, leaves?: { draft?: string }): Promise<string>;
  /** The server's word, whenever it comes. */
  result(id: string): Promise<Outcome>;
  /** Sends a refused or drafted item as a new command, optionally with changed arguments. Resolves with the new id.
   *  Rejects with `StoreError("sent")` when it is on its way already. */
  retry(id: string, args?: Record<string, unknown>, leaves?: { draft?: string }): Promise<string>;
  /** Takes an item off the list. Its words go back into `draft` in the same step: killed in between, they are never nowhere. */
  discard(id: string, draft?: Draft): Promise<void>;
  /** Takes a waiting or refused item back as a draft. An item already on its way stays and false is returned. */
  editAsDraft(id: string): Promise<boolean>;

  /** Keeps unfinished writing on this device, encrypted; only until the app closes while `storage` says so. Begin the key with the command's name and put the
   *  document's id in it (`contact.request:<id>`): what ends being shared takes staff's drafts along. */
  saveDraft(key: string, value: unknown): Promise<void>;
  draft<T>(key: string): Promise<T | undefined>;
  dropDraft(key: string): Promise<void>;

  /** Notes that the person opened a sensitive document. */
  read(entity: string, id: string): void;
  /** Milliseconds since 1970 by a clock that never goes back; ticks every 30 s. */
  now: ReadonlySignal<number>;
  /** Whether to offer a command, from the contract's seats and conditions. The server decides anew. */
  may(name: string, doc?: Doc): boolean;

  /** Ends the session here and on the server, and erases this device's copy, also offline. Ask about `outbox` first. */
  signOut(): Promise<void>;
  /** Erases everything Samled keeps on this device, outbox too. */
  forget(): Promise<void>;
  /** Forgets the key until `unlock`. False when there is no PIN or passkey. */
  lock(): Promise<boolean>;
  /** Ten wrong PINs erase the copy. */
  unlock(secret: Secret): Promise<UnlockResult>;
  /** Looks once more whether a `broken` copy can be opened. */
  tryAgain(): Promise<void>;
  /** Sets, changes or (null, families only) removes the lock. */
  setPin(secret: Secret | null): Promise<void>;
  /** Asks again who is signed in, after a sign-in or a change of seat. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  /** BCP 47, asked at every connection. */
  lang: () => string;
  /** Locks after this long without a touch or key; 0 never. Default 5 minutes for staff, never for families. */
  idleMs?: number;
  /** Gaps in the connection that are shorter are told to nobody. Default 4 seconds. */
  graceMs?: number;
}

export { StoreError } from "../sync/store";
export { openApp } from "./app";
