"""Is a database whole? Everything that must follow from its rows, worked out anew and compared."""

from __future__ import annotations

from datetime import datetime

from server.domain import digest
from server.features import load as registry
from server.features.publish import publish
from server.storage import audit
from server.storage.engine import Engine, Tx
from server.sync import load


async def problems(engine: Engine, now: datetime) -> list[str]:
    """What does not fit together; `now` must be the instant of the last change (what follows from time is not mended)."""
    async with engine.read() as tx:
        return [*await _published(tx, now), *await _scopes(tx), *await audit.verify(tx), *await _receipts(tx)]


async def _published(tx: Tx, now: datetime) -> list[str]:
    """Feed and grants against those computed from the rows of every aggregate."""
    homes = {id: (kind, owner) for id, kind, owner in await tx.fetch("SELECT id, kind, owner_unit FROM aggregate")}
    docs: dict[tuple[str, str, str], str] = {}
    grants: dict[tuple[str, str], str] = {}
    for around in (await load.around(tx, registry(), homes, now)).values():
        published = publish(registry(), around)
        docs |= published.docs
        grants |= published.grants
    kept = {
        (name, entity, id): doc
        for name, entity, id, doc in await tx.fetch(
            "SELECT s.name, f.entity, f.doc_id, f.doc FROM feed f JOIN scope s ON s.id = f.scope_id WHERE f.doc IS NOT NULL"
        )
    }
    held = {
        (seat, name): until
        for seat, name, until in await tx.fetch(
            "SELECT g.seat_id, s.name, g.valid_until FROM grant_ g JOIN scope s ON s.id = g.scope_id"
        )
    }
    wrong = [f"feed: {key}" for key in sorted(docs.keys() | kept.keys()) if docs.get(key) != kept.get(key)]
    wrong += [
        f"orphan grant: {key}" if key not in grants else f"grant: {key}"
        for key in sorted(grants.keys() | held.keys())
        if grants.get(key) != held.get(key)
    ]
    for id, aggregate, owner in await tx.fetch("SELECT id, aggregate_id, owner_unit FROM record"):
        if not owner and homes[aggregate][0] not in ("user", "area"):
            wrong.append(f"no owner: {id} in a {homes[aggregate][0]}")
    return wrong


async def _scopes(tx: Tx) -> list[str]:
    """Digest, count and versions of each scope against its rows."""
    rows: dict[int, list[tuple[str, str, int]]] = {}
    tops: dict[int, int] = {}
    for scope, entity, id, version, doc in await tx.fetch("SELECT scope_id, entity, doc_id, version, doc FROM feed"):
        tops[scope] = max(version, tops.get(scope, 0))
        if doc is not None:
            rows.setdefault(scope, []).append((entity, id, version))
    wrong = []
    for id, name, version, live, total in await tx.fetch("SELECT id, name, version, live, digest FROM scope"):
        if digest.written(live, total) != digest.of_rows(rows.get(id, [])):
            wrong.append(f"digest: {name}")
        if tops.get(id, 0) > version:
            wrong.append(f"version: {name}")
    return wrong


async def _receipts(tx: Tx) -> list[str]:
    """The numbers of each replica are without gaps."""
    return [
        f"receipts: {replica}"
        for replica, last_n, count, most in await tx.fetch(
            "SELECT r.id, r.last_n, count(c.n), coalesce(max(c.n), 0) FROM replica r"
            " LEFT JOIN receipt c ON c.replica_id = r.id GROUP BY r.id, r.last_n"
        )
        if not last_n == count == most
    ]
