"""Contact request: somebody asks to be called back, and Samled promises by when (kontaktgaranti).

The clock starts when the server hears the request and counts working days. A family asks the coordinator of their child;
a professional asks a function in a unit, about no named child. Whoever has not been answered in time is told so, and
the deputy and those who lead the unit hear of it. Source: rules.md 2 and 5.4, model.md 3 and 4, product.md 2 (A).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from pydantic import Field, StringConstraints, model_validator

from server.domain import deidentify, scopes
from server.domain.access import AREA, BATON, FAMILY, SCHEDULED, UNIT, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import date_text, from_text, local_wall, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.person import Phone, StaffRow, UnitRow
from server.features.rows import RelationRow
from server.features.shape import (
    Command, Document, Feature, Id, Moment, Notice, Projected, Reminder, Row, Target, Writes,
)

REMIND_AT: Final = time(8, 0)
FAMILY_REASONS: Final = frozenset({"worried", "worse", "question", "school", "meeting", "waiting", "other"})
PROFESSIONAL_REASONS: Final = frozenset({"question", "advice", "handover", "collaboration", "other"})

Reason = Literal[
    "worried", "worse", "question", "school", "meeting", "waiting", "advice", "handover", "collaboration", "other"
]
Time = Literal["morning", "midday", "afternoon", "evening"]
Outcome = Literal["talked", "written", "meeting_booked", "tried"]


class ContactRequestRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A request of a family lies with the child; one between professionals with the unit that is asked."""

    entity: ClassVar[str] = "contact_request"
    aggregate: ClassVar[str] = "child"

    asker: str
    """The relation (family) or the seat (professional)."""
    account: str
    reason: str
    asked_at: str
    due_on: str
    due_at: str
    promise_days: int
    remind_on: str
    child: str | None = None
    function: str | None = None
    text: str = ""
    callback_phone: str | None = None
    good_times: tuple[str, ...] = ()
    state: str = "open"
    tried_at: str | None = None
    answered_at: str | None = None
    answered_by: str | None = None
    outcome: str | None = None
    note: str | None = None
    escalated_at: str | None = None
    escalated_to: tuple[str, ...] = ()
    """Seats of the deputy and of those who lead the unit, as they were when the promise was broken."""

    def refers_to(self) -> tuple[str, ...]:
        seats = () if self.child else (self.asker,)
        return tuple(id for id in (self.owner_unit, self.answered_by, *self.escalated_to, *seats) if id)


class ContactRequest(Document, frozen=True, kw_only=True, omit_defaults=True):
    reason: str
    text: str
    asked_at: str
    due_on: str
    due_at: str
    promise_days: int
    state: str
    child: str | None = None
    callback_phone: str | None = None
    good_times: tuple[str, ...] | None = None
    tried_at: str | None = None
    answered_at: str | None = None
    answered_by: str | None = None
    outcome: str | None = None
    note: str | None = None
    escalated_at: str | None = None
    escalated_to: tuple[str, ...] | None = None
    unit: str | None = None
    unit_name: str | None = None
    function: str | None = None
    remind_on: str | None = None
    """Those who answer only: the day they are reminded."""
    asked_by: dict[str, str | None] | None = None
    """Those who answer only: {name, kind, relation?, phone?, unit_name?}."""


def _seen_by_asker(row: ContactRequestRow, around: Around) -> ContactRequest:
    """Without who asked: in the asker's own room everything is one's own."""
    answered_by = around.known(StaffRow, row.answered_by)
    unit = None if row.child else around.known(UnitRow, row.owner_unit)
    return ContactRequest(
        id=row.id, child=row.child, reason=row.reason, text=row.text, callback_phone=row.callback_phone,
        good_times=row.good_times or None, asked_at=row.asked_at, due_on=row.due_on, due_at=row.due_at,
        promise_days=row.promise_days, state=row.state, tried_at=row.tried_at, answered_at=row.answered_at,
        answered_by=answered_by.name if answered_by else None, outcome=row.outcome, note=row.note,
        escalated_at=row.escalated_at, escalated_to=_names(row, around) or None,
        unit=unit.id if unit else None, unit_name=unit.name if unit else None, function=row.function,
    )


def _names(row: ContactRequestRow, around: Around) -> tuple[str, ...]:
    people = (around.known(StaffRow, seat) for seat in row.escalated_to)
    return tuple(person.name for person in people if person is not None)


def project(row: ContactRequestRow, around: Around) -> Projected:
    own = _seen_by_asker(row, around)
    if row.child is None:
        yield scopes.user(row.account), own
        yield scopes.function(row.owner_unit, row.function or ""), _with_asker(own, row, _professional(row, around))
        return
    asker = next((one for one in (*circle.guardians(around), *circle.young(around)) if one.id == row.asker), None)
    if asker is not None and asker.account:
        yield circle.scope_of(asker, around.id), own
    whole = _with_asker(own, row, _family_member(row, around))
    for scope in circle.keeper_scopes(around, row, still_open=row.state == "open"):
        yield scope, whole


def _with_asker(
    document: ContactRequest, row: ContactRequestRow, asked_by: dict[str, str | None]
) -> ContactRequest:
    return msgspec.structs.replace(document, remind_on=row.remind_on, asked_by=asked_by)


def _family_member(row: ContactRequestRow, around: Around) -> dict[str, str | None]:
    relation = around.known(RelationRow, row.asker)
    return {
        "name": relation.name if relation else None, "kind": relation.kind if relation else None,
        "relation": row.asker,
    }


def _professional(row: ContactRequestRow, around: Around) -> dict[str, str | None]:
    person = around.known(StaffRow, row.asker)
    unit = around.known(UnitRow, person.owner_unit) if person else None
    return {
        "name": person.name if person else None, "kind": str(SeatKind.STAFF),
        "phone": person.phone if person else None, "unit_name": unit.name if unit else None,
    }


def answerers(row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
    """Who is to answer: those on duty for the child, or those who hold the function in the unit."""
    if row.child is not None:
        return circle.on_duty(around)
    return tuple(
        person for person in around.all(StaffRow) if person.ended_at is None and row.function in person.functions
    )


def reminders(row: ContactRequestRow, around: Around) -> Iterable[Reminder]:
    """The morning of the working day before, and what happens at the end of the promise."""
    if row.state != "open":
        return
    morning = local_wall(date.fromisoformat(row.remind_on), REMIND_AT)
    if morning > from_text(row.asked_at):
        for person in answerers(row, around):
            yield Reminder(row.id, "contact_due", person.account, morning)
    yield Reminder(row.id, "act:contact.escalate", "", from_text(row.due_at))


# --- commands

class Request(Command):
    """Asks to be called back: with `child` the coordinator, with `unit` and `function` a colleague, about no child."""

    name: ClassVar[str] = "contact.request"
    # A code is enough (rules.md 4.4: low-risk functions): it opens nothing, and whoever waits must be able to ask.
    rule: ClassVar[Rule] = Rule(by=FAMILY | AREA | UNIT, assurance=Assurance.CODE)

    child: Id | None = None
    unit: Id | None = None
    function: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None
    reason: Reason
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    callback_phone: Phone | None = None
    good_times: Annotated[list[Time], Field(max_length=4)] = []
    confirmed: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=40)] = []

    @model_validator(mode="after")
    def _one_receiver(self) -> Request:
        family = self.child is not None
        if family == (self.unit is not None) or family == (self.function is not None):
            raise ValueError("either a child, or a unit and a function")
        if self.reason not in (FAMILY_REASONS if family else PROFESSIONAL_REASONS):
            raise ValueError("not a reason here")
        return self

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),) if self.child else (Target(self.unit or "", "unit"),)

    def needs(self) -> tuple[str, ...]:
        return ()

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        asker = self._family(around, actor) if self.child else self._colleague(around, actor)
        if any(row.asker == asker and row.state == "open" and row.function == self.function
               for row in around.all(ContactRequestRow)):
            raise Refused("conflict")
        promise = circle.promise(around, at.now)
        row = ContactRequestRow(
            id=at.new_id(), owner_unit=around.owner_unit, child=self.child, function=self.function, asker=asker,
            account=actor.account, reason=self.reason, text=self.text, callback_phone=self.callback_phone,
            good_times=tuple(dict.fromkeys(self.good_times)), asked_at=to_text(at.now),
            due_on=date_text(promise.due_on), due_at=to_text(promise.due_at), promise_days=promise.working_days,
            remind_on=date_text(promise.remind_on),
        )
        return Writes(
            rows=(row,),
            result={"contact_request": row.id, "due_on": row.due_on, "due_at": row.due_at},
            notices=tuple(_notice(row, person.account, "contact_new") for person in answerers(row, around)),
        )

    def _family(self, around: Around, actor: Actor) -> str:
        relation = circle.relation_of(around, actor.account)
        if relation is None or relation.seat != actor.seat:
            raise Refused("not_allowed")
        if circle.child(around).state != "open":
            raise Refused("conflict")
        return relation.id

    def _colleague(self, around: Around, actor: Actor) -> str:
        if actor.kind is not SeatKind.STAFF:
            raise Refused("not_allowed")
        if not any(person.ended_at is None and self.function in person.functions for person in around.all(StaffRow)):
            raise Refused("invalid", fields={"function": "not_allowed_value"})
        if not self.text:
            raise Refused("invalid", fields={"text": "required"})
        names = [actor.name, *(person.name for person in around.all(StaffRow))]
        found = deidentify.blocking(self.text, confirmed=self.confirmed, allowed_names=names)
        if found:
            raise Refused("identifying_text", data={"suspects": [
                {"field": "text", "kind": one.kind, "start": one.start, "end": one.end} for one in found
            ]})
        return actor.seat


def _notice(row: ContactRequestRow, account: str, kind: str) -> Notice:
    return Notice(account, kind, row.entity, row.id)


class _OnRequest(Command):
    offered: ClassVar = ({"field": "state", "in": ["open"]},)

    contact_request: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.contact_request, "contact_request"),)

    def row(self, around: Around) -> ContactRequestRow:
        row = around.get(ContactRequestRow, self.contact_request)
        if row.state != "open":
            raise Refused("conflict")
        return row


class Answer(_OnRequest):
    """Says that the asker has been reached. `tried` says that nobody answered: the promise stays open."""

    name: ClassVar[str] = "contact.answer"
    rule: ClassVar[Rule] = Rule(by=BATON | UNIT, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    outcome: Outcome = "talked"
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        if row.asker == actor.seat:
            raise Refused("not_allowed")
        if self.outcome == "tried":
            tried = msgspec.structs.replace(row, tried_at=to_text(at.now), note=self.note or row.note)
            return Writes(rows=(tried,), notices=(_notice(row, row.account, "contact_tried"),))
        answered = msgspec.structs.replace(
            row, state="answered", answered_at=to_text(at.now), answered_by=actor.seat, outcome=self.outcome,
            note=self.note or row.note,
        )
        return Writes(rows=(answered,), notices=(_notice(row, row.account, "contact_answered"),))


class Withdraw(_OnRequest):
    """The asker takes it back; those who were to answer are told."""

    name: ClassVar[str] = "contact.withdraw"
    rule: ClassVar[Rule] = Rule(by=FAMILY | AREA | UNIT, assurance=Assurance.CODE)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ContactRequestRow, self.contact_request)
        if row.account != actor.account or actor.is_professional == (row.child is not None):
            raise Refused("not_allowed")
        self.row(around)
        withdrawn = msgspec.structs.replace(row, state="withdrawn")
        told = tuple(_notice(row, person.account, "contact_withdrawn") for person in answerers(row, around))
        return Writes(rows=(withdrawn,), notices=told)


class Escalate(Command):
    """The promise was not kept: deputy and leads hear of it, and the asker is told honestly. Once."""

    name: ClassVar[str] = "contact.escalate"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "contact_request"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ContactRequestRow, self.record)
        if row.state != "open" or row.escalated_at is not None or at.now < from_text(row.due_at):
            return Writes()
        people = {person.id: person for person in (*self._deputy(row, around), *circle.unit_leads(around))}
        late = msgspec.structs.replace(row, escalated_at=to_text(at.now), escalated_to=tuple(people))
        accounts = dict.fromkeys(person.account for person in people.values())
        told = tuple(_notice(row, account, "contact_escalated") for account in accounts)
        return Writes(rows=(late,), notices=(*told, _notice(row, row.account, "contact_late")))

    def _deputy(self, row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
        if row.child is None:
            people = (around.known(StaffRow, person.deputy) for person in answerers(row, around))
        else:
            people = (around.known(StaffRow, seat) for seat in (circle.coordinator(around).deputy,))
        return tuple(person for person in people if person is not None and person.ended_at is None)


feature = Feature(
    entity="contact_request", row=ContactRequestRow, project=project, documents=(ContactRequest,),
    reminders=reminders, commands=(Request, Answer, Withdraw, Escalate),
)
