/** The leading tab's side: session, engine and transport on one store, and the picture they give. */
import { newId } from "../sync/ids";
import type { Contract } from "../sync/contract";
import { Engine, joinLoaded, type Leaves, type Notice } from "../sync/engine";
import { project } from "../sync/project";
import { Session } from "../sync/session";
import type { Entry, Loaded, ReplicaStore } from "../sync/store";
import { Transport } from "../sync/transport";
import type { Doc, Draft, Me, OutboxItem, Secret } from "./api";
import type { FaceChange, Status } from "./face";

const TICK_MS = 1_000;

/** Something the person does, from whichever tab. */
export type Act =
  | { act: "send"; entry: Entry; leaves: Leaves }
  | { act: "discard" | "draft"; id: string; draft?: Draft | undefined }
  | { act: "keep"; key: string; draft: { value: unknown } | null }
  | { act: "recall"; key: string }
  | { act: "pin"; secret: Secret | null }
  | { act: "read"; id: string; entity: string; doc: string; at: string };

export interface CoreOptions {
  store: ReplicaStore;
  /** What was written here while this store could not be had: it goes there now. */
  unkept?: Loaded;
  me: Pick<Me, "account" | "seat" | "kind">;
  contract: Contract | null;
  lang: () => string;
  now: () => number;
  url: string;
  show: (change: FaceChange, whole: boolean) => void;
  leave: (reason: "signed_out" | "wipe") => void;
}

export class Core {
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly stop = new AbortController();
  private readonly docs = new WeakMap<object, Doc>();

  private constructor(readonly engine: Engine, private readonly options: CoreOptions) {}

  static async open(options: CoreOptions): Promise<Core> {
    const { store, me, contract, lang, now } = options;
    const loaded = await store.load();
    const unkept = options.unkept && joinLoaded(loaded, options.unkept);
    const session = new Session({ seat: me.seat, kind: me.kind, schema: contract?.schema ?? 0, lang, contract, loaded, newId, random: Math.random });
    let core: Core | null = null;
    const transport = new Transport({
      url: options.url, hello: () => session.hello(), deliver: (event) => engine.run(event),
      isFirstCopy: () => session.meta.epoch === null,
    });
    const engine: Engine = new Engine({ session, store, link: transport, now, notify: (notices) => core?.notice(notices) });
    if (unkept) engine.owe(unkept);
    core = new Core(engine, options);
    await engine.run({ on: "start" });
    core.watch();
    return core;
  }

  get session(): Session {
    return this.engine.session;
  }

  get store(): ReplicaStore {
    return this.engine.options.store;
  }

  /** Everything, for a new tab or a new beginning. */
  whole(): FaceChange {
    const entities = new Set<string>();
    for (const scope of this.session.scopes.values()) for (const entity of scope.rows.keys()) entities.add(entity);
    return this.change([...entities]);
  }

  async act(act: Exclude<Act, { act: "pin" }>): Promise<unknown> {
    if (act.act === "send") return this.engine.submit(act.entry, act.leaves);
    if (act.act === "keep") return this.engine.putDraft(act.key, act.draft);
    if (act.act === "recall") return this.engine.recall(act.key);
    if (act.act === "read") return this.engine.run({ on: "read", note: { id: act.id, entity: act.entity, doc: act.doc, at: act.at } });
    const before = this.session.outbox.entries.get(act.id);
    if (!before || before.n !== null) return false;
    if (act.draft) await this.engine.putDraft(act.draft.key, act.draft, act.id);
    else await this.engine.run({ on: act.act, id: act.id });
    return true;
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.engine.end();
  }

  private watch(): void {
    const tick = (): void => void this.engine.run({ on: "tick" }).catch(() => undefined);
    const again = (): void => {
      tick();
      void this.engine.run({ on: "online" }).catch(() => undefined);
    };
    this.timer = setInterval(tick, TICK_MS);
    const { signal } = this.stop;
    globalThis.addEventListener?.("online", again, { signal });
    // The browser asks whether to stay. Never who leaves in haste (see ui/exit.tsx): that page is hidden already.
    globalThis.addEventListener?.("beforeunload", (event) => {
      if (this.engine.isAtRisk() && !document.documentElement.classList.contains("hidden")) event.preventDefault();
    }, { signal });
    globalThis.addEventListener?.("offline", () => void this.engine.run({ on: "offline" }).catch(() => undefined), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") again(); }, { signal });
  }

  private notice(notices: readonly Notice[]): void {
    const entities = new Set<string>();
    let all = false;
    const settled: FaceChange["settled"] = [];
    for (const notice of notices) {
      if (notice.do === "shown") notice.entities === null ? (all = true) : notice.entities.forEach((entity) => entities.add(entity));
      else if (notice.do === "settled") settled.push([notice.id, notice.outcome as FaceChange["settled"][0][1]]);
      else if (notice.do === "wake") setTimeout(() => void this.engine.run({ on: "tick" }).catch(() => undefined), notice.delayMs);
      else if (notice.do === "leave") this.options.leave(notice.reason);
    }
    const change = all ? this.whole() : this.change([...entities]);
    this.options.show({ ...change, settled }, all);
  }

  private change(entities: string[]): FaceChange {
    const shown: Record<string, Doc[]> = {};
    for (const entity of entities) shown[entity] = project(this.session.scopes, entity, this.session.isHidden).map((row) => this.doc(row));
    return { shown, items: this.items(), status: this.status(), settled: [] };
  }

  /** The same object for the same row, so that a screen redraws only what changed. */
  private doc(row: { entity: string; id: string; doc: Record<string, unknown> }): Doc {
    let doc = this.docs.get(row.doc);
    if (!doc) this.docs.set(row.doc, (doc = { ...row.doc, id: row.id, entity: row.entity }));
    return doc;
  }

  private items(): OutboxItem[] {
    const { outbox, stopped } = this.session;
    return outbox.visible().map((entry) => {
      const state = entry.state === "done" || outbox.flight.has(entry.id) ? "sent" : entry.state === "waiting" && stopped === "upgrade" ? "held" : entry.state;
      const about = this.session.aboutOf(entry);
      return {
        id: entry.id, n: entry.n, name: entry.name, args: entry.args, at: entry.at, state, confirm: this.options.contract?.commands[entry.name]?.confirm ?? false,
        ...(entry.code ? { code: entry.code } : {}), ...(entry.fields ? { fields: entry.fields } : {}), ...(entry.data != null ? { data: entry.data } : {}), ...(about ? { about } : {}),
      };
    });
  }

  private status(): Status {
    const { session, engine } = this;
    return {
      online: session.isGreeted(),
      syncedAt: session.meta.syncedAt,
      stale: [...session.scopes.keys()].some(session.isHidden),
      storage: engine.fault === "stuck" ? "stuck" : engine.fault ? "failing" : this.store.kind,
      upgrade: session.stopped === "upgrade",
    };
  }
}
