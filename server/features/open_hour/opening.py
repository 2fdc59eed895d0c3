"""Opening an hour of every week, closing it, and the house's turning over to the next week's line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

import msgspec
from pydantic import Field

from server.domain.access import UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, start_of_day, time_from_text
from server.domain.slots import WeeklyTime, next_weekly
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.open_hour.documents import kept_until
from server.features.open_hour.rows import IN_LINE, OpenHourRow, PlaceRow
from server.features.person import DayText, UnitRow
from server.features.settings import TimeOfDay
from server.features.shape import Command, Id, Moment, Notice, OfTheHouse, Row, Target, Writes
from server.features.slot import CONSULTANT, Offer, engaged


class Open(Offer):
    """Opens an hour of every week; the line of the first one is open at once."""

    name: ClassVar[str] = "open_hour.open"

    weekday: Annotated[int, Field(ge=1, le=7)]
    at: TimeOfDay
    minutes: Annotated[int, Field(ge=15, le=240)]
    from_on: DayText | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        way = self.way(around, actor)
        weekly = WeeklyTime(self.weekday, time_from_text(self.at), self.minutes)
        after = max(at.now, start_of_day(date.fromisoformat(self.from_on))) if self.from_on else at.now
        first = next_weekly(weekly, after, circle.closed_days(around))
        if first is None:
            raise Refused("invalid", fields={"weekday": "not_allowed_value"})
        if engaged(actor.seat, around, at).every(weekly, local_date(first)):
            raise Refused("conflict")
        row = OpenHourRow(
            id=at.new_id(),
            owner_unit=around.id,
            consultant=actor.seat,
            weekday=self.weekday,
            at=self.at,
            minutes=self.minutes,
            session_on=local_date(first).isoformat(),
            **way,
        )
        return Writes(rows=(row,), result={"open_hour": row.id, "session_on": row.session_on})


class Close(Command):
    """There is no open hour any more; those in line are told and their questions erased."""

    name: ClassVar[str] = "open_hour.close"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open"]},)

    open_hour: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.open_hour, "open_hour"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        hour = around.get(OpenHourRow, self.open_hour)
        unit = around.known(UnitRow, hour.owner_unit)
        if CONSULTANT not in actor.functions and (unit is None or actor.seat not in unit.leads):
            raise Refused("not_allowed")
        if hour.state != "open":
            raise Refused("conflict")
        return closed(hour, around)


def closed(hour: OpenHourRow, around: Around) -> Writes:
    """The hour closed, its line told and erased."""
    places = around.all(PlaceRow)
    return Writes(
        rows=(msgspec.structs.replace(hour, state="closed"),),
        remove=tuple(row.id for row in places),
        notices=tuple(
            Notice(row.account, "open_hour_closed", "open_hour", hour.id) for row in places if row.state in IN_LINE
        ),
    )


class Roll(OfTheHouse):
    """The house: the hour is over. Those not reached are told, and the next line opens."""

    name: ClassVar[str] = "open_hour.roll"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        hour = around.get(OpenHourRow, self.record)
        if hour.state != "open" or at.now < hour.ends:
            return Writes()
        following = next_weekly(hour.weekly, at.now, circle.closed_days(around))
        if following is None:
            return closed(hour, around)
        today = local_date(at.now)
        rows: list[Row] = [msgspec.structs.replace(hour, session_on=local_date(following).isoformat())]
        notices: list[Notice] = []
        for row in around.all(PlaceRow):
            if row.session_on == hour.session_on and row.state == "called":
                rows.append(msgspec.structs.replace(row, state="done"))
            elif row.session_on == hour.session_on and row.state == "waiting":
                rows.append(msgspec.structs.replace(row, state="not_reached"))
                notices.append(Notice(row.account, "open_hour_missed", "open_hour_place", row.id))
        old = tuple(row.id for row in around.all(PlaceRow) if kept_until(row) < today)
        return Writes(rows=tuple(one for one in rows if one.id not in old), remove=old, notices=tuple(notices))
