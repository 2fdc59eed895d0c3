"""After the meeting: how the child was heard, what was decided, when it is followed up; and making it a SIP.

A meeting cannot be held without saying how the child was heard. Making it a SIP types nothing anew: the plan is what
the meeting already holds. Source: rules.md 3.2 and 3.3.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain.access import BATON, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import local_date, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.meeting.rows import KINDS, LIVE, PLANNED, Decision, MeetingRow, family_invited
from server.features.person import DayText, SeenText, UnitRow
from server.features.shape import Command, Id, Moment, Notice, Target, Writes

MOST = 20
"""Decisions of one meeting."""


class Decided(BaseModel):
    """What was decided: who does it (a unit, or the family, the young person, somebody else), and by when."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    what: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    who_unit: Id | None = None
    who: Literal["family", "young_person", "other"] | None = None
    by_on: DayText | None = None


class _AfterMeeting(Command):
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    meeting: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.meeting, "meeting"),)

    def row(self, around: Around, states: tuple[str, ...]) -> MeetingRow:
        row = around.get(MeetingRow, self.meeting)
        if row.state not in states:
            raise Refused("conflict")
        return row


class _Notes(_AfterMeeting):
    """What is noted of a meeting."""

    child_heard: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    decisions: Annotated[list[Decided], Field(max_length=MOST)] = Field(default_factory=list)
    follow_up_on: DayText | None = None
    main_responsible_unit: Id | None = None

    def needs(self) -> tuple[str, ...]:
        units = (self.main_responsible_unit, *(one.who_unit for one in self.decisions))
        return tuple(unit for unit in units if unit)

    def check(self, around: Around, now: datetime) -> None:
        """Raises: `invalid` for days that are past and units that are none."""
        _check_days(now, {"follow_up_on": self.follow_up_on}, self.decisions)
        _check_units(around, {"main_responsible_unit": self.main_responsible_unit}, self.decisions)


class Hold(_Notes):
    """The meeting has been held."""

    name: ClassVar[str] = "meeting.hold"
    offered: ClassVar = ({"field": "state", "in": list(PLANNED)}, {"from": "starts_at"})

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, PLANNED)
        if at.now < row.starts:
            raise Refused("conflict")
        self.check(around, at.now)
        held = msgspec.structs.replace(
            row,
            state="held",
            held_at=to_text(at.now),
            noted_at=to_text(at.now),
            noted_by=actor.seat,
            child_heard=self.child_heard,
            follow_up_on=self.follow_up_on,
            main_responsible_unit=self.main_responsible_unit,
            decisions=_decided(self.decisions),
        )
        return Writes(rows=(held,), notices=_to_family(held, around))


class Amend(_Notes):
    """Writes the notes of a held meeting anew: the words are replaced, decisions are added, what is left out stays.

    `over`: the `noted_at` (or `held_at`, without one) of what the sender has seen. When somebody else has written
    since, `conflict`: nobody's words are replaced unseen.
    """

    name: ClassVar[str] = "meeting.amend"
    offered: ClassVar = ({"field": "state", "in": ["held"]},)

    over: SeenText | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, ("held",))
        if row.noted_by != actor.seat and self.over != (row.noted_at or row.held_at):
            raise Refused("conflict")
        self.check(around, at.now)
        decisions = (*row.decisions, *_decided(self.decisions))
        if len(decisions) > MOST:
            raise Refused("invalid", fields={"decisions": "too_long"})
        amended = msgspec.structs.replace(
            row,
            noted_at=to_text(at.now),
            noted_by=actor.seat,
            child_heard=self.child_heard,
            follow_up_on=self.follow_up_on or row.follow_up_on,
            main_responsible_unit=self.main_responsible_unit or row.main_responsible_unit,
            decisions=decisions,
        )
        return Writes(rows=(amended,), notices=_to_family(amended, around))


class DecisionDone(_AfterMeeting):
    """Something that was decided has been done (or not after all)."""

    name: ClassVar[str] = "meeting.decision_done"
    offered: ClassVar = ({"field": "state", "in": ["held"]},)

    decision: Annotated[int, Field(ge=0, le=19)]
    done: bool = True

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, ("held",))
        if self.decision >= len(row.decisions):
            raise Refused("invalid", fields={"decision": "not_allowed_value"})
        decisions = list(row.decisions)
        decisions[self.decision] = msgspec.structs.replace(decisions[self.decision], done=self.done)
        return Writes(rows=(msgspec.structs.replace(row, decisions=tuple(decisions)),))


class ToSip(_AfterMeeting):
    """The meeting becomes a SIP (samordnad individuell plan). One already held must have what a plan needs."""

    name: ClassVar[str] = "meeting.to_sip"
    offered: ClassVar = (
        {"field": "state", "in": [*LIVE, "held"]},
        {"field": "kind", "in": [kind for kind in KINDS if kind != "sip"]},
    )

    follow_up_on: DayText | None = None
    main_responsible_unit: Id | None = None

    def needs(self) -> tuple[str, ...]:
        return (self.main_responsible_unit,) if self.main_responsible_unit else ()

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, (*LIVE, "held"))
        if row.kind == "sip":
            raise Refused("conflict")
        _check_days(at.now, {"follow_up_on": self.follow_up_on}, ())
        _check_units(around, {"main_responsible_unit": self.main_responsible_unit}, ())
        sip = msgspec.structs.replace(
            row,
            kind="sip",
            follow_up_on=self.follow_up_on or row.follow_up_on,
            main_responsible_unit=self.main_responsible_unit or row.main_responsible_unit,
        )
        needed = ("child_heard", "decisions", "follow_up_on", "main_responsible_unit")
        missing = [field for field in needed if not getattr(sip, field)]
        if row.state == "held" and missing:
            raise Refused("invalid", fields=dict.fromkeys(missing, "required"))
        return Writes(rows=(sip,))


def _decided(given: list[Decided]) -> tuple[Decision, ...]:
    return tuple(Decision(what=one.what, who_unit=one.who_unit, who=one.who, by_on=one.by_on) for one in given)


def _to_family(row: MeetingRow, around: Around) -> tuple[Notice, ...]:
    accounts = [relation.account for relation in family_invited(row, around) if relation.account]
    return tuple(Notice(one, "meeting_held", row.entity, row.id) for one in accounts)


def _check_days(now: datetime, days: dict[str, str | None], decisions: tuple[Decided, ...] | list[Decided]) -> None:
    today = str(local_date(now))
    named = {**days, **{f"decisions.{n}.by_on": one.by_on for n, one in enumerate(decisions)}}
    past = {field: "past" for field, day in named.items() if day is not None and day < today}
    if past:
        raise Refused("invalid", fields=past)


def _check_units(around: Around, units: dict[str, str | None], decisions: tuple[Decided, ...] | list[Decided]) -> None:
    named = {**units, **{f"decisions.{n}.who_unit": one.who_unit for n, one in enumerate(decisions)}}
    unknown = {
        field: "not_allowed_value" for field, unit in named.items() if unit and around.known(UnitRow, unit) is None
    }
    if unknown:
        raise Refused("invalid", fields=unknown)
