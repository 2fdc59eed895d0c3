"""The line: joining it, leaving it, and calling the next."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

import msgspec
from pydantic import Field

from server.domain.access import AREA, LEADS, UNIT, Rule
from server.domain.actors import Actor
from server.domain.ages import AgeBand
from server.domain.instants import to_text
from server.errors import Refused
from server.features.around import Around
from server.features.booking import Question
from server.features.identifying import Confirmed, refuse_identifying
from server.features.open_hour.rows import IN_LINE, OpenHourRow, PlaceRow, called, line
from server.features.person import StaffRow
from server.features.shape import Command, Id, Moment, Notice, Row, Target, Writes
from server.features.slot import CONSULTANT, Topic

EARLY_MINUTES: Final = 15


class _OnHour(Command):
    on_scope_loss: ClassVar[str] = "purge"

    open_hour: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.open_hour, "open_hour"),)

    def hour(self, around: Around) -> OpenHourRow:
        row = around.get(OpenHourRow, self.open_hour)
        if row.state != "open":
            raise Refused("conflict")
        return row


class Join(_OnHour):
    """Takes a place in line with a question that identifies nobody."""

    name: ClassVar[str] = "open_hour.join"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    offered: ClassVar = ({"field": "state", "in": ["open"]}, {"until": "ends_at"})

    topic: Topic
    age_band: AgeBand
    question: Question | None = None
    confirmed: Confirmed = Field(default_factory=list)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        hour = self.hour(around)
        if self.topic not in hour.topics:
            raise Refused("invalid", fields={"topic": "not_allowed_value"})
        if at.now >= hour.ends:
            raise Refused("too_late")
        if any(one.seat == actor.seat for one in (*line(around, hour), *called(around, hour))):
            raise Refused("conflict")
        consultant = around.known(StaffRow, hour.consultant)
        refuse_identifying("question", self.question, self.confirmed, actor.name, consultant.name if consultant else "")
        row = PlaceRow(
            id=at.new_id(),
            owner_unit=hour.owner_unit,
            open_hour=hour.id,
            session_on=hour.session_on,
            seat=actor.seat,
            account=actor.account,
            topic=self.topic,
            age_band=self.age_band,
            question=self.question,
            joined_at=to_text(at.now),
        )
        return Writes(rows=(row,), result={"open_hour_place": row.id, "ahead": len(line(around, hour))})


class Leave(Command):
    """Leaves the line; the question is erased."""

    name: ClassVar[str] = "open_hour.leave"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "mine", "in": [True]}, {"field": "state", "in": list(IN_LINE)})

    open_hour_place: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.open_hour_place, "open_hour_place"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(PlaceRow, self.open_hour_place)
        if row.account != actor.account:
            raise Refused("not_allowed")
        if row.state not in IN_LINE:
            raise Refused("conflict")
        return Writes(remove=(row.id,))


class Next(_OnHour):
    """The talk before is over; the first in line is called, and whoever comes after is told to be ready."""

    name: ClassVar[str] = "open_hour.next"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    offered: ClassVar = (
        {"field": "state", "in": ["open"]},
        {"from": "starts_at", "minus_minutes": EARLY_MINUTES},
        {"until": "ends_at"},
    )

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if CONSULTANT not in actor.functions:
            raise Refused("not_allowed")
        hour = self.hour(around)
        if at.now < hour.starts() - timedelta(minutes=EARLY_MINUTES):
            raise Refused("conflict")
        if at.now >= hour.ends:
            raise Refused("too_late")
        waiting, talking = line(around, hour), called(around, hour)
        if not waiting and not talking:
            raise Refused("conflict")
        rows: list[Row] = [msgspec.structs.replace(one, state="done") for one in talking]
        rows.extend(msgspec.structs.replace(one, state="called") for one in waiting[:1])
        kinds = ("open_hour_turn", "open_hour_next")
        notices = tuple(
            Notice(one.account, kind, "open_hour_place", one.id) for one, kind in zip(waiting, kinds, strict=False)
        )
        return Writes(rows=tuple(rows), notices=notices)
