"""Slot: a consultation time that a consultant offers to colleagues in the area. De-identified, never about a child.

Everybody in the area sees when there is time, nobody sees who has booked it. A consultant is in one place at a time:
the unit keeps each consultant's coming times, so that two overlapping ones are refused. Source: rules.md 2 and 3.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain import deadlines, scopes
from server.domain.access import SCHEDULED, UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import ZONE_NAME, from_text, local_date, to_text, wall_from_text, wall_text
from server.errors import Refused
from server.features.around import Around
from server.features.person import LocalText, Phone, StaffRow, UnitRow
from server.features.shape import (
    Command,
    Document,
    Feature,
    Id,
    Moment,
    Notice,
    Projected,
    Reminder,
    Row,
    Target,
    Writes,
)

CONSULTANT = "consultant"
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
    state: str = "booked"
    """`booked|released|withdrawn|held`"""
    outcome: str | None = None
    feedback_on: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.seat,)


class TakenTime(msgspec.Struct, frozen=True, kw_only=True):
    slot: str
    starts_at: str
    minutes: int


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
    if unit is None or row.tidied:
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
    """Thirty days after the day the note is erased; a time that became free is offered to those who wait."""
    if not row.tidied:
        end = deadlines.consultation_note_end(local_date(from_text(row.starts_at)))
        yield Reminder(row.id, "act:slot.tidy", "", end.ends_at)
    unit = around.known(UnitRow, row.owner_unit)
    if row.state == "open" and row.freed_at is not None and unit is not None:
        yield Reminder(row.id, "act:slot.offer_next", "", from_text(row.freed_at), {"area": unit.area})


def project_times(row: ConsultantTimesRow, around: Around) -> Projected:
    return ()


class Time(BaseModel):
    """When, in Swedish wall time, and for how long."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    starts_local: LocalText
    minutes: Annotated[int, Field(ge=10, le=180)]


class Publish(Command):
    """Offers one's own times to the area."""

    name: ClassVar[str] = "slot.publish"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"

    times: Annotated[list[Time], Field(min_length=1, max_length=60)]
    mode: Mode
    topics: Annotated[list[Topic], Field(min_length=1, max_length=10)]
    join_url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)] | None = None
    phone: Phone | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.unit or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if CONSULTANT not in around.get(StaffRow, actor.seat).functions:
            raise Refused("not_allowed")
        if self.mode == "video" and self.join_url is None:
            raise Refused("invalid", fields={"join_url": "required"})
        wanted = self._wanted(at)
        known = next((one for one in around.all(ConsultantTimesRow) if one.seat == actor.seat), None)
        taken = coming(known.times if known else (), at)
        clashing = [wall_text(start) for start, end in wanted if any(overlap(start, end, one) for one in taken)]
        if clashing:
            raise Refused("conflict", data={"times": clashing})
        slots = [
            SlotRow(
                id=at.new_id(),
                owner_unit=around.id,
                consultant=actor.seat,
                starts_local=wall_text(start),
                starts_at=to_text(start),
                minutes=int((end - start).total_seconds() // 60),
                mode=self.mode,
                topics=tuple(dict.fromkeys(self.topics)),
                join_url=self.join_url if self.mode == "video" else None,
                phone=self.phone,
            )
            for start, end in wanted
        ]
        kept = ConsultantTimesRow(
            id=known.id if known else at.new_id(),
            owner_unit=around.id,
            unit=around.id,
            seat=actor.seat,
            times=(*taken, *(TakenTime(slot=one.id, starts_at=one.starts_at, minutes=one.minutes) for one in slots)),
        )
        return Writes(rows=(kept, *slots), result={"slots": [one.id for one in slots]})

    def _wanted(self, at: Moment) -> list[tuple[datetime, datetime]]:
        wanted: list[tuple[datetime, datetime]] = []
        for one in self.times:
            try:
                start = wall_from_text(one.starts_local)
            except ValueError:
                raise Refused("invalid", fields={"times": "not_allowed_value"}) from None
            if wall_text(start) != one.starts_local:  # an hour that a spring night leaves out
                raise Refused("invalid", fields={"times": "not_allowed_value"})
            if start <= at.now:
                raise Refused("invalid", fields={"times": "past"})
            wanted.append((start, start + timedelta(minutes=one.minutes)))
        wanted.sort()
        if any(end > later for (_, end), (later, _) in pairwise(wanted)):
            raise Refused("invalid", fields={"times": "not_allowed_value"})
        return wanted


class Withdraw(Command):
    """Takes back one time or many, by any consultant or lead of the unit; whoever has booked is told."""

    name: ClassVar[str] = "slot.withdraw"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open", "offered", "booked"]}, {"until": "starts_at"})

    slot: Id | None = None
    slots: Annotated[list[Id], Field(max_length=60)] = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (*(Target(id, "slot") for id in self._ids()), Target(actor.unit or ""))

    def _ids(self) -> tuple[str, ...]:
        ids = tuple(dict.fromkeys(((self.slot,) if self.slot else ()) + tuple(self.slots)))
        if not ids:
            raise Refused("invalid", fields={"slot": "required"})
        return ids

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        unit = around.of(actor.unit or "")
        _check_consultant_or_lead(unit, actor)
        rows: list[Row] = []
        notices: list[Notice] = []
        ids = self._ids()
        for id in ids:
            one = around if id == around.id else around.of(id)
            slot = one.get(SlotRow, id)
            if slot.owner_unit != unit.id:
                raise Refused("not_allowed")
            if from_text(slot.starts_at) <= at.now:
                raise Refused("too_late")
            if slot.state not in ("open", "offered", "booked"):
                raise Refused("conflict")
            rows.append(msgspec.structs.replace(slot, state="withdrawn"))
            for booking in one.all(BookingRow):
                if booking.state == "booked":
                    rows.append(msgspec.structs.replace(booking, state="withdrawn"))
                    notices.append(Notice(booking.account, "booking_withdrawn", "booking", booking.id))
        for known in unit.all(ConsultantTimesRow):
            left = tuple(time for time in coming(known.times, at) if time.slot not in ids)
            if left != known.times:
                rows.append(msgspec.structs.replace(known, times=left))
        return Writes(rows=tuple(rows), notices=tuple(notices))


class Tidy(Command):
    """The house erases the question of a consultation long past, and takes it off the lists."""

    name: ClassVar[str] = "slot.tidy"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "slot"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.record)
        emptied = (msgspec.structs.replace(one, question=None) for one in around.all(BookingRow))
        return Writes(rows=(msgspec.structs.replace(slot, tidied=True), *emptied))


def coming(times: Iterable[TakenTime], at: Moment) -> tuple[TakenTime, ...]:
    """Those not yet over."""
    return tuple(one for one in times if from_text(one.starts_at) + timedelta(minutes=one.minutes) > at.now)


def overlap(start: datetime, end: datetime, other: TakenTime) -> bool:
    """True when the span runs into the other."""
    begins = from_text(other.starts_at)
    return start < begins + timedelta(minutes=other.minutes) and begins < end


def _check_consultant_or_lead(unit: Around, actor: Actor) -> None:
    person = unit.get(StaffRow, actor.seat)
    row = unit.known(UnitRow, unit.id)
    if CONSULTANT not in person.functions and (row is None or actor.seat not in row.leads):
        raise Refused("not_allowed")


features = (
    Feature(
        entity="slot",
        row=SlotRow,
        project=project,
        documents=(Slot,),
        reminders=reminders,
        commands=(Publish, Withdraw, Tidy),
    ),
    Feature(entity="consultant_times", row=ConsultantTimesRow, project=project_times),
)
