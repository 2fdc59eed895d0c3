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
import { Transport } from "./transport";

export interface Init {
  seat?: string | null; kind?: string; schema?: number; lang?: string; contract?: Contract | null; replica?: string;
  /** Milliseconds since 1970. */
  now?: number;
}

export type Line =
  | { init: Init }
  | { open: true }
  | { frame: unknown }
  /** A frame of the connection opened so many times before the latest: one that has been given up. */
  | { late: unknown; ago: number }
  | { close: number }
  | { command: { name: string; args: Record<string, unknown>; id?: string; at?: string } }
  | { read: { entity: string; doc: string; id?: string; at?: string } }
  | { discard: string }
  /** Milliseconds that pass. */
  | { tick: number }
  /** Everything but the store is forgotten; what begins again may be another version, with its clock set anew. */
  | { crash: true | Init }
  | { dump: true };

/** As much of a WebSocket as the transport uses. The caller plays the other end. */
class Wire {
  static readonly OPEN = 1;
  readonly readyState = Wire.OPEN;
  onopen?: () => void;
  onmessage?: (event: { data: unknown }) => void;
  onclose?: () => void;

  constructor(private readonly out: (frame: unknown) => void) {}

  send(text: string): void {
    this.out(JSON.parse(text));
  }

  close(): void {}
}

export class Drive {
  private out: unknown[] = [];
  private wires: Wire[] = [];
  private transport: Transport | null = null;
  /** Events that a transport has handed over. */
  private delivered = 0;
  private store = new MemoryStore();
  private engine: Engine | null = null;
  private now = Date.now();
  private init: Init = {};

  /** What came of it, in order: `{send}`, `{effect}`, `{queued}`, `{error}`, `{heard}` of a late frame, `{dump, state}`. */
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
        send: (frame) => this.transport?.send(frame),
        close: () => {
          this.out.push({ effect: { do: "close" } });
          this.transport?.close();
        },
      },
      notify: (notices) => { for (const notice of notices) if (notice.do !== "shown") this.out.push({ effect: notice }); },
    });
    this.engine = engine;
    this.wires = [];
    this.transport = null;
    await engine.run({ on: "start" });
  }

  /** A transport for each: when to try, and by which way, is the caller's. */
  private async open(engine: Engine): Promise<void> {
    const drive = this;
    class Socket extends Wire {
      constructor() {
        super((frame) => drive.out.push({ send: frame }));
        drive.wires.push(this);
      }
    }
    this.transport = new Transport({
      url: "http://localhost/sync", hello: () => engine.session.hello(), isFirstCopy: () => false,
      deliver: (event) => {
        this.delivered += 1;
        return engine.run(event).catch((error: Error) => void this.out.push({ error: error.message }));
      },
      WebSocket: Socket as unknown as typeof WebSocket,
    });
    this.transport.connect(0);
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.wires.at(-1)!.onopen!();
  }

  private async step(line: Exclude<Line, { init: Init }>): Promise<void> {
    const engine = this.engine!;
    const at = new Date(this.now).toISOString();
    if ("open" in line) await this.open(engine);
    else if ("frame" in line) this.wires.at(-1)?.onmessage?.({ data: line.frame });
    else if ("late" in line) {
      const before = this.delivered;
      this.wires.at(-1 - line.ago)?.onmessage?.({ data: line.late });
      if (this.delivered > before) this.out.push({ heard: line.ago });
    }
    else if ("close" in line) this.wires.at(-1)?.onclose?.();
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
    // What the transport has handed over is done when everything before this is.
    await this.engine!.recall("");
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
