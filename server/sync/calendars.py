"""Which times a person may put in their own calendar: only what they can see now, and only as neutral entries.

Professionals: term meetings, consultations, places in line at an open hour and the times they offer, never anything
about a child. Families: their own
meetings, and nothing at all around a child with protected identity. Source: experience.md 1 (calendar), rules.md 3.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.auth.sessions import signed_in
from server.domain import scopes
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.features.around import Around
from server.features.meeting.documents import CalendarEntry, calendar_entry
from server.features.meeting.rows import MeetingRow
from server.features.open_hour.rows import OpenHourRow, PlaceRow
from server.features.slot import BookingRow, SlotRow
from server.features.term_meeting.documents import calendar_entry as term_entry
from server.features.term_meeting.rows import TermMeetingRow
from server.storage.engine import Tx
from server.storage.read import visible_aggregate, visible_homes
from server.sync import load
from server.sync.house import House

FAMILY = ("meeting",)
PROFESSIONAL = ("term_meeting", "slot", "booking", "open_hour", "open_hour_place")
NAMING = ("slot", "open_hour")
"""Seen by the whole area; only those that name the seat are looked at."""
_OWN_HOURS = "SELECT aggregate_id FROM record WHERE entity = 'open_hour' AND body LIKE $1"
"""One that was closed is shown to nobody, and yet it is to be called off in its own consultant's calendar."""


def entities_of(actor: Actor) -> tuple[str, ...]:
    """What may stand in this seat's calendar; the two sides never mix, not even for one person who is on both."""
    return FAMILY if actor.is_family else PROFESSIONAL


async def own_time(house: House, token: str | None, id: str) -> tuple[CalendarEntry, Actor] | None:
    """The time and whose it is; None alike for what does not exist and for what is not this person's to have."""
    now = house.clock.now()
    found = await signed_in(house.engine, token, now)
    if found is None or found.ended is not None:
        return None
    actor = found.actor
    async with house.engine.read() as tx:
        for entity in entities_of(actor):
            home = await visible_aggregate(tx, actor.seat, _implied(actor), entity, id, to_text(now))
            if home is not None:
                around = (await _arounds(tx, house, [home], now))[home]
                entry = next((one for key, one in _entries(around, actor) if key == id), None)
                return None if entry is None else (entry, actor)
    return None


async def own_times(tx: Tx, house: House, actor: Actor, now: datetime) -> tuple[CalendarEntry, ...]:
    """Everything that may stand in the seat's calendar, soonest first."""
    homes = await visible_homes(tx, actor.seat, _implied(actor), entities_of(actor), to_text(now), NAMING)
    if not actor.is_family:
        own = await tx.fetch(_OWN_HOURS, f'%"consultant":"{actor.seat}"%')
        homes = sorted({*homes, *(id for (id,) in own)})
    arounds = await _arounds(tx, house, homes, now)
    found = {entry.id: entry for around in arounds.values() for _, entry in _entries(around, actor)}
    return tuple(sorted(found.values(), key=lambda one: (one.starts_local, one.id)))


def _implied(actor: Actor) -> list[str]:
    return [scopes.user(actor.account), scopes.PUBLIC]


async def _arounds(tx: Tx, house: House, homes: Iterable[str], now: datetime) -> dict[str, Around]:
    rows = await tx.fetch("SELECT id, kind, owner_unit FROM aggregate WHERE id = any($1)", list(homes))
    return await load.around(tx, house.registry, {id: (kind, owner) for id, kind, owner in rows}, now)


def _entries(around: Around, actor: Actor) -> Iterable[tuple[str, CalendarEntry]]:
    """(document, entry) of one aggregate. A consultant's slot and its booking are one and the same time."""
    if actor.is_family:
        for meeting in around.all(MeetingRow):
            if (entry := calendar_entry(meeting, around, actor.account)) is not None:
                yield meeting.id, entry
        return
    for term in around.all(TermMeetingRow):
        if (entry := term_entry(term, around, actor.seat)) is not None:
            yield term.id, entry
    yield from _hours(around, actor)
    for slot in around.all(SlotRow):
        mine = _of_slot(slot)
        if slot.consultant == actor.seat and not slot.tidied:
            yield slot.id, mine
        for booking in around.all(BookingRow):
            if booking.slot != slot.id or slot.tidied:
                continue
            if booking.seat == actor.seat:
                yield booking.id, _of_booking(booking, slot)
            elif slot.consultant == actor.seat:
                yield booking.id, mine


def _hours(around: Around, actor: Actor) -> Iterable[tuple[str, CalendarEntry]]:
    """The hour whose line is open, to its consultant until it is over; places, each to its own person."""
    for hour in around.all(OpenHourRow):
        if hour.consultant == actor.seat and (hour.state == "open" or around.now < hour.ends):
            # Each week's is a time of its own: another week's must not move it.
            gone = hour.state != "open"
            starts = datetime.fromisoformat(f"{hour.session_on}T{hour.at}")
            yield hour.id, CalendarEntry(f"{hour.id}-{hour.session_on}", starts, hour.minutes, int(gone), gone)
        for place in around.all(PlaceRow):
            if place.open_hour == hour.id and place.seat == actor.seat:
                # Whoever leaves the line leaves no row: a subscription takes away what is not in it any more.
                starts = datetime.fromisoformat(f"{place.session_on}T{hour.at}")
                yield place.id, CalendarEntry(place.id, starts, hour.minutes, 0, False)


def _of_slot(slot: SlotRow) -> CalendarEntry:
    gone = slot.state == "withdrawn"
    return CalendarEntry(slot.id, datetime.fromisoformat(slot.starts_local), slot.minutes, int(gone), gone)


def _of_booking(booking: BookingRow, slot: SlotRow) -> CalendarEntry:
    gone = booking.state in ("released", "withdrawn")
    return CalendarEntry(booking.id, datetime.fromisoformat(slot.starts_local), slot.minutes, int(gone), gone)
