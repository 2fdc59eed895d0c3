/**
 * The way to the server: a WebSocket, or POST /sync where a network lets no socket through and for the first copy
 * (compressed, a sixth of the size). The session sees the same frames either way.
 */
import { SUBPROTOCOL, type ClientFrame } from "./frames";
import type { Event } from "./events";
import type { Link } from "./engine";

/** Sockets that failed before a word, until HTTP is tried instead. */
const FAILURES = 3;
const POLL_MS = 20_000;
/** Over HTTP, a socket is tried again after this long. */
const RETRY_SOCKET_MS = 300_000;
const POST_TIMEOUT_MS = 30_000;
const MAX_FRAMES = 99;
const MAX_BODY = 900_000;

export interface TransportOptions {
  /** `/sync` of the site, as http(s). */
  url: string;
  hello: () => ClientFrame;
  /** Nothing is held yet: fetch it over HTTP. */
  isFirstCopy: () => boolean;
  deliver: (event: Event) => Promise<void>;
  fetch?: typeof fetch;
  WebSocket?: typeof WebSocket;
}

interface Connection { send(frame: ClientFrame): void; close(): void }

export class Transport implements Link {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private connection: Connection | null = null;
  private failures = 0;
  private firstTries = 0;
  /** HTTP got through and no socket has since: when one fails now, it is the sockets that are stopped and not the network. */
  private reached = false;

  constructor(private readonly options: TransportOptions) {}

  connect(delayMs: number): void {
    if (this.connection) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), delayMs);
  }

  send(frame: ClientFrame): void {
    this.connection?.send(frame);
  }

  close(): void {
    clearTimeout(this.timer);
    this.connection?.close();
    this.connection = null;
  }

  private open(): void {
    if (this.options.isFirstCopy() && (this.firstTries += 1) % FAILURES) this.http("once");
    else if (this.failures >= FAILURES) {
      this.failures = FAILURES - 1;
      this.http(this.reached ? "poll" : "once");
    } else this.connection = this.socket();
  }

  private http(mode: "once" | "poll"): void {
    this.connection = new HttpConnection(this.options, mode, (planned) => {
      this.reached = planned;
      this.ended(planned);
    });
  }

  private ended(planned: boolean): void {
    this.connection = null;
    void this.deliver({ on: "closed", planned });
  }

  private deliver(event: Event): Promise<void> {
    return this.options.deliver(event).catch(() => undefined);
  }

  private socket(): Connection {
    const Socket = this.options.WebSocket ?? WebSocket;
    const socket = new Socket(this.options.url.replace(/^http/, "ws"), SUBPROTOCOL);
    let live = true;
    let heard = false;
    const end = (): void => {
      if (!live) return;
      live = false;
      if (!heard) this.failures += 1;
      this.ended(false);
    };
    socket.onopen = () => { if (live) void this.deliver({ on: "opened" }); };
    socket.onmessage = ({ data }) => {
      if (!live) return;
      heard = true;
      this.failures = 0;
      this.reached = false;
      void this.deliver({ on: "frame", frame: data });
    };
    socket.onclose = socket.onerror = end;
    return {
      send: (frame) => { if (socket.readyState === Socket.OPEN) socket.send(JSON.stringify(frame)); },
      close: () => {
        if (live && !heard) this.failures += 1;
        live = false;
        socket.close();
      },
    };
  }
}

class HttpConnection implements Connection {
  private queue: ClientFrame[] = [];
  private live = true;
  private posting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort = new AbortController();
  private readonly since = Date.now();

  constructor(private readonly options: TransportOptions, private readonly mode: "once" | "poll", private readonly ended: (planned: boolean) => void) {
    void this.deliver({ on: "opened" });
  }

  /** Frames said within the same step travel in the same request. */
  send(frame: ClientFrame): void {
    this.queue.push(frame);
    this.schedule(0);
  }

  close(): void {
    this.live = false;
    clearTimeout(this.timer);
    this.abort.abort();
  }

  private deliver(event: Event): Promise<void> {
    return this.options.deliver(event).catch(() => undefined);
  }

  private schedule(delayMs: number): void {
    if (!this.live || this.posting) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.post(), delayMs);
  }

  private end(planned: boolean): void {
    if (!this.live) return;
    this.close();
    this.ended(planned);
  }

  private batch(): ClientFrame[] {
    const frames: ClientFrame[] = [this.options.hello()];
    this.queue = this.queue.filter((frame) => frame.t !== "hello");
    let size = 2_000;
    while (this.queue.length && frames.length < MAX_FRAMES) {
      size += JSON.stringify(this.queue[0]).length * 2;
      if (size > MAX_BODY && frames.length > 1) break;
      frames.push(this.queue.shift()!);
    }
    return frames;
  }

  private async post(): Promise<void> {
    this.posting = true;
    const timeout = setTimeout(() => this.abort.abort(), POST_TIMEOUT_MS);
    try {
      const response = await (this.options.fetch ?? fetch)(this.options.url, {
        method: "POST", headers: { "content-type": "application/json" }, credentials: "same-origin", cache: "no-store",
        body: JSON.stringify({ frames: this.batch() }), signal: this.abort.signal,
      });
      if (response.status !== 200 && response.status !== 401) throw new Error(String(response.status));
      const { frames } = (await response.json()) as { frames: { t?: string }[] };
      for (const frame of frames) if (this.live) await this.deliver({ on: "frame", frame });
      this.posting = false;
      this.next(frames.some((frame) => frame.t === "synced"));
    } catch {
      this.posting = false;
      this.end(false);
    } finally {
      clearTimeout(timeout);
    }
  }

  private next(complete: boolean): void {
    if (!complete || this.queue.length) this.schedule(0);
    else if (this.mode === "once" || Date.now() - this.since > RETRY_SOCKET_MS) this.end(true);
    else this.schedule(POLL_MS);
  }
}
