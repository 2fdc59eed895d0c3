"""The Swedish calendar of working days (arbetsdagar), weeks and months.

Not working: Saturdays, Sundays, public holidays, the three eves that lag 1930:173 puts beside them
(midsommarafton, julafton, nyårsafton) and the days a unit has closed. A bridge day (klämdag) is a working
day, and so are skärtorsdag and valborg. Source: rules.md 5.4 and 5.5.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from holidays.countries.sweden import Sweden

NO_DAYS: Final[frozenset[date]] = frozenset()
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Skipped:
    """A day a count did not count. `reason`: `saturday`, `sunday`, `closed` or the holiday's key."""

    day: date
    reason: str


@lru_cache(maxsize=256)
def public_holidays(year: int) -> Mapping[date, str]:
    """The year's red days and the three eves, each with a key such as `epiphany` or `midsummer_eve`."""
    # Without "de_facto" the library leaves out the three eves, and its names follow the machine's language.
    found = Sweden(years=year, categories=("public", "de_facto"), language="en_US", include_sundays=False)
    return MappingProxyType({day: _key(found.get_list(day)[0]) for day in sorted(found)})


def easter_sunday(year: int) -> date:
    """Påskdagen of the year."""
    return next(day for day, key in public_holidays(year).items() if key == "easter_sunday")


def why_not_working(day: date, closed_days: Set[date] = NO_DAYS) -> str | None:
    """The reason a day is not a working day, or None for a working day.

    A holiday's own key goes before `saturday` and `sunday`, and `closed` comes last.
    """
    if holiday := public_holidays(day.year).get(day):
        return holiday
    if day.weekday() >= 5:
        return "saturday" if day.weekday() == 5 else "sunday"
    return "closed" if day in closed_days else None


def is_working_day(day: date, closed_days: Set[date] = NO_DAYS) -> bool:
    """True for a working day of a unit with these closed days."""
    return why_not_working(day, closed_days) is None


def next_working_day(day: date, closed_days: Set[date] = NO_DAYS) -> date:
    """The first working day after the day."""
    return add_working_days(day, 1, closed_days)


def previous_working_day(day: date, closed_days: Set[date] = NO_DAYS) -> date:
    """The last working day before the day."""
    day -= _DAY
    while not is_working_day(day, closed_days):
        day -= _DAY
    return day


def add_working_days(day: date, count: int, closed_days: Set[date] = NO_DAYS) -> date:
    """The working day number `count` after the day, which is day 0 whether it is a working day or not.

    Zero gives the day itself. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("count forward only; see previous_working_day")
    while count:
        day += _DAY
        count -= is_working_day(day, closed_days)
    return day


def skipped_between(start: date, end: date, closed_days: Set[date] = NO_DAYS) -> tuple[Skipped, ...]:
    """The days after `start` up to and with `end` that a count of working days passes over, in order."""
    reasons = ((day, why_not_working(day, closed_days)) for day in _days_after(start, end))
    return tuple(Skipped(day, reason) for day, reason in reasons if reason is not None)


def roll_forward(day: date) -> date:
    """The last day for an act that the law gives when a period ends on `day`.

    The day itself, or the next weekday after a Saturday, Sunday, holiday or one of the three eves. A
    unit's own closed days do not count here. Source: lag 1930:173 2 §.
    """
    return day if is_working_day(day) else next_working_day(day)


def add_months(day: date, count: int) -> date:
    """The same day number `count` months later (or earlier); a missing day is the last of the month.

    Source: lag 1930:173 1 §.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month0 + 1, min(day.day, months.monthrange(year, month0 + 1)[1]))


def is_bridge_day(day: date) -> bool:
    """True for a klämdag: a working day alone between two days off. It counts as a working day."""
    return is_working_day(day) and not is_working_day(day - _DAY) and not is_working_day(day + _DAY)


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


def _key(name: str) -> str:
    return name.lower().replace("'", "").replace(" ", "_")
