"""Claims: which worker does what. One statement takes due work; whoever took it has it until its claim runs out.

A claim is known by its end. Work that was taken over by another worker meanwhile has another end, so the first worker
finds out before it does anything.

A device is a lane: while one delivery to it is claimed, or waits because its service asked for a pause, no other to it
is taken. So nothing follows the answer that a device is gone but what a crash repeats, and a pause holds for all of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.domain.instants import to_text
from server.push.hosts import origin_of
from server.storage.engine import Engine, Tx
from server.storage.lock import for_update

REMINDER_FOR = timedelta(seconds=20)
"""Long enough for a batch of them: each takes some ten milliseconds."""
DELIVERY_FOR = timedelta(seconds=30)
"""Twice as long as a push service may take to answer."""
OPEN = ("due", "claimed", "paused")
"""States of a delivery that is not over."""
STILL_OPEN = "state || '' IN ('due', 'claimed', 'paused')"
"""Said of a delivery that is found by its id. Written so that no engine goes through all that is due instead, as
PostgreSQL would for ever with a plan it made while the table was empty."""
_IN_ITS_LANE = (
    "SELECT subscription_id FROM delivery WHERE state IN ('claimed', 'paused')"
    " AND subscription_id NOT IN ('email', 'sms', 'next')"
)
LOOKED_AT = 3
"""How many times as many as wanted are looked at, to find some whose service has a place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of work that is ours until `until` (instant text).

    `what`: a reminder's kind, or whose place a delivery takes (the origin of a push service, `email`, `sms`, `next`).
    `own`: the reminder belongs to the very account that is told.
    """

    id: str
    until: str
    what: str
    own: bool = False


async def reminders(engine: Engine, now: datetime, at_most: int) -> list[Claim]:
    """Due reminders, soonest due first, and those whose worker has not come back."""
    at, until = to_text(now), to_text(now + REMINDER_FOR)
    # One part of the index after the other: with OR the whole of what is planned would be sorted each time.
    parts = ("state = 'due' AND due_at <= $1", "state = 'claimed' AND claimed_until <= $1")
    async with engine.read() as tx:  # nothing to do is the usual case: no writer is needed to see it
        # The order makes PostgreSQL take the index, also when it believes that most rows are due.
        first = f"SELECT 1 FROM reminder WHERE {parts[0]} ORDER BY due_at LIMIT 1"
        there = await tx.fetch_value(first, at) or await tx.fetch_value(first.replace(parts[0], parts[1]), at)
    if not there:
        return []
    rows: list[tuple[Any, ...]] = []
    async with engine.write() as tx:
        for part in parts:
            if len(rows) < at_most:
                rows += await tx.fetch(
                    "SELECT id, kind, due_at, aggregate_id, aggregate_id = account_id FROM reminder"
                    f" WHERE {part} ORDER BY due_at LIMIT $2{skipping(tx)}",
                    at,
                    at_most - len(rows),
                )
        # What is locked is changed by id: one statement for both is planned badly while the tables are new.
        await tx.execute(
            "UPDATE reminder SET state = 'claimed', claimed_until = $2, attempts = attempts + 1 WHERE id = any($1)",
            [row[0] for row in rows],
            until,
        )
    # What belongs together stands together: it is said in one transaction, and its aggregate looked at once.
    rows.sort(key=lambda row: (str(row[2]), str(row[3]), str(row[0])))
    return [Claim(id, until, kind, bool(own)) for id, kind, _, _, own in rows]


async def deliveries(
    engine: Engine, now: datetime, at_most: int, resting: Sequence[str], takes: Callable[[str], bool] = lambda _: True
) -> list[Claim]:
    """Due deliveries, soonest first, but none to those (origins, channels) that rest.

    `takes` is asked of each before it is claimed: whether there is a place for one more. A place that was given for
    one that another worker took meanwhile is in the answer with `until` empty.
    """
    at, until = to_text(now), to_text(now + DELIVERY_FOR)
    elsewhere = "".join(
        f" AND coalesce(substr(s.endpoint, 1, {len(one) + 1}), d.subscription_id || '/') <> ${n}"
        for n, one in enumerate(resting, start=2)
    )
    args = (at, *(f"{one}/" for one in resting))
    parts = ("d.state IN ('claimed', 'paused')", f"d.state = 'due' AND d.subscription_id NOT IN ({_IN_ITS_LANE})")
    found: list[tuple[str, str, str]] = []
    async with engine.read() as tx:
        for part in parts:
            found += [
                (str(id), origin_of(where), lane or "")
                for id, where, lane in await tx.fetch(
                    "SELECT d.id, coalesce(s.endpoint, d.subscription_id), s.id FROM delivery d"
                    " LEFT JOIN push_subscription s ON s.id = d.subscription_id"
                    f" WHERE {part} AND d.next_at <= $1{elsewhere} ORDER BY d.next_at LIMIT {at_most * LOOKED_AT}",
                    *args,
                )
            ]
    if len(found) > at_most:
        # Several workers look at the same ones: in an order of its own each finds others.
        random.shuffle(found)
    chosen: dict[str, tuple[str, str]] = {}
    lanes: set[str] = set()
    for id, where, lane in found:
        if len(chosen) < at_most and lane not in lanes and takes(where):
            chosen[id] = where, lane
            lanes |= {lane} - {""}
    if not chosen:
        return []
    async with engine.write() as tx:
        taken = await _take(tx, {id: lane for id, (_, lane) in chosen.items()}, at)
        await tx.execute(
            "UPDATE delivery SET state = 'claimed', attempts = attempts + 1, next_at = $2 WHERE id = any($1)",
            sorted(taken),
            until,
        )
    return [Claim(id, until if id in taken else "", where) for id, (where, _) in chosen.items()]


async def _take(tx: Tx, chosen: Mapping[str, str], at: str) -> set[str]:
    """Which of these (delivery: its lane, or empty) nobody else has taken, nor another one in its lane."""
    wanted = sorted({lane for lane in chosen.values() if lane})
    free = {
        str(id)
        for (id,) in await tx.fetch(
            f"SELECT id FROM push_subscription WHERE id = any($1) ORDER BY id{skipping(tx)}", wanted
        )
    }
    # Seen only now, with the lanes locked: whoever takes another one in one of them has committed, or waits for us.
    busy = {
        str(lane): str(id)
        for id, lane in await tx.fetch(
            "SELECT id, subscription_id FROM delivery WHERE state IN ('claimed', 'paused')"
            " AND subscription_id = any($1)",
            wanted,
        )
    }
    rows = await tx.fetch(
        f"SELECT id, state, next_at FROM delivery WHERE id = any($1) ORDER BY id{skipping(tx)}", sorted(chosen)
    )
    return {
        str(id)
        for id, state, next_at in rows
        if state in OPEN
        and next_at <= at
        and (not chosen[id] or (chosen[id] in free and busy.get(chosen[id], id) == id))
    }


async def give_back(tx: Tx, delivery: str, at: str) -> None:
    """A delivery that was taken and not tried: due again at `at`, as if it had not been taken."""
    await tx.execute(
        f"UPDATE delivery SET state = 'due', attempts = attempts - 1, next_at = $2 WHERE id = $1 AND {STILL_OPEN}",
        delivery,
        at,
    )


def skipping(tx: Tx) -> str:
    """Rows that another worker is taking at this moment are its own; SQLite has one writer."""
    lock = for_update(tx)
    return f"{lock} SKIP LOCKED" if lock else ""
