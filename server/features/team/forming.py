"""Forming a team and changing who is in it, by those who lead the area's work; and the house's looking ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

import msgspec
from pydantic import Field, StringConstraints

from server.domain.access import AREA, LEADS, Rule
from server.domain.actors import Actor
from server.domain.team_sessions import MOST_WEEKS
from server.errors import Refused
from server.features.around import Around
from server.features.person import DayText, StaffRow, UnitRow
from server.features.settings import TimeOfDay
from server.features.shape import Command, Id, Moment, OfTheHouse, Target, Writes
from server.features.team.rows import TeamRow

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
People = Annotated[list[Id], Field(min_length=1, max_length=30)]
Minutes = Annotated[int, Field(ge=15, le=240)]
Weeks = Annotated[int, Field(ge=1, le=MOST_WEEKS)]


class Form(Command):
    """Forms a team of colleagues from the area's units, with a fixed time and place."""

    name: ClassVar[str] = "team.form"
    rule: ClassVar[Rule] = Rule(by=LEADS)
    on_scope_loss: ClassVar[str] = "purge"
    persons: ClassVar = {"members": "staff", "leaders": "staff"}

    called: Name
    members: People
    leaders: People
    first_on: DayText
    at: TimeOfDay
    minutes: Minutes = 60
    every_weeks: Weeks = 2
    place: Name | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.area or ""),)

    def needs(self) -> tuple[str, ...]:
        return (*self.members, *self.leaders)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        leaders, members, units = _people(self.leaders, self.members, around, around.id)
        row = TeamRow(
            id=at.new_id(),
            owner_unit=units[0],
            area=around.id,
            name=self.called,
            units=units,
            members=members,
            leaders=leaders,
            first_on=self.first_on,
            at=self.at,
            minutes=self.minutes,
            every_weeks=self.every_weeks,
            place=self.place,
        )
        return Writes(rows=(_ahead(row, at),), result={"team": row.id})


class Change(Command):
    """Changes what a team is called, who is in it, and when and where it meets; also by those who lead the team."""

    name: ClassVar[str] = "team.change"
    rule: ClassVar[Rule] = Rule(by=AREA)
    on_scope_loss: ClassVar[str] = "purge"
    persons: ClassVar = {"members": "staff", "leaders": "staff"}

    team: Id
    called: Name | None = None
    members: People | None = None
    leaders: People | None = None
    first_on: DayText | None = None
    at: TimeOfDay | None = None
    minutes: Minutes | None = None
    every_weeks: Weeks | None = None
    place: Name | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.team, "team"),)

    def needs(self) -> tuple[str, ...]:
        return (*(self.members or ()), *(self.leaders or ()))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TeamRow, self.team)
        if actor.seat not in row.leaders and actor.kind not in Rule(by=LEADS).seats:
            raise Refused("not_allowed")
        wanted = {"first_on": self.first_on, "at": self.at, "minutes": self.minutes, "every_weeks": self.every_weeks}
        given = {key: value for key, value in {**wanted, "name": self.called, "place": self.place}.items() if value}
        leaders, members, units = _people(self.leaders or row.leaders, self.members or row.members, around, row.area)
        changed = msgspec.structs.replace(row, leaders=leaders, members=members, units=units, **given)
        return Writes(rows=(_ahead(changed, at),))


class Roll(OfTheHouse):
    """The house: a session is over, so the list of coming ones begins with the next."""

    name: ClassVar[str] = "team.sessions"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(rows=(_ahead(around.get(TeamRow, self.record), at),))


def _ahead(row: TeamRow, at: Moment) -> TeamRow:
    """The team with its coming sessions. Refuses a rhythm in which nobody ever works."""
    sessions = row.sessions_after(at.now)
    if not sessions:
        field = "first_on" if date.fromisoformat(row.first_on).isoweekday() > 5 else "at"
        raise Refused("invalid", fields={field: "not_allowed_value"})
    return msgspec.structs.replace(row, sessions=sessions)


def _people(leaders: Iterable[str], members: Iterable[str], around: Around, area: str) -> tuple[tuple[str, ...], ...]:
    """(leaders, members, the units they come from), each once and the first leader's first; who leads is a member.

    Refuses who has left, or works elsewhere.
    """
    leaders = tuple(dict.fromkeys(leaders))
    everybody = tuple(dict.fromkeys((*leaders, *members)))
    units: list[str] = []
    for seat in everybody:
        person = around.known(StaffRow, seat)
        unit = around.known(UnitRow, person.owner_unit) if person is not None and person.ended_at is None else None
        if unit is None or unit.area != area:
            raise Refused("invalid", fields={"members": "not_allowed_value"})
        units.append(unit.id)
    return leaders, everybody, tuple(dict.fromkeys(units))
