"""Unreached colleague: whom no device, e-mail or text message has reached about a term meeting or a booking.

A mark lies beside the thing itself and is shown in its document, to those who told it: who leads the area, the unit's
consultants. It goes by itself when the person opens the notice or answers, and after two weeks. Source: promises.md P7.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.booking import BOOKER_TOLD
from server.features.colleague_marks import BookingMarkRow, MarkRow, TermMarkRow
from server.features.notice import NoticeRow
from server.features.shape import Command, Feature, Id, Moment, OfTheHouse, Projected, Reminder, Target, Writes
from server.features.slot import BookingRow
from server.features.term_meeting.planning import ALL_TOLD
from server.features.term_meeting.rows import TermMeetingRow
from server.features.unreached import KEPT_FOR


def project(row: MarkRow, around: Around) -> Projected:
    """It is shown in the document of what it is about."""
    return ()


def reminders(row: MarkRow, around: Around) -> Iterable[Reminder]:
    """Taken away in its time."""
    yield Reminder(row.id, f"act:{row.entity}.forget", "", from_text(row.since) + KEPT_FOR)


class _Mark(Command):
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    account: Id
    notice: Id
    about: Annotated[str, Field(max_length=40)]
    doc: Id
    kind: Annotated[str, Field(max_length=40)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.doc, self.about),)

    def needs(self) -> tuple[str, ...]:
        return (self.notice,)

    def written(self, kind: type[MarkRow], around: Around, at: Moment, **home: Any) -> Writes:
        """The mark, in the place of an older one. Refuses `conflict` when the person has opened the notice."""
        notice = around.known(NoticeRow, self.notice)
        if notice is not None and notice.read_at is not None:
            raise Refused("conflict")
        known = next((one for one in around.all(kind) if (one.account, one.doc) == (self.account, self.doc)), None)
        row = kind(
            id=known.id if known else at.new_id(),
            owner_unit=around.owner_unit,
            account=self.account,
            notice=self.notice,
            doc=self.doc,
            kind=self.kind,
            since=to_text(at.now),
            **home,
        )
        return Writes(rows=(row,))


class MarkOfTerm(_Mark):
    """The house has tried every way to tell somebody of a term meeting."""

    name: ClassVar[str] = "term_unreached.mark"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        around.get(TermMeetingRow, self.doc)
        return self.written(TermMarkRow, around, at, area=around.id)


class MarkOfBooking(_Mark):
    """The house has tried every way to tell somebody of their booking."""

    name: ClassVar[str] = "booking_unreached.mark"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return self.written(BookingMarkRow, around, at, slot=around.get(BookingRow, self.doc).slot)


class ForgetOfTerm(OfTheHouse):
    """The person has opened it after all, or it is old."""

    name: ClassVar[str] = "term_unreached.forget"
    entity: ClassVar[str | None] = "term_unreached"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(TermMarkRow, self.record).id,))


class ForgetOfBooking(OfTheHouse):
    """The person has opened it after all, or it is old."""

    name: ClassVar[str] = "booking_unreached.forget"
    entity: ClassVar[str | None] = "booking_unreached"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(BookingMarkRow, self.record).id,))


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
