/** The session's writing half: commands go out in order, answers come in, nothing is claimed before its effect is here. Pure. */
import type { Effect, Outcome } from "./events";
import type { ClientFrame, ServerFrame } from "./frames";
import type { Scope } from "./holdings";
import { Outbox, hasWait } from "./outbox";
import type { Change, Entry } from "./store";

const IN_FLIGHT = 16;

/** What the writing half uses of the session. */
export interface Host {
  readonly options: { newId: (now: number) => string };
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly now: number;
  out: Effect[];
  change: Change;
  clock(): number;
  isGreeted(): boolean;
  send(frame: ClientFrame): void;
}

export class Writing {
  readonly outbox: Outbox;
  private pausedUntil = 0;
  /** Number at which the server last could not read a frame. */
  private badAt: number | null = null;
  /** Acknowledged before this connection: their effects are here once it has caught up. */
  private awaited = new Set<string>();

  constructor(private readonly host: Host, entries: readonly Entry[]) {
    this.outbox = new Outbox(entries);
  }

  /** A connection was greeted; `restored`: by a database that may have forgotten what it acknowledged. */
  begin(lastN: number, restored: boolean): void {
    this.awaited = new Set([...this.outbox.entries.values()].filter(hasWait).map((entry) => entry.id));
    this.outbox.begin(lastN);
    if (!restored) return;
    this.outbox.forgetNumbers(this.host.change);
    this.outbox.redo(this.host.now, this.host.change);
  }

  end(): void {
    this.outbox.end();
    this.pausedUntil = 0;
  }

  /** A frame the server could not read, twice at the same number: that command is set aside and `noop` takes its number. */
  suspect(): void {
    const entry = this.outbox.lowestInFlight();
    const again = entry !== undefined && this.badAt === entry.n;
    this.badAt = entry?.n ?? null;
    if (!entry || !again) return;
    const { n, seq } = entry;
    const why = { code: "bad_frame", fields: {}, data: null };
    this.outbox.flight.delete(entry.id);
    this.outbox.refuse(entry, why, this.host.change);
    this.host.out.push({ do: "settled", id: entry.id, outcome: { ok: false, ...why } });
    this.outbox.put({ id: this.host.options.newId(this.host.now), seq, n, name: "noop", args: {}, at: new Date(this.host.now).toISOString(), state: "waiting", hidden: true }, this.host.change);
  }

  command(entry: Entry): void {
    if (this.outbox.entries.has(entry.id)) return;
    this.outbox.put(entry, this.host.change);
    this.host.out.push({ do: "shown", entities: [] });
    this.flush();
  }

  toDraft(id: string): void {
    const entry = this.outbox.entries.get(id);
    if (!entry || entry.n !== null || entry.state === "done") return;
    this.outbox.patch(entry, { state: "draft" }, this.host.change);
    this.host.out.push({ do: "shown", entities: [] });
  }

  discard(id: string): void {
    const entry = this.outbox.entries.get(id);
    if (!entry || entry.n !== null || entry.state === "done") return;
    this.outbox.remove(id, this.host.change);
    this.host.out.push({ do: "shown", entities: [] });
  }

  flush(): void {
    const retired = this.outbox.retire(this.host.clock(), this.host.change);
    if (retired.length) this.host.out.push({ do: "shown", entities: [] });
    if (!this.host.isGreeted() || this.host.now < this.pausedUntil) return;
    const taken = this.outbox.take(IN_FLIGHT - this.outbox.flight.size, this.host.change);
    for (const { id, n, name, args, at } of taken) this.host.send({ t: "command", id, n: n!, name, args, at });
    if (taken.length) this.host.out.push({ do: "shown", entities: [] });
  }

  ack(frame: Extract<ServerFrame, { t: "ack" }>): void {
    const entry = this.outbox.answered(frame.id, frame.n, this.host.change);
    if (entry) {
      this.badAt = null;
      const wait = Object.fromEntries(Object.entries(frame.at).filter(([name, version]) => (this.host.scopes.get(name)?.cursor ?? Infinity) < version));
      this.outbox.ack(entry, wait, this.host.clock(), this.host.change);
      // Purged on the way: the answer may belong to what it was or to the `noop` it became, so success is not claimed.
      const outcome: Outcome = entry.hidden ? { ok: false, code: "scope_lost", fields: {}, data: null } : { ok: true, result: frame.result ?? null };
      this.host.out.push({ do: "settled", id: entry.id, outcome }, { do: "shown", entities: [] });
    }
    this.flush();
  }

  nack(frame: Extract<ServerFrame, { t: "nack" }>): void {
    const sent = this.outbox.entries.get(frame.id);
    if (frame.code === "rate_limited") {
      if (!sent || !this.outbox.flight.has(frame.id)) return;
      this.outbox.pushBack(sent, this.host.change);
      const waitMs = Math.max(100, Number(frame.data?.retry_after_ms) || 1000);
      this.pausedUntil = this.host.now + waitMs;
      this.host.out.push({ do: "wake", delayMs: waitMs }, { do: "shown", entities: [] });
      return;
    }
    const entry = this.outbox.answered(frame.id, frame.n, this.host.change);
    if (entry) {
      this.badAt = null;
      const why = { code: frame.code, fields: frame.fields ?? {}, data: frame.data ?? null };
      this.outbox.refuse(entry, why, this.host.change);
      this.host.out.push({ do: "settled", id: entry.id, outcome: { ok: false, ...why } }, { do: "shown", entities: [] });
    }
    this.flush();
  }

  /** Lets go of overlays whose versions are here; `null`: all acknowledged before this connection. */
  reached(names: string[] | null): void {
    for (const entry of this.outbox.entries.values()) {
      if (!hasWait(entry) || (names === null && !this.awaited.has(entry.id))) continue;
      const wait = names === null ? {} : Object.fromEntries(Object.entries(entry.wait!).filter(([name, version]) => (this.host.scopes.get(name)?.cursor ?? Infinity) < version));
      if (Object.keys(wait).length < Object.keys(entry.wait!).length) {
        this.outbox.patch(entry, { wait }, this.host.change);
        this.host.out.push({ do: "shown", entities: [] });
      }
    }
  }
}
