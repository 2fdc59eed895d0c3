"""Protection (skyddade personuppgifter): while it lasts, everything of the child lives in one room, in memory.

What that means for every other document stands in `publish` and `circle`; here are the card of the circle and the
three commands. Nobody outside the circle can see the flag: to them it looks like any sharing that has ended. One
person sets it, another one lifts it. Source: rules.md 3.6, model.md 2.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from pydantic import Field

from server.domain.access import BATON, CHILD_STAFF, UNIT, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import from_text, local_date, to_text
from server.errors import Refused
from server.features import belonging, circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.rows import ChildRow, Protection
from server.features.shape import Command, Document, Feature, Id, Moment, Projected, Row, Target, Writes


class ProtectionRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Stands while the child is protected; what holds is in the child's own row."""

    entity: ClassVar[str] = "protection"
    aggregate: ClassVar[str] = "child"

    child: str


class Circle(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    alias: str
    set_on: str
    set_by: str
    set_by_name: str
    people: tuple[dict[str, str], ...]
    """Everybody inside: seat, name, and title for staff."""


def project(row: ProtectionRow, around: Around) -> Projected:
    held = circle.child(around).protection
    if held is None:
        return
    for scope in circle.coordinator_scopes(around):
        yield (
            scope,
            Circle(
                id=row.id,
                child=row.child,
                alias=held.alias,
                set_on=local_date(from_text(held.set_at)).isoformat(),
                set_by=held.set_by,
                set_by_name=_card(around, held.set_by).get("name", ""),
                people=tuple(_card(around, seat) for seat in sorted(belonging.protected_circle(around) or ())),
            ),
        )


def _card(around: Around, seat: str) -> dict[str, str]:
    person = around.known(StaffRow, seat)
    if person is not None:
        return {"person": seat, "name": person.name, "title": person.title}
    relation = next((row for row in circle.family(around) if row.seat == seat), None)
    return {"person": seat, "name": relation.name if relation else ""}


class _Protect(Command):
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"

    child: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)


class Set(_Protect):
    """Hides the child from everybody but coordinator, deputy and the one who sets it, at once, under another name."""

    name: ClassVar[str] = "protect.set"
    rule: ClassVar[Rule] = Rule(by=CHILD_STAFF, assurance=Assurance.VERIFIED)
    offered: ClassVar = ({"field": "protected", "present": False},)

    alias: Annotated[str, Field(min_length=1, max_length=40)]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        child = around.get(ChildRow, self.child)
        if child.protection is not None:
            raise Refused("conflict")
        held = Protection(alias=self.alias.strip(), set_by=actor.seat, set_at=to_text(at.now), circle=())
        card = ProtectionRow(id=at.new_id(), owner_unit=around.owner_unit, child=child.id)
        return Writes(rows=(msgspec.structs.replace(child, protection=held), card))


class Add(_Protect):
    """Lets one more person in: a colleague in the coordinating unit, or one of the family."""

    name: ClassVar[str] = "protect.add"
    rule: ClassVar[Rule] = Rule(by=BATON | UNIT, assurance=Assurance.VERIFIED)
    offered: ClassVar = ({"field": "protected", "present": True},)
    persons: ClassVar = {"person": "anyone"}

    person: Id

    def needs(self) -> tuple[str, ...]:
        return (self.person,)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        child = around.get(ChildRow, self.child)
        if child.protection is None:
            raise Refused("conflict")
        seat = self._seat(around)
        if seat in (belonging.protected_circle(around) or ()):
            raise Refused("conflict")
        held = msgspec.structs.replace(child.protection, circle=(*child.protection.circle, seat))
        return Writes(rows=(msgspec.structs.replace(child, protection=held),))

    def _seat(self, around: Around) -> str:
        relation = next((row for row in circle.family(around) if row.id == self.person), None)
        if relation is not None and relation.seat is not None:
            return relation.seat
        person = around.known(StaffRow, self.person)
        if person is None or not circle.works_in(around, self.person, around.owner_unit):
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        if person.account in circle.family_accounts(around):
            raise Refused("not_allowed")
        return self.person


class Lift(_Protect):
    """Ends it, by somebody other than the one who set it; everything is shared again as before."""

    name: ClassVar[str] = "protect.lift"
    rule: ClassVar[Rule] = Rule(by=BATON | UNIT, assurance=Assurance.VERIFIED)
    offered: ClassVar = ({"field": "protected", "present": True},)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        child = around.get(ChildRow, self.child)
        if child.protection is None:
            raise Refused("conflict")
        if actor.seat == child.protection.set_by:
            raise Refused("not_allowed")
        cards = tuple(row.id for row in around.all(ProtectionRow))
        return Writes(rows=(msgspec.structs.replace(child, protection=None),), remove=cards)


feature = Feature(
    entity="protection",
    row=ProtectionRow,
    project=project,
    documents=(Circle,),
    commands=(Set, Add, Lift),
)
