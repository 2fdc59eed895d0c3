/** What a replica keeps, as one interface for disk and memory, and the change that is written in one transaction. */
import type { Cursors } from "./frames";
import type { Row } from "./holdings";

/**
 * A command on this device. `waiting` covers everything the server has not answered; `done` is the log of
 * acknowledged commands of the last 30 days, re-sent when the server's database was restored.
 */
export interface Entry {
  id: string;
  /** Local order; commands are numbered and sent in it. */
  seq: number;
  /** Number it was last sent with; null when it may still be taken back. */
  n: number | null;
  name: string;
  args: Record<string, unknown>;
  at: string;
  state: "draft" | "waiting" | "refused" | "done";
  code?: string;
  fields?: Record<string, string> | null;
  data?: unknown;
  doneAt?: number;
  /** Versions that must be here before the effect is visible. */
  wait?: Cursors;
  /** Sent by the client itself to use up a number; never shown. */
  hidden?: true;
  /** Acknowledged once, offered again to a restored database. */
  redo?: true;
}

export interface ReadNote { id: string; entity: string; doc: string; at: string }

export interface Meta {
  replica: string;
  epoch: string | null;
  /** Largest instant seen, from the server or the device; milliseconds. */
  seen: number;
  syncedAt: number | null;
  /** Scopes erased from disk that the server may not have heard of. */
  dropped: string[];
  /** Who this copy belongs to, for opening without a connection. */
  me?: unknown;
}

export interface ScopeMeta { scope: string; cursor: number; until: string | null }
export interface StoredRow extends Row { scope: string }
/** A null document removes the row. */
export type RowChange = Omit<StoredRow, "doc"> & { doc: StoredRow["doc"] | null };

/** Written whole or not at all, in this order: drop, clear, rows (null: gone), scopes, entries, reads, drafts, meta. */
export interface Change {
  drop: string[];
  clear: string[];
  rows: RowChange[];
  scopes: ScopeMeta[];
  entries: Map<string, Entry | null>;
  reads: Map<string, ReadNote | null>;
  drafts: Map<string, { value: unknown } | null>;
  meta: Meta | null;
}

export interface Loaded {
  meta: Meta | null;
  scopes: ScopeMeta[];
  rows: StoredRow[];
  entries: Entry[];
  reads: ReadNote[];
  drafts: Map<string, unknown>;
}

export function newChange(): Change {
  return { drop: [], clear: [], rows: [], scopes: [], entries: new Map(), reads: new Map(), drafts: new Map(), meta: null };
}

export function isEmpty(change: Change): boolean {
  const { drop, clear, rows, scopes, entries, reads, drafts, meta } = change;
  return !meta && ![drop, clear, rows, scopes].some((list) => list.length) && ![entries, reads, drafts].some((map) => map.size);
}

/** `stuck`: something asked of the disk has not ended in its time. It may end all the same. */
export type StoreFault = "storage" | "stuck" | "too_long" | "locked" | "sent" | "unknown";

export class StoreError extends Error {
  constructor(readonly code: StoreFault, cause?: unknown) {
    super(code, { cause });
    this.name = "StoreError";
  }
}

export interface ReplicaStore {
  /** `memory`: gone with the page. */
  readonly kind: "disk" | "memory";
  /** Everything stored, decrypted. Entries in local order. */
  load(): Promise<Loaded>;
  /** The browser took the store away: what it held may have to be put there again. */
  readonly isCut?: boolean;
  /** Raises StoreError("storage") and leaves the store as it was, or "stuck" and may be done yet. `whole` goes in first where the browser has emptied it. */
  save(change: Change, whole?: () => Change): Promise<void>;
  /** Erases documents, or with `all` also the outbox, drafts and keys. */
  erase(what: "documents" | "all"): Promise<void>;
  close(): void;
}

/** The same store without a disk: for shared computers without a lock, and tests. */
export class MemoryStore implements ReplicaStore {
  readonly kind = "memory";
  private data = new Map<string, unknown>();

  async load(): Promise<Loaded> {
    const part = <T>(prefix: string): T[] => [...this.data].filter(([key]) => key.startsWith(prefix)).map(([, value]) => structuredClone(value) as T);
    const drafts = new Map([...this.data].filter(([key]) => key.startsWith("d ")).map(([key, value]) => [key.slice(2), structuredClone(value)]));
    return {
      meta: part<Meta>("m ")[0] ?? null, scopes: part<ScopeMeta>("s "), rows: part<StoredRow>("r "),
      entries: part<Entry>("e ").sort((a, b) => a.seq - b.seq), reads: part<ReadNote>("n "), drafts,
    };
  }

  async save(change: Change): Promise<void> {
    for (const scope of change.drop) this.data.delete(`s ${scope}`);
    for (const scope of [...change.drop, ...change.clear])
      for (const key of this.data.keys()) if (key.startsWith(`r ${scope} `)) this.data.delete(key);
    for (const row of change.rows) {
      const key = `r ${row.scope} ${row.entity} ${row.id}`;
      row.doc ? this.data.set(key, structuredClone(row)) : this.data.delete(key);
    }
    for (const scope of change.scopes) this.data.set(`s ${scope.scope}`, scope);
    this.put("e", change.entries);
    this.put("n", change.reads);
    for (const [key, draft] of change.drafts) draft ? this.data.set(`d ${key}`, structuredClone(draft.value)) : this.data.delete(`d ${key}`);
    if (change.meta) this.data.set("m ", structuredClone(change.meta));
  }

  private put(prefix: string, items: Map<string, unknown>): void {
    for (const [id, item] of items) item ? this.data.set(`${prefix} ${id}`, structuredClone(item)) : this.data.delete(`${prefix} ${id}`);
  }

  async erase(what: "documents" | "all"): Promise<void> {
    if (what === "all") return this.data.clear();
    for (const key of this.data.keys()) if (!/^[ed] /.test(key)) this.data.delete(key);
  }

  close(): void {}
}
