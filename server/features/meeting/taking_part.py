"""Answering, checking in and asking for another time: everybody for themselves alone."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

import msgspec
from pydantic import StringConstraints

from server.domain.access import CHILD_STAFF, FAMILY, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.meeting.rows import PLANNED, MeetingRow, NewTime, Reply, settled
from server.features.person import LocalText
from server.features.shape import Command, Id, Moment, Notice, Target, Writes

JOIN_MINUTES: Final = 15
_STATE: Final = {"field": "state", "in": list(PLANNED)}


class _ForOneself(Command):
    # A code is enough: when and where the meetings are, and whether one comes, is what a code opens (model.md 1).
    rule: ClassVar[Rule] = Rule(by=FAMILY | CHILD_STAFF, assurance=Assurance.CODE)

    meeting: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.meeting, "meeting"),)

    def own(self, around: Around, actor: Actor) -> tuple[MeetingRow, str]:
        """The meeting, and the actor's place on its list. Refuses who is not invited, then what is not planned."""
        row = around.get(MeetingRow, self.meeting)
        if actor.is_family:
            relation = circle.relation_of(around, actor.account)
            who = relation.id if relation and relation.seat == actor.seat and relation.id in row.invited else None
        else:
            who = actor.seat if actor.seat in row.staff else None
        if who is None:
            raise Refused("not_allowed")
        if row.state == "held":
            raise Refused("too_late")
        if row.state not in PLANNED:
            raise Refused("conflict")
        return row, who


class Respond(_ForOneself):
    """Comes, comes by link or phone, or does not; a professional may send a substitute.

    An answer to another time than the meeting's is a `conflict`: whoever answered without a connection, while the
    meeting was moved, has not been asked about the new time.
    """

    name: ClassVar[str] = "meeting.respond"
    optimistic: ClassVar = {"entity": "meeting", "arg": "meeting", "set": {"answer": {"arg": "answer"}}}
    offered: ClassVar = (_STATE, {"until": "ends_at"})

    answer: Literal["yes", "no", "digital", "phone", "substitute"]
    substitute: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] | None = None
    starts_local: LocalText | None = None
    """The time that is answered."""

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, who = self.own(around, actor)
        if self.answer == "substitute" and actor.is_family:
            raise Refused("invalid", fields={"answer": "not_allowed_value"})
        if (self.answer == "substitute") != (self.substitute is not None):
            code = "not_allowed_value" if self.substitute else "required"
            raise Refused("invalid", fields={"substitute": code})
        if at.now >= row.ends:
            raise Refused("too_late")
        if self.starts_local is not None and self.starts_local != row.starts_local:
            raise Refused("conflict")
        reply = Reply(answer=self.answer, at=to_text(at.now), substitute=self.substitute)
        answered = settled(msgspec.structs.replace(row, answers={**row.answers, who: reply}), around)
        told: tuple[Notice, ...] = ()
        if self.answer == "no":
            told = _to_those_on_duty(row, around, actor, "meeting_declined")
        return Writes(rows=(answered,), notices=told)


class CheckIn(_ForOneself):
    """Is there, in the room or in the call."""

    name: ClassVar[str] = "meeting.check_in"
    optimistic: ClassVar = {"entity": "meeting", "arg": "meeting", "set": {"checked_in": {"value": True}}}
    offered: ClassVar = (_STATE, {"from": "starts_at", "minus_minutes": JOIN_MINUTES}, {"until": "ends_at"})

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, who = self.own(around, actor)
        if at.now >= row.ends:
            raise Refused("too_late")
        checked_in = {**row.checked_in, who: row.checked_in.get(who, to_text(at.now))}
        return Writes(rows=(msgspec.structs.replace(row, checked_in=checked_in),))


class AskNewTime(_ForOneself):
    """The time does not suit: those who hold the baton are asked for another."""

    name: ClassVar[str] = "meeting.ask_new_time"
    optimistic: ClassVar = {"entity": "meeting", "arg": "meeting", "set": {"new_time_asked": {"value": True}}}
    offered: ClassVar = (_STATE, {"until": "starts_at"})

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, who = self.own(around, actor)
        if at.now >= row.starts:
            raise Refused("too_late")
        ask = NewTime(at=to_text(at.now), text=self.text or None)
        asked = msgspec.structs.replace(row, new_time={**row.new_time, who: ask})
        return Writes(rows=(asked,), notices=_to_those_on_duty(row, around, actor, "meeting_new_time"))


def _to_those_on_duty(row: MeetingRow, around: Around, actor: Actor, kind: str) -> tuple[Notice, ...]:
    accounts = (person.account for person in circle.on_duty(around))
    return tuple(Notice(account, kind, row.entity, row.id) for account in accounts if account != actor.account)
