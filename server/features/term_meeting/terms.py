"""What the house does by itself: a draft for each school term, and a look for newcomers before reminders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

import msgspec

from server.domain import term_meetings as rules
from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, to_text, wall_from_text
from server.features.around import Around
from server.features.person import AreaRow
from server.features.shape import Command, Id, Moment, Notice, Row, Target, Writes
from server.features.task import TaskRow, new_to
from server.features.term_meeting.planning import GATHERED, first_proposal, to_all, usual_functions
from server.features.term_meeting.rows import TermMeetingRow, coming_to, holders

PLAN_WITHIN = timedelta(days=14)


class Begin(Command):
    """The house drafts the term's meeting with days to choose from, and asks those who lead the area to plan it."""

    name: ClassVar[str] = "term.begin"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        area = around.get(AreaRow, self.record)
        today = local_date(at.now)
        term = rules.term_to_plan(today)
        days = rules.proposals(term, today)
        begun = msgspec.structs.replace(area, term_begun=term.label)
        already = any(one.term == term.label and one.state != "cancelled" for one in around.all(TermMeetingRow))
        if area.term_begun == term.label or already or not days:
            return Writes(rows=(begun,))
        walls = first_proposal(days)
        draft = TermMeetingRow(
            id=at.new_id(),
            owner_unit="",
            area=around.id,
            term=term.label,
            required_functions=usual_functions(around),
            starts_local=walls[0],
            starts_at=to_text(wall_from_text(walls[0])),
            minutes=rules.PROPOSED_MINUTES,
            proposals=walls,
        )
        task = TaskRow(
            id=at.new_id(),
            owner_unit="",
            kind="plan_term",
            area=around.id,
            by_on=(today + PLAN_WITHIN).isoformat(),
            about_entity=draft.entity,
            about_doc=draft.id,
            made_on=today.isoformat(),
        )
        rows: tuple[Row, ...] = (begun, draft, task)
        return Writes(rows=rows, notices=new_to(task, around))


class Gather(Command):
    """The house looks again for everybody who holds a function that the meeting needs; newcomers are called."""

    name: ClassVar[str] = "term.gather"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True
    gathers: ClassVar[tuple[str, ...]] = GATHERED

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "term_meeting"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TermMeetingRow, self.record)
        if row.state != "planned" or at.now >= row.starts:
            return Writes()
        known = {one.seat for one in row.participants}
        now = holders(row.required_functions, around)
        answered = tuple(one for one in row.participants if one.seat in row.answers and one not in now)
        looked = msgspec.structs.replace(row, participants=tuple(sorted((*now, *answered), key=lambda one: one.seat)))
        return Writes(rows=(looked,), notices=_to_newcomers(looked, around, actor, known))


def _to_newcomers(row: TermMeetingRow, around: Around, actor: Actor, known: Iterable[str]) -> tuple[Notice, ...]:
    old = {person.account for person in coming_to(row, around) if person.id in set(known)}
    return tuple(one for one in to_all(row, around, actor, "term_planned") if one.account not in old)
