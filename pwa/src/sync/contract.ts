/** The part of `/contract.json` the client reads: which commands exist, for whom, and when to offer them. */

export interface Optimistic {
  entity: string;
  /** The argument that holds the document's id. */
  arg: string;
  set: Record<string, { arg: string } | { value: unknown }>;
}

/** Every condition must hold. Instants are compared with the client's clock. */
export type Offer =
  | { field: string; in: unknown[] }
  | { field: string; present: boolean }
  | { until: string }
  | { from: string; minus_minutes?: number };

export interface CommandContract {
  args: Record<string, unknown>;
  seats: string[];
  /** Level of sign-in the server will ask for. */
  assurance?: string;
  confirm: boolean;
  optimistic: Optimistic | null;
  on_scope_loss: "keep" | "purge";
  offered: Offer[];
}

export interface Contract {
  schema: number;
  commands: Record<string, CommandContract>;
  entities: Record<string, { fields: unknown }>;
}

function holds(offer: Offer, doc: Record<string, unknown>, now: number): boolean {
  if ("in" in offer) return offer.in.includes(doc[offer.field] ?? null);
  if ("present" in offer) return (doc[offer.field] != null && doc[offer.field] !== "") === offer.present;
  const at = Date.parse(String(doc["until" in offer ? offer.until : offer.from] ?? ""));
  if (Number.isNaN(at)) return true;
  return "until" in offer ? now < at : now >= at - (offer.minus_minutes ?? 0) * 60_000;
}

/** True when the contract offers `name` to this kind of seat for this document. An instant that is absent limits nothing. */
export function isOffered(
  contract: Contract, name: string, where: { kind: string; doc?: Record<string, unknown>; now: number },
): boolean {
  const command = contract.commands[name];
  if (!command || !command.seats.includes(where.kind)) return false;
  return !where.doc || command.offered.every((offer) => holds(offer, where.doc!, where.now));
}

/** The id of the document a command concerns: the optimistic target, else the first argument named like an entity. */
export function aboutOf(contract: Contract, name: string, args: Record<string, unknown>): string | undefined {
  const target = contract.commands[name]?.optimistic?.arg;
  if (target && typeof args[target] === "string") return args[target];
  for (const [key, value] of Object.entries(args))
    if (typeof value === "string" && key in contract.entities) return value;
  return undefined;
}
