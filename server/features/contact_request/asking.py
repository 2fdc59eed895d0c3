"""Asking to be called back, and taking it back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

import msgspec
from pydantic import Field, StringConstraints, model_validator

from server.domain.access import AREA, FAMILY, LEADS, UNIT, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import date_text, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.contact_request.rows import ContactRequestRow, answerers, notice
from server.features.identifying import Confirmed, refuse_identifying
from server.features.person import Phone, StaffRow
from server.features.shape import Command, Id, Moment, Target, Writes, misfit
from server.features.words import FunctionKey

ASKERS: Final = FAMILY | UNIT | (AREA - LEADS)
FAMILY_REASONS: Final = frozenset({"worried", "worse", "question", "school", "meeting", "waiting", "other"})
PROFESSIONAL_REASONS: Final = frozenset({"question", "advice", "handover", "collaboration", "other"})

Reason = Literal[
    "worried", "worse", "question", "school", "meeting", "waiting", "advice", "handover", "collaboration", "other"
]
Time = Literal["morning", "midday", "afternoon", "evening"]


class Request(Command):
    """Asks to be called back: with `child` the coordinator, with `unit` and `function` a colleague, about no child."""

    name: ClassVar[str] = "contact.request"
    # A code is enough (rules.md 4.4: low-risk functions): it opens nothing, and whoever waits must be able to ask.
    rule: ClassVar[Rule] = Rule(by=ASKERS, assurance=Assurance.CODE)

    child: Id | None = None
    unit: Id | None = None
    function: FunctionKey | None = None
    reason: Reason
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    callback_phone: Phone | None = None
    good_times: Annotated[list[Time], Field(max_length=4)] = Field(default_factory=list)
    confirmed: Confirmed = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_receiver(self) -> Request:
        family = self.child is not None
        colleague = {"unit": self.unit, "function": self.function}
        given = [name for name, value in colleague.items() if value is not None]
        if family and given:
            raise misfit(**dict.fromkeys(given, "not_allowed_value"))
        if not family and not given:
            raise misfit(child="required", unit="required", function="required")
        if not family and len(given) == 1:
            raise misfit(**{name: "required" for name in colleague if name not in given})
        if self.reason not in (FAMILY_REASONS if family else PROFESSIONAL_REASONS):
            raise misfit(reason="not_allowed_value")
        return self

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),) if self.child else (Target(self.unit or "", "unit"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        asker = self._family(around, actor) if self.child else self._colleague(around, actor)
        same = (asker, "open", self.function, self.reason, self.text)
        for row in around.all(ContactRequestRow):
            # The very same words again are a slip of the finger, not one more promise.
            if (row.asker, row.state, row.function, row.reason, row.text) == same:
                raise Refused("conflict", data={"contact_request": row.id})
        promise = circle.promise(around, at.now)
        owner = circle.coordinator(around).owner_unit if self.child else around.owner_unit
        row = ContactRequestRow(
            id=at.new_id(),
            owner_unit=owner,
            child=self.child,
            function=self.function,
            asker=asker,
            account=actor.account,
            reason=self.reason,
            text=self.text,
            callback_phone=self.callback_phone,
            good_times=tuple(dict.fromkeys(self.good_times)),
            asked_at=to_text(at.now),
            due_on=date_text(promise.due_on),
            due_at=to_text(promise.due_at),
            promise_days=promise.working_days,
            remind_on=date_text(promise.remind_on),
        )
        return Writes(
            rows=(row,),
            result={"contact_request": row.id, "due_on": row.due_on, "due_at": row.due_at},
            notices=tuple(notice(row, person.account, "contact_new") for person in answerers(row, around)),
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
        names = (person.name for person in around.all(StaffRow))
        refuse_identifying("text", self.text, self.confirmed, actor.name, *names)
        return actor.seat


class OnRequest(Command):
    offered: ClassVar = ({"field": "state", "in": ["open"]},)

    contact_request: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.contact_request, "contact_request"),)

    def row(self, around: Around) -> ContactRequestRow:
        row = around.get(ContactRequestRow, self.contact_request)
        if row.state != "open":
            raise Refused("conflict")
        return row


class Withdraw(OnRequest):
    """The asker takes it back; those who were to answer are told."""

    name: ClassVar[str] = "contact.withdraw"
    rule: ClassVar[Rule] = Rule(by=ASKERS, assurance=Assurance.CODE)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ContactRequestRow, self.contact_request)
        if row.account != actor.account or actor.is_professional == (row.child is not None):
            raise Refused("not_allowed")
        self.row(around)
        withdrawn = msgspec.structs.replace(row, state="withdrawn")
        told = tuple(notice(row, person.account, "contact_withdrawn") for person in answerers(row, around))
        return Writes(rows=(withdrawn,), notices=told)
