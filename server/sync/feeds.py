"""A person's calendar subscription: made, found by its secret, turned off. The secret is kept as a hash only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from server.auth.people import load_actor
from server.auth.tokens import hash_token, new_token
from server.domain.actors import Actor, Assurance
from server.errors import Refused
from server.features.meeting.documents import CalendarEntry
from server.features.rows import ChildRow
from server.storage.engine import Tx
from server.storage.read import aggregates_of_seats, records_of
from server.sync.calendars import own_times
from server.sync.house import House

_LIVE = (
    "SELECT s.account_id, s.id FROM calendar_link l"
    " JOIN seat s ON s.id = l.seat_id JOIN account a ON a.id = s.account_id"
    " WHERE l.secret_hash = $1 AND s.ended_at IS NULL AND a.ended_at IS NULL"
)


class CalendarEffects:
    """Bound to the site's own address, which the subscription's address begins with."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def named(self) -> Mapping[str, Any]:
        """By the names that features use."""
        return {"calendar.open": self.open, "calendar.close": self.close}

    async def open(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> Mapping[str, Any]:
        """The address, told once; the one before leads nowhere. Refuses `not_allowed` around a protected child."""
        if await _is_protected(tx, actor):
            raise Refused("not_allowed")
        secret = new_token()
        await self.close(tx, actor, args, now)
        await tx.execute(
            "INSERT INTO calendar_link (seat_id, secret_hash, made_at) VALUES ($1, $2, $3)",
            actor.seat,
            hash_token(secret),
            now,
        )
        return {"address": f"{self._origin}/calendar/{secret}.ics"}

    async def close(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """The address leads nowhere any more."""
        await tx.execute("DELETE FROM calendar_link WHERE seat_id = $1", actor.seat)


async def subscribed(house: House, secret: str) -> tuple[tuple[CalendarEntry, ...], Actor] | None:
    """What the subscription with this secret holds now, and whose it is; None when there is none, or its seat ended.

    Around a child with protected identity it is empty, so that calendars take away what they had.
    """
    now = house.clock.now()
    async with house.engine.read() as tx:
        found = await tx.fetch_one(_LIVE, hash_token(secret))
        actor = await load_actor(tx, found[0], found[1], Assurance.CODE) if found else None
        if actor is None:
            return None
        return () if await _is_protected(tx, actor) else await own_times(tx, house, actor, now), actor


async def _is_protected(tx: Tx, actor: Actor) -> bool:
    """Whether a seat of a family stands around any child with protected identity."""
    if not actor.is_family:
        return False
    rows = await records_of(tx, await aggregates_of_seats(tx, [actor.seat], "child"))
    children = (msgspec.json.decode(row.body, type=ChildRow) for row in rows if row.entity == ChildRow.entity)
    return any(child.protection is not None for child in children)
