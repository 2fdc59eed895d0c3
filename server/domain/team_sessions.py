"""A team's sessions: a fixed weekday and hour, every so many weeks, without the days nobody works.

Source: rules.md 2 (a SAMBU team meets at a fixed time, in a fixed place).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from server.domain.calendar import is_working_day
from server.domain.instants import local, local_wall

MOST_WEEKS: Final = 8
"""A team meets at least every so many weeks."""
TRIED: Final = 200


def coming(first_on: date, every_weeks: int, at: time, minutes: int, after: datetime, *, count: int) -> list[datetime]:
    """UTC starts of the first `count` sessions that are not over at `after`, soonest first.

    The rhythm begins on `first_on` and is kept: a session on a day nobody works, or at an hour that a spring night
    leaves out, is passed over, not moved. Fewer than `count` only where two hundred in a row bring no more.
    """
    step = timedelta(weeks=every_weeks)
    day = max(first_on, first_on + step * ((local(after).date() - first_on) // step))
    found: list[datetime] = []
    for _ in range(TRIED):
        if len(found) == count:
            break
        start = local_wall(day, at)
        is_hour = local(start).time() == at
        if is_hour and is_working_day(day) and start + timedelta(minutes=minutes) > after:
            found.append(start)
        day += step
    return found
