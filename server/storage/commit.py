"""The only write path: rows, what they publish, who holds it, versions, digests, reminders and the audit chain.

`apply` runs inside the caller's write transaction, after the aggregates it publishes were locked. The order is fixed so
that two commits can never wait for each other in a circle: aggregates (already locked), rows, scopes in ascending id
order, audit chains in ascending organisation order. Versions are given under the scope's row lock and held until the
commit, so within a scope version order is commit order (PROTOCOL.md 1).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.domain import digest
from server.storage import audit, planned
from server.storage.change import Change, Committed, DocKey, GrantKey, Publication
from server.storage.engine import Tx
from server.storage.lock import for_update
from server.storage.touched import scopes_touched

KEEP = "keep"
CHILD = "child:"


@dataclass(slots=True)
class _Scope:
    """One locked scope and what this commit does to it."""

    id: int
    name: str
    version: int
    live: int
    sum: int
    store: str
    holders_changed: bool = False
    set: list[tuple[str, str, str, str, str]] = field(default_factory=list)  # entity, id, doc, hash, aggregate
    gone: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stored:
    hash: str
    version: int


async def apply(tx: Tx, change: Change, now: str) -> Committed:
    """Writes the change and returns the new versions; everything becomes visible with the caller's commit."""
    await _write_records(tx, change, now)
    committed = await publish(tx, change.published, now)
    if change.audit:
        await audit.append(tx, change.audit, now)
    return committed


async def publish(tx: Tx, published: Mapping[str, Publication], now: str) -> Committed:
    """Makes feed, grants and reminders of these (locked) aggregates equal to what they should be."""
    if not published:
        return Committed()
    ids = sorted(published)
    docs, grants, kept = await _stored(tx, ids)
    wanted_docs = {key: (doc, id) for id in ids for key, doc in published[id].docs.items()}
    wanted_grants = {key: (until, id) for id in ids for key, until in published[id].grants.items()}
    stores = {name: store for id in ids for name, store in published[id].stores.items()}

    set_docs: dict[DocKey, tuple[str, str, str]] = {}
    for key, (doc, id) in wanted_docs.items():
        hashed = hashlib.blake2b(doc.encode(), digest_size=12).hexdigest()
        known = docs.get(key)
        if known is None or known.hash != hashed:
            set_docs[key] = (doc, hashed, id)
    gone_docs = [key for key in docs if key not in wanted_docs]
    set_grants = {key: value for key, value in wanted_grants.items() if grants.get(key) != value[0]}
    ended = sorted(key for key in grants if key not in wanted_grants)

    names = {key[0] for key in set_docs} | {key[0] for key in gone_docs}
    names |= {scope for _, scope in set_grants} | {scope for _, scope in ended}
    names |= {name for name, store in kept.items() if store != stores.get(name, KEEP)}
    scopes = await _lock_scopes(tx, names)
    for (name, entity, id), (doc, hashed, aggregate) in set_docs.items():
        scopes[name].set.append((entity, id, doc, hashed, aggregate))
    for name, entity, id in gone_docs:
        scopes[name].gone.append((entity, id))
    for _, name in (*set_grants, *ended):
        scopes[name].holders_changed = True
    await _write_feed(tx, scopes, docs, stores, now)
    await _write_grants(tx, scopes, set_grants, ended, now)
    await planned.reconcile(tx, {id: published[id].reminders for id in ids}, now)
    changed = {scope.name: scope.version for scope in scopes.values()}
    await scopes_touched(tx, (scope.id for scope in scopes.values()), now)
    holders = {name: frozenset(seat for seat, held in wanted_grants if held == name) for name in changed}
    return Committed(changed, tuple(ended), {name: seats for name, seats in holders.items() if seats})


async def _write_records(tx: Tx, change: Change, now: str) -> None:
    if change.put:
        await tx.execute_many(
            "INSERT INTO record (id, entity, aggregate_id, owner_unit, body, updated_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body, owner_unit = excluded.owner_unit,"
            " updated_at = excluded.updated_at",
            [(row.id, row.entity, row.aggregate_id, row.owner_unit, row.body, now) for row in change.put],
        )
    if change.remove:
        await tx.execute("DELETE FROM record WHERE id = any($1)", list(change.remove))


async def _stored(tx: Tx, ids: list[str]) -> tuple[dict[DocKey, _Stored], dict[GrantKey, str], dict[str, str]]:
    """What these aggregates publish and grant now, and how their children's scopes are stored.

    Their locks are held, so nobody else can change it meanwhile.
    """
    docs: dict[DocKey, _Stored] = {}
    grants: dict[GrantKey, str] = {}
    kept: dict[str, str] = {}
    # One exchange with the database instead of two: this is in every commit.
    for name, entity, id, hashed, version, seat, until, store in await tx.fetch(
        "SELECT s.name, f.entity, f.doc_id, f.hash, f.version, NULL, NULL, NULL"
        " FROM feed f JOIN scope s ON s.id = f.scope_id WHERE f.aggregate_id = any($1) AND f.doc IS NOT NULL"
        " UNION ALL SELECT s.name, NULL, NULL, NULL, NULL, g.seat_id, g.valid_until, s.store"
        " FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE g.aggregate_id = any($1)",
        ids,
    ):
        if entity is not None:
            docs[(name, entity, id)] = _Stored(hashed, version)
            continue
        grants[(seat, name)] = until
        if name.startswith(CHILD):
            kept[name] = store
    return docs, grants, kept


async def _lock_scopes(tx: Tx, names: set[str]) -> dict[str, _Scope]:
    """The scopes by name, made where absent, locked in ascending id order."""
    if not names:
        return {}
    wanted = sorted(names)
    statement = (
        "SELECT id, name, version, live, digest, store FROM scope WHERE name = any($1) ORDER BY id" + for_update(tx)
    )
    rows = await tx.fetch(statement, wanted)
    if len(rows) < len(wanted):
        known = {row[1] for row in rows}
        await tx.execute_many(
            "INSERT INTO scope (name, version, holders_version, live, digest, horizon, store)"
            " VALUES ($1, 0, 0, 0, 0, 0, 'keep') ON CONFLICT (name) DO NOTHING",
            [(name,) for name in wanted if name not in known],
        )
        rows = await tx.fetch(statement, wanted)
    return {row[1]: _Scope(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows}


async def _write_feed(
    tx: Tx, scopes: Mapping[str, _Scope], docs: Mapping[DocKey, _Stored], stores: Mapping[str, str], now: str
) -> None:
    rows: list[tuple[object, ...]] = []
    updates: list[tuple[object, ...]] = []
    for scope in scopes.values():
        before = scope.version
        for entity, id, doc, hashed, aggregate in sorted(scope.set):
            scope.version += 1
            known = docs.get((scope.name, entity, id))
            if known is None:
                scope.live += 1
            else:
                scope.sum -= digest.share(entity, id, known.version)
            scope.sum += digest.share(entity, id, scope.version)
            rows.append((scope.id, entity, id, scope.version, doc, hashed, aggregate, now))
        for entity, id in sorted(scope.gone):
            scope.version += 1
            scope.live -= 1
            scope.sum -= digest.share(entity, id, docs[(scope.name, entity, id)].version)
            rows.append((scope.id, entity, id, scope.version, None, "", "", now))
        if scope.version == before:
            scope.version += 1
        scope.store = stores.get(scope.name, KEEP) if scope.name.startswith(CHILD) else scope.store
        updates.append(
            (
                scope.id,
                scope.version,
                scope.live,
                scope.sum % digest.MODULUS,
                scope.store,
                scope.version if scope.holders_changed else 0,
            )
        )
    # A tombstone keeps its row's aggregate: the update leaves that column alone.
    await tx.execute_many(
        "INSERT INTO feed (scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (scope_id, entity, doc_id) DO UPDATE SET"
        " version = excluded.version, doc = excluded.doc, hash = excluded.hash, changed_at = excluded.changed_at",
        rows,
    )
    await tx.execute_many(
        "UPDATE scope SET version = $2, live = $3, digest = $4, store = $5,"
        " holders_version = CASE WHEN $6 > 0 THEN $6 ELSE holders_version END WHERE id = $1",
        updates,
    )


async def _write_grants(
    tx: Tx,
    scopes: Mapping[str, _Scope],
    set_grants: Mapping[GrantKey, tuple[str, str]],
    ended: list[GrantKey],
    now: str,
) -> None:
    await tx.execute_many(
        "INSERT INTO grant_ (seat_id, scope_id, aggregate_id, valid_until) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (seat_id, scope_id) DO UPDATE SET valid_until = excluded.valid_until,"
        " aggregate_id = excluded.aggregate_id",
        [(seat, scopes[name].id, aggregate, until) for (seat, name), (until, aggregate) in sorted(set_grants.items())],
    )
    if set_grants:
        await tx.execute_many(
            "DELETE FROM purge WHERE scope_id = $1 AND replica_id IN (SELECT id FROM replica WHERE seat_id = $2)",
            [(scopes[name].id, seat) for seat, name in set_grants],
        )
    if not ended:
        return
    lost: defaultdict[str, list[int]] = defaultdict(list)
    for seat, name in ended:
        lost[seat].append(scopes[name].id)
    # The devices that may hold copies: each answers with `dropped` when it has erased them.
    await tx.execute_many(
        "INSERT INTO purge (scope_id, replica_id, aggregate_id, ended_at)"
        " SELECT g.scope_id, r.id, g.aggregate_id, $3 FROM replica r JOIN grant_ g ON g.seat_id = r.seat_id"
        " WHERE g.seat_id = $1 AND g.scope_id = $2"
        " ON CONFLICT (scope_id, replica_id) DO UPDATE SET ended_at = excluded.ended_at, dropped_at = NULL",
        [(seat, scope, now) for seat, ids in lost.items() for scope in ids],
    )
    await tx.execute_many(
        "DELETE FROM grant_ WHERE seat_id = $1 AND scope_id = $2",
        [(seat, scope) for seat, ids in lost.items() for scope in ids],
    )
