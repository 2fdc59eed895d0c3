"""Access entry ("Vem har tittat"): which unit and function opened something of the child, day by day.

Shown to the family, never with a name: the log itself holds who it was. Source: rules.md 4.2 (PDL 8:5).
"""

from __future__ import annotations

from typing import ClassVar

from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.person import DayText, StaffRow, UnitRow
from server.features.shape import Command, Document, Feature, Id, Moment, Projected, Row, Target, Writes


class AccessEntryRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """One member of staff on one day, however often they looked; with the title and unit they had then."""

    entity: ClassVar[str] = "access_entry"
    aggregate: ClassVar[str] = "child"

    child: str
    seat: str
    unit: str
    title: str
    on: str

    def refers_to(self) -> tuple[str, ...]:
        return (self.unit,)


class AccessEntry(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    unit_name: str
    function: str
    on: str


def project(row: AccessEntryRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.unit)
    entry = AccessEntry(id=row.id, child=row.child, unit_name=unit.name if unit else "", function=row.title, on=row.on)
    for scope in circle.family_scopes(around):
        yield scope, entry


class Noted(Command):
    """The house has noted that a member of staff opened something of the child that day."""

    name: ClassVar[str] = "access.noted"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    child: Id
    seat: Id
    on: DayText

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return (self.seat,)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if any(row.seat == self.seat and row.on == self.on for row in around.all(AccessEntryRow)):
            return Writes()
        person = around.known(StaffRow, self.seat)
        if person is None:
            raise Refused("not_found")
        row = AccessEntryRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            seat=self.seat,
            unit=person.owner_unit,
            title=person.title,
            on=self.on,
        )
        return Writes(rows=(row,))


feature = Feature(
    entity="access_entry", row=AccessEntryRow, project=project, documents=(AccessEntry,), commands=(Noted,)
)
