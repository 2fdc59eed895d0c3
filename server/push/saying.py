"""Saying due reminders: each account gets a notice, and a delivery for each way. Many at once, in one transaction.

1. Lock the reminders' aggregates, then see which claims are still ours: whoever changes what a reminder follows from
   holds the same lock, so from here on nothing moves under them.
2. Ask the rows whether each is still to be said.
3. Lock the accounts' own aggregates and put the notices there, unless a reminder is about a notice already.
4. One delivery for each live device or the chosen channel, not before the person's quiet hours have ended; and one that
   looks later whether anybody was reached.

A batch holds either reminders of accounts' own aggregates or others, never both: so all who lock take children (and the
like) before accounts, each in ascending order, and nobody waits in a circle.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.domain.instants import to_text
from server.features.around import Around
from server.features.notice import NoticeRow, is_of_family, notice_row
from server.features.publish import publish
from server.features.settings import CODES
from server.features.shape import Moment, Notice
from server.features.unreached import MATTERS
from server.ids import derived_id
from server.push import plan
from server.push.claims import Claim
from server.push.people import NEXT, PUSH, Person, people
from server.push.wanted import NOTICE, Saying, sayings, wanted
from server.storage import commit
from server.storage.change import Change, Publication, StoredRecord
from server.storage.engine import Tx
from server.storage.lock import for_update, lock_aggregates
from server.sync import load
from server.sync.house import House

_Delivery = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """Which channels this house has, and when the next way is tried; 0 seconds means never."""

    channels: frozenset[str] = field(default_factory=frozenset)
    next_after_s: int = 7200
    next_urgent_after_s: int = 900


async def say(house: House, claims: Sequence[Claim], ways: Ways) -> dict[str, str]:
    """{reminder: `done`, `superseded` or `expired`}; those that were no longer ours are left out.

    The claims are all `own`, or none is.
    """
    now = house.clock.now()
    async with house.engine.write() as tx:
        said = await sayings(tx, (claim.id for claim in claims))
        locked = await lock_aggregates(tx, {one.aggregate for one in said.values()})
        ours = await _ours(tx, claims)
        arounds, keys = await wanted(house, tx, locked, now)
        states: dict[str, str] = {}
        for one in (said[id] for id in sorted(ours & said.keys())):
            asked = one.key in keys.get(one.aggregate, ())
            states[one.id] = "expired" if one.is_over(now) else "done" if asked else "superseded"
        telling = [said[id] for id, state in states.items() if state == "done"]
        data = await _tell(house, tx, telling, arounds, ways, now) if telling else {}
        await tx.execute_many(
            "UPDATE reminder SET state = $2, sent_at = $3, data = $4 WHERE id = $1",
            [
                (id, state, to_text(now), json.dumps(data.get(id, said[id].data), sort_keys=True))
                for id, state in states.items()
            ],
        )
    if telling:
        await house.committed()
    return states


async def _ours(tx: Tx, claims: Sequence[Claim]) -> set[str]:
    """Those that nobody has taken over or called off; from here they are locked."""
    rows = await tx.fetch(
        f"SELECT id, state, claimed_until FROM reminder WHERE id = any($1) ORDER BY id{for_update(tx)}",
        [claim.id for claim in claims],
    )
    held = {(id, until) for id, state, until in rows if state == "claimed"}
    return {claim.id for claim in claims if (claim.id, claim.until) in held}


async def _tell(
    house: House, tx: Tx, said: Sequence[Saying], known: Mapping[str, Around], ways: Ways, now: datetime
) -> dict[str, dict[str, str]]:
    """Notices and deliveries; {reminder: its data with the notice in it}."""
    accounts = {one.account for one in said}
    others = accounts - known.keys()
    if others:
        await tx.execute_many(
            "INSERT INTO aggregate (id, kind, owner_unit, changed_at) VALUES ($1, 'user', '', $2)"
            " ON CONFLICT (id) DO NOTHING",
            [(account, to_text(now)) for account in sorted(others)],
        )
    locked = await lock_aggregates(tx, others)
    arounds = {**known, **await load.around(tx, house.registry, locked, now)}
    who = await people(tx, accounts)
    entities = await _entities(tx, said)
    notices: dict[str, NoticeRow] = {}
    fresh: dict[str, list[NoticeRow]] = defaultdict(list)
    for one in said:
        if one.kind in CODES:
            continue
        notice = next((row for row in arounds[one.account].all(NoticeRow) if row.id == one.record), None)
        if notice is None:
            if who[one.account].chosen(one.kind) == "none":
                continue
            entity = one.data.get("entity") or entities.get(one.record, "")
            doc = one.data.get("doc") or one.record
            told = Notice(one.account, one.kind, entity, doc, urgent=one.data.get("urgent") == "1")
            family = is_of_family(told, [known[one.aggregate]])
            notice = notice_row(told, Moment(now, one.id), family=family)
            fresh[one.account].append(notice)
        notices[one.id] = notice
    await _put(house, tx, arounds, fresh, now)
    devices = await _devices(tx, {one.account for one in said if one.id in notices})
    made = [
        delivery
        for one in said
        for delivery in _deliveries(
            one, notices.get(one.id), who[one.account], devices, ways, now, house.registry.missed.keys()
        )
    ]
    await tx.execute_many(
        "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
        " VALUES ($1, $2, $3, 'due', 0, $4, $5) ON CONFLICT (reminder_id, subscription_id) DO NOTHING",
        made,
    )
    return {one.id: {**one.data, NOTICE: notices[one.id].id} for one in said if one.id in notices}


async def _entities(tx: Tx, said: Iterable[Saying]) -> dict[str, str]:
    records = sorted({one.record for one in said if not one.data.get("entity")})
    return dict(await tx.fetch("SELECT id, entity FROM record WHERE id = any($1)", records)) if records else {}


async def _put(
    house: House, tx: Tx, arounds: Mapping[str, Around], fresh: Mapping[str, list[NoticeRow]], now: datetime
) -> None:
    """Keeps and publishes the new notices. These very reminders say them: those that they ask for are done."""
    if not fresh:
        return
    put: list[StoredRecord] = []
    published: dict[str, Publication] = {}
    for account, rows in sorted(fresh.items()):
        put += [load.encoded(row, account) for row in rows]
        published[account] = publish(house.registry, await load.with_named(tx, house.registry, arounds[account], rows))
    await commit.apply(tx, Change(put=tuple(put), published=published), to_text(now))
    await tx.execute(
        # Not `state = 'due'`: SQLite would go through all that is due.
        "UPDATE reminder SET state = 'done' WHERE aggregate_id = any($1) AND record_id = any($2) AND kind = $3"
        " AND state <> 'done'",
        sorted(fresh),
        [row.id for rows in fresh.values() for row in rows],
        NOTICE,
    )


async def _devices(tx: Tx, accounts: Iterable[str]) -> dict[str, list[str]]:
    """{account: its devices that have answered, are not dead and were not signed out}.

    A session that merely ran out counts: what is pushed says nothing, and it is what brings the person back.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for account, id in await tx.fetch(
        "SELECT p.account_id, p.id FROM push_subscription p JOIN session s ON s.id = p.session_id"
        " WHERE p.account_id = any($1) AND p.dead_at IS NULL AND p.confirmed_at IS NOT NULL"
        " AND (s.ended_at IS NULL OR s.end_reason = 'expired') ORDER BY p.id",
        sorted(set(accounts)),
    ):
        found[account].append(id)
    return found


def _deliveries(
    said: Saying,
    notice: NoticeRow | None,
    person: Person,
    devices: Mapping[str, Sequence[str]],
    ways: Ways,
    now: datetime,
    missed: Set[str],
) -> list[_Delivery]:
    """What is to go out for one reminder, each not before it may. `missed`: kinds of which is shown who heard none."""

    def made(way: str, at: datetime) -> _Delivery:
        return (derived_id(now, f"{said.id}/{way}", 0), said.id, way, to_text(at), to_text(now))

    if said.kind in CODES:
        return [made(said.data["channel"], now)]
    if notice is None:
        return []
    order = person.ways(notice.kind, ways.channels)
    if not order:
        return []
    at = person.not_before(now, urgent=notice.urgent, family=notice.family)
    first = devices.get(person.account, ()) if order[0] == PUSH else (order[0],)
    found = [made(way, at) for way in first]
    matters = notice.kind in missed and (person.families or notice.kind not in MATTERS)
    if ways.next_after_s and (len(order) > 1 or matters):
        usual_s, urgent_s = ways.next_after_s, ways.next_urgent_after_s
        then = plan.next_way_at(at, said.ends, urgent=notice.urgent, usual_s=usual_s, urgent_s=urgent_s)
        if not found and len(order) > 1:
            then = at + timedelta(seconds=1)  # no device to wait for
        found.append(made(NEXT, then))
    return found
