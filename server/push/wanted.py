"""Is it still to be said? Asked of the rows as they are now: once when it is said, and again when it is sent.

A meeting may be moved, a consent withdrawn or a notice read between the planning and the saying, and again in the night
that a delivery waits through.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.domain.instants import from_text, to_text
from server.features.notice import NoticeRow
from server.features.publish import publish
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

    def is_over(self, now: datetime) -> bool:
        """True when it would come too late to be of use."""
        ends = self.data.get("expires_at")
        return (ends is not None and ends <= to_text(now)) or from_text(self.due_at) + LATEST <= now


async def saying(tx: Tx, id: str) -> Saying | None:
    """The reminder with this id."""
    row = await tx.fetch_one(
        "SELECT id, aggregate_id, record_id, kind, account_id, due_at, sent_at, data FROM reminder WHERE id = $1", id
    )
    if row is None:
        return None
    id, aggregate, record, kind, account, due_at, said_at, data = row
    return Saying(id, aggregate, record, kind, account, due_at, said_at, json.loads(data))


async def is_wanted(house: House, tx: Tx, said: Saying, now: datetime) -> bool:
    """True when the rows of its aggregate still ask for it, and it is not too late."""
    if said.is_over(now):
        return False
    place = await tx.fetch_one("SELECT kind, owner_unit FROM aggregate WHERE id = $1", said.aggregate)
    if place is None:
        return False
    arounds = await load.around(tx, house.registry, {said.aggregate: (place[0], place[1])}, now)
    return said.key in publish(house.registry, arounds[said.aggregate]).reminders


async def is_still_wanted(house: House, tx: Tx, said: Saying, now: datetime) -> bool:
    """As `is_wanted`, for what was said (and therefore wanted) a moment ago.

    Within a minute only a change of the aggregate's rows can have called it off; without one, nothing is computed.
    """
    if said.said_at is not None and now - from_text(said.said_at) < FRESH and not said.is_over(now):
        newest, there = await tx.fetch_one(
            "SELECT max(updated_at), max(CASE WHEN id = $2 THEN 1 ELSE 0 END) FROM record WHERE aggregate_id = $1",
            said.aggregate,
            said.record,
        ) or (None, 0)
        if there and newest < said.said_at:
            return True
    return await is_wanted(house, tx, said, now)


async def settings_of(tx: Tx, account: str) -> SettingsRow | None:
    """What the person has chosen; None when they never have."""
    body = await tx.fetch_value(
        "SELECT body FROM record WHERE aggregate_id = $1 AND entity = $2 ORDER BY id LIMIT 1",
        account,
        SettingsRow.entity,
    )
    return None if body is None else msgspec.json.decode(body, type=SettingsRow)


async def notice_of(tx: Tx, said: Saying) -> NoticeRow | None:
    """The notice that a reminder became, or was about; None when it is gone."""
    id = said.record if said.kind == NOTICE else said.data.get(NOTICE, "")
    body = await tx.fetch_value("SELECT body FROM record WHERE id = $1 AND entity = $2", id, NoticeRow.entity)
    return None if body is None else msgspec.json.decode(body, type=NoticeRow)
