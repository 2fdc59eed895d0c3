/**
 * Carries the session's effects out, in order and one event at a time: disk first, then the network.
 * When the disk refuses rows, memory goes on and the copy on disk stays whole at an older cursor; what the person
 * wrote is tried again until it is stored.
 */
import type { Effect, Event } from "./events";
import type { ClientFrame } from "./frames";
import { Session } from "./session";
import { StoreError, isEmpty, newChange, type Change, type Entry, type ReplicaStore } from "./store";

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

/** What a new command takes the place of: an unsent one by its id, a draft by its key. */
export interface Leaves { replaces?: string; draft?: string }

export class Engine {
  private tail: Promise<unknown> = Promise.resolve();
  /** What the disk still owes: never rows, which would leave a hole below their cursor. */
  private owed = newChange();
  private ended = false;
  failing = false;

  constructor(readonly options: EngineOptions) {}

  get session(): Session {
    return this.options.session;
  }

  run(event: Event): Promise<void> {
    return this.queue(() => this.step(event));
  }

  /** Stores a new command, then lets it go; the entry it `replaces` and its `draft` leave in the same transaction. Raises StoreError. */
  submit(entry: Entry, { replaces, draft }: Leaves = {}): Promise<void> {
    return this.queue(async () => {
      Session.check(entry);
      if (this.session.outbox.entries.has(entry.id)) return;
      const change = newChange();
      const sequenced = { ...entry, seq: this.session.outbox.nextSeq() };
      change.entries.set(entry.id, sequenced);
      if (replaces) change.entries.set(replaces, null);
      if (draft) change.drafts.set(draft, null);
      await this.store(change);
      if (draft) this.session.drafts.delete(draft);
      if (replaces) await this.step({ on: "discard", id: replaces });
      await this.step({ on: "command", entry: sequenced });
    });
  }

  /** Stores or removes a draft. The unsent command it `replaces` leaves in the same transaction. Raises StoreError. */
  putDraft(key: string, draft: { value: unknown } | null, replaces?: string): Promise<void> {
    return this.queue(async () => {
      const change = newChange();
      change.drafts.set(key, draft);
      if (replaces) change.entries.set(replaces, null);
      await this.store(change);
      if (draft) this.session.drafts.set(key, draft.value);
      else this.session.drafts.delete(key);
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
      this.failing = false;
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
    if (!effects.some((effect) => effect.do === "save") && (!isEmpty(this.owed) || this.options.store.isCut)) await this.save(newChange());
    for (const effect of effects) {
      if (this.ended) return;
      if (effect.do === "save") await this.save(effect.change);
      else if (effect.do === "send") link.send(effect.frame);
      else if (effect.do === "connect") link.connect(effect.delayMs);
      else if (effect.do === "close") link.close();
      else if (effect.do !== "shown" && effect.do !== "lost") notify([effect]);
    }
  }

  private store(change: Change): Promise<void> {
    return this.options.store.save(change, () => this.session.dump());
  }

  /** What the person wrote, for an emptied disk that has no room for the documents. */
  private written(): Change {
    const whole = this.session.dump();
    for (const scope of this.session.scopes.values()) scope.disk = false;
    return { ...whole, rows: [], scopes: [] };
  }

  private async save(change: Change): Promise<void> {
    const { notify } = this.options;
    const whole = joinChanges(this.owed, change);
    this.owed = newChange();
    let erased = whole.drop;
    try {
      await this.store(whole);
      this.failing = false;
    } catch {
      this.failing = true;
      const unsaved = new Set([...whole.clear, ...whole.rows.map((row) => row.scope), ...whole.scopes.map((scope) => scope.scope)]);
      await this.step({ on: "unsaved", scopes: [...unsaved] });
      // What had to be emptied must not stay below a cursor or an epoch it does not belong to.
      const small = { ...whole, drop: [...whole.drop, ...whole.clear], clear: [], rows: [], scopes: [] };
      try {
        await this.options.store.save(small, () => this.written());
      } catch {
        this.owed = joinChanges(small, this.owed);
        erased = [];
      }
      notify([{ do: "shown", entities: [] }]);
    }
    if (erased.length) await this.step({ on: "erased", scopes: erased });
  }
}
