"""Which meeting a person may put in their own calendar: only what they can see now, and only as a neutral time."""

from __future__ import annotations

from server.auth.sessions import signed_in
from server.domain import scopes
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features.meeting.documents import CalendarEntry, calendar_entry
from server.features.meeting.rows import MeetingRow
from server.storage.read import visible_aggregate
from server.sync import load
from server.sync.house import House


async def own_meeting(house: House, token: str | None, meeting: str) -> tuple[CalendarEntry, Actor] | None:
    """The time and whose it is; None alike for what does not exist and for what is not this person's to have."""
    now = house.clock.now()
    found = await signed_in(house.engine, token, now)
    if found is None or found.ended is not None:
        return None
    actor = found.actor
    async with house.engine.read() as tx:
        implied = [scopes.user(actor.account), scopes.PUBLIC]
        child = await visible_aggregate(tx, actor.seat, implied, "meeting", meeting, to_text(now))
        if child is None:
            return None
        kind_and_owner = await tx.fetch_one("SELECT kind, owner_unit FROM aggregate WHERE id = $1", child)
        assert kind_and_owner is not None
        kind, owner = kind_and_owner
        around = (await load.around(tx, house.registry, {child: (kind, owner)}, now))[child]
    try:
        entry = calendar_entry(around.get(MeetingRow, meeting), around, actor.account)
    except Refused:
        return None
    return None if entry is None else (entry, actor)
