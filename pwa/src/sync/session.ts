/**
 * The client's side of the sync protocol, without any input or output: an event goes in, effects come out.
 * The caller carries the effects out in order and one event at a time; `save` must have ended before the next
 * event is given. Time, randomness and new ids are handed in.
 */
import { aboutOf, type Contract } from "./contract";
import { digestOf } from "./digest";
import { MAX_FRAME, PROTOCOL, frameBytes, readFrame, type ByeReason, type ClientFrame, type Cursors, type Grant, type ServerFrame } from "./frames";
import { applyDelta, dropStale, isGap, isKept, metaOf, moveStore, newScope, put, removeScopes, restart, rowsOf, storeOf, type Scope } from "./holdings";
import type { Effect, Event, Link } from "./events";
import { loseDocuments } from "./loss";
import type { Outbox } from "./outbox";
import { Pace } from "./pace";
import { isErasable, isPast } from "./project";
import { Purges } from "./purges";
import { StoreError, isEmpty, newChange, type Change, type Entry, type Loaded, type Meta, type ReadNote } from "./store";
import { Writing } from "./writing";

const DAY = 86_400_000;

export interface SessionOptions {
  seat: string | null;
  /** Seat kind, for the commands' rules about lost scopes. */
  kind: string;
  schema: number;
  lang: () => string;
  contract: Contract | null;
  loaded: Loaded;
  newId: (now: number) => string;
  /** 0 ≤ x < 1. */
  random: () => number;
}

export class Session {
  readonly scopes = new Map<string, Scope>();
  private readonly writing: Writing;
  readonly reads = new Map<string, ReadNote>();
  readonly drafts: Map<string, unknown>;
  meta: Meta;
  link: Link = "down";
  stopped: "signed_out" | "wipe" | "upgrade" | null = null;
  now = 0;
  out: Effect[] = [];
  change = newChange();
  private pace = new Pace();
  private purges = new Purges();
  /** Server's clock minus ours, while the link is synced. */
  private offset = 0;
  private comparedAt = 0;
  private readsSent = new Set<string>();
  private shownHidden = new Set<string>();
  private shownLink = "";

  constructor(readonly options: SessionOptions) {
    const { loaded } = options;
    this.meta = loaded.meta ?? { replica: "", epoch: null, seen: 0, syncedAt: null, dropped: [] };
    for (const { scope, cursor, until } of loaded.scopes) this.scopes.set(scope, { ...newScope({ until, store: "keep" }), cursor });
    for (const { scope, ...row } of loaded.rows) {
      const held = this.scopes.get(scope);
      if (held) put(held, row);
    }
    this.writing = new Writing(this, loaded.entries);
    for (const note of loaded.reads) this.reads.set(note.id, note);
    this.drafts = loaded.drafts;
  }

  /** Whether documents of this scope are hidden because its lease ran out (protocol 5.7). */
  isHidden = (name: string): boolean => {
    const scope = this.scopes.get(name);
    return !scope || isPast(scope.until, this.clock());
  };

  /** Connected: the server's clock. Else the largest instant ever seen, so that setting the clock back gains nothing. */
  clock(): number {
    return this.link === "synced" ? this.now + this.offset : Math.max(this.meta.seen, this.now);
  }

  get outbox(): Outbox {
    return this.writing.outbox;
  }

  isGreeted(): boolean {
    return this.link === "catching_up" || this.link === "synced";
  }

  /** Raises StoreError("too_long") when the command could never be sent. Call before it is stored. */
  static check(entry: Entry): void {
    const frame: ClientFrame = { t: "command", id: entry.id, n: Number.MAX_SAFE_INTEGER, name: entry.name, args: entry.args, at: entry.at };
    if (frameBytes(frame) > MAX_FRAME) throw new StoreError("too_long");
  }

  /** The id of the document a stored command concerns. */
  aboutOf(entry: Entry): string | undefined {
    return this.options.contract ? aboutOf(this.options.contract, entry.name, entry.args) : undefined;
  }

  receive(event: Event, now: number): Effect[] {
    this.now = Math.max(this.now, now);
    if (event.on === "start") this.start();
    else if (event.on === "opened") this.opened();
    else if (event.on === "closed") this.closed(event.planned ?? false);
    else if (event.on === "tick") this.tick();
    else if (event.on === "online") { if (this.link === "opening") this.connect(0); }
    else if (event.on === "offline") { if (this.link !== "opening" && !this.stopped) this.drop(); }
    else if (event.on === "frame") this.frame(event.frame);
    else if (event.on === "command") this.writing.command(event.entry);
    else if (event.on === "read") this.read(event.note);
    else if (event.on === "discard") this.writing.discard(event.id);
    else if (event.on === "draft") this.writing.toDraft(event.id);
    else if (event.on === "erased") this.erased(event.scopes);
    else if (event.on === "me") this.saveMeta({ me: event.me });
    else for (const name of event.scopes) { const scope = this.scopes.get(name); if (scope) scope.disk = false; }
    return this.take();
  }

  /** What the first frame of any connection says. */
  hello(): ClientFrame {
    const cursors: Cursors = {};
    for (const [name, scope] of this.scopes) if (scope.cursor > 0) cursors[name] = scope.cursor;
    const { seat, schema, lang } = this.options;
    return { t: "hello", protocol: PROTOCOL, schema, seat, replica: this.meta.replica, cursors, epoch: this.meta.epoch, lang: lang() };
  }

  /** Everything a disk should hold, for a store that is filled anew. */
  dump(): Change {
    const change = newChange();
    for (const [name, scope] of this.scopes) {
      scope.disk = true;
      if (!isKept(scope)) continue;
      change.scopes.push(metaOf(name, scope));
      for (const row of rowsOf(scope)) change.rows.push({ scope: name, ...row });
    }
    for (const entry of this.outbox.entries.values()) change.entries.set(entry.id, entry);
    for (const note of this.reads.values()) change.reads.set(note.id, note);
    for (const [key, value] of this.drafts) change.drafts.set(key, { value });
    change.meta = this.meta;
    return change;
  }

  private take(): Effect[] {
    this.noticeHidden();
    const link = `${this.link} ${this.meta.syncedAt}`;
    if (link !== this.shownLink) this.out.push({ do: "shown", entities: [] });
    this.shownLink = link;
    const effects = this.out;
    this.out = [];
    if (!isEmpty(this.change)) {
      // First: nothing may leave this device that it would not remember after a crash.
      effects.unshift({ do: "save", change: this.change });
      this.change = newChange();
    }
    return effects;
  }

  private saveMeta(changes: Partial<Meta>): void {
    this.meta = this.change.meta = { ...this.meta, ...changes };
  }

  send(frame: ClientFrame): void {
    this.out.push({ do: "send", frame });
  }

  private noticeHidden(): void {
    const hidden = new Set([...this.scopes.keys()].filter(this.isHidden));
    const same = hidden.size === this.shownHidden.size && [...hidden].every((name) => this.shownHidden.has(name));
    this.shownHidden = hidden;
    if (!same) this.out.push({ do: "shown", entities: null });
  }

  // ---- connection

  private start(): void {
    if (!this.meta.replica) {
      this.saveMeta({ replica: this.options.newId(this.now) });
      // What an earlier replica sent had numbers of its own; the server knows it again by its id.
      this.outbox.forgetNumbers(this.change);
    }
    this.expire();
    this.out.push({ do: "shown", entities: null });
    this.connect(0);
  }

  private connect(delayMs: number): void {
    this.link = "opening";
    this.pace.heardAt = this.now + delayMs;
    this.out.push({ do: "connect", delayMs });
  }

  private opened(): void {
    if (this.stopped) return void this.out.push({ do: "close" });
    this.link = "greeting";
    this.pace.opened(this.now);
    this.readsSent.clear();
    this.purges.begin();
    this.send(this.hello());
  }

  private closed(planned: boolean): void {
    this.link = "down";
    this.writing.end();
    if (this.stopped) return;
    if (planned) return this.connect(0);
    this.connect(this.pace.nextDelay(this.options.random()));
  }

  private drop(): void {
    this.out.push({ do: "close" });
    this.closed(false);
  }

  private tick(): void {
    if (this.link !== "down" && this.pace.isSilent(this.now)) this.drop();
    if (this.link === "synced") {
      this.pace.settle(this.now);
      if (this.now - this.comparedAt >= DAY) this.compare();
    }
    this.expire();
    this.outbox.prune(this.clock(), this.change);
    const seen = Math.max(this.clock(), this.now);
    if (seen - this.meta.seen > 60_000) this.saveMeta({ seen });
    this.writing.flush();
  }

  private expire(): void {
    if (this.link === "synced") return;
    const gone = [...this.scopes].filter(([, scope]) => isErasable(scope.until, this.clock())).map(([name]) => name);
    // Not an end of sharing: what the person wrote about it stays, and nobody is told that it ended.
    if (gone.length) this.lose(gone, new Set(gone));
  }

  private frame(raw: unknown): void {
    if (this.link === "down" || this.link === "opening" || this.stopped) return;
    const frame = readFrame(raw);
    this.pace.heardAt = this.now;
    if (frame === "unknown") return;
    if (frame === null) return this.drop();
    if (frame.t === "bye") this.bye(frame.reason, frame.retry_after_ms ?? 0);
    else if (frame.t === "welcome") this.welcome(frame);
    else if (this.link === "greeting") return;
    else if (frame.t === "delta") this.delta(frame);
    else if (frame.t === "scopes") this.regrant(frame.add ?? [], frame.drop ?? []);
    else if (frame.t === "synced") this.synced(frame.at);
    else if (frame.t === "ack") this.writing.ack(frame);
    else if (frame.t === "nack") this.writing.nack(frame);
    else if (frame.t === "still") this.hear(frame.now);
    else if (frame.t === "noted") { if (this.reads.delete(frame.id)) this.change.reads.set(frame.id, null); }
    else this.receipted();
  }

  private bye(reason: ByeReason, waitMs: number): void {
    if (reason === "wipe" || reason === "signed_out") {
      this.stopped = reason;
      this.out.push({ do: "close" }, { do: "leave", reason });
      this.link = "down";
      return this.writing.end();
    }
    if (reason === "upgrade") {
      this.stopped = "upgrade";
      this.out.push({ do: "shown", entities: [] });
    }
    if (reason === "restart") this.pace.waitAtLeast = waitMs;
    if (reason === "bad_frame") this.writing.suspect();
    this.drop();
  }

  /** The server's word on the time. Never goes back. */
  private hear(instant: string): void {
    const at = Date.parse(instant);
    if (Number.isNaN(at)) return;
    this.offset = at - this.now;
    if (at > this.meta.seen) this.meta = { ...this.meta, seen: at };
  }

  // ---- reading

  private welcome(frame: Extract<ServerFrame, { t: "welcome" }>): void {
    // Over HTTP every request is greeted; only the first greeting of a connection begins it.
    const first = this.link === "greeting";
    const restored = this.meta.epoch !== null && this.meta.epoch !== frame.epoch;
    if (restored && !first) return this.drop();
    this.hear(frame.now);
    if (first) {
      this.link = "catching_up";
      this.writing.begin(frame.last_n, restored);
      if (restored) for (const [name, scope] of this.scopes) restart(name, scope, this.change);
    }
    this.saveMeta({ epoch: frame.epoch });
    const granted = new Set(frame.scopes.map((grant) => grant.scope));
    const lost = [...this.scopes.keys()].filter((name) => !granted.has(name));
    this.lose(lost, new Set());
    for (const grant of frame.scopes) this.grant(grant);
    if (first) this.report(this.meta.dropped);
    if (first) for (const note of this.reads.values()) this.note(note);
    this.writing.flush();
  }

  private grant(grant: Grant): void {
    const scope = this.scopes.get(grant.scope);
    if (!scope) {
      this.scopes.set(grant.scope, newScope(grant));
      return;
    }
    const store = storeOf(grant);
    if (scope.store !== store) moveStore(grant.scope, scope, store, this.change);
    const shorter = grant.until !== null && (scope.until === null || Date.parse(grant.until) <= Date.parse(scope.until));
    // A longer lease of something hidden counts only once everything is here again.
    if (shorter || this.link === "synced" || !this.isHidden(grant.scope)) {
      scope.until = grant.until;
      delete scope.renewed;
      if (isKept(scope)) this.change.scopes.push(metaOf(grant.scope, scope));
    } else scope.renewed = grant.until;
  }

  private regrant(add: Grant[], drop: string[]): void {
    this.lose(drop, new Set(add.map((grant) => grant.scope)));
    for (const grant of add) this.grant(grant);
  }

  /** Removes scopes; those in `again` come back at once and take nothing with them. */
  private lose(names: string[], again: ReadonlySet<string>): void {
    if (!names.length) return;
    const { touched, lost } = removeScopes(this.scopes, names, this.change);
    this.purges.lost(names);
    this.saveMeta({ dropped: [...new Set([...this.meta.dropped, ...names])] });
    if (!names.every((name) => again.has(name))) {
      const settled = loseDocuments(this, lost, this.change);
      for (const id of settled) this.out.push({ do: "settled", id, outcome: { ok: false, code: "scope_lost", fields: {}, data: null } });
      if (lost.size) this.out.push({ do: "lost", ids: [...lost].sort() });
    }
    this.writing.reached(names);
    this.out.push({ do: "shown", entities: [...touched] });
  }

  private delta(frame: Extract<ServerFrame, { t: "delta" }>): void {
    const scope = this.scopes.get(frame.scope);
    if (!scope) return;
    if (isGap(scope, frame)) return this.drop();
    const touched = applyDelta(frame.scope, scope, frame, this.change);
    this.writing.reached([frame.scope]);
    this.out.push({ do: "shown", entities: [...touched] });
  }

  private synced(at: string): void {
    this.hear(at);
    const first = this.link !== "synced";
    this.link = "synced";
    for (const [name, scope] of this.scopes) {
      const gone = dropStale(scope);
      if (gone.length) this.out.push({ do: "shown", entities: gone });
      if (scope.renewed === undefined) continue;
      scope.until = scope.renewed;
      delete scope.renewed;
      if (isKept(scope)) this.change.scopes.push(metaOf(name, scope));
    }
    this.saveMeta({ syncedAt: Math.max(Date.parse(at) || 0, this.meta.syncedAt ?? 0) });
    if (first) this.writing.reached(null);
    if (first) this.compare();
    this.writing.flush();
  }

  private compare(): void {
    this.comparedAt = this.now;
    const scopes: Record<string, [number, string]> = {};
    for (const [name, scope] of this.scopes) scopes[name] = [scope.cursor, digestOf(rowsOf(scope))];
    if (!this.scopes.size) return;
    this.purges.asked();
    this.send({ t: "digest", scopes });
  }

  private erased(scopes: string[]): void {
    this.purges.erased(scopes);
    if (this.isGreeted()) this.report(scopes.filter((name) => this.meta.dropped.includes(name)));
  }

  private report(scopes: string[]): void {
    const fresh = this.purges.take(scopes);
    if (fresh.length) this.send({ t: "dropped", scopes: fresh });
  }

  private receipted(): void {
    const known = this.purges.proven();
    if (known.length) this.saveMeta({ dropped: this.meta.dropped.filter((name) => !known.includes(name)) });
  }

  // ---- notes of reading

  private read(note: ReadNote): void {
    this.reads.set(note.id, note);
    this.change.reads.set(note.id, note);
    if (this.isGreeted()) this.note(note);
  }

  private note(note: ReadNote): void {
    if (this.readsSent.has(note.id)) return;
    this.readsSent.add(note.id);
    this.send({ t: "read", ...note });
  }
}
