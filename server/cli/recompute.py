"""Is what is published what the rows would publish? Recomputed for every aggregate, as a commit would.

Some documents follow from the day as well as from rows (a child turns thirteen). They are published anew by a deed of
the house; until then the stored document is that of the aggregate's last publication, and counts as right.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain.instants import from_text, to_text
from server.features import Registry
from server.features.publish import publish
from server.storage.change import DocKey, GrantKey, Publication
from server.storage.engine import Tx
from server.storage.planned import ACT
from server.sync import load

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the rows say."""

    aggregate: str
    text: str


@dataclass(slots=True)
class _Stored:
    docs: dict[DocKey, tuple[str, str]]
    grants: dict[GrantKey, str]
    reminders: set[tuple[str, str, str, str]]
    published_at: str


async def differences(tx: Tx, registry: Registry, ids: Sequence[str], now: datetime) -> AsyncIterator[Difference]:
    """Every difference, aggregate by aggregate, in the order of `ids`."""
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        kinds = {
            id: (kind, owner)
            for id, kind, owner in await tx.fetch(
                "SELECT id, kind, owner_unit FROM aggregate WHERE id = any($1)", chunk
            )
        }
        arounds = await load.around(tx, registry, kinds, now)
        stored = await _stored(tx, chunk)
        for id in chunk:
            found = list(_compare(id, publish(registry, arounds[id]), stored[id], to_text(now)))
            if found and stored[id].published_at:
                then = from_text(stored[id].published_at)
                before = (await load.around(tx, registry, {id: kinds[id]}, then))[id]
                aged = {one.text for one in _compare(id, publish(registry, before), stored[id], to_text(now))}
                found = [one for one in found if one.text in aged]
            for difference in found:
                yield difference


async def _stored(tx: Tx, ids: list[str]) -> dict[str, _Stored]:
    found = {id: _Stored({}, {}, set(), "") for id in ids}
    for aggregate, scope, entity, doc, text, hashed, at in await tx.fetch(
        "SELECT f.aggregate_id, s.name, f.entity, f.doc_id, f.doc, f.hash, f.changed_at FROM feed f"
        " JOIN scope s ON s.id = f.scope_id WHERE f.aggregate_id = any($1)",
        ids,
    ):
        if text is not None:
            found[aggregate].docs[(scope, entity, doc)] = (text, hashed)
        found[aggregate].published_at = max(found[aggregate].published_at, at)
    for aggregate, seat, scope, until in await tx.fetch(
        "SELECT g.aggregate_id, g.seat_id, s.name, g.valid_until FROM grant_ g JOIN scope s ON s.id = g.scope_id"
        " WHERE g.aggregate_id = any($1)",
        ids,
    ):
        found[aggregate].grants[(seat, scope)] = until
    for aggregate, record, kind, account, due in await tx.fetch(
        "SELECT aggregate_id, record_id, kind, account_id, due_at FROM reminder"
        " WHERE aggregate_id = any($1) AND state IN ('due', 'claimed')",
        ids,
    ):
        found[aggregate].reminders.add((record, kind, account, due))
    return found


def _compare(id: str, wanted: Publication, stored: _Stored, now: str) -> list[Difference]:
    texts: list[str] = []
    for key in sorted(wanted.docs.keys() | stored.docs.keys()):
        scope, entity, doc = key
        where = f"{entity} {doc} in {scope}"
        kept = stored.docs.get(key)
        if kept is None:
            texts.append(f"feed: {where} is missing")
        elif key not in wanted.docs:
            texts.append(f"feed: {where} should not be there")
        elif kept[0] != wanted.docs[key]:
            texts.append(f"feed: {where} is not what its row says")
        elif kept[1] != hashlib.blake2b(kept[0].encode(), digest_size=12).hexdigest():
            texts.append(f"feed: {where} has another fingerprint than its text")
    live = {key: until for key, until in stored.grants.items() if until > now}
    due = {key: until for key, until in wanted.grants.items() if until > now}
    texts += [f"grants: seat {seat} holds {scope} without a reason" for seat, scope in sorted(live.keys() - due.keys())]
    texts += [f"grants: seat {seat} does not hold {scope}" for seat, scope in sorted(due.keys() - live.keys())]
    texts += [
        f"grants: seat {seat} holds {scope} for another time"
        for seat, scope in sorted(live.keys() & due.keys())
        if live[(seat, scope)] != due[(seat, scope)]
    ]
    later = {key for key in wanted.reminders if key[3] > now}
    planned = {key for key in stored.reminders if key[3] > now}
    texts += [
        f"reminders: {kind} of {record} at {at} is not planned" for record, kind, _, at in sorted(later - planned)
    ]
    texts += [
        f"reminders: {kind} of {record} at {at} is planned without a reason"
        for record, kind, _, at in sorted(planned - later)
        if not kind.startswith(ACT)
    ]
    return [Difference(id, text) for text in texts]
