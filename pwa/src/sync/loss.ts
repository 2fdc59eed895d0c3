/**
 * What becomes of unsent writing when the documents it concerns end being shared: families keep it as a draft with
 * the reason, staff copies are purged without content, as each command declares in the contract. Pure.
 */
import type { Contract } from "./contract";
import type { Outbox } from "./outbox";
import type { Change } from "./store";

interface Around {
  readonly outbox: Outbox;
  readonly drafts: Map<string, unknown>;
  readonly options: { contract: Contract | null; kind: string };
}

function mentions(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === "string") return ids.has(value);
  if (Array.isArray(value)) return value.some((item) => mentions(item, ids));
  return typeof value === "object" && value !== null && Object.values(value).some((item) => mentions(item, ids));
}

/** A command the contract does not know is purged when this seat has any command that is. */
function isPurged(around: Around, name: string): boolean {
  const commands = around.options.contract?.commands ?? {};
  const known = commands[name]?.on_scope_loss;
  if (known) return known === "purge";
  return Object.values(commands).some((command) => command.on_scope_loss === "purge" && command.seats.includes(around.options.kind));
}

/** Applies the rule for the lost ids. Returns the ids of commands that will not be sent. */
export function loseDocuments(around: Around, lost: ReadonlySet<string>, change: Change): string[] {
  const { outbox, drafts } = around;
  const settled: string[] = [];
  if (!lost.size) return settled;
  for (const entry of [...outbox.entries.values()]) {
    if (entry.hidden || !mentions(entry.args, lost)) continue;
    const purged = isPurged(around, entry.name);
    const decided = entry.state === "waiting" && entry.n !== null && (outbox.flight.has(entry.id) || entry.n <= outbox.decidedN);
    if (entry.state === "done") {
      if (purged) outbox.patch(entry, { name: "noop", args: {}, hidden: true, wait: undefined }, change);
    } else if (decided) {
      // The server may have decided it: only its answer can tell. The number is kept, the content is not.
      if (purged) outbox.patch(entry, { name: "noop", args: {}, hidden: true }, change);
    } else if (purged) {
      outbox.remove(entry.id, change);
      settled.push(entry.id);
    } else if (entry.state === "waiting") {
      outbox.patch(entry, { state: "draft", n: null, code: "scope_lost" }, change);
      settled.push(entry.id);
    }
  }
  for (const [key, value] of [...drafts]) {
    const named = [...lost].some((id) => key.includes(id)) || mentions(value, lost);
    if (!named || !isPurged(around, key.split(":", 1)[0]!)) continue;
    drafts.delete(key);
    change.drafts.set(key, null);
  }
  return settled;
}
