"""Waiting: what a child waits for, since when, and who gets in touch meanwhile. The next check-in date is never empty.

The 30-day target and the 90-day law stand side by side; families see the days as counted. Nothing here says anything
about medical priority. Who says that it has become worse is told to nobody in the family. Source: rules.md 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import Field

from server.domain import waiting as rules
from server.domain.access import BATON, FAMILY, Rule
from server.domain.actors import Actor
from server.domain.instants import date_text, local_date, to_text
from server.errors import Refused
from server.features import belonging, circle
from server.features.around import Around
from server.features.person import DayText, UnitRow
from server.features.rows import RelationRow
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

FINAL = ("started", "ended")
OPEN = ("waiting", "offered", "declined")

Worse = Literal["sleep", "eating", "school", "home", "mood", "safety", "other"]
"""Where things have become worse: coarse on purpose, never a symptom or a diagnosis."""


class WorseReport(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word that it has become worse, until somebody has been in touch."""

    account: str
    at: str
    what: tuple[str, ...]


class WaitingRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "waiting"
    aggregate: ClassVar[str] = "child"

    child: str
    unit_name: str
    what: str
    start_on: str
    start_basis: str
    next_check_in_on: str
    opened_at: str
    unit: str | None = None
    paused_days: int = 0
    queue_fact: dict[str, str] | None = None
    note: str | None = None
    checked_in_on: str | None = None
    worse: tuple[WorseReport, ...] = ()
    for_young: bool = False
    state: str = "waiting"
    """`waiting|offered|declined|started|ended`; the last two are final."""
    ended_on: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()


class Waiting(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    unit_name: str
    what: str
    start_on: str
    start_basis: str
    target_on: str
    limit_on: str
    overdue_after: str
    state: str
    paused_days: int = 0
    skipped: tuple[dict[str, str], ...] = ()
    """The days `overdue_after` passed over from `limit_on`, each with its reason."""
    queue_fact: dict[str, str] | None = None
    next_check_in_on: str | None = None
    check_in_by: str | None = None
    checked_in_on: str | None = None
    note: str | None = None
    worse_at: str | None = None
    worse: tuple[str, ...] = ()
    """A family member's own word; nobody else in the family sees it."""
    worse_reports: tuple[dict[str, str | tuple[str, ...]], ...] = ()
    """Coordinator only."""
    for_young: bool = False


def project(row: WaitingRow, around: Around) -> Projected:
    clock = rules.waiting_clock(date.fromisoformat(row.start_on), row.paused_days)
    answering = circle.answering(around)
    terms = Waiting(
        id=row.id,
        child=row.child,
        unit_name=row.unit_name,
        what=row.what,
        start_on=row.start_on,
        start_basis=row.start_basis,
        target_on=date_text(clock.target_on),
        limit_on=date_text(clock.limit_on),
        overdue_after=date_text(clock.overdue_after),
        state=row.state,
        paused_days=row.paused_days,
        skipped=tuple({"day": date_text(one.day), "reason": one.reason} for one in clock.skipped),
        queue_fact=row.queue_fact,
        next_check_in_on=None if row.state in FINAL else row.next_check_in_on,
        check_in_by=answering[0].name if answering and row.state not in FINAL else None,
        checked_in_on=row.checked_in_on,
    )
    told = msgspec.structs.replace(terms, note=row.note)
    for relation in (*circle.guardians(around), *(circle.young(around) if row.for_young else ())):
        if relation.account:
            own = next((one for one in row.worse if one.account == relation.account), None)
            yield (
                circle.scope_of(relation, around.id),
                msgspec.structs.replace(told, worse_at=own.at if own else None, worse=own.what if own else ()),
            )
    for scope in circle.coordinator_scopes(around):
        yield (
            scope,
            msgspec.structs.replace(
                told,
                worse_at=max((one.at for one in row.worse), default=None),
                worse_reports=tuple(_report(one, around) for one in row.worse),
                for_young=row.for_young,
            ),
        )
    for scope in circle.consent_scopes(around, kind="waiting"):
        yield scope, terms


def reminders(row: WaitingRow, around: Around) -> Iterable[Reminder]:
    """In the morning of the check-in to the coordinator; the working day after also to the deputy, if it was missed."""
    people = circle.answering(around)
    if row.state in FINAL or not people:
        return
    due_at = circle.morning(around, date.fromisoformat(row.next_check_in_on))
    yield Reminder(row.id, "waiting_check_in", people[0].account, due_at)
    late = circle.morning(around, local_date(due_at) + timedelta(days=1))
    for person in people[1:]:
        yield Reminder(row.id, "waiting_check_in_late", person.account, late)


def _report(one: WorseReport, around: Around) -> dict[str, str | tuple[str, ...]]:
    relation = next((row for row in around.all(RelationRow) if row.account == one.account), None)
    return {"name": relation.name if relation else "", "at": one.at, "what": one.what}


def place(around: Around, unit: str | None, unit_name: str | None) -> str:
    """The name of the unit meant: of one in the directory, or as it is called. Exactly one is given."""
    if (unit is None) == (unit_name is None):
        raise Refused("invalid", fields={"unit_name": "required" if unit is None else "not_allowed_value"})
    if unit is None:
        return (unit_name or "").strip()
    found = around.known(UnitRow, unit)
    if found is None:
        raise Refused("invalid", fields={"unit": "not_allowed_value"})
    return found.name


def not_past(field: str, day: str | None, at: Moment) -> None:
    """Refuses a day that has been."""
    if day is not None and day < local_date(at.now).isoformat():
        raise Refused("invalid", fields={field: "past"})


def to_family(around: Around, kind: str, entity: str, doc: str, *, young_too: bool) -> tuple[Notice, ...]:
    """Tells the guardians, and the young person where it is theirs to see."""
    people = (*circle.guardians(around), *(circle.young(around) if young_too else ()))
    return tuple(
        Notice(one.account, kind, entity, doc) for one in people if one.account and belonging.hears(around, one.account)
    )


class Open(Command):
    """Starts the clock of a wait, with the day of the first check-in."""

    name: ClassVar[str] = "waiting.open"
    rule: ClassVar[Rule] = Rule(by=BATON)
    on_scope_loss: ClassVar[str] = "purge"

    child: Id
    what: rules.What
    start_on: DayText
    start_basis: Literal["referral_issued", "contact_sought", "decision_to_treat", "changed_mind", "manual"]
    next_check_in_on: DayText
    unit: Id | None = None
    unit_name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    paused_days: Annotated[int, Field(ge=0, le=1000)] = 0
    queue_fact: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    for_young: bool = False

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        today = local_date(at.now).isoformat()
        name = place(around, self.unit, self.unit_name)
        if self.start_on > today:
            raise Refused("invalid", fields={"start_on": "not_allowed_value"})
        not_past("next_check_in_on", self.next_check_in_on, at)
        if circle.child(around).state != "open":
            raise Refused("conflict")
        row = WaitingRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            unit=self.unit,
            unit_name=name,
            what=self.what,
            start_on=self.start_on,
            start_basis=self.start_basis,
            paused_days=self.paused_days,
            queue_fact={"text": self.queue_fact, "dated": today} if self.queue_fact else None,
            next_check_in_on=self.next_check_in_on,
            opened_at=to_text(at.now),
            for_young=self.for_young,
        )
        told = to_family(around, "waiting_opened", "waiting", row.id, young_too=self.for_young)
        return Writes(rows=(row,), result={"waiting": row.id}, notices=told)


class _OnWaiting(Command):
    waiting: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.waiting, "waiting"),)


class CheckIn(_OnWaiting):
    """Somebody has been in touch; says when next. What had become worse counts as heard."""

    name: ClassVar[str] = "waiting.check_in"
    rule: ClassVar[Rule] = Rule(by=BATON)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": list(OPEN)},)

    next_check_in_on: DayText
    queue_fact: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    note: Annotated[str, Field(min_length=1, max_length=300)] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(WaitingRow, self.waiting)
        not_past("next_check_in_on", self.next_check_in_on, at)
        if row.state in FINAL:
            raise Refused("conflict")
        today = local_date(at.now).isoformat()
        seen = msgspec.structs.replace(
            row,
            next_check_in_on=self.next_check_in_on,
            checked_in_on=today,
            queue_fact={"text": self.queue_fact, "dated": today} if self.queue_fact else row.queue_fact,
            note=self.note,
            worse=(),
        )
        told = to_family(around, "waiting_news", "waiting", row.id, young_too=row.for_young)
        return Writes(rows=(seen,), notices=told)


class GotWorse(_OnWaiting):
    """It has become worse: coordinator and deputy hear at once. Never refused while the wait can be seen."""

    name: ClassVar[str] = "waiting.worse"
    rule: ClassVar[Rule] = Rule(by=FAMILY)

    what: Annotated[list[Worse], Field(min_length=1, max_length=7)]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(WaitingRow, self.waiting)
        mine = WorseReport(account=actor.account, at=to_text(at.now), what=tuple(dict.fromkeys(self.what)))
        others = tuple(one for one in row.worse if one.account != actor.account)
        accounts = dict.fromkeys(person.account for person in circle.answering(around))
        return Writes(
            rows=(msgspec.structs.replace(row, worse=(*others, mine)),),
            notices=tuple(Notice(one, "waiting_worse", "waiting", row.id, urgent=True) for one in accounts),
        )


class End(_OnWaiting):
    """What came of it. An offer, or a no to one, is not the end of the wait; a start or a closing is."""

    name: ClassVar[str] = "waiting.end"
    rule: ClassVar[Rule] = Rule(by=BATON)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": list(OPEN)},)

    outcome: Literal["offered", "declined", "started", "ended"]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(WaitingRow, self.waiting)
        if row.state in FINAL:
            raise Refused("conflict")
        over = self.outcome in FINAL
        changed = msgspec.structs.replace(
            row,
            state=self.outcome,
            ended_on=local_date(at.now).isoformat() if over else None,
            worse=() if over else row.worse,
        )
        told = to_family(around, "waiting_news", "waiting", row.id, young_too=row.for_young)
        return Writes(rows=(changed,), notices=told)


feature = Feature(
    entity="waiting",
    row=WaitingRow,
    project=project,
    documents=(Waiting,),
    reminders=reminders,
    commands=(Open, CheckIn, GotWorse, End),
    said_in={"waiting_opened": OPEN},
)
