"""The next way: some time after something was told, see whether it arrived anywhere; if not, tell it by the next way.

It arrived when a device says that it has shown it, when a message was taken by its server, or when the person has read
the notice. Accepted by a push service is not arrived: the phone may be off, or have dropped the subscription. When no
way is left, and it matters, those on duty for the child see whom they have not reached.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server import metrics
from server.domain.instants import to_text
from server.errors import Refused
from server.features.notice import NoticeRow
from server.features.settings import CHANNELS
from server.ids import derived_id, new_id
from server.push import health
from server.push.claims import OPEN
from server.push.people import NEXT, PUSH
from server.push.ready import Later
from server.push.saying import Ways
from server.storage.engine import Tx
from server.sync import push
from server.sync.house import House

AGAIN: Final = timedelta(minutes=5)
"""When to look again while a message is on its way."""


async def go_on(house: House, later: Later, ways: Ways) -> None:
    """One step for one reminder and person; done again by another worker it does no more than once."""
    now = house.clock.now()
    async with house.engine.write() as tx:
        ours = await tx.fetch_one(
            "SELECT 1 FROM delivery WHERE id = $1 AND state || '' = 'claimed' AND next_at = $2",
            later.claim.id,
            later.claim.until,
        )
        if ours is None:
            return
        tried = {
            way: (state, at)
            for way, state, at in await tx.fetch(
                "SELECT subscription_id, state, at FROM delivery WHERE reminder_id = $1", later.said.id
            )
            if way != NEXT
        }
        step = _step(later, ways, {way: state for way, (state, _) in tried.items()})
        await _take(tx, later, step, now)
    for way, (state, at) in sorted(tried.items()):
        if way not in CHANNELS and state == "sent":
            await health.note(house, way, unanswered_since=at)
    if step == "nobody" and later.notice.kind in house.registry.missed:
        await _mark(house, later)


def _step(later: Later, ways: Ways, tried: dict[str, str]) -> str:
    """`arrived`, `wait`, the next way, or `nobody`."""
    if any(state == "seen" or (way in CHANNELS and state == "sent") for way, state in tried.items()):
        return "arrived"
    if any(way in CHANNELS and state in OPEN for way, state in tried.items()):
        return "wait"
    left = [way for way in later.person.ways(later.notice.kind, ways.channels) if way != PUSH and way not in tried]
    return left[0] if left else "nobody"


async def _take(tx: Tx, later: Later, step: str, now: datetime) -> None:
    at = to_text(now)
    if step in ("arrived", "nobody"):
        state = "seen" if step == "arrived" else "failed"
        await tx.execute("UPDATE delivery SET state = $2, at = $3 WHERE id = $1", later.claim.id, state, at)
        return
    await tx.execute(
        "UPDATE delivery SET state = 'due', next_at = $2 WHERE id = $1", later.claim.id, to_text(now + AGAIN)
    )
    if step == "wait":
        return
    await tx.execute(
        "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
        " VALUES ($1, $2, $3, 'due', 0, $4, $4) ON CONFLICT (reminder_id, subscription_id) DO NOTHING",
        derived_id(now, f"{later.said.id}/{step}", 0),
        later.said.id,
        step,
        at,
    )
    # What a device has not taken by now would come on top of the message. One that is under way, or waits because its
    # service asked for a pause, keeps its lane: `ready` calls it off when it comes up again.
    await tx.execute(
        "UPDATE delivery SET state = 'superseded', at = $2 WHERE reminder_id = $1 AND state || '' = 'due'"
        " AND subscription_id NOT IN ('email', 'sms', 'next')",
        later.said.id,
        at,
    )


async def _mark(house: House, later: Later) -> None:
    """Whoever told it sees it beside the thing itself; of what belongs to a child only of its family."""
    notice: NoticeRow = later.notice
    mark = house.registry.commands[house.registry.missed[notice.kind]]
    args = {
        "account": notice.account,
        "notice": notice.id,
        "about": notice.about,
        "doc": notice.doc,
        "kind": notice.kind,
    }
    if "child" in mark.model_fields:
        async with house.engine.read() as tx:
            child = await tx.fetch_value(
                "SELECT a.id FROM record r JOIN aggregate a ON a.id = r.aggregate_id"
                " WHERE r.id = $1 AND a.kind = 'child'",
                notice.doc,
            )
        if child is None:
            return
        args["child"] = child
    with suppress(Refused):
        await push.act(house, mark.model_validate(args), later.claim.id)
        metrics.unreached()


async def settle(house: House) -> int:
    """Takes away those who have opened the notice meanwhile; returns how many."""
    entities = sorted(feature.entity for feature in house.registry.features if feature.missed)
    async with house.engine.read() as tx:
        marked = {
            id: (entity, msgspec.json.decode(body, type=_Marked).notice)
            for id, entity, body in await tx.fetch(
                "SELECT id, entity, body FROM record WHERE entity = any($1)", entities
            )
        }
        if not marked:
            return 0
        unread = {
            row.id
            for (body,) in await tx.fetch(
                "SELECT body FROM record WHERE id = any($1) AND entity = $2",
                sorted({notice for _, notice in marked.values()}),
                NoticeRow.entity,
            )
            for row in (msgspec.json.decode(body, type=NoticeRow),)
            if row.read_at is None
        }
    opened = {id: entity for id, (entity, notice) in marked.items() if notice not in unread}
    for id, entity in opened.items():
        command = house.registry.commands[f"{entity}.forget"].model_validate({"record": id})
        with suppress(Refused):
            await push.act(house, command, new_id(house.clock.now()))
    return len(opened)


class _Marked(msgspec.Struct):
    """What every mark has."""

    notice: str
