/** The session between two connections. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSession } from "./support";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const WELCOME = { t: "welcome", user: "u", seat: "s1", epoch: "e1", schema: 1, scopes: [], now: "2026-11-22T08:00:00.000Z", last_n: 0 };

test("what_a_connection_said_is_not_heard_after_it_has_ended", () => {
  const session = makeSession();
  session.receive({ on: "start" }, NOW);
  session.receive({ on: "opened" }, NOW);
  // Not to be read: the session ends the connection. The next frame has been handed over already.
  session.receive({ on: "frame", frame: "{" }, NOW);
  session.receive({ on: "frame", frame: WELCOME }, NOW);
  assert.deepEqual([session.link, session.meta.epoch], ["opening", null]);
  session.receive({ on: "opened" }, NOW);
  session.receive({ on: "frame", frame: WELCOME }, NOW);
  assert.deepEqual([session.link, session.meta.epoch], ["catching_up", "e1"]);
});
