"""Writes `term_reminders.csv`: when each reminder of a term meeting is to be said, in 2026–2028.

It shares nothing with the product: days off are the lists below, typed from the almanac year by year; the clock's
changes likewise; counting is one day at a time. `python -m tests.domain.data.term_reminders` writes the file anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")
DAY = timedelta(days=1)
ALMANAC = """
2026 01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31
2027 01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-06 06-25 06-26 11-06 12-24 12-25 12-26 12-31
2028 01-01 01-06 04-14 04-16 04-17 05-01 05-25 06-04 06-06 06-23 06-24 11-04 12-24 12-25 12-26 12-31
"""
"""Red days and the three eves, as they stand in the almanac."""
SUMMER = {2025: ("03-30", "10-26"), 2026: ("03-29", "10-25"), 2027: ("03-28", "10-31"), 2028: ("03-26", "10-29")}
"""From the first day to the day before the second Swedish clocks are two hours ahead of UTC in the day, else one."""
RED = {date.fromisoformat(f"{year}-{day}") for year, *days in map(str.split, ALMANAC.split("\n")[1:-1]) for day in days}
NINE, SEVEN, EVENING = time(9), time(7), time(19, 45)
CLOSED = date(2026, 11, 2)
"""A planning day of one unit."""
COLUMNS = ("case", "starts", "told", "closed", "six_weeks", "two_weeks", "day", "hour", "asked_again")


def works(day: date, closed: date | None) -> bool:
    return day.weekday() < 5 and day not in RED and day != closed


def utc(day: date, at: time) -> str:
    """A Swedish wall time of the day as an instant."""
    first, last = (date.fromisoformat(f"{day.year}-{one}") for one in SUMMER[day.year])
    hours = 2 if first <= day < last else 1
    return f"{datetime.combine(day, at) - timedelta(hours=hours):%Y-%m-%dT%H:%M}Z"


def on_or_after(day: date, at: time, closed: date | None) -> tuple[date, time]:
    """That morning at nine, or at seven on the next working day."""
    if works(day, closed):
        return day, at
    while not works(day, closed):
        day += DAY
    return day, SEVEN


def working_day_before(day: date, closed: date | None) -> date:
    day -= DAY
    while not works(day, closed):
        day -= DAY
    return day


def asked_again(told: date, closed: date | None) -> date:
    """The fifth working day after the call."""
    for _ in range(5):
        told += DAY
        while not works(told, closed):
            told += DAY
    return told


def hour_before(day: date, starts: time, closed: date | None) -> tuple[date, time]:
    """An hour before; before seven in the morning it is said at seven, or the last working evening if that is too late."""
    at = (datetime.combine(day, starts) - timedelta(hours=1)).time()
    if works(day, closed) and at >= SEVEN:
        return day, at
    if works(day, closed) and starts > SEVEN:
        return day, SEVEN
    return working_day_before(day, closed), EVENING


def line(case: str, day: date, starts: time, told: date, closed: date | None) -> dict[str, str]:
    """One row: what is said when, `-` for what would have been before everybody was told (at eight that morning)."""
    said = {
        "six_weeks": on_or_after(day - 42 * DAY, NINE, closed),
        "two_weeks": on_or_after(day - 14 * DAY, NINE, closed),
        "day": (working_day_before(day, closed), NINE),
        "hour": hour_before(day, starts, closed),
    }
    known = datetime.combine(told, time(8))
    again = (asked_again(told, closed), NINE)
    return {
        "case": case,
        "starts": f"{day}T{starts:%H:%M}",
        "told": f"{told}",
        "closed": f"{closed or '-'}",
        **{kind: utc(*at) if datetime.combine(*at) > known else "-" for kind, at in said.items()},
        "asked_again": utc(*again) if datetime.combine(*again) < datetime.combine(day, starts) else "-",
    }


def lines() -> Iterator[dict[str, str]]:
    """Every working Tuesday to Thursday of three years at one; then what is hard: early hours, late calls, moves."""
    day = date(2026, 1, 1)
    while day <= date(2028, 12, 30):
        if day.weekday() in (1, 2, 3) and works(day, None) and day - 70 * DAY >= date(2025, 12, 31):
            yield line("usual", day, time(13), day - 70 * DAY, None)
        day += DAY
    for hard in ("2026-03-31", "2026-10-27", "2027-03-30", "2027-11-02", "2028-03-28", "2028-10-31"):
        on = date.fromisoformat(hard)
        yield line("clocks change", on, time(8, 30), on - 60 * DAY, None)
    for hard in ("2026-04-07", "2026-06-23", "2027-01-07", "2027-03-30", "2027-05-07", "2028-04-18", "2028-12-27"):
        yield line("after days off", date.fromisoformat(hard), time(9), date.fromisoformat(hard) - 50 * DAY, None)
    for starts in (time(7), time(7, 30), time(8), time(19), time(20, 30)):
        yield line("early or late", date(2027, 4, 14), starts, date(2027, 2, 24), None)
    for days in (1, 3, 8, 13, 15, 30, 41, 43):
        yield line("called late", date(2027, 10, 13), time(13), date(2027, 10, 13) - days * DAY, None)
    for hard in ("2026-11-03", "2026-11-04", "2026-11-16", "2026-12-14"):
        yield line("unit closed", date.fromisoformat(hard), time(13), date(2026, 10, 26), CLOSED)
    for first, then in (("2027-02-10", "2027-03-10"), ("2027-03-24", "2027-04-07"), ("2027-10-20", "2027-11-03")):
        yield line("moved", date.fromisoformat(then), time(10), date.fromisoformat(first) - 7 * DAY, None)


def write_table(file: Path, columns: Sequence[str], rows: Iterator[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def write(file: Path = FILE) -> None:
    write_table(file, COLUMNS, lines())


if __name__ == "__main__":
    write()
