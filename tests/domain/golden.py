"""A second, plain working out of Swedish days off and deadlines, sharing nothing with the product.

Easter by Gauss' method as Meeus gives it; holidays written as the law lists them; counting day by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
FIRST, LAST = date(2024, 1, 1), date(2035, 12, 31)


def easter(year: int) -> date:
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def saturday_from(day: date) -> date:
    while day.weekday() != 5:
        day += DAY
    return day


def days_off(year: int) -> set[date]:
    """Red days and the three eves of the year, without plain Saturdays and Sundays."""
    sunday = easter(year)
    midsummer = saturday_from(date(year, 6, 20))
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    moving = {sunday - 2 * DAY, sunday, sunday + DAY, sunday + 39 * DAY, sunday + 49 * DAY}
    moving |= {midsummer - DAY, midsummer, saturday_from(date(year, 10, 31))}
    return moving | {date(year, month, day) for month, day in fixed}


OFF = {day for year in range(2023, 2038) for day in days_off(year)}


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def count_on(day: date, working_days: int) -> date:
    counted = 0
    while counted < working_days:
        day += DAY
        if works(day):
            counted += 1
    return day


def rolled(day: date) -> date:
    while not works(day):
        day += DAY
    return day


def summer_time(day: date, hour: int) -> bool:
    """Whether Swedish clocks at that hour of the day show summer time (hours 2 and 3 are not asked)."""

    def last_sunday(month: int) -> date:
        found = date(day.year, month, 31)
        while found.weekday() != 6:
            found -= DAY
        return found

    begins, ends = last_sunday(3), last_sunday(10)
    if day == begins:
        return hour > 2
    if day == ends:
        return hour < 2
    return begins < day < ends


def all_days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += DAY
