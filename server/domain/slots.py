"""Weekly patterns of consultation times: one weekday and hour, every week, without the days nobody works.

Source: rules.md 2 (consultation), 5.4 and 5.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from server.domain.calendar import NO_DAYS, why_not_working
from server.domain.instants import local, local_wall

_DAY = timedelta(days=1)
NO_SUCH_HOUR = "no_such_hour"
"""Why a time falls out that a spring night leaves out."""


@dataclass(frozen=True)
class WeeklyTime:
    """A time of every week: `weekday` as in ISO 8601 (Monday is 1), wall time in Sweden."""

    weekday: int
    at: time
    minutes: int


@dataclass(frozen=True)
class Occurrence:
    """A weekly time on one day, in wall time without a zone. `why_not`: absent when somebody works then, else the
    reason of `why_not_working`, or `no_such_hour`."""

    starts: datetime
    minutes: int
    why_not: str | None = None


def occurrences(
    pattern: Iterable[WeeklyTime], first: date, last: date, closed_days: Set[date] = NO_DAYS
) -> tuple[Occurrence, ...]:
    """Each time of the pattern from `first` to `last` (both included), soonest first, also those that fall out."""
    wanted = sorted(set(pattern), key=lambda one: (one.weekday, one.at, one.minutes))
    found: list[Occurrence] = []
    day = first
    while day <= last:
        why_not = why_not_working(day, closed_days)
        found.extend(
            Occurrence(
                datetime.combine(day, one.at), one.minutes, why_not or (None if _exists(day, one.at) else NO_SUCH_HOUR)
            )
            for one in wanted
            if one.weekday == day.isoweekday()
        )
        day += _DAY
    return tuple(found)


def weekly_times(
    pattern: Iterable[WeeklyTime], first: date, last: date, closed_days: Set[date] = NO_DAYS
) -> tuple[tuple[datetime, int], ...]:
    """(wall time without a zone, minutes) of each time from `first` to `last` (both included), soonest first.

    Holidays, weekends, the unit's closed days and hours that a spring night leaves out are passed over.
    """
    return tuple(
        (one.starts, one.minutes) for one in occurrences(pattern, first, last, closed_days) if one.why_not is None
    )


def next_weekly(
    weekly: WeeklyTime, after: datetime, closed_days: Set[date] = NO_DAYS, *, weeks: int = 52
) -> datetime | None:
    """The UTC start of the first such time that is not over at `after`; None if there is none for so many weeks."""
    day = local(after).date()
    for wall, minutes in weekly_times([weekly], day, day + timedelta(weeks=weeks), closed_days):
        start = local_wall(wall.date(), wall.time())
        if start + timedelta(minutes=minutes) > after:
            return start
    return None


def meets(weekly: WeeklyTime, from_on: date, start: datetime, end: datetime, closed_days: Set[date] = NO_DAYS) -> bool:
    """True when the span runs into that time of every week on a day from `from_on` on on which somebody works."""
    first = max(from_on, local(start).date() - _DAY)
    for wall, minutes in weekly_times([weekly], first, local(end).date(), closed_days):
        begins = local_wall(wall.date(), wall.time())
        if start < begins + timedelta(minutes=minutes) and begins < end:
            return True
    return False


def _exists(day: date, at: time) -> bool:
    return local(local_wall(day, at)).time() == at
