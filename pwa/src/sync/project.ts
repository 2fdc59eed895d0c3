/**
 * What of the held documents is shown: one projection per document, from the scope ranked first (protocol 5.5),
 * nothing from a scope whose lease has run out. Pure.
 */
import type { Row, Scope } from "./holdings";

const RANKS: readonly RegExp[] = [
  /^user:/, /^child:[^:]+:young$/, /^child:[^:]+:guardian:/, /^child:[^:]+:supporter:/, /^child:[^:]+:coordinator:/,
  /^consent:/, /^team:/, /^unit:[^:]+:function:/, /^unit:[^:]+$/, /^area:[^:]+:lead$/, /^area:[^:]+:staff$/, /^region:/,
];

/** 0 is shown before all others; a kind of scope this client does not know comes last. */
export function rank(scope: string): number {
  const index = RANKS.findIndex((pattern) => pattern.test(scope));
  return index < 0 ? RANKS.length : index;
}

/** Order of precedence; equal ranks by name, so that every device shows the same. */
export function compareScopes(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

export interface Shown { entity: string; id: string; version: number; scope: string; doc: Record<string, unknown> }

/** The shown documents of one entity, sorted by id. */
export function project(scopes: ReadonlyMap<string, Scope>, entity: string, isHidden: (scope: string) => boolean): Shown[] {
  const shown = new Map<string, Shown>();
  for (const scope of [...scopes.keys()].sort(compareScopes)) {
    const rows = scopes.get(scope)!.rows.get(entity);
    if (!rows || isHidden(scope)) continue;
    for (const row of rows.values()) if (!shown.has(row.id)) shown.set(row.id, { ...(row as Row), scope });
  }
  return [...shown.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const DAY = 86_400_000;
/** Documents hidden this long are erased (protocol 5.7). */
export const ERASE_AFTER = 30 * DAY;

/** True from the instant `until` (exclusive end of the lease). */
export function isPast(until: string | null, now: number): boolean {
  return until !== null && now >= Date.parse(until);
}

/** True when a hidden scope has been hidden for 30 days. */
export function isErasable(until: string | null, now: number): boolean {
  return until !== null && now >= Date.parse(until) + ERASE_AFTER;
}
