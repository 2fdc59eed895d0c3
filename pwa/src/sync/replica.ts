/**
 * The replica on disk: one IndexedDB database per account and seat, every document and everything the person wrote
 * encrypted. Only ids, scope names, cursors and leases can be read without the key.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { MAX_TRIES, createKey, unwrapKey, type KeyRecord } from "../lock/keys";
import type { Secret, UnlockResult } from "../state/api";
import { isErasable } from "./project";
import { StoreError, type Change, type Entry, type Loaded, type Meta, type ReadNote, type ReplicaStore, type RowChange, type ScopeMeta } from "./store";
import { renewLog } from "./torn";

interface Sealed { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }
type RowKey = [scope: string, entity: string, id: string];

interface Schema extends DBSchema {
  keys: { key: string; value: KeyRecord };
  scopes: { key: string; value: ScopeMeta };
  rows: { key: RowKey; value: Sealed };
  /** `e:` entries, `n:` notes of reading, `d:` drafts, `m:` meta. */
  small: { key: string; value: Sealed };
}

const STORES = ["scopes", "rows", "small"] as const;
const OPENS_MS = 8000;
/** A cheap phone at its slowest writes within this. */
const ENDS_MS = 20_000;
/** Time is counted in so many parts, so that a phone asleep uses up one of them at most. */
const PARTS = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** In a cookie that ends with the browser, whose log it is: it outlives the page and needs no disk, unlike all other storage. */
function note(isTorn: boolean): void {
  if (globalThis.document) document.cookie = `__Host-torn=1; path=/; secure; samesite=strict${isTorn ? "" : "; max-age=0"}`;
}

function isNoted(): boolean {
  return /(^|; )__Host-torn=/.test(globalThis.document?.cookie ?? "");
}

/** The place is sealed in with the value, so that no record can stand in for another. */
async function seal(key: CryptoKey, place: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, encoder.encode(JSON.stringify(value)));
  return { iv, data };
}

async function unseal<T>(key: CryptoKey, place: string, sealed: Sealed): Promise<T> {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: encoder.encode(place) }, key, sealed.data);
  return JSON.parse(decoder.decode(plain)) as T;
}

/**
 * What ends within so many milliseconds. Raises StoreError("stuck") when it has not, and tells `late`: WebKit never opens
 * a database again whose page was left while it was being made, until the browser is closed.
 */
function inTime<T>(patienceMs: number, work: Promise<T>, late: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = PARTS;
    const timer = setInterval(() => {
      if ((left -= 1) > 0) return;
      clearInterval(timer);
      late();
      reject(new StoreError("stuck"));
    }, patienceMs / PARTS);
    work.finally(() => clearInterval(timer)).then(resolve, reject);
  });
}

function within(scope: string): IDBKeyRange {
  return IDBKeyRange.bound([scope], [scope, []]);
}

function rowKey(row: { scope: string; entity: string; id: string }): RowKey {
  return [row.scope, row.entity, row.id];
}

export class Replica implements ReplicaStore {
  readonly kind = "disk";
  private db: Promise<IDBPDatabase<Schema>> | null = null;
  private key: CryptoKey | null = null;
  /** What lies on the disk for `key`, to be put there again. */
  private record: KeyRecord | null = null;
  /** The database was made anew under an open copy: the browser had emptied it. */
  private isBare = false;
  isCut = false;
  /** The browser may throw everything away when it starts anew, of all copies (see torn.ts). */
  private static isTorn = isNoted();
  /** How much was asked of the database that has not ended in its time. Until it has, nothing but erasing is asked for. */
  private late = 0;

  private constructor(readonly name: string, private readonly opensMs: number, private readonly endsMs: number) {}

  /** Raises StoreError where there is no usable IndexedDB (some private windows). */
  static async open(name: string, opensMs = OPENS_MS, endsMs = ENDS_MS): Promise<Replica> {
    const replica = new Replica(name, opensMs, endsMs);
    await replica.guard(() => replica.connect());
    return replica;
  }

  static async remove(name: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      // Another tab that does not let go deletes on its own; waiting for it would hang the sign-out.
      request.onsuccess = request.onerror = request.onblocked = () => resolve();
    });
  }

  /** How the copy is locked; `none` before the first key. */
  async lockKind(): Promise<KeyRecord["kind"] | "none"> {
    return (await this.keyRecord())?.kind ?? "none";
  }

  /** Opens an unlocked copy, or makes a new one. False when it needs a secret. */
  async openKey(): Promise<boolean> {
    const record = await this.keyRecord();
    if (record && record.kind !== "open") return false;
    const made = record ? { key: record.key, record } : await createKey(null);
    if (!record) await this.guard(async () => (await this.connect()).put("keys", made.record, "key"));
    this.hold(made);
    return true;
  }

  /** The try is counted before it is made: pulling the plug gains none. Raises StoreError when it cannot be. */
  async unlock(secret: Secret): Promise<Exclude<UnlockResult, "broken">> {
    const record = await this.keyRecord();
    if (!record || record.kind === "open") return (await this.openKey()) ? "ok" : "wrong";
    const put = (tries: number): Promise<unknown> => this.guard(async () => (await this.connect()).put("keys", { ...record, tries }, "key"));
    const tries = record.kind === "pin" ? record.tries + 1 : 0;
    await put(tries);
    const key = await unwrapKey(record, secret);
    if (key) {
      this.hold({ key, record: { ...record, tries: 0 } });
      // The right code is right, also on a disk that cannot forget the wrong ones.
      await put(0).catch(() => undefined);
      return "ok";
    }
    if (tries < MAX_TRIES) return "wrong";
    await this.erase("all");
    return "erased";
  }

  /** A new key and everything encrypted with it, in one transaction: `whole` is all there is to keep. */
  async rekey(secret: Secret | null, whole: Change, iterations?: number): Promise<void> {
    const made = await createKey(secret, iterations);
    const sealed = await this.sealAll(made.key, whole);
    let stop = (): void => undefined;
    await this.guard(async () => {
      const tx = (await this.connect()).transaction(["keys", ...STORES], "readwrite", { durability: "strict" });
      stop = () => tx.abort();
      for (const store of STORES) void tx.objectStore(store).clear().catch(() => undefined);
      void tx.objectStore("keys").put(made.record, "key").catch(() => undefined);
      await this.commit(tx, () => this.write(tx, whole, sealed));
      // Here, and so also when it ends late: what is written next must be written with the key that lies there.
      this.hold(made);
    }, () => {
      // Nobody shall be asked for a code that was said not to be set; what is being committed cannot be stopped.
      try { stop(); } catch { /* Too late for that. */ }
    });
  }

  private hold({ key, record }: { key: CryptoKey; record: KeyRecord }): void {
    this.key = key;
    this.record = record;
    this.isBare = false;
  }

  async load(): Promise<Loaded> {
    const key = this.usable();
    const [scopes, rowKeys, rows, smallKeys, small] = await this.guard(async () => {
      const tx = (await this.connect()).transaction(STORES, "readonly");
      const [rowStore, smallStore] = [tx.objectStore("rows"), tx.objectStore("small")];
      return Promise.all([tx.objectStore("scopes").getAll(), rowStore.getAllKeys(), rowStore.getAll(), smallStore.getAllKeys(), smallStore.getAll()]);
    });
    const damaged = new Set<string>();
    const opened = await Promise.all(rows.map(async (sealed, i) => {
      const [scope, entity, id] = rowKeys[i]!;
      try {
        return { scope, entity, id, ...(await unseal<{ version: number; doc: Record<string, unknown> }>(key, rowKeys[i]!.join("\n"), sealed)) };
      } catch {
        damaged.add(scope);
        return null;
      }
    }));
    const part = async <T>(prefix: string): Promise<[string, T][]> => {
      const own = smallKeys.map((place, i) => [place, small[i]!] as const).filter(([place]) => place.startsWith(prefix));
      const read = await Promise.all(own.map(async ([place, sealed]) => unseal<T>(key, place, sealed).then((value) => [place.slice(2), value] as [string, T], () => null)));
      return read.filter((item) => item !== null);
    };
    return {
      meta: (await part<Meta>("m:"))[0]?.[1] ?? null,
      // A scope with a damaged row is fetched anew from the beginning.
      scopes: scopes.filter(({ scope }) => !damaged.has(scope)),
      rows: opened.filter((row) => row !== null && !damaged.has(row.scope)) as Loaded["rows"],
      entries: (await part<Entry>("e:")).map(([, entry]) => entry).sort((a, b) => a.seq - b.seq),
      reads: (await part<ReadNote>("n:")).map(([, note]) => note),
      drafts: new Map(await part<unknown>("d:")),
    };
  }

  async save(change: Change, whole?: () => Change): Promise<void> {
    await this.guard(() => this.connect());
    // Bare: a change alone would be unreadable without the key, and a hole below its cursors.
    const parts = this.isBare && whole ? [whole(), change] : [change];
    // Encrypted first: a transaction that waits for something else than the database commits itself.
    const key = this.usable();
    const sealed = await Promise.all(parts.map((part) => this.sealAll(key, part)));
    await this.guard(async () => {
      const written = parts.length > 1 || change.entries.size > 0 || change.drafts.size > 0 || change.drop.length > 0;
      const tx = (await this.connect()).transaction(["keys", ...STORES], "readwrite", { durability: written ? "strict" : "relaxed" });
      await this.commit(tx, () => {
        if (parts.length > 1) void tx.objectStore("keys").put(this.record!, "key").catch(() => undefined);
        parts.forEach((part, i) => this.write(tx, part, sealed[i]!));
      });
    });
    if (parts.length > 1) this.isBare = false;
    this.isCut = false;
    if (Replica.isTorn) void this.renew();
  }

  /** There is room again, for this much more or at the next try. */
  private async renew(): Promise<void> {
    Replica.isTorn = false;
    const { db } = this;
    try {
      await renewLog((await db)!);
      note(false);
    } catch {
      Replica.isTorn = true;
    }
  }

  async erase(what: "documents" | "all"): Promise<void> {
    if (what === "all") {
      this.key = null;
      this.close();
      return Replica.remove(this.name);
    }
    await this.end(async () => {
      const tx = (await this.connect()).transaction(STORES, "readwrite", { durability: "strict" });
      void tx.objectStore("rows").clear().catch(() => undefined);
      void tx.objectStore("scopes").clear().catch(() => undefined);
      for (const prefix of ["m:", "n:"]) void tx.objectStore("small").delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)).catch(() => undefined);
      await tx.done;
    });
  }

  /** Erases, without the key, what has been hidden long enough (protocol 5.7): whoever opens a lost device may never unlock it. */
  async lapse(now: number): Promise<void> {
    await this.end(async () => {
      const tx = (await this.connect()).transaction(["scopes", "rows"], "readwrite", { durability: "strict" });
      for (const { scope, until } of await tx.objectStore("scopes").getAll()) {
        if (!isErasable(until, now)) continue;
        void tx.objectStore("scopes").delete(scope).catch(() => undefined);
        void tx.objectStore("rows").delete(within(scope)).catch(() => undefined);
      }
      await tx.done;
    });
  }

  close(): void {
    this.key = null;
    void this.db?.then((db) => db.close(), () => undefined);
    this.db = null;
  }

  private async sealAll(key: CryptoKey, change: Change): Promise<Map<unknown, Sealed>> {
    const sealed = new Map<unknown, Sealed>();
    const work: Promise<void>[] = [];
    const add = (mark: unknown, place: string, value: unknown): void => void work.push(seal(key, place, value).then((box) => void sealed.set(mark, box)));
    for (const row of change.rows) if (row.doc) add(row, rowKey(row).join("\n"), { version: row.version, doc: row.doc });
    for (const [prefix, items] of [["e:", change.entries], ["n:", change.reads]] as const)
      for (const [id, item] of items) if (item) add(prefix + id, prefix + id, item);
    for (const [name, draft] of change.drafts) if (draft) add(`d:${name}`, `d:${name}`, draft.value);
    if (change.meta) add("m:", "m:", change.meta);
    await Promise.all(work);
    return sealed;
  }

  /** A request that cannot even be made must not leave the ones before it committed. */
  private async commit(tx: { done: Promise<void>; abort(): void }, write: () => void): Promise<void> {
    try {
      write();
    } catch (error) {
      tx.done.catch(() => undefined);
      tx.abort();
      throw error;
    }
    await tx.done;
  }

  private write(tx: { objectStore(name: any): any }, change: Change, sealed: Map<unknown, Sealed>): void {
    // A request that fails aborts the transaction and is told by `tx.done`; its own promise must not go unheard.
    const quietly = (request: Promise<unknown>): void => void request.catch(() => undefined);
    const [scopes, rows, small] = STORES.map((name) => tx.objectStore(name));
    for (const scope of change.drop) quietly(scopes.delete(scope));
    for (const scope of [...change.drop, ...change.clear]) quietly(rows.delete(within(scope)));
    for (const row of change.rows as RowChange[]) quietly(row.doc ? rows.put(sealed.get(row), rowKey(row)) : rows.delete(rowKey(row)));
    for (const scope of change.scopes) quietly(scopes.put(scope, scope.scope));
    for (const [prefix, items] of [["e:", change.entries], ["n:", change.reads], ["d:", change.drafts]] as const)
      for (const [id, item] of items) quietly(item ? small.put(sealed.get(prefix + id), prefix + id) : small.delete(prefix + id));
    if (change.meta) quietly(small.put(sealed.get("m:"), "m:"));
  }

  private usable(): CryptoKey {
    if (!this.key) throw new StoreError("locked");
    return this.key;
  }

  private keyRecord(): Promise<KeyRecord | undefined> {
    return this.guard(async () => (await this.connect()).get("keys", "key"), undefined, this.opensMs);
  }

  private connect(): Promise<IDBPDatabase<Schema>> {
    if (this.db) return this.db;
    const opening = openDB<Schema>(this.name, 1, {
      upgrade: (db) => {
        for (const name of ["keys", ...STORES] as const) db.createObjectStore(name);
        this.isBare = this.key !== null;
      },
      // Another tab erases or upgrades: holding on would block it.
      blocking: () => this.close(),
      // The browser took the connection away (Safari in the background), or the whole database: looked at with the next step.
      terminated: () => {
        this.db = null;
        this.isCut = this.key !== null;
        Replica.isTorn = true;
        note(true);
      },
    });
    this.db = inTime(this.opensMs, opening, () => this.outlast(opening.then((db) => db.close())));
    return this.db;
  }

  /** What is asked of a database that has ended everything asked before. Raises StoreError. */
  private async guard<T>(work: () => Promise<T>, late?: () => void, patienceMs?: number): Promise<T> {
    if (this.late > 0) throw new StoreError("stuck");
    return this.end(work, late, patienceMs);
  }

  private async end<T>(work: () => Promise<T>, late?: () => void, patienceMs = this.endsMs): Promise<T> {
    try {
      const asked = work();
      return await inTime(patienceMs, asked, () => {
        late?.();
        this.outlast(asked);
      });
    } catch (error) {
      this.db = this.db && (await this.db.then((db) => db, () => null)) ? this.db : null;
      throw error instanceof StoreError ? error : new StoreError("storage", error);
    }
  }

  private outlast(asked: Promise<unknown>): void {
    this.late += 1;
    const ended = (): void => void (this.late -= 1);
    asked.then(ended, ended);
  }
}
