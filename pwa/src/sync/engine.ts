/**
 * Carries the session's effects out, in order and one event at a time: disk first, then the network.
 * When the disk refuses rows or does not answer, memory goes on and the copy on disk stays whole at an older cursor; what
 * the person wrote is tried again until it is stored.
 */
import type { Effect, Event } from "./events";
import type { ClientFrame } from "./frames";
import { Session } from "./session";
import { StoreError, isEmpty, newChange, type Change, type Entry, type Loaded, type ReplicaStore, type StoreFault } from "./store";

export interface Link {
  /** Replaces a connection attempt that has not begun. */
  connect(delayMs: number): void;
  send(frame: ClientFrame): void;
  /** Ends the connection; nothing is delivered from it afterwards. */
  close(): void;
}

export type Notice = Exclude<Effect, { do: "save" | "send" | "connect" | "close" }>;

export interface EngineOptions {
  session: Session;
  store: ReplicaStore;
  link: Link;
  now: () => number;
  notify: (notices: Notice[]) => void;
}

/** Everything of `later` after everything of `first`. */
export function joinChanges(first: Change, later: Change): Change {
  return {
    drop: [...first.drop, ...later.drop],
    clear: [...first.clear, ...later.clear],
    rows: [...first.rows, ...later.rows],
    scopes: [...first.scopes, ...later.scopes],
    entries: new Map([...first.entries, ...later.entries]),
    reads: new Map([...first.reads, ...later.reads]),
    drafts: new Map([...first.drafts, ...later.drafts]),
    meta: later.meta ?? first.meta,
  };
}

/** Puts what a person wrote elsewhere into what was `loaded`, and gives it. Its numbers mean nothing here; the server knows it by its id. */
export function joinLoaded(loaded: Loaded, elsewhere: Loaded): Change {
  const change = newChange();
  for (const entry of elsewhere.entries) change.entries.set(entry.id, entry.state === "waiting" ? { ...entry, n: null } : entry);
  for (const [key, value] of elsewhere.drafts) change.drafts.set(key, { value });
  loaded.entries = [...loaded.entries.filter((entry) => !change.entries.has(entry.id)), ...(change.entries.values() as Iterable<Entry>)];
  for (const [key, value] of elsewhere.drafts) loaded.drafts.set(key, value);
  return change;
}

/** What a new command takes the place of: an unsent one by its id, a draft by its key. */
export interface Leaves { replaces?: string; draft?: string }

export class Engine {
  private tail: Promise<unknown> = Promise.resolve();
  /** What the disk still owes: never rows, which would leave a hole below their cursor. */
  private owed = newChange();
  private ended = false;
  /** Why the disk takes nothing now. */
  fault: StoreFault | null = null;

  constructor(readonly options: EngineOptions) {}

  get session(): Session {
    return this.options.session;
  }

  run(event: Event): Promise<void> {
    return this.queue(() => this.step(event));
  }

  /**
   * Stores a new command, then lets it go; the entry it `replaces` and its `draft` leave in the same transaction. What the
   * disk does not take goes over the wire from memory all the same. Raises StoreError when there is no connection either.
   */
  submit(entry: Entry, { replaces, draft }: Leaves = {}): Promise<void> {
    return this.queue(async () => {
      Session.check(entry);
      if (this.session.outbox.entries.has(entry.id)) return;
      const change = newChange();
      const sequenced = { ...entry, seq: this.session.outbox.nextSeq() };
      change.entries.set(entry.id, sequenced);
      if (replaces) change.entries.set(replaces, null);
      if (draft) change.drafts.set(draft, null);
      await this.store(change).catch((fault: StoreError) => {
        if (!this.session.isGreeted()) {
          // Written later than anybody waits, it would be sent from there: it goes again, and what it came from comes back.
          if (fault.code === "stuck") this.owe(this.undoing(change));
          throw fault;
        }
        this.owe(change);
      });
      if (draft) this.session.drafts.delete(draft);
      if (replaces) await this.step({ on: "discard", id: replaces });
      await this.step({ on: "command", entry: sequenced });
    });
  }

  /** Keeps or removes a draft, in memory until the disk takes it. The unsent command it `replaces` leaves in the same transaction. */
  putDraft(key: string, draft: { value: unknown } | null, replaces?: string): Promise<void> {
    return this.queue(async () => {
      const change = newChange();
      change.drafts.set(key, draft);
      if (replaces) change.entries.set(replaces, null);
      if (draft) this.session.drafts.set(key, draft.value);
      else this.session.drafts.delete(key);
      await this.save(change);
      if (replaces) await this.step({ on: "discard", id: replaces });
    });
  }

  /** The draft as it stands once everything asked for before is kept. */
  recall(key: string): Promise<unknown> {
    return this.tail.then(() => this.session.drafts.get(key));
  }

  /** Moves to another store once everything is in it. */
  replaceStore(make: () => Promise<ReplicaStore>): Promise<void> {
    return this.queue(async () => {
      const store = await make();
      if (store !== this.options.store) this.options.store.close();
      this.options.store = store;
      this.owed = newChange();
      this.fault = null;
    });
  }

  /** Waits for what is under way; later events do nothing. */
  async end(): Promise<void> {
    this.ended = true;
    this.options.link.close();
    await this.tail.catch(() => undefined);
  }

  private queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(() => {
      if (this.ended) throw new StoreError("locked");
      return work();
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async step(event: Event): Promise<void> {
    const { session, link, now, notify } = this.options;
    const effects = session.receive(event, now());
    // Screens follow memory at once: a document that is no longer shared must not wait for the disk.
    const early = effects.filter((effect): effect is Notice => effect.do === "shown" || effect.do === "lost");
    if (early.length) notify(early);
    const isBehind = !isEmpty(this.owed) || this.options.store.isCut;
    if (event.on !== "unsaved" && isBehind && !effects.some((effect) => effect.do === "save")) await this.save(newChange());
    for (const effect of effects) {
      if (this.ended) return;
      if (effect.do === "save") await this.save(effect.change);
      else if (effect.do === "send") link.send(effect.frame);
      else if (effect.do === "connect") link.connect(effect.delayMs);
      else if (effect.do === "close") link.close();
      else if (effect.do !== "shown" && effect.do !== "lost") notify([effect]);
    }
  }

  private async store(change: Change, whole = (): Change => this.session.dump()): Promise<void> {
    const before = this.fault;
    try {
      await this.options.store.save(change, whole);
      this.fault = null;
    } catch (fault) {
      this.fault = fault instanceof StoreError ? fault.code : "storage";
      throw fault;
    } finally {
      if (this.fault !== before) this.options.notify([{ do: "shown", entities: [] }]);
    }
  }

  owe(change: Change): void {
    this.owed = joinChanges(this.owed, change);
  }

  /** What the person wrote and the disk has not taken. */
  unkept(): Change {
    return { ...newChange(), entries: this.owed.entries, drafts: this.owed.drafts };
  }

  /** Closing the app now would lose what the person wrote: neither the disk nor the server has it. */
  isAtRisk(): boolean {
    const { entries } = this.session.outbox;
    if (this.options.store.kind === "memory") return this.session.drafts.size > 0 || this.session.outbox.visible().some((entry) => entry.state !== "done");
    const isOpen = (id: string): boolean => !["done", undefined].includes(entries.get(id)?.state);
    return [...this.owed.drafts.values()].some((draft) => draft !== null) || [...this.owed.entries.keys()].some(isOpen);
  }

  /** What brings entries and drafts on the disk back to what they are here. */
  private undoing({ entries, drafts }: Change): Change {
    const change = newChange();
    for (const id of entries.keys()) change.entries.set(id, this.session.outbox.entries.get(id) ?? null);
    for (const key of drafts.keys()) change.drafts.set(key, this.session.drafts.has(key) ? { value: this.session.drafts.get(key) } : null);
    return change;
  }

  /** What the person wrote, for an emptied disk that has no room for the documents. */
  private written(): Change {
    const whole = this.session.dump();
    for (const scope of this.session.scopes.values()) scope.disk = false;
    return { ...whole, rows: [], scopes: [] };
  }

  private async save(change: Change): Promise<void> {
    const whole = joinChanges(this.owed, change);
    this.owed = newChange();
    let erased = whole.drop;
    try {
      await this.store(whole);
    } catch {
      const unsaved = new Set([...whole.clear, ...whole.rows.map((row) => row.scope), ...whole.scopes.map((scope) => scope.scope)]);
      await this.step({ on: "unsaved", scopes: [...unsaved] });
      // What had to be emptied must not stay below a cursor or an epoch it does not belong to.
      const small = { ...whole, drop: [...whole.drop, ...whole.clear], clear: [], rows: [], scopes: [] };
      try {
        await this.store(small, () => this.written());
      } catch {
        this.owed = joinChanges(small, this.owed);
        erased = [];
      }
    }
    if (erased.length) await this.step({ on: "erased", scopes: erased });
  }
}
