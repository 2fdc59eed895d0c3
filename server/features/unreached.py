"""Unreached: a family member whom no device, e-mail or text message has reached about something that matters.

The coordinating unit sees it beside the thing itself and calls. It goes by itself when the person opens the notice,
when somebody has called, or after two weeks. Source: promises.md P7.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import Field

from server.domain.access import BATON, SCHEDULED, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features import belonging, circle, consent_state
from server.features.around import Around
from server.features.meeting.rows import MeetingRow
from server.features.notice import NoticeRow
from server.features.rows import ConsentRow, RelationRow
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

KEPT_FOR: Final = timedelta(days=14)
NOT_REACHED: Final = "not_reached"
MATTERS: Final = frozenset(
    {
        *("meeting_invited", "meeting_moved", "meeting_cancelled", "meeting_day", "meeting_answer"),
        *("contact_answered", "contact_tried", "consent_asked"),
    }
)
"""Kinds of notice that somebody should hear of from a person when nothing else reaches them."""


class UnreachedRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "unreached"
    aggregate: ClassVar[str] = "child"

    child: str
    relation: str
    account: str
    notice: str
    about: str
    doc: str
    kind: str
    since: str


class Unreached(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    relation: str
    name: str
    about: str
    """The entity of `doc`, which the notice was about."""
    doc: str
    kind: str
    since: str


def project(row: UnreachedRow, around: Around) -> Projected:
    relation = circle.relation_of(around, row.account)
    if relation is None:
        return
    shown = Unreached(
        id=row.id,
        child=row.child,
        relation=row.relation,
        name=relation.name,
        about=row.about,
        doc=row.doc,
        kind=row.kind,
        since=row.since,
    )
    for scope in circle.coordinator_scopes(around):
        yield scope, shown


def reminders(row: UnreachedRow, around: Around) -> Iterable[Reminder]:
    """Taken away in its time."""
    yield Reminder(row.id, "act:unreached.forget", "", from_text(row.since) + KEPT_FOR)


class Mark(Command):
    """The house has tried every way. Those on duty are told once of each person and thing."""

    name: ClassVar[str] = "unreached.mark"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    child: Id
    account: Id
    notice: Id
    about: Annotated[str, Field(max_length=40)]
    doc: Id
    kind: Annotated[str, Field(max_length=40)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child),)

    def needs(self) -> tuple[str, ...]:
        return (self.notice,)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        relation = circle.relation_of(around, self.account)
        if relation is None:
            return Writes()
        notice = around.known(NoticeRow, self.notice)
        if notice is not None and (notice.read_at is not None or _answered(around, relation, notice)):
            raise Refused("conflict")
        known = next(
            (row for row in around.all(UnreachedRow) if (row.account, row.doc) == (self.account, self.doc)), None
        )
        row = UnreachedRow(
            id=known.id if known else at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            relation=relation.id,
            account=self.account,
            notice=self.notice,
            about=self.about,
            doc=self.doc,
            kind=self.kind,
            since=to_text(at.now),
        )
        people = () if known else circle.on_duty(around)
        told = tuple(
            Notice(person.account, NOT_REACHED, self.about, self.doc)
            for person in people
            if person.account != self.account and belonging.hears(around, person.account)
        )
        return Writes(rows=(row,), notices=told)


def _answered(around: Around, relation: RelationRow, notice: NoticeRow) -> bool:
    """True when this person has answered what the notice was about since it was told: then it has reached them."""
    for meeting in around.all(MeetingRow):
        if meeting.id == notice.doc:
            reply = meeting.answers.get(relation.id)
            return reply is not None and reply.at >= notice.at
    for consent in around.all(ConsentRow):
        if consent.id == notice.doc:
            party = consent_state.party_of(consent, around, relation)
            answer = consent.answers.get(party) if party else None
            return answer is not None and answer.at >= notice.at
    return False


class Settle(Command):
    """Reached in another way: somebody has called."""

    name: ClassVar[str] = "unreached.settle"
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)

    unreached: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.unreached, "unreached"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(UnreachedRow, self.unreached).id,))


class Forget(OfTheHouse):
    """The person has opened it after all, or it is old."""

    name: ClassVar[str] = "unreached.forget"
    entity: ClassVar[str | None] = "unreached"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(around.get(UnreachedRow, self.record).id,))


feature = Feature(
    entity="unreached",
    row=UnreachedRow,
    project=project,
    documents=(Unreached,),
    reminders=reminders,
    commands=(Mark, Settle, Forget),
    missed=dict.fromkeys(MATTERS, Mark.name),
)
