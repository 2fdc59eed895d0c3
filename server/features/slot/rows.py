"""What is stored of a slot, its bookings and a consultant's coming times, and what the area sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from server.domain import deadlines, scopes
from server.domain.instants import ZONE_NAME, from_text, local_date
from server.features import circle
from server.features.around import Around
from server.features.consultant_time import Engaged, TakenTime, hours_of
from server.features.person import StaffRow, UnitRow
from server.features.shape import Document, Moment, Projected, Reminder, Row

CONSULTANT: Final = "consultant"
"""The function whose holders offer times."""

Topic = Literal[
    "worry", "low_mood", "sleep", "school_absence", "behaviour", "family", "eating", "where_to_turn", "waiting", "other"
]
Mode = Literal["video", "phone"]


class SlotRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "slot"
    aggregate: ClassVar[str] = "slot"

    consultant: str
    starts_local: str
    starts_at: str
    minutes: int
    mode: str
    topics: tuple[str, ...]
    join_url: str | None = None
    phone: str | None = None
    state: str = "open"
    """`open|offered|booked|held|withdrawn`; `offered`: kept for one who waits, until their deadline."""
    tidied: bool = False
    freed_at: str | None = None
    """When it last became free again: those who wait are asked first."""
    lapsed: bool = False
    """Its time has come and nobody had booked it: nothing to offer, and nothing to look back on."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit, self.consultant)


class BookingRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's booking of the slot; a released one stays beside the next."""

    entity: ClassVar[str] = "booking"
    aggregate: ClassVar[str] = "slot"

    slot: str
    seat: str
    account: str
    topic: str
    age_band: str
    booked_at: str
    question: str | None = None
    confirmed: tuple[str, ...] = ()
    """Words of the question that the booker has said name nobody: asked once, also when another time is chosen."""
    state: str = "booked"
    """`booked|released|withdrawn|held`"""
    outcome: str | None = None
    feedback_on: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.seat,)


class ConsultantTimesRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """One consultant's coming times, kept with the unit: what an overlap is decided on."""

    entity: ClassVar[str] = "consultant_times"
    aggregate: ClassVar[str] = "unit"

    unit: str
    seat: str
    times: tuple[TakenTime, ...] = ()


class Slot(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    unit_name: str
    consultant: str
    consultant_title: str
    starts_local: str
    zone: str
    starts_at: str
    minutes: int
    mode: str
    topics: tuple[str, ...]
    state: str


def project(row: SlotRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.owner_unit)
    if unit is None or row.tidied or row.lapsed:
        return
    person = around.known(StaffRow, row.consultant)
    yield (
        scopes.area_staff(unit.area),
        Slot(
            id=row.id,
            unit=unit.id,
            unit_name=unit.name,
            consultant=row.consultant,
            consultant_title=person.title if person else "",
            starts_local=row.starts_local,
            zone=ZONE_NAME,
            starts_at=row.starts_at,
            minutes=row.minutes,
            mode=row.mode,
            topics=row.topics,
            state=row.state,
        ),
    )


def reminders(row: SlotRow, around: Around) -> Iterable[Reminder]:
    """Thirty days after the day the note is erased; a time that became free is offered to those who wait.

    A free time is taken off the lists when it begins.
    """
    if not row.tidied:
        end = deadlines.consultation_note_end(local_date(from_text(row.starts_at)))
        yield Reminder(row.id, "act:slot.tidy", "", end.ends_at)
    if row.state == "open" and not row.lapsed:
        yield Reminder(row.id, "act:slot.lapse", "", from_text(row.starts_at))
    unit = around.known(UnitRow, row.owner_unit)
    if row.state == "open" and row.freed_at is not None and unit is not None:
        yield Reminder(row.id, "act:slot.offer_next", "", from_text(row.freed_at), {"area": unit.area})


def project_times(row: ConsultantTimesRow, around: Around) -> Projected:
    return ()


def coming(times: Iterable[TakenTime], at: Moment) -> tuple[TakenTime, ...]:
    """Those not yet over."""
    return tuple(one for one in times if one.span[1] > at.now)


def engaged(seat: str, unit: Around, at: Moment) -> Engaged:
    """What the consultant is engaged with: coming times as the unit keeps them, and the open hours locked beside it."""
    times = next((one.times for one in unit.all(ConsultantTimesRow) if one.seat == seat), ())
    return Engaged(coming(times, at), hours_of(seat, unit.others.values()), circle.closed_days(unit))
