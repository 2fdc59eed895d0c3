/**
 * The commands of this replica: their order, their numbers and what became of them. Pure; every change is also
 * written into the `Change` of the step. Numbers are given when a command is sent, counted from what the server
 * has decided, so that they can have no gap whatever the person takes back in between (protocol 6.1, 6.2).
 */
import type { Change, Entry } from "./store";
import type { Cursors } from "./frames";

const DAY = 86_400_000;
/** Older commands are never sent by themselves. */
export const DRAFT_AFTER = 60 * DAY;
/** Acknowledged commands are kept this long, for a server whose database was restored. */
export const LOG_FOR = 30 * DAY;

export class Outbox {
  readonly entries = new Map<string, Entry>();
  /** Sent on this connection and not answered. */
  readonly flight = new Set<string>();
  /** The number the next new command gets. */
  nextN = 1;
  /** Highest number the server is known to have decided. */
  decidedN = 0;
  private seq = 0;

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      this.entries.set(entry.id, entry);
      this.seq = Math.max(this.seq, entry.seq);
    }
  }

  nextSeq(): number {
    return (this.seq += 1);
  }

  put(entry: Entry, change: Change): Entry {
    this.entries.set(entry.id, entry);
    change.entries.set(entry.id, entry);
    return entry;
  }

  patch(entry: Entry, changes: Partial<Entry>, change: Change): Entry {
    return this.put({ ...entry, ...changes }, change);
  }

  remove(id: string, change: Change): void {
    this.entries.delete(id);
    this.flight.delete(id);
    change.entries.set(id, null);
  }

  /** What is not settled and not the client's own, in local order. */
  visible(): Entry[] {
    return [...this.entries.values()]
      .filter((entry) => !entry.hidden && !(entry.redo && entry.state === "waiting") && (entry.state !== "done" || hasWait(entry)))
      .sort((a, b) => a.seq - b.seq);
  }

  /** A new connection: nothing is in flight, numbers continue from the server's word. */
  begin(lastN: number): void {
    this.flight.clear();
    this.decidedN = lastN;
    this.nextN = lastN + 1;
  }

  /** The connection ended: answers may have been lost, so everything unanswered keeps its number. */
  end(): void {
    this.flight.clear();
  }

  /** A replica or a database the old numbers mean nothing to. */
  forgetNumbers(change: Change): void {
    for (const entry of this.entries.values()) if (entry.n !== null && entry.state === "waiting") this.patch(entry, { n: null }, change);
  }

  /** Offers every acknowledged command again, before everything else (protocol 6.8). */
  redo(now: number, change: Change): void {
    for (const entry of this.entries.values())
      if (entry.state === "done" && !entry.hidden && now - (entry.doneAt ?? 0) < LOG_FOR)
        this.patch(entry, { state: "waiting", n: null, redo: true, wait: undefined }, change);
  }

  /** Commands too old to go by themselves become drafts. Returns their ids. */
  retire(now: number, change: Change): string[] {
    const retired: string[] = [];
    for (const entry of this.entries.values()) {
      if (entry.state !== "waiting" || entry.hidden || entry.redo || this.flight.has(entry.id)) continue;
      if (now - Date.parse(entry.at) < DRAFT_AFTER) continue;
      this.patch(entry, { state: "draft", n: null, code: "too_old" }, change);
      retired.push(entry.id);
    }
    return retired;
  }

  /** Drops acknowledged commands older than the log, except those whose effect is still awaited. */
  prune(now: number, change: Change): void {
    for (const entry of this.entries.values())
      if (entry.state === "done" && !hasWait(entry) && now - (entry.doneAt ?? 0) >= LOG_FOR) this.remove(entry.id, change);
  }

  /**
   * Up to `room` commands to send now, numbered: first those the server has decided already (it repeats its
   * answer), then the acknowledged ones offered again, then the others in local order.
   */
  take(room: number, change: Change): Entry[] {
    const decided = (entry: Entry): boolean => entry.n !== null && entry.n <= this.decidedN;
    const order = (entry: Entry): number => (decided(entry) ? 0 : entry.redo ? 1 : 2);
    const waiting = [...this.entries.values()]
      .filter((entry) => entry.state === "waiting" && !this.flight.has(entry.id))
      .sort((a, b) => order(a) - order(b) || (order(a) === 0 ? a.n! - b.n! : a.seq - b.seq))
      .slice(0, Math.max(0, room));
    return waiting.map((entry) => {
      const sent = decided(entry) ? entry : entry.n === this.nextN ? entry : this.patch(entry, { n: this.nextN }, change);
      if (!decided(entry)) this.nextN += 1;
      this.flight.add(entry.id);
      return sent;
    });
  }

  /** The server's answer used up a number. An entry that believed to own it gets another one. */
  answered(id: string, n: number, change: Change): Entry | undefined {
    const entry = this.entries.get(id);
    if (entry?.n != null && this.flight.has(id)) this.decidedN = Math.max(this.decidedN, entry.n);
    this.flight.delete(id);
    for (const other of this.flight) {
      const rival = this.entries.get(other)!;
      if (rival.n !== n || entry?.n === n) continue;
      // Known under another id: this number was used before this store remembered it.
      this.flight.delete(other);
      this.patch(rival, { n: null }, change);
    }
    return entry?.state === "waiting" ? entry : undefined;
  }

  ack(entry: Entry, wait: Cursors, now: number, change: Change): Entry {
    if (entry.hidden) {
      this.remove(entry.id, change);
      return entry;
    }
    const { code: _code, fields: _fields, data: _data, redo: _redo, ...rest } = entry;
    return this.put({ ...rest, state: "done", doneAt: entry.doneAt ?? now, wait }, change);
  }

  /** `code`, fields and data as in the server's refusal. */
  refuse(entry: Entry, why: Pick<Entry, "code" | "fields" | "data">, change: Change): void {
    if (entry.hidden) this.remove(entry.id, change);
    else this.patch(entry, { ...why, state: "refused", n: null, redo: undefined, wait: undefined }, change);
  }

  /** Not now: this command and all sent after it go back to the queue, and their numbers with them. */
  pushBack(from: Entry, change: Change): void {
    const lowest = from.n ?? this.nextN;
    for (const id of [...this.flight, from.id]) {
      const entry = this.entries.get(id)!;
      if (entry.n === null || entry.n < lowest) continue;
      this.flight.delete(id);
      if (entry.n > this.decidedN) this.patch(entry, { n: null }, change);
    }
    this.nextN = Math.max(this.decidedN + 1, Math.min(this.nextN, lowest));
  }

  /** Lowest number sent and not answered on this connection. */
  lowestInFlight(): Entry | undefined {
    return [...this.flight].map((id) => this.entries.get(id)!).sort((a, b) => a.n! - b.n!)[0];
  }
}

export function hasWait(entry: Entry): boolean {
  return entry.wait !== undefined && Object.keys(entry.wait).length > 0;
}
