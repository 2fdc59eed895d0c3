"""Support measure (stödinsats): what a family is offered meanwhile: a title, a unit and dates, never a finding.

It is offered until its first day and goes on from then, the same for everybody who sees it. Each has one day when it is
followed up, and the coordinator is reminded of it. Source: rules.md 1.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import Field

from server.domain.access import BATON, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, start_of_day
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.person import DayText
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
from server.features.waiting import not_past, place, to_family

OVER = ("done", "stopped")


class SupportMeasureRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "support_measure"
    aggregate: ClassVar[str] = "child"

    child: str
    title: str
    unit_name: str
    starts_on: str
    follow_up_on: str
    unit: str | None = None
    contact_function: str | None = None
    for_young: bool = False
    state: str = "offered"
    """`offered|running|done|stopped`"""
    ended_on: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()


class SupportMeasure(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    title: str
    unit_name: str
    starts_on: str
    state: str
    contact_function: str | None = None
    follow_up_on: str | None = None
    ended_on: str | None = None
    for_young: bool = False


def project(row: SupportMeasureRow, around: Around) -> Projected:
    shown = SupportMeasure(
        id=row.id,
        child=row.child,
        title=row.title,
        unit_name=row.unit_name,
        starts_on=row.starts_on,
        state=row.state,
        contact_function=row.contact_function,
        follow_up_on=None if row.state in OVER else row.follow_up_on,
        ended_on=row.ended_on,
    )
    for relation in (*circle.guardians(around), *(circle.young(around) if row.for_young else ())):
        if relation.account:
            yield circle.scope_of(relation, around.id), shown
    for scope in circle.coordinator_scopes(around):
        yield scope, msgspec.structs.replace(shown, for_young=row.for_young)
    covered = {*circle.consent_scopes(around, kind="waiting"), *circle.consent_scopes(around, kind="measure")}
    for scope in sorted(covered):
        yield scope, shown


def reminders(row: SupportMeasureRow, around: Around) -> Iterable[Reminder]:
    """What begins on its first day; and in the morning of the follow-up, to the coordinator."""
    if row.state in OVER:
        return
    if row.state == "offered":
        yield Reminder(row.id, "act:measure.begin", "", start_of_day(date.fromisoformat(row.starts_on)))
    due_at = circle.morning(around, date.fromisoformat(row.follow_up_on))
    for person in circle.answering(around)[:1]:
        yield Reminder(row.id, "measure_follow_up", person.account, due_at)


class Offer(Command):
    """Offers something to hold on to while waiting, with the day it is followed up."""

    name: ClassVar[str] = "measure.offer"
    rule: ClassVar[Rule] = Rule(by=BATON)
    on_scope_loss: ClassVar[str] = "purge"

    child: Id
    title: Annotated[str, Field(min_length=1, max_length=80)]
    starts_on: DayText
    follow_up_on: DayText
    unit: Id | None = None
    unit_name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    contact_function: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    for_young: bool = False

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        name = place(around, self.unit, self.unit_name)
        not_past("follow_up_on", self.follow_up_on, at)
        if self.follow_up_on < self.starts_on:
            raise Refused("invalid", fields={"follow_up_on": "not_allowed_value"})
        if circle.child(around).state != "open":
            raise Refused("conflict")
        row = SupportMeasureRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            title=self.title.strip(),
            unit=self.unit,
            unit_name=name,
            starts_on=self.starts_on,
            follow_up_on=self.follow_up_on,
            contact_function=self.contact_function,
            for_young=self.for_young,
            state=_state_on(self.starts_on, at),
        )
        told = to_family(around, "measure_offered", "support_measure", row.id, young_too=self.for_young)
        return Writes(rows=(row,), result={"support_measure": row.id}, notices=told)


class Begin(OfTheHouse):
    """The first day has come: what was offered goes on from now."""

    name: ClassVar[str] = "measure.begin"
    entity: ClassVar[str | None] = "support_measure"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(SupportMeasureRow, self.record)
        if row.state != "offered" or _state_on(row.starts_on, at) != "running":
            return Writes()
        return Writes(rows=(msgspec.structs.replace(row, state="running"),))


class FollowUp(Command):
    """How it went: it goes on to a new day, or it is over."""

    name: ClassVar[str] = "measure.follow_up"
    rule: ClassVar[Rule] = Rule(by=BATON)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["offered", "running"]},)

    support_measure: Id
    state: Literal["running", "done", "stopped"]
    follow_up_on: DayText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.support_measure, "support_measure"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(SupportMeasureRow, self.support_measure)
        over = self.state in OVER
        if not over and self.follow_up_on is None:
            raise Refused("invalid", fields={"follow_up_on": "required"})
        if not over:
            not_past("follow_up_on", self.follow_up_on, at)
        if row.state in OVER:
            raise Refused("conflict")
        changed = msgspec.structs.replace(
            row,
            state=self.state,
            follow_up_on=row.follow_up_on if over else self.follow_up_on,
            ended_on=local_date(at.now).isoformat() if over else None,
        )
        return Writes(rows=(changed,))


def _state_on(starts_on: str, at: Moment) -> str:
    """What is not over is `offered` before its first day and `running` from then."""
    return "running" if starts_on <= local_date(at.now).isoformat() else "offered"


feature = Feature(
    entity="support_measure",
    row=SupportMeasureRow,
    project=project,
    documents=(SupportMeasure,),
    reminders=reminders,
    commands=(Offer, Begin, FollowUp),
    said_in={"measure_offered": ("offered", "running")},
)
