/** A small server written from the protocol, for walks: in memory, one process, deterministic. */
import { digestOf } from "../src/sync/digest";
import type { Grant, ServerFrame, WireRow } from "../src/sync/frames";

interface Feed { version: number; rows: Map<string, WireRow>; changedHolders: number }
interface State {
  scopes: Map<string, Feed>;
  grants: Map<string, Map<string, Grant>>;
  receipts: Map<string, { n: number; answer: ServerFrame }>;
  lastN: Map<string, number>;
  /** How often each command took effect in this line of history. */
  applied: Map<string, number>;
}

export interface ServerOptions { now: () => number; random: () => number; chunk?: number }

export class ModelServer {
  epoch = "e1";
  state: State = { scopes: new Map(), grants: new Map(), receipts: new Map(), lastN: new Map(), applied: new Map() };
  readonly connections = new Set<Connection>();
  readonly purged: string[] = [];
  readonly noted = new Set<string>();
  differs = 0;

  constructor(readonly options: ServerOptions) {}

  feed(scope: string): Feed {
    let feed = this.state.scopes.get(scope);
    if (!feed) this.state.scopes.set(scope, (feed = { version: 0, rows: new Map(), changedHolders: 0 }));
    return feed;
  }

  grantsOf(seat: string): Map<string, Grant> {
    let grants = this.state.grants.get(seat);
    if (!grants) this.state.grants.set(seat, (grants = new Map()));
    return grants;
  }

  /** One commit: documents of several scopes. */
  publish(changes: [scope: string, entity: string, id: string, doc: Record<string, unknown> | null][]): Record<string, number> {
    const before = new Map<string, number>();
    const at: Record<string, number> = {};
    for (const [scope, entity, id, doc] of changes) {
      const feed = this.feed(scope);
      if (!before.has(scope)) before.set(scope, feed.version);
      at[scope] = feed.version += 1;
      feed.rows.set(`${entity}/${id}`, [entity, id, feed.version, doc]);
    }
    for (const connection of this.connections)
      for (const [scope, from] of before) connection.live(scope, from);
    return at;
  }

  grant(seat: string, grant: Grant): void {
    const held = this.grantsOf(seat).get(grant.scope);
    this.grantsOf(seat).set(grant.scope, grant);
    const feed = this.feed(grant.scope);
    const before = feed.version;
    if (!held) feed.version += 1;
    for (const connection of this.connections) {
      if (connection.seat === seat) connection.regrant([grant], held && held.store !== grant.store ? [grant.scope] : [], !held || held.store !== grant.store);
      else if (!held) connection.live(grant.scope, before);
    }
  }

  revoke(seat: string, scope: string): void {
    if (!this.grantsOf(seat).delete(scope)) return;
    const feed = this.feed(scope);
    const before = feed.version;
    feed.version += 1;
    for (const connection of this.connections) connection.seat === seat ? connection.regrant([], [scope], false) : connection.live(scope, before);
  }

  snapshot(): State {
    return structuredClone(this.state);
  }

  /** Back in an older past: a new epoch, nobody connected. */
  restore(state: State): void {
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    this.state = structuredClone(state);
    for (const connection of [...this.connections]) connection.bye("restart");
  }
}

export class Connection {
  seat = "";
  readonly out: ServerFrame[] = [];
  closed = false;
  private replica = "";
  private greeted = false;
  private limitedFrom: number | null = null;
  private readonly sent = new Map<string, number>();

  constructor(private readonly server: ModelServer) {}

  close(): void {
    this.closed = true;
    this.server.connections.delete(this);
  }

  bye(reason: "restart" | "resync" | "bad_frame"): void {
    this.out.push({ t: "bye", reason, retry_after_ms: null });
    this.close();
  }

  receive(frame: any): void {
    if (this.closed) return;
    if (frame.t === "hello") this.hello(frame);
    else if (!this.greeted) this.bye("bad_frame");
    else if (frame.t === "command") this.command(frame);
    else if (frame.t === "digest") this.digest(frame.scopes);
    else if (frame.t === "dropped") this.server.purged.push(...frame.scopes);
    else if (frame.t === "read") {
      this.server.noted.add(frame.id);
      this.out.push({ t: "noted", id: frame.id });
    }
  }

  private now(): string {
    return new Date(this.server.options.now()).toISOString();
  }

  private hello(frame: any): void {
    if (this.greeted) return this.bye("bad_frame");
    for (const other of [...this.server.connections]) if (other.replica === frame.replica) other.bye("resync");
    this.seat = frame.seat;
    this.replica = frame.replica;
    this.greeted = true;
    this.server.connections.add(this);
    const grants = [...this.server.grantsOf(this.seat).values()];
    const last_n = this.server.state.lastN.get(this.replica) ?? 0;
    this.out.push({ t: "welcome", user: "u", seat: this.seat, epoch: this.server.epoch, schema: 1, scopes: structuredClone(grants), now: this.now(), last_n });
    for (const { scope } of grants) {
      const cursor = frame.cursors[scope] ?? 0;
      const anew = frame.epoch !== this.server.epoch || cursor > this.server.feed(scope).version;
      this.catchUp(scope, anew ? 0 : cursor, anew && cursor > 0);
    }
    this.out.push({ t: "synced", at: this.now() });
  }

  private catchUp(scope: string, from: number, reset: boolean): void {
    const feed = this.server.feed(scope);
    const chunk = this.server.options.chunk ?? 3;
    const rows = [...feed.rows.values()].filter((row) => row[2] > from).sort((a, b) => a[2] - b[2]);
    let at = from;
    for (let i = 0; i < rows.length || i === 0; i += chunk) {
      const part = rows.slice(i, i + chunk);
      const more = i + chunk < rows.length;
      const to = more ? part.at(-1)![2] : feed.version;
      if (at < to || reset) this.out.push({ t: "delta", scope, from: reset && i === 0 ? 0 : at, to, ...(reset && i === 0 ? { reset: true } : {}), rows: structuredClone(part), ...(more ? { more } : {}) });
      at = to;
    }
    this.sent.set(scope, feed.version);
  }

  live(scope: string, from: number): void {
    if (!this.greeted || !this.server.grantsOf(this.seat).has(scope)) return;
    const feed = this.server.feed(scope);
    const rows = [...feed.rows.values()].filter((row) => row[2] > from).sort((a, b) => a[2] - b[2]);
    const delta: ServerFrame = { t: "delta", scope, from, to: feed.version, rows: structuredClone(rows) };
    this.out.push(delta);
    if (this.server.options.random() < 0.1) this.out.push(structuredClone(delta));
    this.sent.set(scope, feed.version);
  }

  regrant(add: Grant[], drop: string[], fresh: boolean): void {
    this.out.push({ t: "scopes", add: structuredClone(add), drop });
    for (const { scope } of add) if (fresh) this.catchUp(scope, 0, true);
    if (fresh) this.out.push({ t: "synced", at: this.now() });
  }

  private digest(scopes: Record<string, [number, string]>): void {
    for (const [scope, [version, digest]] of Object.entries(scopes)) {
      if (!this.server.grantsOf(this.seat).has(scope) || this.server.feed(scope).version !== version) continue;
      const live = [...this.server.feed(scope).rows.values()].filter((row) => row[3]).map(([entity, id, v]) => ({ entity, id, version: v }));
      if (digestOf(live) === digest) this.out.push({ t: "same", scope });
      else {
        this.server.differs += 1;
        this.out.push({ t: "differs", scope });
        this.catchUp(scope, 0, true);
      }
    }
  }

  private command(frame: any): void {
    const { state, options } = this.server;
    const last = state.lastN.get(this.replica) ?? 0;
    const byN = state.receipts.get(`n ${this.replica} ${frame.n}`);
    if (byN) return void this.out.push(structuredClone(byN.answer));
    if (frame.n > last + 1) {
      if (this.limitedFrom !== null) return this.limit(frame);
      return this.bye("resync");
    }
    if (frame.n <= last) return;
    const byId = state.receipts.get(`id ${this.seat} ${frame.id}`);
    if (byId) {
      state.lastN.set(this.replica, frame.n);
      state.receipts.set(`n ${this.replica} ${frame.n}`, byId);
      return void this.out.push(structuredClone(byId.answer));
    }
    const luck = options.random();
    if (frame.args.poison) return this.bye("bad_frame");
    if (this.limitedFrom !== null && frame.n !== this.limitedFrom) return this.limit(frame);
    this.limitedFrom = null;
    if (luck < 0.06) {
      this.limitedFrom = frame.n;
      return this.limit(frame);
    }
    if (luck < 0.09) return this.bye("restart");
    const refused = frame.args.bad;
    const at = refused || frame.name === "noop" ? {} : this.apply(frame);
    const answer: ServerFrame = refused
      ? { t: "nack", id: frame.id, n: frame.n, ok: false, code: "conflict", fields: null, data: null }
      : { t: "ack", id: frame.id, n: frame.n, ok: true, at, result: null };
    state.lastN.set(this.replica, frame.n);
    state.receipts.set(`n ${this.replica} ${frame.n}`, { n: frame.n, answer });
    state.receipts.set(`id ${this.seat} ${frame.id}`, { n: frame.n, answer });
    this.out.push(structuredClone(answer));
  }

  private apply(frame: any): Record<string, number> {
    const { state } = this.server;
    state.applied.set(frame.id, (state.applied.get(frame.id) ?? 0) + 1);
    if (frame.name === "meeting.respond") return this.server.publish([["child:c:guardian:u", "meeting", frame.args.meeting, { id: frame.args.meeting, answer: frame.args.answer }]]);
    const at = this.server.publish([[`user:${this.seat}`, "note", frame.id, { id: frame.id, text: frame.args.text }]]);
    return this.server.grantsOf(this.seat).has(`user:${this.seat}`) ? at : {};
  }

  private limit(frame: any): void {
    this.out.push({ t: "nack", id: frame.id, n: frame.n, ok: false, code: "rate_limited", fields: null, data: { retry_after_ms: 500 } });
  }
}
