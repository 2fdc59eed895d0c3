"""Unreached colleague: whom no device, e-mail or text message has reached about a term meeting or a booking.

The mark is shown in the document of the thing itself, to those who told it: who leads the area, the unit's consultants.
It goes as every mark does (`marks`), or when the person answers. Source: promises.md P7.
"""

from __future__ import annotations

from typing import ClassVar

from server.domain.actors import Actor
from server.features.around import Around
from server.features.booking import BOOKER_TOLD
from server.features.marks import BookingMarkRow, ForgetMark, MarkCommand, MarkRow, TermMarkRow, reminders
from server.features.shape import Feature, Moment, Projected, Target, Writes
from server.features.slot import BookingRow
from server.features.term_meeting.planning import ALL_TOLD
from server.features.term_meeting.rows import TermMeetingRow


def project(row: MarkRow, around: Around) -> Projected:
    """It is shown in the document of what it is about."""
    return ()


class MarkOfTerm(MarkCommand):
    """The house has tried every way to tell somebody of a term meeting."""

    name: ClassVar[str] = "term_unreached.mark"

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.doc, self.about),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        around.get(TermMeetingRow, self.doc)
        return Writes(rows=(self.mark(TermMarkRow, around, at, area=around.id),))


class MarkOfBooking(MarkCommand):
    """The house has tried every way to tell somebody of their booking."""

    name: ClassVar[str] = "booking_unreached.mark"

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.doc, self.about),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        booking = around.get(BookingRow, self.doc)
        return Writes(rows=(self.mark(BookingMarkRow, around, at, slot=booking.slot),))


class ForgetOfTerm(ForgetMark):
    """Whoever was called to the term meeting has opened it after all, or it is old."""

    name: ClassVar[str] = "term_unreached.forget"
    entity: ClassVar[str | None] = "term_unreached"
    row: ClassVar[type[MarkRow]] = TermMarkRow


class ForgetOfBooking(ForgetMark):
    """Whoever has booked has opened it after all, or it is old."""

    name: ClassVar[str] = "booking_unreached.forget"
    entity: ClassVar[str | None] = "booking_unreached"
    row: ClassVar[type[MarkRow]] = BookingMarkRow


features = (
    Feature(
        entity="term_unreached",
        row=TermMarkRow,
        project=project,
        reminders=reminders,
        commands=(MarkOfTerm, ForgetOfTerm),
        missed=dict.fromkeys(ALL_TOLD, MarkOfTerm.name),
    ),
    Feature(
        entity="booking_unreached",
        row=BookingMarkRow,
        project=project,
        reminders=reminders,
        commands=(MarkOfBooking, ForgetOfBooking),
        missed=dict.fromkeys(BOOKER_TOLD, MarkOfBooking.name),
    ),
)
