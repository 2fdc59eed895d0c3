"""A consultant's time: nobody is in two places, be it for one colleague's booking or for an hour open to all.

The unit keeps each consultant's coming times, and each open hour says when it is: both are asked by one rule here.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

import msgspec

from server.domain.instants import from_text, local_wall, time_from_text
from server.domain.slots import WeeklyTime, meets
from server.features.around import Around
from server.features.shape import Row


class TakenTime(msgspec.Struct, frozen=True, kw_only=True):
    slot: str
    starts_at: str
    minutes: int

    @property
    def span(self) -> tuple[datetime, datetime]:
        begins = from_text(self.starts_at)
        return begins, begins + timedelta(minutes=self.minutes)


class OpenHourRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "open_hour"
    aggregate: ClassVar[str] = "open_hour"

    consultant: str
    weekday: int
    """As in ISO 8601: Monday is 1."""
    at: str
    minutes: int
    mode: str
    topics: tuple[str, ...]
    session_on: str
    """The day of the hour whose line is open now."""
    join_url: str | None = None
    phone: str | None = None
    state: str = "open"
    """`open|closed`"""

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit, self.consultant)

    @property
    def weekly(self) -> WeeklyTime:
        return WeeklyTime(self.weekday, time_from_text(self.at), self.minutes)

    def starts(self, session_on: str | None = None) -> datetime:
        """The UTC start of the hour on that day, or on the day whose line is open."""
        return local_wall(date.fromisoformat(session_on or self.session_on), time_from_text(self.at))

    @property
    def ends(self) -> datetime:
        return self.starts() + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Engaged:
    """What one consultant is engaged with from now on."""

    times: tuple[TakenTime, ...]
    hours: tuple[OpenHourRow, ...]
    closed: Set[date]
    """The unit's closed days, on which no open hour is held."""

    def at(self, start: datetime, end: datetime) -> bool:
        """True when the span runs into one of the times or of the open hours."""
        return any(overlap(start, end, one) for one in self.times) or any(
            meets(hour.weekly, date.fromisoformat(hour.session_on), start, end, self.closed) for hour in self.hours
        )

    def every(self, weekly: WeeklyTime, first: date) -> bool:
        """True when that time of every week, from the day on, runs into one of them."""
        return any(_alike(hour.weekly, weekly) for hour in self.hours) or any(
            meets(weekly, first, *time.span, self.closed) for time in self.times
        )


def hours_of(seat: str, beside: Iterable[Around]) -> tuple[OpenHourRow, ...]:
    """The consultant's open hours among these aggregates."""
    return tuple(
        hour for one in beside for hour in one.all(OpenHourRow) if hour.consultant == seat and hour.state == "open"
    )


def overlap(start: datetime, end: datetime, other: TakenTime) -> bool:
    """True when the span runs into the other."""
    begins, ends = other.span
    return start < ends and begins < end


def _alike(one: WeeklyTime, other: WeeklyTime) -> bool:
    """True when two times of every week meet in some week."""
    if one.weekday != other.weekday:
        return False
    (a, a_end), (b, b_end) = _span(one), _span(other)
    return a < b_end and b < a_end


def _span(weekly: WeeklyTime) -> tuple[datetime, datetime]:
    start = datetime.combine(date.min, weekly.at)
    return start, start + timedelta(minutes=weekly.minutes)
