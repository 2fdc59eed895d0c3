"""Answering the call to a term meeting: everybody for themselves."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import StringConstraints

from server.domain.access import AREA, LEADS, Rule
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features.around import Around
from server.features.meeting.rows import Reply
from server.features.shape import Command, Id, Moment, Target, Writes
from server.features.term_meeting.rows import Participant, TermMeetingRow


class Respond(Command):
    """Comes, comes by link, sends somebody else, or does not come."""

    name: ClassVar[str] = "term.respond"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"
    optimistic: ClassVar = {"entity": "term_meeting", "arg": "term_meeting", "set": {"answer": {"arg": "answer"}}}
    offered: ClassVar = ({"field": "state", "in": ["planned"]}, {"until": "ends_at"})

    term_meeting: Id
    answer: Literal["yes", "no", "digital", "substitute"]
    substitute: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.term_meeting, "term_meeting"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TermMeetingRow, self.term_meeting)
        called = any(one.seat == actor.seat for one in row.participants)
        if not called and not actor.functions & set(row.required_functions):
            raise Refused("not_allowed")
        if (self.answer == "substitute") != (self.substitute is not None):
            code = "not_allowed_value" if self.substitute else "required"
            raise Refused("invalid", fields={"substitute": code})
        if row.state == "held" or at.now >= row.ends:
            raise Refused("too_late")
        if row.state != "planned":
            raise Refused("conflict")
        reply = Reply(answer=self.answer, at=to_text(at.now), substitute=self.substitute)
        people = row.participants
        if not called:
            people = (*people, Participant(seat=actor.seat, unit=actor.unit or ""))
        answered = msgspec.structs.replace(row, answers={**row.answers, actor.seat: reply}, participants=people)
        return Writes(rows=(answered,))
