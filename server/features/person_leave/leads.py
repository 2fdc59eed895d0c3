"""A process lead leaves the area. What they held is the area's: whoever else leads it goes on with all of it.

By an admin of an organisation with a unit in the area, who may also invite one. An area is never left without anybody:
then somebody is invited first, and has come.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from server.domain.access import ADMINS, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import to_text
from server.errors import Refused
from server.features.area import LeadRow
from server.features.around import Around
from server.features.shape import Command, Effect, Id, Moment, Notice, Target, Writes
from server.features.task import TaskRow
from server.features.term_meeting.rows import TermMeetingRow
from server.features.unit import decided_by


class _OnLeads(Command):
    rule: ClassVar[Rule] = Rule(by=ADMINS, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    unit: Id
    """One of the sender's own, in the area."""
    area: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.unit), Target(self.area))

    def leading(self, around: Around, actor: Actor) -> tuple[Around, tuple[LeadRow, ...]]:
        """The area of the unit, and everybody who leads it now, by name."""
        if decided_by(around, actor).area != self.area:
            raise Refused("not_found")
        area = around.of(self.area)
        leads = (one for one in area.all(LeadRow) if one.ended_at is None)
        return area, tuple(sorted(leads, key=lambda one: (one.name, one.id)))


class Leaving(_OnLeads):
    """Who leads the area, and what goes on with whoever stays, as ids and days. It changes nothing."""

    name: ClassVar[str] = "process_lead.leaving"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        area, leads = self.leading(around, actor)
        return Writes(result={"leads": [{"id": one.id, "name": one.name} for one in leads], **held(area, at)})


class Leave(_OnLeads):
    """The process lead leaves: the others are told and go on, and the leaver's devices erase everything."""

    name: ClassVar[str] = "process_lead.leave"
    confirm: ClassVar[bool] = True

    lead: Id

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        area, leads = self.leading(around, actor)
        leaver = area.get(LeadRow, self.lead)
        if leaver.ended_at is not None:
            raise Refused("conflict")
        others = [one for one in leads if one.id != leaver.id]
        if not others:
            raise Refused("conflict", data={"missing": {"leads": True}})
        accounts = sorted({one.account for one in others} - {actor.account, leaver.account})
        return Writes(
            rows=(msgspec.structs.replace(leaver, ended_at=to_text(at.now)),),
            result={"leads": [one.name for one in others], **held(area, at)},
            effects=(Effect("seat.leave", {"seat": leaver.id}),),
            notices=tuple(Notice(one, "successor", "area", area.id) for one in accounts),
        )


def held(area: Around, at: Moment) -> dict[str, Any]:
    """What those who lead the area have ahead of them: its term meetings, and the tasks that are no unit's."""
    meetings = [
        one
        for one in area.all(TermMeetingRow)
        if one.state == "draft" or (one.state == "planned" and one.ends > at.now)
    ]
    tasks = [one for one in area.all(TaskRow) if one.state == "open" and one.unit is None]
    return {
        "term_meetings": [
            {"id": one.id, "term": one.term, "state": one.state, "starts_at": one.starts_at}
            for one in sorted(meetings, key=lambda one: (one.starts_at, one.id))
        ],
        "tasks": [{"id": one.id, "kind": one.kind} for one in tasks],
    }
