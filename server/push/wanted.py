"""Is it still to be said? Asked of the rows as they are now: once when it is said, and again when it is sent.

A meeting may be moved, a consent withdrawn or a notice read between the planning and the saying, and again in the night
that a delivery waits through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.domain.instants import from_text, to_text
from server.features.around import Around
from server.features.notice import NoticeRow
from server.features.publish import reminders_of
from server.features.settings import SettingsRow
from server.storage.change import ReminderKey
from server.storage.engine import Tx
from server.sync import load
from server.sync.house import House

NOTICE: Final = "notice"
"""The kind of a reminder that says a notice which a command has made."""
LATEST: Final = timedelta(days=2)
"""Nothing is said that was due longer ago: a worker that comes back after days does not pour out the past."""

FRESH: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Saying:
    """A reminder that says something to an account."""

    id: str
    aggregate: str
    record: str
    kind: str
    account: str
    due_at: str
    said_at: str | None = None
    data: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> ReminderKey:
        return (self.record, self.kind, self.account, self.due_at)

    @property
    def since(self) -> datetime:
        """When it was said, or is to be."""
        return from_text(self.said_at or self.due_at)

    @property
    def ends(self) -> datetime | None:
        """When it is of no use any more; None when it says so nowhere."""
        ends = self.data.get("expires_at")
        return from_text(ends) if ends else None

    def is_over(self, now: datetime, since: datetime | None = None) -> bool:
        """True when it would come too late to be of use: after its end, or long after it could be told (`since`)."""
        ends = self.data.get("expires_at")
        return (ends is not None and ends <= to_text(now)) or (since or from_text(self.due_at)) + LATEST <= now


async def sayings(tx: Tx, ids: Iterable[str]) -> dict[str, Saying]:
    """The reminders with these ids. What cannot be read is left out."""
    found: dict[str, Saying] = {}
    for id, aggregate, record, kind, account, due_at, said_at, data in await tx.fetch(
        "SELECT id, aggregate_id, record_id, kind, account_id, due_at, sent_at, data FROM reminder WHERE id = any($1)",
        sorted(set(ids)),
    ):
        found[id] = Saying(id, aggregate, record, kind, account, due_at, said_at, json.loads(data))
    return found


async def wanted(
    house: House, tx: Tx, aggregates: Mapping[str, tuple[str, str]], now: datetime
) -> tuple[dict[str, Around], dict[str, Set[ReminderKey]]]:
    """(the aggregates with their rows, the keys of the reminders that each asks for at `now`)."""
    arounds = await load.around(tx, house.registry, aggregates, now)
    return arounds, {id: reminders_of(house.registry, one).keys() for id, one in arounds.items()}


async def still_wanted(house: House, tx: Tx, said: Iterable[Saying], now: datetime) -> set[str]:
    """Which of these, said (and therefore wanted) before, the rows still ask for.

    Within a minute only a change of the aggregate's rows can have called one off; without one, nothing is computed.
    """
    asked = list(said)
    if not asked:
        return set()
    aggregates = sorted({one.aggregate for one in asked})
    newest = dict(
        await tx.fetch(
            "SELECT aggregate_id, max(updated_at) FROM record WHERE aggregate_id = any($1) GROUP BY aggregate_id",
            aggregates,
        )
    )
    there = {
        id
        for (id,) in await tx.fetch("SELECT id FROM record WHERE id = any($1)", sorted({one.record for one in asked}))
    }
    fresh = {
        one.id
        for one in asked
        if one.said_at is not None
        and now - from_text(one.said_at) < FRESH
        and one.record in there
        and newest.get(one.aggregate, one.said_at) < one.said_at
    }
    older = [one for one in asked if one.id not in fresh]
    if not older:
        return fresh
    places = {
        id: (kind, owner)
        for id, kind, owner in await tx.fetch(
            "SELECT id, kind, owner_unit FROM aggregate WHERE id = any($1)", sorted({one.aggregate for one in older})
        )
    }
    _, keys = await wanted(house, tx, places, now)
    return fresh | {one.id for one in older if one.key in keys.get(one.aggregate, ())}


async def settings_of(tx: Tx, accounts: Iterable[str]) -> dict[str, SettingsRow]:
    """What these people have chosen; those who never have are left out."""
    found: dict[str, SettingsRow] = {}
    for account, body in await tx.fetch(
        # `entity || ''`: without it SQLite would go through everybody's.
        "SELECT aggregate_id, body FROM record WHERE aggregate_id = any($1) AND entity || '' = $2 ORDER BY id DESC",
        sorted(set(accounts)),
        SettingsRow.entity,
    ):
        found[account] = msgspec.json.decode(body, type=SettingsRow)
    return found


def notice_id(said: Saying) -> str:
    """The notice that a reminder became, or was about."""
    return said.record if said.kind == NOTICE else said.data.get(NOTICE, "")


async def notices_of(tx: Tx, said: Iterable[Saying]) -> dict[str, NoticeRow]:
    """{reminder id: its notice}; one that is gone is left out."""
    ids = {one.id: notice_id(one) for one in said}
    rows = {
        id: msgspec.json.decode(body, type=NoticeRow)
        for id, body in await tx.fetch(
            "SELECT id, body FROM record WHERE id = any($1) AND entity || '' = $2",
            sorted({id for id in ids.values() if id}),
            NoticeRow.entity,
        )
    }
    return {reminder: rows[id] for reminder, id in ids.items() if id in rows}
