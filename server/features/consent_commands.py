"""The commands of a consent: ask, answer, withdraw, record what was said, and the two exceptions of the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain import deadlines
from server.domain.access import BATON, FAMILY, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import date_text, local_date, to_text
from server.errors import Refused
from server.features import circle
from server.features import consent_state as state
from server.features.around import Around
from server.features.person import DayText, StaffRow, UnitRow
from server.features.rows import Answer, ConsentRow, RelationRow
from server.features.shape import Command, Id, Moment, OfTheHouse, Target, Writes

Purpose = Literal["coordination", "meeting", "sip", "team", "handover", "feedback", "ask_for_us"]
"""What the sharing is for. `feedback` goes back to the school; `ask_for_us` lets a unit ask in the family's place."""
InformationKind = Literal["child", "meeting", "waiting", "measure", "voice", "handover", "team"]
"""What may be shared. `waiting` takes the support measures along; `measure` is those alone."""
AnswerText = Literal["yes", "yes_without_name", "no"]
ExceptionText = Literal["prevented", "social_board"]
ASK_FOR_US_DAYS = 30
"""The last day of an `ask_for_us`, counted from the day it is asked: a single errand."""


class Excepted(BaseModel):
    """Why one guardian's answer is not needed. Source: rules.md 3.4."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: ExceptionText
    party: Id
    date: DayText
    reference: Annotated[str, Field(min_length=1, max_length=80)]


class _Terms(Command):
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    persons: ClassVar = {"people": "staff"}

    child: Id
    purpose: Purpose
    information_kinds: Annotated[list[InformationKind], Field(min_length=1, max_length=7)]
    to_units: Annotated[list[Id], Field(min_length=1, max_length=10)]
    excludes: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=120)]], Field(max_length=10)] = (
        Field(default_factory=list)
    )
    valid_until: DayText | None = None
    also_young: bool = False
    people: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return (*self.to_units, *self.people)

    def row(self, around: Around, actor: Actor, at: Moment) -> ConsentRow:
        """The consent as asked, or the refusal: what is known to be impossible is never put to a family."""
        child = circle.child(around)
        if child.state != "open" or child.protection is not None:
            raise Refused("conflict")
        self._check_receivers(around)
        parties = state.required_now(around, also_young=self.also_young)
        if not parties:
            raise Refused("invalid", fields={"also_young": "required"})
        today = local_date(at.now)
        return ConsentRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            purpose=self.purpose,
            information_kinds=tuple(dict.fromkeys(self.information_kinds)),
            from_units=(around.owner_unit,),
            to_units=tuple(dict.fromkeys(self.to_units)),
            excludes=tuple(self.excludes),
            people=tuple(dict.fromkeys(self.people)),
            required_parties=parties,
            asked_at=to_text(at.now),
            asked_by=actor.seat,
            valid_from=date_text(today),
            valid_until=date_text(self._last_day(around, today)),
        )

    def told(self, row: ConsentRow) -> dict[str, Any]:
        """What the sender hears: when it ends, and that this is sooner than they wished."""
        sooner = self.valid_until is not None and row.valid_until < self.valid_until
        return {"consent": row.id, "valid_until": row.valid_until, **({"shortened": True} if sooner else {})}

    def _check_receivers(self, around: Around) -> None:
        if any(id == around.owner_unit or around.known(UnitRow, id) is None for id in self.to_units):
            raise Refused("invalid", fields={"to_units": "not_allowed_value"})
        family = circle.family_accounts(around)
        for seat in self.people:
            person = around.known(StaffRow, seat)
            if person is None or person.ended_at is not None or person.owner_unit not in self.to_units:
                raise Refused("invalid", fields={"people": "not_allowed_value"})
            if person.account in family:
                raise Refused("not_allowed")

    def _last_day(self, around: Around, today: date) -> date:
        """As wished, or the end of next term; never past twelve months, nor past what guardians decide about."""
        if self.valid_until is None:
            last = deadlines.consent_end(today).ends_on
        else:
            wished = date.fromisoformat(self.valid_until)
            if wished < today:
                raise Refused("invalid", fields={"valid_until": "past"})
            last = deadlines.consent_limit(today, wished).ends_on
        if self.purpose == "ask_for_us":
            last = min(last, today + timedelta(days=ASK_FOR_US_DAYS))
        if circle.guardians(around):
            last = min(last, circle.child(around).turns_18 - timedelta(days=1))
        return last


class Ask(_Terms):
    """Asks each guardian, and the young person where staff have judged that their own word is needed."""

    name: ClassVar[str] = "consent.ask"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, actor, at)
        return Writes(
            rows=(row,),
            result=self.told(row),
            notices=state.to_parties(around, row),
        )


class Record(_Terms):
    """What the family has said by word of mouth or on paper, in one step; who has not answered is asked in the app."""

    name: ClassVar[str] = "consent.record"
    persons: ClassVar = {"people": "staff", "answers": "family"}

    answers: Annotated[dict[Id, AnswerText], Field(min_length=1, max_length=8)]
    form: Literal["oral", "written"]
    exception: Excepted | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        asked = self.row(around, actor, at)
        if not set(self.answers) <= set(asked.required_parties):
            raise Refused("invalid", fields={"answers": "not_allowed_value"})
        now = to_text(at.now)
        recorded = msgspec.structs.replace(
            asked,
            answers={
                party: Answer(answer=answer, at=now, oral=self.form == "oral", recorded_by=actor.seat)
                for party, answer in self.answers.items()
            },
            exception=_exception(asked, around, self.exception, at, field="exception") if self.exception else None,
            form=self.form,
            recorded_by=actor.seat,
        )
        writes = state.settled(recorded, around, at)
        row = next(one for one in writes.rows if isinstance(one, ConsentRow))
        asking = state.to_parties(around, row) if row.state == "asked" else ()
        return replace(
            writes,
            result={**self.told(row), "state": row.state},
            notices=(*writes.notices, *asking),
        )


class Give(Command):
    """One's own answer. Any no refuses; the last yes completes; what has ended is answered no more."""

    name: ClassVar[str] = "consent.answer"
    rule: ClassVar[Rule] = Rule(by=FAMILY, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    offered: ClassVar = ({"field": "state", "in": ["asked"]},)

    consent: Id
    answer: AnswerText

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.consent, "consent"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ConsentRow, self.consent)
        party = _own_party(row, around, actor)
        if party is None:
            raise Refused("not_allowed")
        answered_already = row.state == "complete" and party in row.answers
        if answered_already or state.is_over(row, around):
            raise Refused("conflict")
        own = Answer(answer=self.answer, at=to_text(at.now))
        return state.settled(msgspec.structs.replace(row, answers={**row.answers, party: own}), around, at)


class Withdraw(Command):
    """Ends the sharing at once; no reason is asked. Any required party may, and the coordinator for them.

    A party is never refused because somebody else has ended it already: that would tell what the other did.
    """

    name: ClassVar[str] = "consent.withdraw"
    rule: ClassVar[Rule] = Rule(by=FAMILY | BATON, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    offered: ClassVar = ({"field": "withdrawable", "in": [True]},)

    consent: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.consent, "consent"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ConsentRow, self.consent)
        party = _own_party(row, around, actor)
        if actor.is_family and (party is None or state.overruled(row, party)):
            raise Refused("not_allowed")
        over = state.is_over(row, around)
        if over and party is None:
            raise Refused("conflict")
        if party is not None and party not in row.withdrawn_by:
            row = msgspec.structs.replace(row, withdrawn_by=(*row.withdrawn_by, party))
        if over:
            return Writes(rows=(row,))
        ended = msgspec.structs.replace(row, state="withdrawn", ended_at=to_text(at.now))
        return state.settled(ended, around, at)


class Except(Command):
    """Records that one guardian is prevented, or that the social welfare board has decided, beside the other's yes."""

    name: ClassVar[str] = "consent.except"
    persons: ClassVar = {"party": "family"}
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["asked"]}, {"field": "exception", "present": False})

    consent: Id
    kind: ExceptionText
    party: Id
    date: DayText
    reference: Annotated[str, Field(min_length=1, max_length=80)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.consent, "consent"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ConsentRow, self.consent)
        if row.state != "asked" or row.exception is not None or state.is_over(row, around):
            raise Refused("conflict")
        said = Excepted(kind=self.kind, party=self.party, date=self.date, reference=self.reference)
        return state.settled(msgspec.structs.replace(row, exception=_exception(row, around, said, at)), around, at)


class Expire(OfTheHouse):
    """The house ends what has run out. Late or twice it changes nothing else: the grants ended by themselves."""

    name: ClassVar[str] = "consent.expire"
    entity: ClassVar[str | None] = "consent"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ConsentRow, self.record)
        if row.state not in ("asked", "complete"):
            return Writes()
        return state.settled(row, around, at)


def _own_party(row: ConsentRow, around: Around, actor: Actor) -> str | None:
    relation: RelationRow | None = circle.relation_of(around, actor.account) if actor.is_family else None
    return state.party_of(row, around, relation) if relation is not None else None


def _exception(row: ConsentRow, around: Around, said: Excepted, at: Moment, field: str = "") -> dict[str, str]:
    if said.party not in row.required_parties or state.party_kind(around, said.party) == SeatKind.YOUNG.value:
        raise Refused("invalid", fields={field or "party": "not_allowed_value"})
    if said.date > local_date(at.now).isoformat():
        raise Refused("invalid", fields={field or "date": "not_allowed_value"})
    return {"kind": said.kind, "party": said.party, "date": said.date, "reference": said.reference}


COMMANDS: tuple[type[Command], ...] = (Ask, Give, Withdraw, Record, Except, Expire)
