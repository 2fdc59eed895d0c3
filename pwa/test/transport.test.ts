/** Which way to the server is taken: sockets, unless it has been seen that HTTP gets through where they do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientFrame } from "../src/sync/frames";
import { Transport } from "../src/sync/transport";

const HELLO = { t: "hello", protocol: 1, schema: 1, seat: null, replica: "r", cursors: {}, epoch: null, lang: "sv" } as ClientFrame;
const ANSWER = { frames: [{ t: "welcome" }, { t: "synced" }] };

/** A network of which each part can be taken away. `ways` is what was tried, in order. */
class Network {
  readonly ways: string[] = [];
  up = true;
  sockets = true;
  readonly transport: Transport;
  private known = (): void => {};

  constructor() {
    const network = this;
    class Socket {
      static OPEN = 1;
      readyState = 0;
      onopen?: () => void;
      onmessage?: (event: { data: string }) => void;
      onclose?: () => void;
      onerror?: () => void;

      constructor() {
        const works = network.up && network.sockets;
        network.ways.push(works ? "socket" : "no socket");
        queueMicrotask(() => {
          if (!works) return this.onclose?.();
          this.readyState = 1;
          this.onopen?.();
          this.onmessage?.({ data: "{}" });
        });
      }

      close(): void {}
    }
    this.transport = new Transport({
      url: "http://localhost/sync", hello: () => HELLO, isFirstCopy: () => false,
      deliver: async ({ on }) => {
        await Promise.resolve();
        if (on === "opened") this.transport.send(HELLO);
        else this.known();
      },
      fetch: async () => {
        this.ways.push(this.up ? "http" : "no http");
        if (!this.up) throw new TypeError("no network");
        return Response.json(ANSWER);
      },
      WebSocket: Socket as unknown as typeof WebSocket,
    });
  }

  /** Connects once, and waits until it is known how that went. */
  async tries(): Promise<string | undefined> {
    const known = new Promise<void>((resolve, reject) => {
      this.known = resolve;
      setTimeout(() => reject(new Error(`nothing happens after ${this.ways}`)), 5000).unref();
    });
    this.transport.connect(0);
    await known;
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.ways.at(-1);
  }
}

test("a_network_that_was_away_leads_back_to_a_socket", async () => {
  for (let away = 1; away <= 12; away += 1) {
    const network = new Network();
    network.up = false;
    for (let n = 0; n < away; n += 1) await network.tries();
    network.up = true;
    const first = await network.tries();
    assert.equal(first === "http" ? await network.tries() : first, "socket", `after ${away} attempts without a network: ${network.ways}`);
    network.transport.close();
  }
});

test("where_sockets_are_stopped_http_goes_on", async () => {
  const network = new Network();
  network.sockets = false;
  for (let n = 0; n < 5; n += 1) await network.tries();
  assert.deepEqual(network.ways, ["no socket", "no socket", "no socket", "http", "no socket"]);
  assert.equal(await network.tries(), "http");
  // It goes on in that way, and does not end after one exchange: another attempt is not made.
  network.transport.connect(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(network.ways.length, 6);
  network.transport.close();
});
