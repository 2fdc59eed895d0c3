"""After a term meeting: the minutes go to all, and what was promised becomes tasks with a day."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain.access import LEADS, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.person import DayText, SeenText, UnitRow
from server.features.shape import Command, Id, Moment, Notice, Target, Writes
from server.features.task import TaskRow, What, new_to
from server.features.term_meeting.planning import to_all
from server.features.term_meeting.rows import ActionPoint, TermMeetingRow


class Point(BaseModel):
    """What somebody promised: a unit, or without one those who lead the area."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    what: What
    who_unit: Id | None = None
    by_on: DayText | None = None


class Minutes(Command):
    """What was said, for everybody; said again it replaces the text and adds points.

    `over`: the `minutes_at` (or `held_at`, without one) of the text the sender has seen. When somebody else has written
    since, `conflict`: nobody's text is replaced unseen.
    """

    name: ClassVar[str] = "term.minutes"
    rule: ClassVar[Rule] = Rule(by=LEADS)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["planned", "held"]}, {"from": "starts_at", "minus_minutes": 0})

    term_meeting: Id
    minutes_text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    action_points: Annotated[list[Point], Field(max_length=20)] = Field(default_factory=list)
    over: SeenText | None = None
    """None: from a client that does not say what it has seen."""

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.term_meeting, "term_meeting"),)

    def needs(self) -> tuple[str, ...]:
        return tuple(sorted({point.who_unit for point in self.action_points if point.who_unit}))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TermMeetingRow, self.term_meeting)
        today = local_date(at.now).isoformat()
        for point in self.action_points:
            if point.by_on is not None and point.by_on < today:
                raise Refused("invalid", fields={"action_points": "past"})
            unit = around.known(UnitRow, point.who_unit)
            if point.who_unit is not None and (unit is None or unit.area != around.id):
                raise Refused("invalid", fields={"action_points": "not_allowed_value"})
        if row.state not in ("planned", "held") or at.now < row.starts:
            raise Refused("conflict")
        stands = (row.minutes_at or row.held_at or "nothing") if row.minutes_text else "nothing"
        if self.over not in (None, stands) and row.minutes_by != actor.seat:
            raise Refused("conflict")
        tasks = [self._task(point, around, row, at, today) for point in self.action_points]
        points = (
            ActionPoint(task=task.id, what=point.what, who_unit=point.who_unit, by_on=point.by_on)
            for task, point in zip(tasks, self.action_points, strict=True)
        )
        held = msgspec.structs.replace(
            row,
            state="held",
            held_at=row.held_at or to_text(at.now),
            minutes_text=self.minutes_text,
            minutes_at=to_text(at.now),
            minutes_by=actor.seat,
            action_points=(*row.action_points, *points),
        )
        told: list[Notice] = [*to_all(held, around, actor, "term_minutes")]
        for task in tasks:
            told.extend(new_to(task, around, but=actor.account))
        return Writes(rows=(held, *tasks), result={"tasks": [task.id for task in tasks]}, notices=tuple(told))

    def _task(self, point: Point, around: Around, row: TermMeetingRow, at: Moment, today: str) -> TaskRow:
        return TaskRow(
            id=at.new_id(),
            owner_unit="",
            kind="term_action",
            what=point.what,
            unit=point.who_unit,
            area=around.id,
            by_on=point.by_on,
            about_entity=row.entity,
            about_doc=row.id,
            made_on=today,
        )
