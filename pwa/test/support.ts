/** Small things the tests share: a seeded random source, a contract, a client that can be crashed at any point. */
import type { Contract } from "../src/sync/contract";
import { Engine, type Notice } from "../src/sync/engine";
import type { ClientFrame } from "../src/sync/frames";
import { newId } from "../src/sync/ids";
import { Session } from "../src/sync/session";
import { StoreError, type Change, type Entry, type Loaded, type ReplicaStore } from "../src/sync/store";

/** 0 ≤ x < 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function seededId(random: () => number): (now: number) => string {
  return (now) => newId(now, (bytes) => { for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.floor(random() * 256); });
}

const command = (on_scope_loss: "keep" | "purge"): Contract["commands"][string] => ({ args: {}, seats: ["guardian", "staff"], confirm: false, optimistic: null, on_scope_loss, offered: [] });

export const CONTRACT: Contract = {
  schema: 1,
  commands: {
    "note.write": command("keep"), "note.secret": command("purge"), noop: command("keep"),
    "meeting.respond": { ...command("keep"), optimistic: { entity: "meeting", arg: "meeting", set: { answer: { arg: "answer" } } } },
  },
  entities: { note: { fields: {} }, meeting: { fields: {} } },
};

export const EMPTY: Loaded = { meta: null, scopes: [], rows: [], entries: [], reads: [], drafts: new Map() };

export function entry(id: string, changes: Partial<Entry> = {}): Entry {
  return { id, seq: 1, n: null, name: "note.write", args: { text: id }, at: "2026-11-22T08:00:00.000Z", state: "waiting", ...changes };
}

export function makeSession(options: Partial<ConstructorParameters<typeof Session>[0]> = {}): Session {
  const random = seeded(1);
  return new Session({ seat: "s1", kind: "guardian", schema: 1, lang: () => "sv", contract: CONTRACT, loaded: structuredClone(EMPTY), newId: seededId(random), random: () => 0.5, ...options });
}

/** Dies after a number of effects: nothing is stored or sent afterwards, as when a phone kills the page. */
export class Mortal {
  left = Infinity;
  quota = false;

  constructor(readonly store: ReplicaStore) {}

  alive(): boolean {
    return (this.left -= 1) > 0;
  }

  wrap(): ReplicaStore {
    const { store } = this;
    return {
      kind: store.kind, load: () => store.load(), close: () => undefined, erase: (what) => store.erase(what),
      save: async (change: Change) => {
        if (!this.alive()) return new Promise<void>(() => undefined);
        if (this.quota) throw new StoreError("storage");
        return store.save(change);
      },
    };
  }
}

export class Client {
  engine!: Engine;
  mortal!: Mortal;
  readonly sent: ClientFrame[] = [];
  readonly notices: Notice[] = [];
  dueAt: number | null = null;
  wantsClose = false;

  constructor(readonly seat: string, readonly store: ReplicaStore, readonly random: () => number, readonly now: () => number) {}

  get session(): Session {
    return this.engine.session;
  }

  async open(): Promise<void> {
    this.mortal = new Mortal(this.store);
    const mortal = this.mortal;
    this.sent.length = 0;
    this.dueAt = null;
    const session = new Session({
      seat: this.seat, kind: "guardian", schema: 1, lang: () => "sv", contract: CONTRACT, loaded: await this.store.load(), newId: seededId(this.random), random: this.random,
    });
    this.engine = new Engine({
      session, store: mortal.wrap(), now: this.now,
      link: {
        connect: (delayMs) => { if (mortal.alive()) this.dueAt = this.now() + delayMs; },
        send: (frame) => { if (mortal.alive()) this.sent.push(structuredClone(frame)); },
        close: () => { if (mortal.alive()) this.wantsClose = true; },
      },
      notify: (notices) => { if (mortal.left > 0) this.notices.push(...notices); },
    });
    await this.engine.run({ on: "start" });
  }
}
