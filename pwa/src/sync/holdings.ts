/** The documents this replica holds, per scope, and how frames change them. Pure; disk follows through `Change`. */
import type { Change } from "./store";
import type { Grant, ServerFrame, Store } from "./frames";

export interface Row { entity: string; id: string; version: number; doc: Record<string, unknown> }

export interface Scope {
  cursor: number;
  /** End of the lease that counts now, exclusive; null has no end. */
  until: string | null;
  /** A longer lease, granted but not in force until everything is here again. */
  renewed?: string | null;
  store: Store;
  /** False after the disk refused a write: the copy there stays at an older, whole cursor until the app starts again. */
  disk: boolean;
  /** Rows of another past (the database was restored), shown until this past's rows replace them. */
  stale?: boolean;
  rows: Map<string, Map<string, Row>>;
}

type Delta = Extract<ServerFrame, { t: "delta" }>;

/** A store this client does not know is treated as the stricter one. */
export function storeOf(grant: { store: string }): Store {
  return grant.store === "keep" ? "keep" : "memory";
}

export function newScope(grant: Pick<Grant, "until" | "store">): Scope {
  return { cursor: 0, until: grant.until, store: storeOf(grant), disk: true, rows: new Map() };
}

export function* rowsOf(scope: Scope): Generator<Row> {
  for (const rows of scope.rows.values()) yield* rows.values();
}

/** Whether changes of this scope are written to disk at all. */
export function isKept(scope: Scope): boolean {
  return scope.store === "keep" && scope.disk;
}

/** A delta that starts above the cursor: something was missed and only a fresh connection can tell. */
export function isGap(scope: Scope, delta: Delta): boolean {
  return !delta.reset && delta.from > scope.cursor;
}

export function put(scope: Scope, row: Row): void {
  let rows = scope.rows.get(row.entity);
  if (!rows) scope.rows.set(row.entity, (rows = new Map()));
  rows.set(row.id, row);
}

/** Applies a delta without gap. Rows not above the cursor are passed over. Returns the entities touched. */
export function applyDelta(name: string, scope: Scope, delta: Delta, change: Change): Set<string> {
  const touched = new Set<string>();
  const kept = isKept(scope);
  if (delta.reset || scope.stale) {
    for (const entity of scope.rows.keys()) touched.add(entity);
    scope.rows.clear();
    scope.cursor = 0;
    delete scope.stale;
    if (kept) change.clear.push(name);
  }
  for (const [entity, id, version, doc] of delta.rows) {
    if (version <= scope.cursor) continue;
    touched.add(entity);
    if (doc === null) scope.rows.get(entity)?.delete(id);
    else put(scope, { entity, id, version, doc });
    if (kept) change.rows.push({ scope: name, entity, id, version, doc });
  }
  scope.cursor = delta.reset ? delta.to : Math.max(scope.cursor, delta.to);
  if (kept) change.scopes.push(metaOf(name, scope));
  return touched;
}

/**
 * The database was restored: nothing on disk may be joined with what comes now, even if the app dies before it has
 * come. Screens keep the old rows until then.
 */
export function restart(name: string, scope: Scope, change: Change): void {
  scope.cursor = 0;
  scope.stale = true;
  if (!isKept(scope)) return void change.drop.push(name);
  change.clear.push(name);
  change.scopes.push(metaOf(name, scope));
}

/** Everything has come; rows of the other past that nothing replaced are gone. Returns the entities touched. */
export function dropStale(scope: Scope): string[] {
  if (!scope.stale) return [];
  const touched = [...scope.rows.keys()];
  scope.rows.clear();
  delete scope.stale;
  return touched;
}

export function metaOf(name: string, scope: Scope): { scope: string; cursor: number; until: string | null } {
  return { scope: name, cursor: scope.cursor, until: scope.until };
}

/** Off the disk, together with what this very change was going to put there. */
function dropInto(change: Change, name: string): void {
  change.drop.push(name);
  change.rows = change.rows.filter((row) => row.scope !== name);
  change.scopes = change.scopes.filter((scope) => scope.scope !== name);
}

/** Moves a held scope between disk and memory without losing what is in memory. */
export function moveStore(name: string, scope: Scope, store: Store, change: Change): void {
  scope.store = store;
  if (store === "memory") dropInto(change, name);
  else if (scope.disk) {
    for (const row of rowsOf(scope)) change.rows.push({ scope: name, ...row });
    change.scopes.push(metaOf(name, scope));
  }
}

/** Removes scopes. Returns the entities touched and the ids that no remaining scope holds. */
export function removeScopes(scopes: Map<string, Scope>, names: Iterable<string>, change: Change): { touched: Set<string>; lost: Set<string> } {
  const touched = new Set<string>();
  const lost = new Set<string>();
  for (const name of names) {
    const scope = scopes.get(name);
    if (!scope) continue;
    scopes.delete(name);
    dropInto(change, name);
    for (const row of rowsOf(scope)) {
      touched.add(row.entity);
      lost.add(row.id);
    }
  }
  for (const scope of scopes.values()) for (const row of rowsOf(scope)) lost.delete(row.id);
  return { touched, lost };
}
