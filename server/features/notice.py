"""Notice: something an account should know of, without content: a kind, an instant, and where it leads.

Kept among the account's own rows, so that it reaches every seat and device of that person and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

import msgspec

from server.domain import scopes
from server.domain.access import ONESELF, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text, to_text
from server.features import circle
from server.features.around import Around
from server.features.shape import (
    Command,
    Document,
    Feature,
    Id,
    Moment,
    Notice,
    OfTheHouse,
    Projected,
    Reminder,
    Row,
    Target,
    Writes,
)

SAID_WITHIN = timedelta(days=8)
"""Longer than the longest row of days off: a professional's notice of the evening before them waits through them."""
KEPT_FOR = timedelta(days=90)


class NoticeRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "notice"
    aggregate: ClassVar[str] = "user"

    account: str
    kind: str
    about: str
    doc: str
    at: str
    urgent: bool = False
    family: bool | None = None
    """True when it is about a child of one's own or oneself, False when it is about work. None: not kept yet then."""
    read_at: str | None = None


class NoticeDocument(Document, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    about: str
    """The entity of `doc`, which it leads to."""
    doc: str
    at: str
    read: bool | None = None
    read_at: str | None = None


def is_of_family(notice: Notice, arounds: Iterable[Around]) -> bool:
    """True when the notice says something to somebody in a child's family about that child.

    `arounds` are the aggregates that the decision was about; nobody has a seat at work around a child of their own.
    """
    known = list(arounds)
    home = [one for one in known if one.id == notice.doc or any(row.id == notice.doc for row in one.rows)]
    return any(circle.relation_of(one, notice.account) for one in home or known)


def notice_row(notice: Notice, at: Moment, *, family: bool | None = None) -> NoticeRow:
    """The row that a notice of a decision becomes."""
    return NoticeRow(
        id=at.new_id(),
        owner_unit="",
        account=notice.account,
        kind=notice.kind,
        about=notice.entity,
        doc=notice.doc,
        at=to_text(at.now),
        urgent=notice.urgent,
        family=family,
    )


def project(row: NoticeRow, around: Around) -> Projected:
    yield (
        scopes.user(row.account),
        NoticeDocument(
            id=row.id,
            kind=row.kind,
            about=row.about,
            doc=row.doc,
            at=row.at,
            read=True if row.read_at else None,
            read_at=row.read_at,
        ),
    )


def reminders(row: NoticeRow, around: Around) -> Iterable[Reminder]:
    """Said once, at once (quiet hours are kept by the sender), unless it has been read or is old; later taken away."""
    at = from_text(row.at)
    yield Reminder(row.id, "act:notice.forget", "", at + KEPT_FOR)
    if row.read_at is None and around.now - at < SAID_WITHIN:
        yield Reminder(row.id, "notice", row.account, at, {"urgent": "1"} if row.urgent else {})


class Read(Command):
    """The person has seen it."""

    name: ClassVar[str] = "notice.read"
    rule: ClassVar[Rule] = Rule(by=ONESELF)
    offered: ClassVar = ({"field": "read", "present": False},)
    optimistic: ClassVar = {"entity": "notice", "arg": "notice", "set": {"read": {"value": True}}}

    notice: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.notice, "notice"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(NoticeRow, self.notice)
        return Writes(rows=(msgspec.structs.replace(row, read_at=row.read_at or to_text(at.now)),))


class Forget(OfTheHouse):
    """The house takes away a notice that has been there for long."""

    name: ClassVar[str] = "notice.forget"
    entity: ClassVar[str | None] = "notice"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(NoticeRow, self.record).id,))


feature = Feature(
    entity="notice",
    row=NoticeRow,
    project=project,
    documents=(NoticeDocument,),
    reminders=reminders,
    commands=(Read, Forget),
)
