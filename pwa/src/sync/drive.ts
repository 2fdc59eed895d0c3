/**
 * The core on a leash: one JSON value in, JSON values out, with a clock that only the caller moves. For walks against
 * the real server and for the trace vectors; never part of the app.
 */
import type { Contract } from "./contract";
import { Engine } from "./engine";
import { newId } from "./ids";
import { rowsOf } from "./holdings";
import { project } from "./project";
import { Session } from "./session";
import { MemoryStore } from "./store";

export interface Init {
  seat?: string | null; kind?: string; schema?: number; lang?: string; contract?: Contract | null; replica?: string;
  /** Milliseconds since 1970. */
  now?: number;
}

export type Line =
  | { init: Init }
  | { open: true }
  | { frame: unknown }
  | { close: number }
  | { command: { name: string; args: Record<string, unknown>; id?: string; at?: string } }
  | { read: { entity: string; doc: string; id?: string; at?: string } }
  | { discard: string }
  /** Milliseconds that pass. */
  | { tick: number }
  /** Everything but the store is forgotten; what begins again may be another version, with its clock set anew. */
  | { crash: true | Init }
  | { dump: true };

export class Drive {
  private out: unknown[] = [];
  private store = new MemoryStore();
  private engine: Engine | null = null;
  private now = Date.now();
  private init: Init = {};

  /** What came of it, in order: `{send}`, `{effect}`, `{queued}`, `{error}`, `{dump, state}`. */
  async feed(line: Line): Promise<unknown[]> {
    this.out = [];
    if ("init" in line) {
      this.init = line.init;
      this.now = line.init.now ?? Date.now();
      this.store = new MemoryStore();
      await this.begin();
    } else {
      if (!this.engine) await this.begin();
      await this.step(line).catch((error: Error) => this.out.push({ error: (error as { code?: string }).code ?? error.message }));
    }
    return this.out;
  }

  private async begin(): Promise<void> {
    const { seat = null, kind = "guardian", lang = "sv", contract = null, replica } = this.init;
    const loaded = await this.store.load();
    if (replica && !loaded.meta) loaded.meta = { replica, epoch: null, seen: 0, syncedAt: null, dropped: [] };
    const session = new Session({ seat, kind, schema: this.init.schema ?? contract?.schema ?? 0, lang: () => lang, contract, loaded, newId, random: Math.random });
    const engine = new Engine({
      session, store: this.store, now: () => this.now,
      link: {
        connect: (delayMs) => this.out.push({ effect: { do: "connect", delayMs } }),
        send: (frame) => this.out.push({ send: frame }),
        close: () => this.out.push({ effect: { do: "close" } }),
      },
      notify: (notices) => { for (const notice of notices) if (notice.do !== "shown") this.out.push({ effect: notice }); },
    });
    this.engine = engine;
    await engine.run({ on: "start" });
  }

  private async step(line: Exclude<Line, { init: Init }>): Promise<void> {
    const engine = this.engine!;
    const at = new Date(this.now).toISOString();
    if ("open" in line) await engine.run({ on: "opened" });
    else if ("frame" in line) await engine.run({ on: "frame", frame: line.frame });
    else if ("close" in line) await engine.run({ on: "closed" });
    else if ("tick" in line) {
      this.now += line.tick;
      await engine.run({ on: "tick" });
    } else if ("command" in line) {
      const { name, args } = line.command;
      const id = line.command.id ?? newId(this.now);
      this.out.push({ queued: id });
      await engine.submit({ id, seq: 0, n: null, name, args, at: line.command.at ?? at, state: "waiting" });
    } else if ("read" in line) await engine.run({ on: "read", note: { id: newId(this.now), at, ...line.read } });
    else if ("discard" in line) await engine.run({ on: "discard", id: line.discard });
    else if ("crash" in line) {
      if (line.crash !== true) this.init = { ...this.init, ...line.crash };
      if (line.crash !== true) this.now = line.crash.now ?? this.now;
      await this.begin();
    }
    else this.out.push(this.dump());
  }

  private dump(): unknown {
    const { session } = this.engine!;
    const dump: Record<string, unknown> = {};
    const entities = new Set<string>();
    for (const [name, scope] of session.scopes) {
      for (const row of rowsOf(scope)) entities.add(row.entity);
      const rows = [...rowsOf(scope)].sort((a, b) => a.version - b.version).map((row) => [row.entity, row.id, row.version, row.doc]);
      dump[name] = { cursor: scope.cursor, rows, store: scope.store, hidden: session.isHidden(name) };
    }
    const shown = [...entities].sort().flatMap((entity) => project(session.scopes, entity, session.isHidden).map((row) => [row.entity, row.id, row.scope]));
    const outbox = session.outbox.visible().map(({ id, n, name, state, code }) => ({ id, n, name, state: session.outbox.flight.has(id) || state === "done" ? "sent" : state, ...(code ? { code } : {}) }));
    return { dump, state: { link: session.link, stopped: session.stopped, epoch: session.meta.epoch, replica: session.meta.replica, dropped: session.meta.dropped, shown, outbox } };
  }
}
