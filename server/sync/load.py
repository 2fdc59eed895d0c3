"""Loading what a decision or a projection needs: aggregates with their rows, and the rows of others that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

import msgspec

from server.features import Registry
from server.features.around import Around
from server.features.shape import Row, Writes
from server.storage.change import StoredRecord
from server.storage.engine import Asked, Tx
from server.storage.portable import one_after_the_other
from server.storage.read import records, records_asked

_by_id = itemgetter(0)
MOST_REMEMBERED = 4096
_named_before: dict[str, tuple[str, ...]] = {}
"""{aggregate: ids it named when it was last loaded}: a guess that saves asking twice. What they say is always read."""


def decoded(registry: Registry, record: StoredRecord) -> Row:
    """The feature's own row."""
    return _row(registry, record.entity, record.body)


def _row(registry: Registry, entity: str, body: str) -> Row:
    return msgspec.json.decode(body, type=registry.by_entity[entity].row)


def encoded(row: Row, aggregate: str) -> StoredRecord:
    """The stored form of a feature's row."""
    return StoredRecord(row.id, row.entity, aggregate, row.owner_unit, msgspec.json.encode(row).decode())


async def around(
    tx: Tx, registry: Registry, locked: Mapping[str, tuple[str, str]], now: datetime, more: Sequence[str] = ()
) -> dict[str, Around]:
    """Each of the (locked) aggregates with its rows and purges; `more` names further rows the decision reads."""
    arounds, _ = await around_and(tx, registry, locked, now, more)
    asking = [id for id, one in arounds.items() if shows_purges(one)]
    purges = await _purges(tx, asking) if asking else {}
    return {id: replace(one, purges=purges[id]) if id in purges else one for id, one in arounds.items()}


async def around_and(
    tx: Tx,
    registry: Registry,
    locked: Mapping[str, tuple[str, str]],
    now: datetime,
    more: Sequence[str] = (),
    seeing: Asked | None = None,
) -> tuple[dict[str, Around], set[tuple[str, str]]]:
    """The aggregates without their purges; (id, entity) of what is seen of what `seeing` (see `read.visible`) asks for.

    One exchange with the database, as long as they name what they named before.
    """
    ids = sorted(locked)
    guessed = {one for id in ids for one in _named_before.get(id, ())}
    guessed |= {owner for _, owner in locked.values() if owner} | set(more)
    asked = records_asked(ids, sorted(guessed))
    sql, args = asked if seeing is None else one_after_the_other((asked, seeing))
    seen: set[tuple[str, str]] = set()
    own: dict[str, list[Row]] = {id: [] for id in ids}
    found: dict[str, Row] = {}
    for id, entity, home, _, body in sorted(await tx.fetch(sql, *args), key=_by_id):
        if body is None:
            seen.add((id, entity))
            continue
        row = found[id] = _row(registry, entity, body)
        if home in own:
            own[home].append(row)
    wanted = {id: (own[id], (locked[id][1], *more)) for id in ids}
    near = await _complete(tx, registry, wanted, found, guessed)
    if len(_named_before) > MOST_REMEMBERED:
        _named_before.clear()
    if not more:
        _named_before.update({id: tuple(names) for id, names in near.items()})
    return {
        id: Around(
            id=id,
            kind=locked[id][0],
            owner_unit=locked[id][1],
            now=now,
            rows=tuple(own[id]),
            named={one: found[one] for one in near[id] if one in found},
        )
        for id in ids
    }, seen


def _near(rows: Iterable[Row], more: Iterable[str], found: Mapping[str, Row]) -> set[str]:
    """What these rows name, and what that names in turn: published alike, whoever was loaded beside."""
    near = {id for row in rows for id in row.refers_to()} | {id for id in more if id}
    return near | {id for one in near if one in found for id in found[one].refers_to()}


async def _complete(
    tx: Tx,
    registry: Registry,
    wanted: Mapping[str, tuple[Iterable[Row], Iterable[str]]],
    found: dict[str, Row],
    asked: set[str],
) -> dict[str, set[str]]:
    """{aggregate: what its rows name}; what was not found and not asked for is read, and added to `found`."""
    while True:
        near = {id: _near(rows, more, found) for id, (rows, more) in wanted.items()}
        missing = set[str]().union(*near.values()) - found.keys() - asked
        if not missing:
            return near
        asked |= missing
        for record in await records(tx, missing):
            found[record.id] = decoded(registry, record)


async def with_named(tx: Tx, registry: Registry, around: Around, changed: Sequence[Row]) -> Around:
    """The aggregate once `changed` are kept, with whatever they newly name."""
    after = around.after(Writes(), changed)
    found = {**after.named, **{row.id: row for row in after.rows}}
    asked = _near(around.rows, (around.owner_unit,), found)
    near = await _complete(tx, registry, {after.id: (after.rows, (after.owner_unit,))}, found, asked)
    new = {id: found[id] for id in near[after.id] if id in found and id not in after.named}
    return replace(after, named={**after.named, **new}) if new else after


def beside(arounds: Mapping[str, Around], id: str) -> Around:
    """One aggregate of a command with several targets, the others beside it."""
    return replace(arounds[id], others={key: value for key, value in arounds.items() if key != id})


def shows_purges(around: Around) -> bool:
    """True when what it shows depends on how many devices have erased something."""
    return any(row.shows_purges for row in around.rows)


async def _purges(tx: Tx, ids: Sequence[str]) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for aggregate, name, devices, confirmed in await tx.fetch(
        "SELECT p.aggregate_id, s.name, count(*), count(p.dropped_at) FROM purge p JOIN scope s ON s.id = p.scope_id"
        " WHERE p.aggregate_id = any($1) GROUP BY p.aggregate_id, s.name",
        list(ids),
    ):
        found.setdefault(aggregate, {})[name] = (devices, confirmed)
    return found
