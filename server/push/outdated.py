"""Outdated: what has waited and is true no longer. Each feature says of its own notices when that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from server.features import Registry
from server.features.notice import NoticeRow
from server.storage.engine import Tx


async def outdated(tx: Tx, registry: Registry, waited: Mapping[str, NoticeRow]) -> frozenset[str]:
    """Of {reminder: notice that has waited} those in whose place newer news is said, and those that hold no longer."""
    if not waited:
        return frozenset()
    newer: dict[tuple[str, str], str] = {}
    for row in await _news(tx, registry, {notice.account for notice in waited.values()}):
        newer[(row.account, row.doc)] = max(newer.get((row.account, row.doc), ""), row.at)
    found = {id for id, notice in waited.items() if newer.get((notice.account, notice.doc), "") > notice.at}
    return frozenset(found | await _untrue(tx, registry, waited))


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
