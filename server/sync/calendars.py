"""Which time a person may put in their own calendar: only what they can see now, and only as a neutral entry."""

from __future__ import annotations

from server.auth.sessions import signed_in
from server.domain import scopes
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features.around import Around
from server.features.meeting.documents import CalendarEntry, calendar_entry
from server.features.meeting.rows import MeetingRow
from server.features.term_meeting.documents import calendar_entry as term_entry
from server.features.term_meeting.rows import TermMeetingRow
from server.storage.read import visible_aggregate
from server.sync import load
from server.sync.house import House


async def own_time(house: House, token: str | None, id: str) -> tuple[CalendarEntry, Actor] | None:
    """The time and whose it is; None alike for what does not exist and for what is not this person's to have."""
    now = house.clock.now()
    found = await signed_in(house.engine, token, now)
    if found is None or found.ended is not None:
        return None
    actor = found.actor
    implied = [scopes.user(actor.account), scopes.PUBLIC]
    async with house.engine.read() as tx:
        for entity in ("meeting", "term_meeting"):
            home = await visible_aggregate(tx, actor.seat, implied, entity, id, to_text(now))
            if home is None:
                continue
            kind_and_owner = await tx.fetch_one("SELECT kind, owner_unit FROM aggregate WHERE id = $1", home)
            assert kind_and_owner is not None
            kind, owner = kind_and_owner
            around = (await load.around(tx, house.registry, {home: (kind, owner)}, now))[home]
            entry = _entry(around, id, actor, entity)
            return None if entry is None else (entry, actor)
    return None


def _entry(around: Around, id: str, actor: Actor, entity: str) -> CalendarEntry | None:
    try:
        if entity == "meeting":
            return calendar_entry(around.get(MeetingRow, id), around, actor.account)
        return term_entry(around.get(TermMeetingRow, id), around, actor.seat)
    except Refused:
        return None
