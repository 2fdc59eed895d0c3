"""Answering a request; and what happens when nobody has answered in time."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import StringConstraints

from server.domain.access import BATON, UNIT, Rule, may_sit_around
from server.domain.actors import Actor, Assurance
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.contact_request.asking import OnRequest
from server.features.contact_request.rows import ContactRequestRow, answerers, leads_told, notice
from server.features.coordinator import to_former
from server.features.person import StaffRow
from server.features.shape import Id, Moment, OfTheHouse, Writes

Outcome = Literal["talked", "written", "meeting_booked", "tried"]


class Answer(OnRequest):
    """Says that the asker has been reached. `tried` says that nobody answered: the promise stays open."""

    name: ClassVar[str] = "contact.answer"
    rule: ClassVar[Rule] = Rule(by=BATON | UNIT, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    outcome: Outcome = "talked"
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        if row.asker == actor.seat or any(lead.id == actor.seat for lead in leads_told(row, around)):
            raise Refused("not_allowed")
        if self.outcome == "tried":
            tried = msgspec.structs.replace(row, tried_at=to_text(at.now), note=self.note or row.note)
            return Writes(rows=(tried,), notices=(notice(row, row.account, "contact_tried"),))
        answered = msgspec.structs.replace(
            row,
            state="answered",
            answered_at=to_text(at.now),
            answered_by=actor.seat,
            outcome=self.outcome,
            note=self.note or row.note,
        )
        return Writes(rows=(answered,), notices=(notice(row, row.account, "contact_answered"),))


class StandIn(OnRequest):
    """The lead of the unit names a deputy for the one who has not kept a family's promise; it is then theirs too.

    A lead who is told only that it is late learns nothing more of the child by this. Who holds a function that was
    asked is changed in the directory instead.
    """

    name: ClassVar[str] = "contact.stand_in"
    rule: ClassVar[Rule] = Rule(by=UNIT, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    persons: ClassVar = {"person": "staff"}

    person: Id

    def needs(self) -> tuple[str, ...]:
        return (self.person,)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        if row.child is None or all(lead.id != actor.seat for lead in leads_told(row, around)):
            raise Refused("not_allowed")
        held = circle.coordinator(around)
        person = around.known(StaffRow, self.person)
        if (
            person is None
            or person.id == held.seat
            or not circle.works_in(around, person.id, held.owner_unit)
            or may_sit_around(person.account, circle.family_accounts(around))
        ):
            # One code for all: whoever leads the unit may not learn from it who is of the family.
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        if person.id == held.deputy:
            raise Refused("conflict")
        told = () if person.id == actor.seat else (notice(row, person.account, "contact_escalated"),)
        stood_in = msgspec.structs.replace(held, deputy=person.id)
        late = msgspec.structs.replace(row, escalated_to=tuple(dict.fromkeys((*row.escalated_to, person.id))))
        return Writes(rows=(stood_in, late), notices=(*told, *to_former(around, held, stood_in, actor)))


class Escalate(OfTheHouse):
    """The promise was not kept: deputy and leads hear of it, and the asker is told honestly. Once."""

    name: ClassVar[str] = "contact.escalate"
    entity: ClassVar[str | None] = "contact_request"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ContactRequestRow, self.record)
        if row.state != "open" or row.escalated_at is not None or at.now < from_text(row.due_at):
            return Writes()
        people = {person.id: person for person in (*self._deputy(row, around), *circle.unit_leads(around))}
        late = msgspec.structs.replace(row, escalated_at=to_text(at.now), escalated_to=tuple(people))
        accounts = dict.fromkeys(person.account for person in people.values())
        told = tuple(notice(row, account, "contact_escalated") for account in accounts)
        return Writes(rows=(late,), notices=(*told, notice(row, row.account, "contact_late")))

    def _deputy(self, row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
        if row.child is None:
            people = (around.known(StaffRow, person.deputy) for person in answerers(row, around))
        else:
            people = (around.known(StaffRow, seat) for seat in (circle.coordinator(around).deputy,))
        return tuple(person for person in people if person is not None and person.ended_at is None)
