"""To whom a time that became free is offered, and until when. Pure, and shared by everything that frees a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.domain import reminders as timing
from server.domain.instants import from_text, to_text
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.shape import Moment, Notice, Row, Writes
from server.features.slot import SlotRow
from server.features.slot_wish.rows import Offer, SlotWishRow

OFFERED_FOR: Final = timedelta(hours=4)
NO_OFFER_WITHIN: Final = timedelta(hours=1)
"""A time that starts sooner is offered to nobody: it is free for whoever sees it."""


def passed(row: SlotWishRow) -> SlotWishRow:
    """The wish as it waits on after an offer that was not taken."""
    passed = (*row.passed, row.offer.slot) if row.offer else row.passed
    return msgspec.structs.replace(row, state="waiting", offer=None, passed=passed)


def offer_gone(area: Around, slot: SlotRow) -> Writes:
    """The wish that the slot was kept for waits on in its old place, and the one who waits is told."""
    held = [row for row in area.all(SlotWishRow) if row.offer is not None and row.offer.slot == slot.id]
    return Writes(
        rows=tuple(passed(row) for row in held),
        notices=tuple(Notice(row.account, "slot_offer_gone", "slot_wish", row.id) for row in held),
    )


def to_next(before: SlotWishRow | None, slot: SlotRow, around: Around, home: Around, at: Moment) -> Writes:
    """The slot kept for the next who waits for it, or open to everybody when there is nobody or no time left."""
    kept: tuple[Row, ...] = (before,) if before else ()
    until = _until(at.now, from_text(slot.starts_at))
    following = _first(around, slot, before) if until is not None else None
    if following is None or until is None:
        return Writes(rows=(*kept, msgspec.structs.replace(slot, state="open", freed_at=None)))
    unit, consultant = home.known(UnitRow, slot.owner_unit), home.known(StaffRow, slot.consultant)
    offer = Offer(
        slot=slot.id,
        unit_name=unit.name if unit else "",
        consultant_title=consultant.title if consultant else "",
        starts_local=slot.starts_local,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        mode=slot.mode,
        until=to_text(until),
        consultant=slot.consultant,
    )
    asked = msgspec.structs.replace(following, state="offered", offer=offer)
    return Writes(
        rows=(*kept, asked, msgspec.structs.replace(slot, state="offered", freed_at=None)),
        notices=(Notice(asked.account, "slot_offered", "slot_wish", asked.id),),
    )


def _until(now: datetime, starts_at: datetime) -> datetime | None:
    """The deadline of an offer made now: four waking hours, at the latest an hour before; None if that is now."""
    latest = starts_at - NO_OFFER_WITHIN
    wished = timing.after_quiet(timing.after_quiet(now) + OFFERED_FOR)
    return min(wished, latest) if latest > now else None


def _first(around: Around, slot: SlotRow, before: SlotWishRow | None) -> SlotWishRow | None:
    """Who has waited longest for a time on one of its topics, has not passed it, and still works there."""
    waiting = [
        row
        for row in around.all(SlotWishRow)
        if row.state == "waiting"
        and row.topic in slot.topics
        and slot.id not in row.passed
        and (before is None or row.id != before.id)
        and _works(around, row.seat)
        and row.seat != slot.consultant
    ]
    return min(waiting, key=lambda row: (row.made_at, row.id), default=None)


def _works(around: Around, seat: str) -> bool:
    person = around.known(StaffRow, seat)
    return person is not None and person.ended_at is None
