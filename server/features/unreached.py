"""Unreached: a family member whom no device, e-mail or text message has reached about something that matters.

The coordinating unit sees it beside the thing itself and calls. It goes as every mark does (`marks`), or when somebody
has called. Source: promises.md P7.
"""

from __future__ import annotations

from typing import ClassVar, Final

from server.domain.access import BATON, Rule
from server.domain.actors import Actor, Assurance
from server.errors import Refused
from server.features import belonging, circle, consent_state
from server.features.around import Around
from server.features.marks import ForgetMark, MarkCommand, MarkRow, reminders
from server.features.meeting.rows import MeetingRow
from server.features.notice import NoticeRow
from server.features.rows import ConsentRow, RelationRow
from server.features.shape import Command, Document, Feature, Id, Moment, Notice, Projected, Target, Writes

NOT_REACHED: Final = "not_reached"
MATTERS: Final = frozenset(
    {
        *("meeting_invited", "meeting_moved", "meeting_cancelled", "meeting_day", "meeting_answer"),
        *("contact_answered", "contact_tried", "consent_asked"),
    }
)
"""Kinds of notice that somebody should hear of from a person when nothing else reaches them."""


class UnreachedRow(MarkRow, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "unreached"
    aggregate: ClassVar[str] = "child"

    child: str
    relation: str
    about: str
    """The entity of `doc`."""


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


class Mark(MarkCommand):
    """The house has tried every way. Those on duty are told once of each person and thing."""

    name: ClassVar[str] = "unreached.mark"

    child: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        relation = circle.relation_of(around, self.account)
        if relation is None:
            return Writes()
        notice = around.known(NoticeRow, self.notice)
        if notice is not None and _answered(around, relation, notice):
            raise Refused("conflict")
        row = self.mark(UnreachedRow, around, at, child=around.id, relation=relation.id, about=self.about)
        people = () if self.older(UnreachedRow, around) else circle.on_duty(around)
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


class Forget(ForgetMark):
    """The family member has opened it after all, or it is old."""

    name: ClassVar[str] = "unreached.forget"
    entity: ClassVar[str | None] = "unreached"
    row: ClassVar[type[MarkRow]] = UnreachedRow


feature = Feature(
    entity="unreached",
    row=UnreachedRow,
    project=project,
    documents=(Unreached,),
    reminders=reminders,
    commands=(Mark, Settle, Forget),
    missed=dict.fromkeys(MATTERS, Mark.name),
)
