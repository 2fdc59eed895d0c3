"""Opening one's times: single ones, or a weekly pattern. A consultant is in one place at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.domain.actors import Actor
from server.domain.instants import local_wall, time_from_text, to_text, wall_from_text, wall_text
from server.domain.slots import WeeklyTime, occurrences
from server.errors import Refused
from server.features.around import Around
from server.features.consultant_time import Engaged, TakenTime
from server.features.person import DayText, LocalText
from server.features.settings import TimeOfDay
from server.features.shape import Moment, Writes, misfit
from server.features.slot.offering import Offer
from server.features.slot.rows import ConsultantTimesRow, SlotRow, engaged

Span = tuple[datetime, datetime]
MOST: Final = 60
"""Times opened in one go."""
LONGEST: Final = timedelta(weeks=26)


class Time(BaseModel):
    """When, in Swedish wall time, and for how long."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    starts_local: LocalText
    minutes: Annotated[int, Field(ge=10, le=180)]


class TimeOfWeek(BaseModel):
    """A time of every week: Monday is 1, wall time in Sweden."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    weekday: Annotated[int, Field(ge=1, le=7)]
    at: TimeOfDay
    minutes: Annotated[int, Field(ge=10, le=180)]


class Pattern(BaseModel):
    """The same times each week, from a day to a day, both included."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    times: Annotated[list[TimeOfWeek], Field(min_length=1, max_length=30)]
    from_on: DayText
    until_on: DayText


class Publish(Offer):
    """Offers one's own times to the area: single ones, or a weekly pattern that passes over what does not fit."""

    name: ClassVar[str] = "slot.publish"

    times: Annotated[list[Time], Field(max_length=MOST)] = Field(default_factory=list)
    weekly: Pattern | None = None

    @model_validator(mode="after")
    def _some_time(self) -> Publish:
        if not self.times and self.weekly is None:
            raise misfit(times="required", weekly="required")
        return self

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        way = self.way(around, actor)
        known = next((one for one in around.all(ConsultantTimesRow) if one.seat == actor.seat), None)
        busy = engaged(actor.seat, around, at)
        wanted = self._single(busy, at)
        skipped: list[dict[str, str]] = []
        if self.weekly is not None:
            wanted += _of_week(self.weekly, wanted, busy, skipped, at)
        if not wanted:
            raise Refused("conflict", data={"skipped": skipped})
        if len(wanted) > MOST:
            raise Refused("invalid", fields={"weekly": "too_long"})
        slots = [
            SlotRow(
                id=at.new_id(),
                owner_unit=around.id,
                consultant=actor.seat,
                starts_local=wall_text(start),
                starts_at=to_text(start),
                minutes=int((end - start).total_seconds() // 60),
                **way,
            )
            for start, end in wanted
        ]
        kept = ConsultantTimesRow(
            id=known.id if known else at.new_id(),
            owner_unit=around.id,
            unit=around.id,
            seat=actor.seat,
            times=(
                *busy.times,
                *(TakenTime(slot=one.id, starts_at=one.starts_at, minutes=one.minutes) for one in slots),
            ),
        )
        result: dict[str, object] = {"slots": [one.id for one in slots]}
        return Writes(rows=(kept, *slots), result={**result, "skipped": skipped} if self.weekly else result)

    def _single(self, busy: Engaged, at: Moment) -> list[Span]:
        wanted: list[Span] = []
        for one in self.times:
            try:
                start = wall_from_text(one.starts_local)
            except ValueError:
                raise Refused("invalid", fields={"times": "not_allowed_value"}) from None
            if wall_text(start) != one.starts_local:  # an hour that a spring night leaves out
                raise Refused("invalid", fields={"times": "not_allowed_value"})
            if start <= at.now:
                raise Refused("invalid", fields={"times": "past"})
            wanted.append((start, start + timedelta(minutes=one.minutes)))
        wanted.sort()
        if any(end > later for (_, end), (later, _) in pairwise(wanted)):
            raise Refused("invalid", fields={"times": "not_allowed_value"})
        clashing = [wall_text(start) for start, end in wanted if busy.at(start, end)]
        if clashing:
            raise Refused("conflict", data={"times": clashing})
        return wanted


def _of_week(
    weekly: Pattern, wanted: list[Span], busy: Engaged, skipped: list[dict[str, str]], at: Moment
) -> list[Span]:
    """What of the pattern fits; the rest is told in `skipped`, but for what is past."""
    first, last = date.fromisoformat(weekly.from_on), date.fromisoformat(weekly.until_on)
    if not first <= last <= first + LONGEST:
        raise Refused("invalid", fields={"weekly": "not_allowed_value"})
    pattern = [WeeklyTime(one.weekday, time_from_text(one.at), one.minutes) for one in weekly.times]
    found: list[Span] = []
    for one in occurrences(pattern, first, last, busy.closed):
        start = local_wall(one.starts.date(), one.starts.time())
        end = start + timedelta(minutes=one.minutes)
        if start <= at.now:
            continue
        why_not = one.why_not
        if why_not is None and busy.at(start, end):
            why_not = "taken"
        if why_not is None and any(start < ends and begins < end for begins, ends in (*wanted, *found)):
            raise Refused("invalid", fields={"weekly": "not_allowed_value"})
        if why_not is None:
            found.append((start, end))
        else:
            skipped.append({"starts_local": one.starts.isoformat(timespec="minutes"), "why": why_not})
    return found
