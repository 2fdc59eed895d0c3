"""The only write path: rows, what they publish, who holds it, versions, digests, reminders and the audit chain.

`apply` runs inside the caller's write transaction, after the aggregates it publishes were locked. The order is fixed so
that two commits can never wait for each other in a circle: aggregates (already locked), rows, scopes in ascending id
order, audit chains in ascending organisation order. Versions are given under the scope's row lock and held until the
commit, so within a scope version order is commit order (PROTOCOL.md 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from server.domain import digest
from server.storage import audit, planned
from server.storage.change import AuditEntry, Change, Committed, GrantKey, Publication
from server.storage.engine import Tx, columns
from server.storage.lock import for_update
from server.storage.stored import CHILD, Stored, read_stored
from server.storage.touched import scopes_touched

KEEP = "keep"


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
    rows: list[tuple[str, str, int, str | None, str, str]] = field(default_factory=list)  # as in the feed


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is to become of feed and grants. Documents by (scope, entity, id), grants by (seat, scope)."""

    set_docs: list[tuple[str, str, str, str, str, str]]  # scope, entity, id, doc, hash, aggregate
    gone_docs: list[tuple[str, str, str]]
    set_grants: dict[GrantKey, tuple[str, str]]  # valid until, aggregate
    ended: list[GrantKey]
    stores: dict[str, str]
    names: set[str]
    """Every scope that changes."""


async def apply(tx: Tx, change: Change, now: str, stored: Stored | None = None) -> Committed:
    """Writes the change and returns the new versions; everything becomes visible with the caller's commit.

    `stored` is what the published aggregates show now, if it has been read under their locks already. All is read and
    locked before anything is written, so that the writes go to the database together.
    """
    if stored is None:
        stored = await read_stored(tx, change.published)
    todo = _difference(change.published, stored)
    scopes, heads = await _lock(tx, todo.names, stored, change.audit)
    await _write_records(tx, change, now)
    if todo.names:
        _give_versions(scopes, todo, stored)
        await _write_feed(tx, scopes, now)
        await _write_grants(tx, scopes, todo, now)
        await scopes_touched(tx, (scope.id for scope in scopes.values()), now)
    if change.published:
        await planned.reconcile(tx, {id: one.reminders for id, one in change.published.items()}, stored.reminders, now)
    await audit.append(tx, change.audit, now, heads)
    holders = {name: set[str]() for _, name in stored.grants if name in scopes}
    for one in change.published.values():
        for seat, name in one.grants:
            if name in scopes:
                holders.setdefault(name, set()).add(seat)
    return Committed(
        {scope.name: scope.version for scope in scopes.values()},
        tuple(todo.ended),
        {name: frozenset(seats) for name, seats in holders.items()},
    )


def _difference(published: Mapping[str, Publication], stored: Stored) -> _Difference:
    set_docs, wanted = [], set()
    for id, one in published.items():
        for key, doc in one.docs.items():
            wanted.add(key)
            hashed = hashlib.blake2b(doc.encode(), digest_size=12).hexdigest()
            known = stored.docs.get(key)
            if known is None or known[0] != hashed:
                set_docs.append((*key, doc, hashed, id))
    gone_docs = [key for key in stored.docs if key not in wanted]
    set_grants = {
        key: (until, id)
        for id, one in published.items()
        for key, until in one.grants.items()
        if key not in stored.grants or stored.grants[key].until != until
    }
    ended = stored.ended(one.grants for one in published.values())
    stores = {name: store for one in published.values() for name, store in one.stores.items()}
    names = {doc[0] for doc in set_docs} | {key[0] for key in gone_docs}
    names |= {scope for _, scope in set_grants} | {scope for _, scope in ended}
    names |= {name for name, store in stored.stores.items() if store != stores.get(name, KEEP)}
    return _Difference(set_docs, gone_docs, set_grants, ended, stores, names)


async def _lock(
    tx: Tx, names: set[str], stored: Stored, entries: Iterable[AuditEntry]
) -> tuple[dict[str, _Scope], dict[str, tuple[int, str]]]:
    """The scopes by name, made where absent and locked in ascending id order; after them the heads of the chains."""
    organisations = {entry.organisation for entry in entries}
    if not names and not organisations:
        return {}, {}
    new = sorted(names - stored.scopes)
    if new:
        await tx.later(
            "INSERT INTO scope (name, version, holders_version, live, digest, horizon, store)"
            " SELECT r.name, 0, 0, 0, 0, 0, 'keep' FROM unnest($1::text[]) r (name) WHERE true"
            " ON CONFLICT (name) DO NOTHING",
            new,
        )
    scopes_of = (
        "SELECT id, name, version, live, digest, store FROM scope WHERE name = any($1) ORDER BY id" + for_update(tx),
        [sorted(names)],
    )
    rows, heads = await tx.fetch_all(scopes_of, audit.heads_of(tx, organisations))
    return {row[1]: _Scope(*row) for row in rows}, await audit.lock_heads(tx, organisations, heads)


async def _write_records(tx: Tx, change: Change, now: str) -> None:
    if change.put:
        await tx.later(
            "INSERT INTO record (id, entity, aggregate_id, owner_unit, body, updated_at)"
            " SELECT r.id, r.entity, r.home, r.owner, r.body, $6"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) r (id, entity, home, owner, body)"
            " WHERE true ON CONFLICT (id) DO UPDATE SET body = excluded.body, owner_unit = excluded.owner_unit,"
            " updated_at = excluded.updated_at",
            *columns((row.id, row.entity, row.aggregate_id, row.owner_unit, row.body) for row in change.put),
            now,
        )
    if change.remove:
        await tx.later("DELETE FROM record WHERE id = any($1)", list(change.remove))


def _give_versions(scopes: Mapping[str, _Scope], todo: _Difference, stored: Stored) -> None:
    """Each scope's changes in a fixed order, its version raised by one for each, and at least once."""
    for name, entity, id, doc, hashed, aggregate in todo.set_docs:
        scopes[name].set.append((entity, id, doc, hashed, aggregate))
    for name, entity, id in todo.gone_docs:
        scopes[name].gone.append((entity, id))
    for _, name in (*todo.set_grants, *todo.ended):
        scopes[name].holders_changed = True
    for scope in scopes.values():
        before = scope.version
        for entity, id, doc, hashed, aggregate in sorted(scope.set):
            scope.version += 1
            known = stored.docs.get((scope.name, entity, id))
            if known is None:
                scope.live += 1
            else:
                scope.sum -= digest.share(entity, id, known[1])
            scope.sum += digest.share(entity, id, scope.version)
            scope.rows.append((entity, id, scope.version, doc, hashed, aggregate))
        for entity, id in sorted(scope.gone):
            scope.version += 1
            scope.live -= 1
            scope.sum -= digest.share(entity, id, stored.docs[(scope.name, entity, id)][1])
            scope.rows.append((entity, id, scope.version, None, "", ""))
        if scope.version == before:
            scope.version += 1
        scope.store = todo.stores.get(scope.name, KEEP) if scope.name.startswith(CHILD) else scope.store


async def _write_feed(tx: Tx, scopes: Mapping[str, _Scope], now: str) -> None:
    rows = [(scope.id, *row) for scope in scopes.values() for row in scope.rows]
    if rows:
        # A tombstone keeps its row's aggregate: the update leaves that column alone.
        await tx.later(
            "INSERT INTO feed (scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at)"
            " SELECT r.scope, r.entity, r.id, r.version, r.doc, r.hash, r.home, $8"
            " FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])"
            " r (scope, entity, id, version, doc, hash, home) WHERE true"
            " ON CONFLICT (scope_id, entity, doc_id) DO UPDATE SET"
            " version = excluded.version, doc = excluded.doc, hash = excluded.hash, changed_at = excluded.changed_at",
            *columns(rows),
            now,
        )
    await tx.later(
        "UPDATE scope SET version = r.version, live = r.live, digest = r.digest, store = r.store,"
        " holders_version = CASE WHEN r.holders > 0 THEN r.holders ELSE holders_version END"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[])"
        " r (id, version, live, digest, store, holders) WHERE scope.id = r.id",
        *columns(
            (
                scope.id,
                scope.version,
                scope.live,
                scope.sum % digest.MODULUS,
                scope.store,
                scope.version if scope.holders_changed else 0,
            )
            for scope in scopes.values()
        ),
    )


async def _write_grants(tx: Tx, scopes: Mapping[str, _Scope], todo: _Difference, now: str) -> None:
    if todo.set_grants:
        given = [
            (seat, scopes[name].id, home, until) for (seat, name), (until, home) in sorted(todo.set_grants.items())
        ]
        await tx.later(
            "INSERT INTO grant_ (seat_id, scope_id, aggregate_id, valid_until) SELECT r.seat, r.scope, r.home, r.until"
            " FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) r (seat, scope, home, until) WHERE true"
            " ON CONFLICT (seat_id, scope_id) DO UPDATE SET valid_until = excluded.valid_until,"
            " aggregate_id = excluded.aggregate_id",
            *columns(given),
        )
        await tx.later(
            "DELETE FROM purge WHERE (scope_id, replica_id) IN (SELECT r.scope, d.id"
            " FROM unnest($1::text[], $2::bigint[]) r (seat, scope) JOIN replica d ON d.seat_id = r.seat)",
            *columns(row[:2] for row in given),
        )
    if not todo.ended:
        return
    lost = columns((seat, scopes[name].id) for seat, name in todo.ended)
    # The devices that may hold copies: each answers with `dropped` when it has erased them.
    await tx.later(
        "INSERT INTO purge (scope_id, replica_id, aggregate_id, ended_at) SELECT g.scope_id, d.id, g.aggregate_id, $3"
        " FROM unnest($1::text[], $2::bigint[]) r (seat, scope)"
        " JOIN grant_ g ON g.seat_id = r.seat AND g.scope_id = r.scope JOIN replica d ON d.seat_id = r.seat WHERE true"
        " ON CONFLICT (scope_id, replica_id) DO UPDATE SET ended_at = excluded.ended_at, dropped_at = NULL",
        *lost,
        now,
    )
    await tx.later(
        "DELETE FROM grant_ WHERE (seat_id, scope_id) IN (SELECT r.seat, r.scope"
        " FROM unnest($1::text[], $2::bigint[]) r (seat, scope))",
        *lost,
    )
