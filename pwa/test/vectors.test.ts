/** The vectors shared with the Python side: digest, order of projections, session traces. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { digestOf, fnv1a } from "../src/sync/digest";
import { Drive, type Init, type Line } from "../src/sync/drive";
import { newScope, put, type Scope } from "../src/sync/holdings";
import { compareScopes, isPast, project } from "../src/sync/project";

const read = (name: string): any => JSON.parse(readFileSync(join(process.env.VECTORS!, name), "utf-8"));

test("digest_vectors", () => {
  const { hash, digests } = read("digest.json");
  for (const [text, expected] of hash) assert.equal(fnv1a(text).toString(16).padStart(8, "0"), expected, text);
  for (const { name, rows, digest } of digests)
    assert.equal(digestOf(rows.map(([entity, id, version]: [string, string, number]) => ({ entity, id, version }))), digest, name);
});

test("ranking_vectors", () => {
  const { order, cases } = read("ranking.json");
  assert.deepEqual([...order].reverse().sort(compareScopes), order);
  for (const { name, now, scopes, shown } of cases) {
    const held = new Map<string, Scope>();
    const entities = new Set<string>();
    for (const [scope, { until, rows }] of Object.entries<any>(scopes)) {
      const it = newScope({ until, store: "keep" });
      for (const [entity, id, version, doc] of rows) {
        put(it, { entity, id, version, doc });
        entities.add(entity);
      }
      held.set(scope, it);
    }
    const got = [...entities].sort().flatMap((entity) => project(held, entity, (scope) => isPast(held.get(scope)!.until, Date.parse(now))).map((row) => [row.entity, row.id, row.scope]));
    assert.deepEqual(got, shown, name);
  }
});

const { init, traces } = read("sessions.json") as { init: Init; traces: { name: string; steps: { in: Line; send?: any[]; effects?: any[]; dump?: unknown; state?: Record<string, unknown> }[] }[] };

for (const { name, steps } of traces)
  test(`trace_${name}`, async () => {
    const drive = new Drive();
    await drive.feed({ init });
    for (const [i, step] of steps.entries()) {
      const out = (await drive.feed(step.in)) as any[];
      const where = `step ${i}: ${JSON.stringify(step.in).slice(0, 120)}`;
      const sent = out.flatMap((line) => (line.send && line.send.t !== "digest" ? [line.send] : []));
      const expected = step.send ?? [];
      expected.forEach((frame, k) => { if (frame.id === "*" && sent[k]) frame.id = sent[k].id; });
      assert.deepEqual(sent, expected, where);
      const effects = out.flatMap((line) => (line.effect && line.effect.do !== "wake" ? [line.effect.do === "connect" ? { do: "connect" } : line.effect] : []));
      assert.deepEqual(effects, step.effects ?? [], where);
      const dumped = out.find((line) => line.dump);
      if (step.dump) assert.deepEqual(dumped.dump, step.dump, where);
      for (const [key, value] of Object.entries(step.state ?? {})) assert.deepEqual(dumped.state[key], value, `${where}: ${key}`);
    }
  });
