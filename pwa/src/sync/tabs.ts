/**
 * One tab leads: it holds the connection, the outbox and the disk; the others show what it shows and hand it what
 * the person does. Without BroadcastChannel the tab in view leads and takes over from the one that did.
 */

export type Message =
  | { t: "ask" }
  | { t: "lock" }
  | { t: "forget" }
  | { t: "face"; face: unknown; whole: boolean }
  | { t: "do"; id: string; act: unknown }
  | { t: "did"; id: string; error?: string; value?: unknown };

/** How often a follower repeats a request nobody has answered, for instance because the leader just went away. */
const REPEAT_MS = 1_500;

export interface TabsOptions {
  /** One per account and seat. */
  name: string;
  /** Starts leading; the tab leads until the returned function has run. */
  lead: () => Promise<() => Promise<void>>;
  /** A leader's picture, for a tab that follows. */
  show: (face: unknown, whole: boolean) => void;
  /** What a follower wants done here. The value returns to it. */
  act: (act: unknown) => Promise<unknown>;
  /** The whole picture, for a tab that has just come. */
  whole: () => unknown;
  /** Another tab locked or erased. */
  told: (what: "lock" | "forget") => void;
}

export class Tabs {
  isLeader = false;
  private followed = false;
  private ended = false;
  private stopLeading: (() => Promise<void>) | null = null;
  private release: (() => void) | null = null;
  private readonly abort = new AbortController();
  private readonly waiting = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly running = new Set<string>();
  private readonly channel: BroadcastChannel | null;
  private readonly locks: LockManager | undefined;

  constructor(private readonly options: TabsOptions) {
    this.locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    // Without locks nobody can be chosen, so each tab stands alone and needs no channel.
    this.channel = this.locks && typeof BroadcastChannel !== "undefined" ? new BroadcastChannel(options.name) : null;
    if (this.channel) this.channel.onmessage = ({ data }) => void this.hear(data as Message);
  }

  /** Resolves when this tab leads or has asked the leader for its picture. */
  async join(): Promise<void> {
    if (!this.locks) return this.become();
    if (!this.channel) return this.steal();
    const free = await new Promise<boolean>((resolve) => {
      void this.hold({ ifAvailable: true }, () => resolve(true), () => resolve(false));
    });
    if (free) return;
    void this.hold({ signal: this.abort.signal });
    this.post({ t: "ask" });
  }

  /** From the leader: what changed. */
  publish(face: unknown): void {
    if (this.isLeader && this.followed) this.post({ t: "face", face, whole: false });
  }

  /** To the leader, from a tab that follows; here, in the one that leads. */
  async do(id: string, act: unknown): Promise<unknown> {
    if (this.isLeader) return this.options.act(act);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearInterval(timer);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (value) => { done(); resolve(value); },
        reject: (error) => { done(); reject(error); },
      });
      const ask = (): void => {
        // This tab may have become the leader while it waited.
        if (this.isLeader) void this.options.act(act).then(this.waiting.get(id)?.resolve, this.waiting.get(id)?.reject);
        else this.post({ t: "do", id, act });
      };
      const timer = setInterval(ask, REPEAT_MS);
      ask();
    });
  }

  tell(what: "lock" | "forget"): void {
    this.post({ t: what });
  }

  async end(): Promise<void> {
    this.ended = true;
    this.abort.abort();
    await this.resign();
    this.channel?.close();
    for (const { reject } of this.waiting.values()) reject(new Error("locked"));
  }

  private post(message: Message): void {
    if (!this.ended) this.channel?.postMessage(message);
  }

  private async become(): Promise<void> {
    if (this.ended) return;
    this.stopLeading = await this.options.lead();
    if (this.ended) return this.resign();
    this.isLeader = true;
    this.followed = true;
    this.post({ t: "face", face: this.options.whole(), whole: true });
  }

  private async resign(): Promise<void> {
    const stop = this.stopLeading;
    this.isLeader = false;
    this.stopLeading = null;
    await stop?.();
    this.release?.();
  }

  private async hold(options: LockOptions, granted?: () => void, refused?: () => void): Promise<void> {
    try {
      await this.locks!.request(this.options.name, options, async (lock) => {
        if (!lock) return refused?.();
        const released = new Promise<void>((resolve) => { this.release = resolve; });
        await this.become();
        granted?.();
        if (!this.ended) await released;
      });
    } catch {
      // Stolen by the tab in view, or no longer wanted.
      await this.resign();
      refused?.();
    }
  }

  private async steal(): Promise<void> {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.isLeader && !this.ended) void this.hold({ steal: true });
    }, { signal: this.abort.signal });
    await new Promise<void>((resolve) => void this.hold({ steal: true }, resolve, resolve));
  }

  private async hear(message: Message): Promise<void> {
    if (this.ended) return;
    if (message.t === "lock" || message.t === "forget") this.options.told(message.t);
    else if (message.t === "face") { if (!this.isLeader) this.options.show(message.face, message.whole); }
    else if (message.t === "did") {
      const asked = this.waiting.get(message.id);
      if (message.error) asked?.reject(new Error(message.error));
      else asked?.resolve(message.value);
    } else if (!this.isLeader) return;
    else if (message.t === "ask") {
      this.followed = true;
      this.post({ t: "face", face: this.options.whole(), whole: true });
    } else {
      const { id } = message;
      // A follower repeats itself; what is under way is not begun again.
      if (this.running.has(id)) return;
      this.running.add(id);
      await this.options.act(message.act).then(
        (value) => this.post({ t: "did", id, value }),
        (error: Error) => this.post({ t: "did", id, error: (error as { code?: string }).code ?? "unknown" }),
      );
      this.running.delete(id);
    }
  }
}
