"""Task: something promised or asked for, with a day. It belongs to a unit, or to those who lead an area.

It is kept with what it came from (the unit's rows, or the area's when a term meeting decided it), and is shown to the
unit that is to do it. Nothing about a child belongs here. Source: model.md 3, product.md rows B and E.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, ClassVar

import msgspec
from pydantic import StringConstraints

from server.domain import scopes
from server.domain.access import ADMINS, AREA, LEADS, UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date
from server.errors import Refused
from server.features import circle
from server.features.area import LeadRow
from server.features.around import Around
from server.features.person import DayText, StaffRow, UnitRow
from server.features.shape import (
    Command,
    Document,
    Feature,
    Id,
    Moment,
    Notice,
    Projected,
    Reminder,
    Row,
    Target,
    Writes,
)

What = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TaskRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "task"
    aggregate: ClassVar[str] = "origin"
    """No kind of its own: it joins the aggregate of the command that makes it."""

    kind: str
    """`directory|term_action|plan_term|other`"""
    made_on: str
    what: str | None = None
    unit: str | None = None
    area: str | None = None
    by_on: str | None = None
    about_entity: str | None = None
    about_doc: str | None = None
    state: str = "open"
    done_on: str | None = None
    done_by: str | None = None
    ticked: bool = False
    """Somebody said that it is done, so that they can think better of it; else it is done by what it asked for."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()


class Task(Document, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    made_on: str
    state: str
    what: str | None = None
    unit: str | None = None
    unit_name: str | None = None
    area: str | None = None
    by_on: str | None = None
    about: dict[str, str] | None = None
    done_on: str | None = None
    done_by: str | None = None
    ticked: bool = False


def project(row: TaskRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.unit)
    shown = Task(
        id=row.id,
        kind=row.kind,
        made_on=row.made_on,
        state=row.state,
        what=row.what,
        unit=row.unit,
        unit_name=unit.name if unit else None,
        area=row.area,
        by_on=row.by_on,
        about={"entity": row.about_entity, "doc": row.about_doc} if row.about_entity and row.about_doc else None,
        done_on=row.done_on,
        done_by=row.done_by,
        ticked=row.ticked,
    )
    if row.unit:
        yield scopes.unit(row.unit), shown
    if row.area:
        yield scopes.area_lead(row.area), shown


def owners(row: TaskRow, around: Around) -> tuple[str, ...]:
    """The accounts that answer for it: those who lead the unit, or the area when it has no unit."""
    if row.unit is None:
        return tuple(one.account for one in around.all(LeadRow) if one.ended_at is None)
    unit = around.known(UnitRow, row.unit)
    people = (around.known(StaffRow, seat) for seat in (unit.leads if unit else ()))
    return tuple(person.account for person in people if person is not None and person.ended_at is None)


def reminders(row: TaskRow, around: Around) -> Iterable[Reminder]:
    """In the morning of its day, and once more the working day after."""
    if row.state != "open" or row.by_on is None:
        return
    first = circle.morning(around, date.fromisoformat(row.by_on))
    for due_at in (first, circle.morning(around, local_date(first) + timedelta(days=1))):
        for account in owners(row, around):
            yield Reminder(row.id, "task_due", account, due_at)


def new_to(row: TaskRow, around: Around, *, but: str | None = None) -> tuple[Notice, ...]:
    """Tells those who answer for it, except the account that made it."""
    return tuple(Notice(account, "task_new", "task", row.id) for account in owners(row, around) if account != but)


def done(row: TaskRow, at: Moment, by: str | None) -> TaskRow:
    """The task as done today; one that is done stays as it was."""
    if row.state != "open":
        return row
    return msgspec.structs.replace(row, state="done", done_on=local_date(at.now).isoformat(), done_by=by)


def about(around: Around, doc: str) -> tuple[TaskRow, ...]:
    """The open tasks that lead to this document."""
    return tuple(row for row in around.all(TaskRow) if row.about_doc == doc and row.state == "open")


class Done(Command):
    """It is done. Said twice it harms nothing."""

    name: ClassVar[str] = "task.done"
    rule: ClassVar[Rule] = Rule(by=UNIT | AREA | ADMINS)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open"]},)

    task: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.task, "task"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TaskRow, self.task)
        if row.state != "open":
            return Writes(rows=(row,))
        return Writes(rows=(msgspec.structs.replace(done(row, at, actor.name or None), ticked=True),))


class Reopen(Command):
    """It was not done after all. One that is open stays as it is."""

    name: ClassVar[str] = "task.reopen"
    rule: ClassVar[Rule] = Rule(by=UNIT | AREA | ADMINS)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "ticked", "in": [True]},)

    task: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.task, "task"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TaskRow, self.task)
        if row.state == "open":
            return Writes(rows=(row,))
        if not row.ticked:
            raise Refused("conflict")
        again = msgspec.structs.replace(row, state="open", done_on=None, done_by=None, ticked=False)
        return Writes(rows=(again,))


class Add(Command):
    """A task for one's own unit, or as process lead for one's own area."""

    name: ClassVar[str] = "task.add"
    rule: ClassVar[Rule] = Rule(by=UNIT | LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    what: What
    by_on: DayText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.unit or actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        today = local_date(at.now).isoformat()
        if self.by_on is not None and self.by_on < today:
            raise Refused("invalid", fields={"by_on": "past"})
        row = TaskRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            kind="other",
            what=self.what,
            unit=actor.unit,
            area=None if actor.unit else around.id,
            by_on=self.by_on,
            made_on=today,
        )
        return Writes(rows=(row,), result={"task": row.id}, notices=new_to(row, around, but=actor.account))


feature = Feature(
    entity="task",
    row=TaskRow,
    project=project,
    documents=(Task,),
    reminders=reminders,
    commands=(Done, Reopen, Add),
    said_in={"task_new": ("open",)},
)
