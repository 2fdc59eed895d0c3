"""Child: the young person everything here is about. No diagnosis, no record text, no identity number.

The family chooses the name that is shown. Only the coordinating unit knows the two birthdays that change who decides
(13 and 18). Closing starts the retention clock and needs a last word to the family. Source: rules.md 4.1, 4.2.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar

import msgspec
from pydantic import Field

from server.domain import ages
from server.domain.access import BATON, FAMILY, UNIT, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import date_text, local_date, start_of_day, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.child_closing import everything_ended
from server.features.person import DayText, Language
from server.features.rows import ChildRow, CoordinatorRow
from server.features.shape import (
    Command,
    Document,
    Feature,
    Id,
    Moment,
    OfTheHouse,
    Projected,
    Reminder,
    Row,
    Target,
    Writes,
)


class Child(Document, frozen=True, kw_only=True, omit_defaults=True):
    display_name: str
    age_band: str
    languages: tuple[str, ...] | None = None
    interpreter: str | None = None
    turns_13_on: str | None = None
    turns_18_on: str | None = None
    state: str | None = None
    last_word: str | None = None
    protected: bool | None = None
    people: tuple[dict[str, str], ...] | None = None
    """Coordinator only: the family members invited, with how far each has come."""


def project(row: ChildRow, around: Around) -> Projected:
    today = local_date(around.now)
    band = ages.age_band(ages.age_from_adulthood(row.turns_18, today)) or ages.AGE_BANDS[0]
    name = circle.called(around)
    for scope in circle.family_scopes(around):
        yield (
            scope,
            Child(
                id=row.id,
                display_name=name,
                age_band=band,
                languages=row.languages,
                interpreter=row.interpreter,
                last_word=row.last_word,
            ),
        )
    for scope in circle.coordinator_scopes(around):
        yield (
            scope,
            Child(
                id=row.id,
                display_name=name,
                age_band=band,
                languages=row.languages,
                interpreter=row.interpreter,
                turns_13_on=date_text(row.turns_13),
                turns_18_on=row.turns_18_on,
                state=row.state,
                last_word=row.last_word,
                protected=row.protection is not None or None,
                people=circle.family_people(around),
            ),
        )
    for scope in circle.consent_scopes(around):
        yield scope, Child(id=row.id, display_name=name, age_band=band)


def reminders(row: ChildRow, around: Around) -> tuple[Reminder, ...]:
    """The birthdays that change who decides: everything is published anew at 00:00 that day."""
    if row.state != "open":
        return ()
    return tuple(Reminder(row.id, "act:child.birthday", "", start_of_day(day)) for day in (row.turns_13, row.turns_18))


class Open(Command):
    """Opens a child for coordination. Without `person` the unit answers until one is named."""

    name: ClassVar[str] = "child.open"
    rule: ClassVar[Rule] = Rule(by=UNIT, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    display_name: Annotated[str, Field(min_length=1, max_length=60)]
    turns_18_on: DayText
    languages: Annotated[tuple[Language, ...], Field(max_length=5)] = ("sv",)
    interpreter: Annotated[str, Field(max_length=60)] | None = None
    person: Id | None = None
    deputy: Id | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.unit or ""),)

    def needs(self) -> tuple[str, ...]:
        return tuple(id for id in (self.person, self.deputy) if id)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        turns_18 = date.fromisoformat(self.turns_18_on)
        if turns_18 <= local_date(at.now):
            raise Refused("invalid", fields={"turns_18_on": "past"})
        unit = circle.unit_of(around)
        for field, seat in (("person", self.person), ("deputy", self.deputy)):
            if seat and not circle.works_in(around, seat, unit.id):
                raise Refused("invalid", fields={field: "not_allowed_value"})
        child = at.new_id()
        now = to_text(at.now)
        rows: tuple[Row, ...] = (
            ChildRow(
                id=child,
                owner_unit=unit.id,
                area=unit.area,
                display_name=self.display_name.strip(),
                turns_18_on=self.turns_18_on,
                opened_at=now,
                languages=tuple(self.languages),
                interpreter=self.interpreter,
            ),
            CoordinatorRow(
                id=at.new_id(),
                owner_unit=unit.id,
                child=child,
                seat=self.person,
                deputy=self.deputy,
                since=now,
                answers_by=None if self.person else date_text(circle.promise_date(around, at.now)),
            ),
        )
        return Writes(rows=rows, result={"child": child})


class Close(Command):
    """Ends the coordination and all that belonged to it, with a last word that the family hears of."""

    name: ClassVar[str] = "child.close"
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open"]},)

    child: Id
    last_word: Annotated[str, Field(min_length=1, max_length=500)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ChildRow, self.child)
        if row.state != "open":
            raise Refused("conflict")
        closed = msgspec.structs.replace(row, state="closed", closed_at=to_text(at.now), last_word=self.last_word)
        ended = everything_ended(around, at, but=actor.account)
        return replace(ended, rows=(closed, *ended.rows))


class Rename(Command):
    """The family's own choice of what the child is called here."""

    name: ClassVar[str] = "child.rename"
    rule: ClassVar[Rule] = Rule(by=BATON | FAMILY)

    child: Id
    display_name: Annotated[str, Field(min_length=1, max_length=60)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(ChildRow, self.child)
        return Writes(rows=(msgspec.structs.replace(row, display_name=self.display_name.strip()),))


class Birthday(OfTheHouse):
    """The house publishes the child anew on the 13th and 18th birthdays."""

    name: ClassVar[str] = "child.birthday"
    entity: ClassVar[str | None] = "child"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes()


feature = Feature(
    entity="child",
    row=ChildRow,
    project=project,
    documents=(Child,),
    reminders=reminders,
    commands=(Open, Close, Rename, Birthday),
)
