"""Marks: what the house notes when no way has reached somebody about something that matters.

One for families (`unreached`), two for colleagues (`unreached_colleague`). Each lies beside the thing itself, and goes
when the person opens the notice or after two weeks. Source: promises.md P7.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import Field

from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.notice import NoticeRow
from server.features.shape import Command, Id, Moment, OfTheHouse, Reminder, Row, Writes

KEPT_FOR: Final = timedelta(days=14)


class MarkRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody whom no way has reached about `doc`, with the newest notice that did not arrive."""

    account: str
    notice: str
    doc: str
    kind: str
    since: str


M = TypeVar("M", bound=MarkRow)


class TermMarkRow(MarkRow, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "term_unreached"
    aggregate: ClassVar[str] = "area"

    area: str


class BookingMarkRow(MarkRow, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "booking_unreached"
    aggregate: ClassVar[str] = "slot"

    slot: str


def reminders(row: MarkRow, around: Around) -> Iterable[Reminder]:
    """Taken away in its time."""
    yield Reminder(row.id, f"act:{row.entity}.forget", "", from_text(row.since) + KEPT_FOR)


class MarkCommand(Command):
    """The house has tried every way to tell `account` of `doc`."""

    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    account: Id
    notice: Id
    about: Annotated[str, Field(max_length=40)]
    """The entity of `doc`."""
    doc: Id
    kind: Annotated[str, Field(max_length=40)]

    def needs(self) -> tuple[str, ...]:
        return (self.notice,)

    def older(self, kind: type[M], around: Around) -> M | None:
        """The mark of this person and thing that stands there already."""
        return next((one for one in around.all(kind) if (one.account, one.doc) == (self.account, self.doc)), None)

    def mark(self, kind: type[M], around: Around, at: Moment, **more: Any) -> M:
        """The mark, in the place of an older one. Refuses `conflict` when the person has opened the notice."""
        notice = around.known(NoticeRow, self.notice)
        if notice is not None and notice.read_at is not None:
            raise Refused("conflict")
        known = self.older(kind, around)
        return kind(
            id=known.id if known else at.new_id(),
            owner_unit=around.owner_unit,
            account=self.account,
            notice=self.notice,
            doc=self.doc,
            kind=self.kind,
            since=to_text(at.now),
            **more,
        )


class ForgetMark(OfTheHouse):
    """The person has opened it after all, or it is old."""

    row: ClassVar[type[MarkRow]]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(self.row, self.record).id,))
