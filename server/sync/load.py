"""Loading what a decision or a projection needs: aggregates with their rows, and the rows of others that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

import msgspec

from server.features import Registry
from server.features.around import Around
from server.features.shape import Row, Writes
from server.storage.change import StoredRecord
from server.storage.engine import Tx
from server.storage.read import records, records_of


def decoded(registry: Registry, record: StoredRecord) -> Row:
    """The feature's own row."""
    return msgspec.json.decode(record.body, type=registry.by_entity[record.entity].row)


def encoded(row: Row, aggregate: str) -> StoredRecord:
    """The stored form of a feature's row."""
    return StoredRecord(row.id, row.entity, aggregate, row.owner_unit, msgspec.json.encode(row).decode())


async def named(tx: Tx, registry: Registry, rows: Iterable[Row], more: Iterable[str] = ()) -> dict[str, Row]:
    """Units, colleagues and areas that these rows name, and those that they name in turn."""
    found: dict[str, Row] = {}
    wanted = {id for row in rows for id in row.refers_to()} | set(more)
    for _ in range(2):
        new = wanted - found.keys()
        if not new:
            break
        for record in await records(tx, new):
            found[record.id] = decoded(registry, record)
        wanted = {id for row in found.values() for id in row.refers_to()}
    return found


async def around(
    tx: Tx, registry: Registry, locked: Mapping[str, tuple[str, str]], now: datetime, more: Sequence[str] = ()
) -> dict[str, Around]:
    """Each of the (locked) aggregates with its rows; `more` names further rows the decision reads."""
    ids = sorted(locked)
    kept = {
        id: tuple(decoded(registry, record) for record in group)
        for id, group in groupby(
            sorted(await records_of(tx, ids), key=lambda record: (record.aggregate_id, record.id)),
            key=lambda record: record.aggregate_id,
        )
    }
    owners = {owner for _, owner in locked.values() if owner}
    others = await named(tx, registry, (row for rows in kept.values() for row in rows), owners | set(more))
    asking = sorted(id for id, rows in kept.items() if any(row.shows_purges for row in rows))
    purges = await _purges(tx, asking) if asking else {}
    return {
        id: Around(
            id=id,
            kind=locked[id][0],
            owner_unit=locked[id][1],
            now=now,
            rows=kept.get(id, ()),
            named=_reached(kept.get(id, ()), locked[id][1], more, others),
            purges=purges.get(id, {}),
        )
        for id in ids
    }


def _reached(rows: Sequence[Row], owner: str, more: Sequence[str], others: Mapping[str, Row]) -> dict[str, Row]:
    """Of what was loaded for several aggregates, what this one names: published alike, whoever was loaded beside."""
    near = {id: others[id] for row in rows for id in row.refers_to() if id in others}
    near |= {id: others[id] for id in (owner, *more) if id in others}
    return {id: others[id] for row in near.values() for id in row.refers_to() if id in others} | near


async def with_named(tx: Tx, registry: Registry, around: Around, changed: Sequence[Row]) -> Around:
    """The aggregate once `changed` are kept, with whatever they newly name."""
    after = around.after(Writes(), changed)
    known = after.named.keys() | {row.id for row in after.rows}
    if {id for row in after.rows for id in row.refers_to()} <= known:
        return after
    owner = {after.owner_unit} - {""}
    return replace(after, named={**after.named, **await named(tx, registry, after.rows, owner)})


def beside(arounds: Mapping[str, Around], id: str) -> Around:
    """One aggregate of a command with several targets, the others beside it."""
    return replace(arounds[id], others={key: value for key, value in arounds.items() if key != id})


async def _purges(tx: Tx, ids: Sequence[str]) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for aggregate, name, devices, confirmed in await tx.fetch(
        "SELECT p.aggregate_id, s.name, count(*), count(p.dropped_at) FROM purge p JOIN scope s ON s.id = p.scope_id"
        " WHERE p.aggregate_id = any($1) GROUP BY p.aggregate_id, s.name",
        list(ids),
    ):
        found.setdefault(aggregate, {})[name] = (devices, confirmed)
    return found
