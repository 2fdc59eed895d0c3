"""Saying a due reminder: the account gets a notice, and each of its devices a delivery. All in one transaction.

1. Lock the reminder's aggregate, then see whether the claim is still ours: whoever changes what a reminder follows from
   holds the same lock, so from here on nothing moves under it.
2. Ask the rows whether it is still to be said.
3. Lock the account's own aggregate and put the notice there, unless the reminder is about a notice already.
4. One delivery for each live device, not before the person's quiet hours have ended.
"""

from __future__ import annotations

import json
from datetime import datetime

from server.domain.instants import to_text
from server.features.notice import NoticeRow, notice_row
from server.features.publish import publish
from server.features.settings import SettingsRow
from server.features.shape import Moment, Notice
from server.ids import derived_id
from server.push import plan
from server.push.claims import Claim
from server.push.wanted import NOTICE, Saying, is_wanted, saying
from server.storage import commit
from server.storage.change import Change
from server.storage.engine import Tx
from server.storage.lock import create_aggregate, for_update, lock_aggregates
from server.sync import load
from server.sync.house import House

PUSH, NONE = "push", "none"


async def say(house: House, claim: Claim) -> str | None:
    """What became of it: `done`, `superseded` or `expired`; None when it was no longer ours."""
    now = house.clock.now()
    async with house.engine.write() as tx:
        said = await saying(tx, claim.id)
        if said is None:
            return None
        locked = await lock_aggregates(tx, [said.aggregate])
        if not await is_ours(tx, claim):
            return None
        state, data = "superseded", said.data
        if said.is_over(now):
            state = "expired"
        elif locked and await is_wanted(house, tx, said, now):
            state, data = "done", await _tell(house, tx, said, now)
        await tx.execute(
            "UPDATE reminder SET state = $2, sent_at = $3, data = $4 WHERE id = $1",
            claim.id,
            state,
            to_text(now),
            json.dumps(data, sort_keys=True),
        )
    if state == "done":
        await house.committed()
    return state


async def is_ours(tx: Tx, claim: Claim) -> bool:
    """True when nobody has taken the reminder over or called it off; from here it is locked."""
    row = await tx.fetch_one(f"SELECT state, claimed_until FROM reminder WHERE id = $1{for_update(tx)}", claim.id)
    return row is not None and (row[0], row[1]) == ("claimed", claim.until)


async def _tell(house: House, tx: Tx, said: Saying, now: datetime) -> dict[str, str]:
    """Notice and deliveries; the reminder's data with the notice in it."""
    await create_aggregate(tx, said.account, kind="user", owner_unit="", now=to_text(now))
    locked = await lock_aggregates(tx, [said.account])
    around = (await load.around(tx, house.registry, locked, now))[said.account]
    settings = around.first(SettingsRow)
    notice = next((row for row in around.all(NoticeRow) if row.id == said.record), None)
    if notice is None:
        if way_of(settings, said.kind) == NONE:
            return said.data
        entity = said.data.get("entity") or await tx.fetch_value("SELECT entity FROM record WHERE id = $1", said.record)
        told = Notice(
            said.account,
            said.kind,
            entity or "",
            said.data.get("doc") or said.record,
            urgent=said.data.get("urgent") == "1",
        )
        notice = notice_row(told, Moment(now, said.id))
        after = await load.with_named(tx, house.registry, around, [notice])
        published = {said.account: publish(house.registry, after)}
        await commit.apply(tx, Change(put=(load.encoded(notice, said.account),), published=published), to_text(now))
        # This very reminder says the notice: the one that the notice asks for is done with it.
        await tx.execute(
            "UPDATE reminder SET state = 'done' WHERE record_id = $1 AND kind = $2 AND state = 'due'", notice.id, NOTICE
        )
    if way_of(settings, notice.kind) == PUSH:
        await _deliver(tx, said, plan.not_before(now, quiet_of(settings), urgent=notice.urgent), now)
    return {**said.data, NOTICE: notice.id}


async def _deliver(tx: Tx, said: Saying, at: datetime, now: datetime) -> None:
    """One delivery for each device that has answered, is not dead and was not signed out.

    A session that merely ran out counts: what is pushed says nothing, and it is what brings the person back.
    """
    rows = await tx.fetch(
        "SELECT p.id FROM push_subscription p JOIN session s ON s.id = p.session_id WHERE p.account_id = $1"
        " AND p.dead_at IS NULL AND p.confirmed_at IS NOT NULL AND (s.ended_at IS NULL OR s.end_reason = 'expired')"
        " ORDER BY p.id",
        said.account,
    )
    await tx.execute_many(
        "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
        " VALUES ($1, $2, $3, 'due', 0, $4, $5) ON CONFLICT (reminder_id, subscription_id) DO NOTHING",
        [(derived_id(now, f"{said.id}/{id}", 0), said.id, id, to_text(at), to_text(now)) for (id,) in rows],
    )


def way_of(settings: SettingsRow | None, kind: str) -> str:
    """`push`, `in_app` or `none`, as the person has chosen for this kind."""
    return PUSH if settings is None else settings.kinds.get(kind, PUSH)


def quiet_of(settings: SettingsRow | None) -> tuple[str | None, str | None]:
    """(from, to) of the person's own quiet hours, None where they have not chosen."""
    return (None, None) if settings is None else (settings.quiet_from, settings.quiet_to)
