/** The picture all tabs show, as signals: documents with the effect of optimistic commands laid over, and the outbox. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Contract } from "../sync/contract";
import type { Doc, OutboxItem, Outcome, Storage } from "./api";

export interface Status {
  online: boolean; syncedAt: number | null; stale: boolean; storage: Storage; upgrade: boolean;
}

/** A change of the picture: lists replace whole lists, `settled` is added. */
export interface FaceChange {
  shown: Record<string, Doc[]>;
  items: OutboxItem[];
  status: Status;
  settled: [string, Outcome][];
}

const NOTHING: readonly Doc[] = [];
/** Outcomes remembered for a `result()` that is asked late. */
const REMEMBERED = 200;

/** The document as it will look when the server has done what is waiting, or itself when nothing concerns it. */
export function overlay(contract: Contract | null, doc: Doc, items: readonly OutboxItem[]): Doc {
  let result = doc;
  for (const item of items) {
    if (item.state !== "waiting" && item.state !== "sent") continue;
    const effect = contract?.commands[item.name]?.optimistic;
    if (!effect || effect.entity !== doc.entity || item.args[effect.arg] !== doc.id) continue;
    const fields = Object.entries(effect.set).filter(([, source]) => !("arg" in source) || item.args[source.arg] !== undefined);
    result = { ...result, ...Object.fromEntries(fields.map(([field, source]) => [field, "arg" in source ? item.args[source.arg] : source.value])) };
  }
  return result;
}

function sameItems(a: readonly OutboxItem[], b: readonly OutboxItem[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}

export class Face {
  readonly items = signal<readonly OutboxItem[]>([]);
  readonly status = signal<Status>({ online: false, syncedAt: null, stale: false, storage: "memory", upgrade: false });
  readonly contract = signal<Contract | null>(null);
  private readonly base = new Map<string, readonly Doc[]>();
  private readonly lists = new Map<string, Signal<readonly Doc[]>>();
  private readonly indexes = new Map<string, ReadonlySignal<Map<string, Doc>>>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly waiting = new Map<string, ((outcome: Outcome) => void)[]>();

  all(entity: string): ReadonlySignal<readonly Doc[]> {
    return this.list(entity);
  }

  one(entity: string, id: string): ReadonlySignal<Doc | undefined> {
    let index = this.indexes.get(entity);
    if (!index) {
      const list = this.list(entity);
      this.indexes.set(entity, (index = computed(() => new Map(list.value.map((doc) => [doc.id, doc])))));
    }
    return computed(() => index.value.get(id));
  }

  /** With `whole`, what the change does not name is gone. */
  apply(change: FaceChange, whole: boolean): void {
    batch(() => {
      const concerned = new Set(Object.keys(change.shown));
      if (whole) for (const entity of this.base.keys()) concerned.add(entity);
      for (const entity of concerned) this.base.set(entity, change.shown[entity] ?? NOTHING);
      if (!sameItems(this.items.value, change.items)) {
        for (const item of [...this.items.value, ...change.items]) {
          const entity = this.contract.value?.commands[item.name]?.optimistic?.entity;
          if (entity) concerned.add(entity);
        }
        this.items.value = change.items;
      }
      for (const entity of concerned) this.lay(entity);
      if (JSON.stringify(change.status) !== JSON.stringify(this.status.value)) this.status.value = change.status;
      for (const [id, outcome] of change.settled) this.settle(id, outcome);
    });
  }

  clear(): void {
    this.apply({ shown: {}, items: [], status: { ...this.status.value, online: false, stale: false }, settled: [] }, true);
  }

  /** Everything shown, for another tab. */
  whole(): FaceChange {
    return { shown: Object.fromEntries([...this.base].map(([entity, docs]) => [entity, [...docs]])), items: [...this.items.value], status: this.status.value, settled: [] };
  }

  result(id: string): Promise<Outcome> {
    const known = this.outcomes.get(id);
    if (known) return Promise.resolve(known);
    const item = this.items.value.find((candidate) => candidate.id === id);
    if (item?.state === "refused") return Promise.resolve({ ok: false, code: item.code ?? "", fields: item.fields ?? {}, data: item.data ?? null });
    return new Promise((resolve) => this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve]));
  }

  settle(id: string, outcome: Outcome): void {
    this.outcomes.set(id, outcome);
    for (const old of this.outcomes.keys()) {
      if (this.outcomes.size <= REMEMBERED) break;
      this.outcomes.delete(old);
    }
    for (const resolve of this.waiting.get(id) ?? []) resolve(outcome);
    this.waiting.delete(id);
  }

  private list(entity: string): Signal<readonly Doc[]> {
    let list = this.lists.get(entity);
    if (!list) {
      this.lists.set(entity, (list = signal(NOTHING)));
      this.lay(entity);
    }
    return list;
  }

  private lay(entity: string): void {
    const list = this.lists.get(entity);
    if (!list) return;
    const contract = this.contract.value;
    const docs = (this.base.get(entity) ?? NOTHING).map((doc) => overlay(contract, doc, this.items.value));
    const same = docs.length === list.value.length && docs.every((doc, i) => doc === list.value[i]);
    if (!same) list.value = docs;
  }
}
