"""Days around today: everything in the demonstration lies before or after the day it is made."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from server.domain.calendar import add_months, add_working_days, previous_working_day
from server.domain.instants import STOCKHOLM, local_date, local_wall, time_from_text, wall_text

AWAKE_FROM, AWAKE_UNTIL = time(7), time(21, 40)


def by_day(when: datetime) -> datetime:
    """The instant itself when people are awake, otherwise the evening before."""
    here = when.astimezone(STOCKHOLM)
    if AWAKE_FROM <= here.time() <= AWAKE_UNTIL:
        return when
    evening = here.date() if here.time() > AWAKE_UNTIL else here.date() - timedelta(days=1)
    return local_wall(evening, time(20, 10 + here.minute // 2))


def next_morning(when: datetime) -> datetime:
    """The instant itself when people are awake, otherwise the morning after."""
    here = when.astimezone(STOCKHOLM)
    if AWAKE_FROM <= here.time() <= AWAKE_UNTIL:
        return when
    morning = here.date() + timedelta(days=1) if here.time() > AWAKE_UNTIL else here.date()
    return local_wall(morning, time(8, 20))


class Days:
    """Bound to the instant at which the demonstration is made."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = local_date(now)

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        """So long before now, whatever the time of day."""
        return self.now - timedelta(days=days, hours=hours)

    def awake(self, *, hours: float) -> datetime:
        """About so long before now, and never at night: then the evening before."""
        return by_day(self.ago(hours=hours))

    def at(self, days: int, wall: str = "09:00") -> datetime:
        """The calendar day so many days from today (negative: before), at a Swedish wall time."""
        return local_wall(self.today + timedelta(days=days), self._time(wall))

    def work(self, count: int, wall: str = "09:00") -> datetime:
        """The working day number `count` from today (negative: before), at a Swedish wall time."""
        return local_wall(self.working(count), self._time(wall))

    def wall(self, count: int, wall: str) -> str:
        """The same as a `starts_local`."""
        return wall_text(self.work(count, wall))

    def working(self, count: int) -> date:
        """The working day number `count` from today; day 0 is today, whatever day it is."""
        if count >= 0:
            return add_working_days(self.today, count)
        day = self.today
        for _ in range(-count):
            day = previous_working_day(day)
        return day

    def day(self, days: int) -> str:
        """The calendar day so many days from today, as text."""
        return (self.today + timedelta(days=days)).isoformat()

    def work_day(self, count: int) -> str:
        """The working day number `count` from today, as text."""
        return self.working(count).isoformat()

    def turns_18(self, age: int) -> str:
        """The 18th birthday of somebody of this age today, some five months after the last birthday."""
        return add_months(self.today, 12 * (18 - age) - 5).isoformat()

    def years_after_tomorrow(self, years: int) -> str:
        """Tomorrow's date so many years later."""
        return add_months(self.today + timedelta(days=1), 12 * years).isoformat()

    def _time(self, wall: str) -> time:
        return time_from_text(wall)
