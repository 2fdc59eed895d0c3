"""Outdated: what has waited and is true no longer, or is no longer theirs who were to hear it.

Each feature says of its own notices when they are true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from server.features import Registry, belonging, circle
from server.features.notice import NoticeRow
from server.storage.engine import Tx
from server.sync import load

_OF_CHILDREN = (
    "SELECT r.id, a.id, a.owner_unit FROM record r JOIN aggregate a ON a.id = r.aggregate_id"
    " WHERE r.id = any($1) AND a.kind = 'child'"
)


async def outdated(tx: Tx, registry: Registry, waited: Mapping[str, NoticeRow], now: datetime) -> frozenset[str]:
    """Of {reminder: notice that has waited} those in whose place newer news is said, those that hold no longer, and
    those about a child whom the person has nothing to do with any more.
    """
    if not waited:
        return frozenset()
    newer: dict[tuple[str, str], str] = {}
    for row in await _news(tx, registry, {notice.account for notice in waited.values()}):
        newer[(row.account, row.doc)] = max(newer.get((row.account, row.doc), ""), row.at)
    found = {id for id, notice in waited.items() if newer.get((notice.account, notice.doc), "") > notice.at}
    return frozenset(found | await _untrue(tx, registry, waited) | await _not_theirs(tx, registry, waited, now))


async def _news(tx: Tx, registry: Registry, accounts: Iterable[str]) -> list[NoticeRow]:
    rows = await tx.fetch(
        "SELECT body FROM record WHERE aggregate_id = any($1) AND entity || '' = $2", sorted(accounts), NoticeRow.entity
    )
    found = (msgspec.json.decode(body, type=NoticeRow) for (body,) in rows)
    return [row for row in found if (feature := registry.by_entity.get(row.about)) and row.kind in feature.overrides]


async def _untrue(tx: Tx, registry: Registry, waited: Mapping[str, NoticeRow]) -> set[str]:
    """Those whose row is in another state than the ones in which they are true, or is gone."""
    asked = {
        id: (feature.row, notice.doc, feature.said_in[notice.kind])
        for id, notice in waited.items()
        if (feature := registry.by_entity.get(notice.about)) and notice.kind in feature.said_in
    }
    if not asked:
        return set()
    bodies = dict(
        await tx.fetch("SELECT id, body FROM record WHERE id = any($1)", sorted({doc for _, doc, _ in asked.values()}))
    )
    return {
        id
        for id, (kind, doc, states) in asked.items()
        if doc not in bodies or getattr(msgspec.json.decode(bodies[doc], type=kind), "state", None) not in states
    }


async def _not_theirs(tx: Tx, registry: Registry, waited: Mapping[str, NoticeRow], now: datetime) -> set[str]:
    """Those for somebody whose part in the family has ended, or who is outside the circle of a protected child."""
    rows = await tx.fetch(_OF_CHILDREN, sorted({notice.doc for notice in waited.values() if notice.doc}))
    homes = {doc: child for doc, child, _ in rows}
    arounds = await load.around(tx, registry, {child: ("child", owner) for _, child, owner in rows}, now)
    found = set()
    for id, notice in waited.items():
        child = arounds.get(homes.get(notice.doc, ""))
        if child is None:
            continue
        has_left = notice.family is True and circle.relation_of(child, notice.account) is None
        if has_left or not belonging.hears(child, notice.account):
            found.add(id)
    return found
