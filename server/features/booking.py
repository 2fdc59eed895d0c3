"""Booking: a professional's question to a consultant, without anything that tells who the child is.

The first to book a slot has it; the others hear which are free next. The text is checked and refused with offsets only;
what was refused is stored nowhere. The booker and the unit's consultants see it, nobody else. Source: rules.md 3.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import Field

from server.domain import reminders as timing
from server.domain import scopes
from server.domain.access import AREA, LEADS, UNIT, Rule
from server.domain.actors import Actor
from server.domain.ages import AgeBand
from server.domain.calendar import previous_working_day
from server.domain.instants import ZONE_NAME, from_text, local_date, local_wall, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.identifying import Confirmed, refuse_identifying
from server.features.marks import BookingMarkRow
from server.features.person import DayText, StaffRow, UnitRow
from server.features.shape import Command, Document, Feature, Id, Moment, Notice, Projected, Reminder, Target, Writes
from server.features.slot import CONSULTANT, BookingRow, SlotRow, Topic

Question = Annotated[str, Field(min_length=1, max_length=500)]
BOOKER_TOLD = ("booking_changed", "booking_withdrawn")
"""What a booker hears that they have to know."""
SOON = timedelta(minutes=10)


class Booking(Document, frozen=True, kw_only=True, omit_defaults=True):
    slot: str
    unit_name: str
    consultant_title: str
    starts_local: str
    zone: str
    starts_at: str
    minutes: int
    mode: str
    topic: str
    age_band: str
    state: str
    question: str | None = None
    confirmed: tuple[str, ...] = ()
    """In the booker's own copy."""
    join_url: str | None = None
    phone_in: str | None = None
    outcome: str | None = None
    feedback_on: str | None = None
    mine: bool = False
    """The booker's own copy."""
    consultant: str | None = None
    not_reached: str | None = None
    """To the consultants only: since when the booker has not been reached about a change of this."""
    booked_by: dict[str, str | None] | None = None
    """To the consultants only: whom to talk to. No school and no unit."""


def project(row: BookingRow, around: Around) -> Projected:
    slot = around.get(SlotRow, row.slot)
    unit = around.known(UnitRow, slot.owner_unit)
    consultant = around.known(StaffRow, slot.consultant)
    if slot.tidied:
        return
    shown = Booking(
        id=row.id,
        slot=slot.id,
        unit_name=unit.name if unit else "",
        consultant_title=consultant.title if consultant else "",
        starts_local=slot.starts_local,
        zone=ZONE_NAME,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        mode=slot.mode,
        topic=row.topic,
        age_band=row.age_band,
        state=row.state,
        question=row.question,
        join_url=slot.join_url,
        phone_in=slot.phone,
        outcome=row.outcome,
        feedback_on=row.feedback_on,
    )
    yield scopes.user(row.account), msgspec.structs.replace(shown, mine=True, confirmed=row.confirmed)
    booker = around.known(StaffRow, row.seat)
    yield (
        scopes.function(slot.owner_unit, CONSULTANT),
        msgspec.structs.replace(
            shown,
            consultant=slot.consultant,
            not_reached=_not_reached(row, around),
            booked_by={"name": booker.name, "title": booker.title, "phone": booker.phone} if booker else None,
        ),
    )


def _not_reached(row: BookingRow, around: Around) -> str | None:
    told = "booking_withdrawn" if row.state == "withdrawn" else "booking_changed"
    marks = (one for one in around.all(BookingMarkRow) if one.doc == row.id and one.account == row.account)
    return next((one.since for one in marks if one.kind == told), None)


def reminders(row: BookingRow, around: Around) -> Iterable[Reminder]:
    """To both, one working day and ten minutes before; and of the feedback that was promised."""
    slot = around.get(SlotRow, row.slot)
    consultant = around.known(StaffRow, slot.consultant)
    closed = circle.closed_days(around)
    if row.state == "booked":
        starts_at = from_text(slot.starts_at)
        eve = local_wall(previous_working_day(local_date(starts_at), closed), timing.REMIND_AT)
        for account in sorted({row.account, consultant.account if consultant else row.account}):
            yield Reminder(row.id, "booking_tomorrow", account, eve)
            yield Reminder(row.id, "booking_soon", account, starts_at - SOON)
    if row.feedback_on is not None and consultant is not None and row.state == "held":
        due_at = circle.morning(around, date.fromisoformat(row.feedback_on))
        yield Reminder(row.id, "booking_feedback", consultant.account, due_at)


class Book(Command):
    """Books a free slot with a question that identifies nobody. The first commit wins."""

    name: ClassVar[str] = "slot.book"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open"]}, {"until": "starts_at"})
    alternatives_entity: ClassVar[str] = "slot"
    """`taken` is answered with the next free documents of this entity that the seat can see."""

    slot: Id
    topic: Topic
    age_band: AgeBand
    question: Question | None = None
    confirmed: Confirmed = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.slot, "slot"),)

    def suits(self, document: Mapping[str, Any]) -> bool:
        return self.topic in document["topics"]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.slot)
        if self.topic not in slot.topics:
            raise Refused("invalid", fields={"topic": "not_allowed_value"})
        if from_text(slot.starts_at) <= at.now:
            raise Refused("too_late")
        if slot.state != "open":
            raise Refused("taken")
        consultant = around.known(StaffRow, slot.consultant)
        refuse_identifying("question", self.question, self.confirmed, actor.name, consultant.name if consultant else "")
        row = BookingRow(
            id=at.new_id(),
            owner_unit=slot.owner_unit,
            slot=slot.id,
            seat=actor.seat,
            account=actor.account,
            topic=self.topic,
            age_band=self.age_band,
            question=self.question,
            confirmed=tuple(self.confirmed),
            booked_at=to_text(at.now),
        )
        booked = msgspec.structs.replace(slot, state="booked")
        return Writes(
            rows=(booked, row),
            result={"booking": row.id},
            notices=to_consultant("slot_booked", row, consultant),
        )


class _OnBooking(Command):
    on_scope_loss: ClassVar[str] = "purge"

    booking: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.booking, "booking"),)


class Release(_OnBooking):
    """Gives the time back; it is free for others at once."""

    name: ClassVar[str] = "slot.release"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    confirm: ClassVar[bool] = True
    offered: ClassVar = (
        {"field": "mine", "in": [True]},
        {"field": "state", "in": ["booked"]},
        {"until": "starts_at"},
    )

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(BookingRow, self.booking)
        slot = around.get(SlotRow, row.slot)
        if row.account != actor.account:
            raise Refused("not_allowed")
        if row.state != "booked":
            raise Refused("conflict")
        if from_text(slot.starts_at) <= at.now:
            raise Refused("too_late")
        consultant = around.known(StaffRow, slot.consultant)
        free = msgspec.structs.replace(slot, state="open", freed_at=to_text(at.now))
        return Writes(
            rows=(msgspec.structs.replace(row, state="released"), free),
            notices=to_consultant("slot_released", row, consultant),
        )


class SetOutcome(_OnBooking):
    """What came of the talk, and the day of a promised feedback."""

    name: ClassVar[str] = "booking.outcome"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    confirm: ClassVar[bool] = True
    offered: ClassVar = (
        {"field": "mine", "present": False},
        {"field": "state", "in": ["booked"]},
        {"from": "starts_at", "minus_minutes": 0},
    )

    outcome: Literal["advice", "new_time", "meeting", "contact_family", "not_held"]
    feedback_on: DayText | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(BookingRow, self.booking)
        slot = around.get(SlotRow, row.slot)
        if actor.seat != slot.consultant and CONSULTANT not in actor.functions:
            raise Refused("not_allowed")
        if self.feedback_on is not None and self.feedback_on < local_date(at.now).isoformat():
            raise Refused("invalid", fields={"feedback_on": "past"})
        if row.state != "booked" or from_text(slot.starts_at) > at.now:
            raise Refused("conflict")
        held = msgspec.structs.replace(row, state="held", outcome=self.outcome, feedback_on=self.feedback_on)
        return Writes(
            rows=(held, msgspec.structs.replace(slot, state="held")),
            notices=(Notice(row.account, "booking_outcome", "booking", row.id),),
        )


def to_consultant(kind: str, row: BookingRow, consultant: StaffRow | None) -> tuple[Notice, ...]:
    if consultant is None or consultant.account == row.account:
        return ()
    return (Notice(consultant.account, kind, "booking", row.id),)


feature = Feature(
    entity="booking",
    row=BookingRow,
    project=project,
    documents=(Booking,),
    reminders=reminders,
    commands=(Book, Release, SetOutcome),
    overrides=frozenset({"booking_changed", "booking_withdrawn"}),
    said_in={"slot_booked": ("booked",), "booking_changed": ("booked",)},
)
