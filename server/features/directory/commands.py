"""Keeping the directory true: confirm, edit, remove, count a contact; and the house's own reminder as a task."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from server.domain.access import ADMINS, LEADS, UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date
from server.errors import Refused
from server.features import circle, task
from server.features.around import Around
from server.features.directory.rows import BUSE, KEPT_WEEKS, FreeDeputy, FunctionContactRow, tally_of, week_of
from server.features.directory.rows import TallyRow as Tallied
from server.features.person import DayText, Phone
from server.features.shape import Command, Id, Moment, OfTheHouse, Row, Target, Writes, misfit
from server.features.words import FunctionKey

KEEPERS = UNIT | LEADS | ADMINS
TASK_DAYS = 14
TALLY_BACK = timedelta(days=14)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Deputy(BaseModel):
    """A deputy without a seat here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Line
    phone: Phone | None = None


class _OnContact(Command):
    rule: ClassVar[Rule] = Rule(by=KEEPERS)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"

    function_contact: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.function_contact, "function_contact"),)


class Confirm(_OnContact):
    """Still true: counts as confirmed for another half year."""

    name: ClassVar[str] = "directory.confirm"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(FunctionContactRow, self.function_contact)
        return Writes(rows=_confirmed(row, around, actor, at))


class Edit(Command):
    """Changes what is given, clears what is given as null, and leaves the rest. Without a row it makes one."""

    name: ClassVar[str] = "directory.edit"
    persons: ClassVar = {"holder": "staff", "deputy_seat": "staff"}
    rule: ClassVar[Rule] = Rule(by=KEEPERS)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"

    function_contact: Id | None = None
    unit: Id | None = None
    function: FunctionKey | None = None
    name_shown: Line | None = None
    holder: Id | None = None
    phone: Phone | None = None
    hours: Line | None = None
    deputy: Deputy | None = None
    deputy_seat: Id | None = None
    offers: Lines | None = None
    how_to: Lines | None = None
    municipality: Line | None = None
    badge: Literal["buse"] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Edit:
        if self.function_contact is None and self.unit is None:
            raise misfit(function_contact="required", unit="required")
        if self.function_contact is not None and self.unit is not None:
            raise misfit(unit="not_allowed_value")
        return self

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        if self.function_contact is not None:
            return (Target(self.function_contact, "function_contact"),)
        return (Target(self.unit or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if around.kind != "unit":
            raise Refused("not_found")
        for field in ("holder", "deputy_seat"):
            seat = getattr(self, field)
            if seat is not None and not circle.works_in(around, seat, around.id):
                raise Refused("invalid", fields={field: "not_allowed_value"})
        given = self._given()
        if self.function_contact is not None:
            known = around.get(FunctionContactRow, self.function_contact)
        elif self.function is None:
            raise Refused("invalid", fields={"function": "required"})
        else:
            known = FunctionContactRow(
                id=at.new_id(), owner_unit=around.id, unit=around.id, function=self.function, confirmed_on=""
            )
        changed = msgspec.structs.replace(known, **given)
        if changed.holder is not None and changed.holder == changed.deputy_seat:
            raise Refused("invalid", fields={"deputy_seat": "not_allowed_value"})
        return Writes(rows=_confirmed(changed, around, actor, at), result={"function_contact": changed.id})

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            field: getattr(self, field) for field in self.model_fields_set - {"function_contact", "unit", "name_shown"}
        }
        if given.get("function", "") is None:
            raise Refused("invalid", fields={"function": "required"})
        if "name_shown" in self.model_fields_set:
            given["name"] = self.name_shown
        if self.deputy is not None:
            given["deputy"] = FreeDeputy(name=self.deputy.name, phone=self.deputy.phone)
        return given


class Remove(_OnContact):
    """The unit has this function no longer."""

    name: ClassVar[str] = "directory.remove"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(FunctionContactRow, self.function_contact)
        tally = tally_of(around, row.id)
        return Writes(
            rows=tuple(task.done(one, at, actor.name or None) for one in task.about(around, row.id)),
            remove=(row.id, *((tally.id,) if tally else ())),
        )


class Tally(Command):
    """One contact more in this week: a number, without a name or a reason."""

    name: ClassVar[str] = "contact.tally"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "badge", "in": [BUSE]},)

    function_contact: Id
    on: DayText | None = None
    """The day of the contact, when it is told later: at most fourteen days ago."""

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.function_contact, "function_contact"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(FunctionContactRow, self.function_contact)
        today = local_date(at.now)
        day = date.fromisoformat(self.on) if self.on else today
        if not today - TALLY_BACK <= day <= today:
            raise Refused("invalid", fields={"on": "not_allowed_value"})
        if row.badge != BUSE:
            raise Refused("conflict")
        known = tally_of(around, row.id) or Tallied(
            id=at.new_id(), owner_unit=around.id, unit=around.id, contact=row.id
        )
        week = week_of(day)
        weeks = {**known.weeks, week: known.weeks.get(week, 0) + 1}
        kept = sorted(weeks, reverse=True)[:KEPT_WEEKS]
        return Writes(rows=(msgspec.structs.replace(known, weeks={one: weeks[one] for one in sorted(kept)}),))


class Stale(OfTheHouse):
    """The house makes a task of a row that nobody has confirmed; one that was confirmed meanwhile is left alone."""

    name: ClassVar[str] = "directory.stale"
    entity: ClassVar[str | None] = "function_contact"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(FunctionContactRow, self.record)
        today = local_date(at.now)
        if today <= row.check_after or task.about(around, row.id):
            return Writes()
        made = task.TaskRow(
            id=at.new_id(),
            owner_unit=around.id,
            kind="directory",
            unit=around.id,
            by_on=(today + timedelta(days=TASK_DAYS)).isoformat(),
            about_entity=row.entity,
            about_doc=row.id,
            made_on=today.isoformat(),
        )
        return Writes(rows=(made,), notices=task.new_to(made, around))


def _confirmed(row: FunctionContactRow, around: Around, actor: Actor, at: Moment) -> tuple[Row, ...]:
    """The row confirmed today, and the tasks about it done."""
    known = msgspec.structs.replace(row, confirmed_on=local_date(at.now).isoformat(), confirmed_by=actor.name or None)
    return (known, *(task.done(one, at, actor.name or None) for one in task.about(around, row.id)))
