"""Weekly patterns of consultation times: one weekday and hour, every week, without the days nobody works.

Source: rules.md 2 (consultation), 5.4 and 5.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from server.domain.calendar import NO_DAYS, is_working_day
from server.domain.instants import local, local_wall

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WeeklyTime:
    """A time of every week: `weekday` as in ISO 8601 (Monday is 1), wall time in Sweden."""

    weekday: int
    at: time
    minutes: int


def weekly_times(
    pattern: Iterable[WeeklyTime], first: date, last: date, closed_days: Set[date] = NO_DAYS
) -> tuple[tuple[datetime, int], ...]:
    """(wall time without a zone, minutes) of each time from `first` to `last` (both included), soonest first.

    Holidays, weekends, the unit's closed days and hours that a spring night leaves out are passed over.
    """
    wanted = sorted(set(pattern), key=lambda one: (one.weekday, one.at, one.minutes))
    found: list[tuple[datetime, int]] = []
    day = first
    while day <= last:
        if is_working_day(day, closed_days):
            found.extend(
                (datetime.combine(day, one.at), one.minutes)
                for one in wanted
                if one.weekday == day.isoweekday() and _exists(day, one.at)
            )
        day += _DAY
    return tuple(found)


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


def _exists(day: date, at: time) -> bool:
    return local(local_wall(day, at)).time() == at
