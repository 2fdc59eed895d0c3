/** Opens the right copy for the person signed in and joins the parts: tabs, core, picture, lock and sign-out. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { watchIdle } from "../lock/idle";
import { STAFF_IDLE_MS, mayLieOpen } from "../lock/policy";
import { isOffered } from "../sync/contract";
import type { Leaves } from "../sync/engine";
import { newId } from "../sync/ids";
import { Replica } from "../sync/replica";
import { MemoryStore, StoreError, isEmpty, newChange, type Entry, type ReplicaStore, type StoreFault } from "../sync/store";
import { Tabs } from "../sync/tabs";
import type { App, AppOptions, Doc, Draft, Leaving, Me, Outcome, OutboxItem, Phase, Secret, UnlockResult } from "./api";
import { Core, type Act } from "./core";
import { Face, type FaceChange } from "./face";
import { steady } from "./reach";
import { ask, getContract, getMe, signOutOnServer } from "./server";
import { closeSeats, lastSeat, noteLock, owesSignOut, oweSignOut, rememberSeat, storeName, wasLocked } from "./seats";
import { wipeDevice, wipeEnded } from "./wipe";

const NOW_MS = 30_000;
const GRACE_MS = 4000;

class SamledApp implements App {
  readonly phase = signal<Phase>("loading");
  readonly me = signal<Me | null>(null);
  readonly leaving = signal<Leaving | null>(null);
  readonly lockable = signal(false);
  readonly opensBy = signal<"pin" | "prf" | null>(null);
  readonly broken = signal(false);
  readonly now = signal(Date.now());
  private readonly face = new Face();
  readonly online: ReadonlySignal<boolean>;
  readonly syncedAt = computed(() => this.face.status.value.syncedAt);
  readonly stale = computed(() => this.face.status.value.stale);
  readonly storage = computed(() => this.face.status.value.storage);
  readonly upgrade = computed(() => this.face.status.value.upgrade);
  readonly contract = this.face.contract;
  readonly outbox = this.face.items;
  private tabs: Tabs | null = null;
  private core: Core | null = null;
  private replica: Replica | null = null;
  private unwatch: (() => void) | null = null;
  /** What was written in memory-only copies, until it is settled or the page closes. */
  private readonly memory = new Map<string, MemoryStore>();
  private readonly startedAt = { wall: Date.now(), steady: performance.now() };
  private readonly timer: ReturnType<typeof setInterval>;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: AppOptions) {
    this.online = steady(computed(() => (this.phase.value === "ready" ? this.face.status.value.online : null)), options.graceMs ?? GRACE_MS);
    this.timer = setInterval(() => { this.now.value = Math.max(this.now.value, this.clock()); }, NOW_MS);
    globalThis.addEventListener?.("online", () => { if (this.phase.value === "signed_out" && !this.leaving.value) void this.reopen(); });
    void this.inTurn(() => this.boot());
  }

  // ---- opening

  /** Opening, locking and erasing never overlap. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Setting the device's clock back while the app is open changes nothing. */
  private clock(): number {
    return Math.max(Date.now(), this.startedAt.wall + performance.now() - this.startedAt.steady);
  }

  private async boot(): Promise<void> {
    const contract = getContract();
    if (owesSignOut()) {
      if (!(await signOutOnServer())) return void (this.phase.value = "signed_out");
      oweSignOut(false);
    }
    const who = ask(getMe);
    this.face.contract.value = await contract;
    const last = lastSeat();
    if (last) {
      // What is on the device shows at once; who is signed in is asked meanwhile.
      await this.open({ ...last, name: "", assurance: "", seats: [] });
      void who.then((me) => this.inTurn(() => this.recognise(me)));
    } else await this.recognise(await who);
  }

  private async recognise(me: Me | "nobody" | "unreachable"): Promise<void> {
    if (typeof me === "object") await wipeEnded(me);
    if (me === "unreachable") {
      if (!this.me.value) this.phase.value = "signed_out";
    } else if (me === "nobody") {
      if (this.me.value) await this.leave("signed_out");
      this.phase.value = "signed_out";
    } else if (this.me.value?.seat !== me.seat || this.me.value.account !== me.account) await this.open(me);
    // Known more surely than when the connection was made: on a new one the server sends what it held back.
    else if (this.me.value.assurance && this.me.value.assurance !== me.assurance) await this.open(me);
    else {
      this.me.value = me;
      rememberSeat(me);
      await this.core?.engine.run({ on: "me", me }).catch(() => undefined);
    }
  }

  private async open(me: Me): Promise<void> {
    await this.shut();
    this.me.value = me;
    this.leaving.value = null;
    this.phase.value = "loading";
    rememberSeat(me);
    const name = storeName(me);
    this.replica = typeof indexedDB === "undefined" ? null : await Replica.open(name).catch(() => null);
    const kind = (await this.replica?.lockKind().catch(() => null)) ?? null;
    // A copy that cannot be read is as locked as it was: a database that is slow or broken opens nothing.
    this.opensBy.value = kind === "pin" || kind === "prf" ? kind : null;
    this.lockable.value = this.opensBy.value !== null || (kind === null && wasLocked(me.seat));
    if (kind !== null) noteLock(me.seat, this.lockable.value);
    this.broken.value = kind === null && this.lockable.value;
    if (this.lockable.value) {
      await this.replica?.lapse(Date.now()).catch(() => undefined);
      return void (this.phase.value = "locked");
    }
    const open = this.replica && (kind === "open" || (kind === "none" && mayLieOpen(me.kind))) && (await this.replica.openKey().catch(() => false));
    if (!open && kind !== "none") this.letGo();
    await this.join(open ? this.replica! : this.memoryStore(name));
  }

  private memoryStore(name: string): MemoryStore {
    let store = this.memory.get(name);
    if (!store) this.memory.set(name, (store = new MemoryStore()));
    return store;
  }

  private async join(store: ReplicaStore): Promise<void> {
    const me = this.me.value!;
    this.tabs = new Tabs({
      name: storeName(me),
      lead: () => this.lead(store, me),
      show: (face, whole) => this.face.apply(face as FaceChange, whole),
      act: (act) => this.act(act as Act),
      whole: () => this.face.whole(),
      told: (what) => void this.inTurn(() => (what === "lock" ? this.open(me) : this.becomeNobody())),
    });
    await this.tabs.join();
    this.watchIdle(me);
    this.phase.value = "ready";
  }

  private async lead(store: ReplicaStore, me: Me): Promise<() => Promise<void>> {
    const name = storeName(me);
    this.core = await this.begin(store, me).catch((fault) => {
      // What can be opened and not read leaves the app without a copy, as what cannot be opened does.
      if (store.kind === "memory" || !(fault instanceof StoreError)) throw fault;
      this.letGo();
      return this.begin(this.memoryStore(name), me);
    });
    this.face.apply(this.core.whole(), true);
    const core = this.core;
    if (me.name) await core.engine.run({ on: "me", me });
    else if (core.session.meta.me && this.me.value === me) this.me.value = core.session.meta.me as Me;
    return async () => {
      await core.end();
      const unkept = core.engine.unkept();
      if (core.store.kind === "disk" && !isEmpty(unkept)) await this.memoryStore(name).save(unkept);
      if (this.core === core) this.core = null;
    };
  }

  private async begin(store: ReplicaStore, me: Me): Promise<Core> {
    const name = storeName(me);
    if (store.kind === "memory") await this.inherit(store);
    const before = store.kind === "disk" ? await this.memory.get(name)?.load() : undefined;
    const core = await Core.open({
      store, me, contract: this.face.contract.value, lang: this.options.lang, now: () => this.clock(),
      url: new URL("/sync", location.origin).href, ...(before ? { unkept: before } : {}),
      show: (change, whole) => {
        this.face.apply(change, whole);
        this.tabs?.publish(change);
      },
      leave: (reason) => void this.inTurn(() => this.leave(reason)),
    });
    if (before) this.memory.delete(name);
    return core;
  }

  /** The tab that led kept its copy in its own memory; what was unsent is taken over from its picture. */
  private async inherit(store: ReplicaStore): Promise<void> {
    const change = newChange();
    this.outbox.value.forEach((item, i) => change.entries.set(item.id, {
      id: item.id, seq: i + 1, n: null, name: item.name, args: item.args, at: item.at,
      state: item.state === "draft" || item.state === "refused" ? item.state : "waiting", code: item.code, fields: item.fields, data: item.data,
    }));
    if (change.entries.size) await store.save(change);
  }

  private async shut(): Promise<void> {
    this.unwatch?.();
    this.unwatch = null;
    const tabs = this.tabs;
    this.tabs = null;
    await tabs?.end();
    this.core = null;
    this.letGo();
    this.face.clear();
  }

  /** Of what lies on the disk: nothing of it is written over. */
  private letGo(): void {
    this.replica?.close();
    this.replica = null;
  }

  // ---- leaving

  private async leave(reason: "signed_out" | "wipe"): Promise<void> {
    const { core } = this;
    const me = this.me.value;
    if (!me) return;
    const unsent = reason === "wipe" ? [] : [...this.outbox.value];
    const drafts = reason === "wipe" ? 0 : (core?.session.drafts.size ?? 0);
    if (reason === "wipe" || (core && !unsent.length && !drafts)) {
      this.tabs?.tell("forget");
      await this.becomeNobody();
      await wipeDevice(me.seat, reason === "wipe");
    } else {
      // The writing stays, and the key with it, until the person says or the same seat signs in again.
      await core?.engine.end();
      await (core?.store ?? this.replica)?.erase("documents").catch(() => undefined);
      closeSeats();
      this.tabs?.tell("forget");
      await this.becomeNobody(true);
    }
    this.leaving.value = { reason, unsent, drafts };
  }

  private async becomeNobody(keepWriting = false): Promise<void> {
    await this.shut();
    if (!keepWriting) this.memory.clear();
    this.me.value = null;
    this.lockable.value = false;
    this.opensBy.value = null;
    this.phase.value = "signed_out";
  }

  private async erase(everything: boolean): Promise<void> {
    const seat = this.me.value?.seat ?? null;
    oweSignOut(true);
    this.tabs?.tell("forget");
    await this.becomeNobody();
    await wipeDevice(seat, everything);
    this.leaving.value = null;
    if (await signOutOnServer()) oweSignOut(false);
  }

  signOut(): Promise<void> {
    return this.inTurn(() => this.erase(false));
  }

  forget(): Promise<void> {
    return this.inTurn(() => this.erase(true));
  }

  reopen(): Promise<void> {
    return this.inTurn(async () => {
      this.face.contract.value ??= await getContract();
      await this.recognise(await ask(getMe));
    });
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return this.inTurn(() => this.shut());
  }

  // ---- lock

  lock(): Promise<boolean> {
    return this.inTurn(async () => {
      if (!this.lockable.value || !this.me.value) return false;
      if (this.phase.value === "ready") {
        this.tabs?.tell("lock");
        await this.open(this.me.value);
      }
      return true;
    });
  }

  unlock(secret: Secret): Promise<UnlockResult> {
    return this.inTurn(async () => {
      await this.lookAgain();
      if (this.phase.value !== "locked") return this.phase.value === "ready" ? "ok" : "wrong";
      if (this.broken.value) return "broken";
      const result = await this.replica!.unlock(secret).catch((): UnlockResult => "broken");
      if (result === "ok") await this.join(this.replica!);
      if (result === "erased") await this.erase(false);
      this.broken.value = result === "broken";
      return result;
    });
  }

  tryAgain(): Promise<void> {
    return this.inTurn(() => this.lookAgain());
  }

  private async lookAgain(): Promise<void> {
    if (this.phase.value === "locked" && this.broken.value && this.me.value) await this.open(this.me.value);
  }

  setPin(secret: Secret | null): Promise<void> {
    return this.inTurn(async () => void (await this.do({ act: "pin", secret })));
  }

  /** In the tab that leads: a new key, and everything encrypted with it. The other tabs hold the old one. */
  private async rekey(secret: Secret | null): Promise<void> {
    const { core, replica } = this;
    const me = this.me.value;
    if (!me || (secret === null && !mayLieOpen(me.kind))) throw new StoreError("locked");
    if (!core || !replica) throw new StoreError("storage");
    await core.engine.replaceStore(async () => {
      await replica.rekey(secret, core.session.dump());
      return replica;
    });
    this.memory.clear();
    this.lockable.value = secret !== null;
    this.opensBy.value = secret === null ? null : typeof secret === "string" ? "pin" : "prf";
    noteLock(me.seat, this.lockable.value);
    this.tabs?.tell("lock");
    this.watchIdle(me);
    this.face.apply(core.whole(), true);
  }

  private watchIdle(me: Me): void {
    this.unwatch?.();
    const idleMs = this.options.idleMs ?? (mayLieOpen(me.kind) ? 0 : STAFF_IDLE_MS);
    this.unwatch = this.lockable.value ? watchIdle(idleMs, () => void this.lock()) : null;
  }

  // ---- reading and writing

  all<T extends Doc>(entity: string): ReadonlySignal<readonly T[]> {
    return this.face.all(entity) as ReadonlySignal<readonly T[]>;
  }

  one<T extends Doc>(entity: string, id: string): ReadonlySignal<T | undefined> {
    return this.face.one(entity, id) as ReadonlySignal<T | undefined>;
  }

  about(id: string): ReadonlySignal<readonly OutboxItem[]> {
    return computed(() => this.outbox.value.filter((item) => item.about === id || JSON.stringify(item.args).includes(`"${id}"`)));
  }

  private act(act: Act): Promise<unknown> {
    if (act.act === "pin") return this.rekey(act.secret);
    return this.core?.act(act) ?? Promise.reject(new StoreError("locked"));
  }

  private async do(act: Act): Promise<unknown> {
    if (!this.tabs) throw new StoreError("locked");
    try {
      return await this.tabs.do("id" in act ? act.id : newId(Date.now()), act);
    } catch (error) {
      throw error instanceof StoreError ? error : new StoreError((error as Error).message as StoreFault, error);
    }
  }

  async send(name: string, args: Record<string, unknown>, leaves: Leaves = {}): Promise<string> {
    const id = newId(Date.now());
    const entry: Entry = { id, seq: 0, n: null, name, args, at: new Date().toISOString(), state: "waiting" };
    await this.do({ act: "send", entry, leaves });
    return id;
  }

  async result(id: string): Promise<Outcome> {
    if (this.core?.session.outbox.entries.get(id)?.state === "done") this.face.settle(id, { ok: true, result: null });
    return this.face.result(id);
  }

  async retry(id: string, args?: Record<string, unknown>, leaves: { draft?: string } = {}): Promise<string> {
    const item = this.outbox.value.find((candidate) => candidate.id === id);
    if (!item) throw new StoreError("unknown");
    if (item.n !== null || item.state === "sent") throw new StoreError("sent");
    return this.send(item.name, args ?? item.args, { ...leaves, replaces: id });
  }

  async discard(id: string, draft?: Draft): Promise<void> {
    await this.do({ act: "discard", id, draft });
  }

  async editAsDraft(id: string): Promise<boolean> {
    return (await this.do({ act: "draft", id })) === true;
  }

  async saveDraft(key: string, value: unknown): Promise<void> {
    await this.do({ act: "keep", key, draft: { value } });
  }

  draft<T>(key: string): Promise<T | undefined> {
    return this.do({ act: "recall", key }) as Promise<T | undefined>;
  }

  async dropDraft(key: string): Promise<void> {
    await this.do({ act: "keep", key, draft: null });
  }

  read(entity: string, doc: string): void {
    void this.do({ act: "read", id: newId(Date.now()), entity, doc, at: new Date().toISOString() }).catch(() => undefined);
  }

  may(name: string, doc?: Doc): boolean {
    const contract = this.contract.value;
    const kind = this.me.value?.kind;
    return !!contract && !!kind && isOffered(contract, name, { kind, ...(doc ? { doc } : {}), now: this.now.value });
  }
}

export function openApp(options: AppOptions): App {
  return new SamledApp(options);
}
