"""Writes `other_reminders.csv`: when meetings, bookings, tasks and stale contacts are spoken of, in 2026–2028.

It shares nothing with the product; days off, the clock's changes and the counting are those of `term_reminders`, which
are typed from the almanac. `python -m tests.domain.data.other_reminders` writes the file anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.domain.data.term_reminders import (
    CLOSED,
    DAY,
    EVENING,
    NINE,
    SEVEN,
    asked_again,
    utc,
    working_day_before,
    works,
    write_table,
)

FILE = Path(__file__).with_suffix(".csv")
COLUMNS = ("what", "case", "at", "told", "closed", "week", "day", "hour", "answer", "soon", "first", "second", "stale")
NIGHT = time(20)
HARD = (
    "2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "2027-03-28", "2027-03-29", "2027-10-31", "2027-11-01",
    "2028-03-26", "2028-03-27", "2028-10-29", "2028-10-30", "2026-12-24", "2026-12-31", "2027-01-07", "2027-06-25",
    "2028-04-18", "2028-02-29", "2028-03-01", "2028-12-27",
)  # fmt: skip
"""Around the clock's changes, eves, a leap day and long holidays."""
MOVES = (("2026-10-20", "2026-10-27"), ("2027-03-24", "2027-03-31"), ("2027-12-22", "2028-01-10"))


def rolled(day: date, closed: date | None = None) -> date:
    while not works(day, closed):
        day += DAY
    return day


def may(day: date, staff: bool, closed: date | None) -> bool:
    return not staff or works(day, closed)


def week_before(day: date, staff: bool, closed: date | None) -> tuple[date, time]:
    """Seven days before, at nine; a colleague who is off then hears of it at seven on the next working day."""
    asked = day - 7 * DAY
    return (asked, NINE) if may(asked, staff, closed) else (rolled(asked, closed), SEVEN)


def hour_before(day: date, starts: time, staff: bool, closed: date | None) -> tuple[date, time]:
    """An hour before; at seven if that is before seven; a quarter to eight in the evening if nothing else is left."""
    at = (datetime.combine(day, starts) - timedelta(hours=1)).time()
    if may(day, staff, closed):
        if SEVEN <= at < NIGHT:
            return day, at
        if at < SEVEN < starts:
            return day, SEVEN
        if at >= NIGHT:
            return day, EVENING
    before = day - DAY
    while not may(before, staff, closed):
        before -= DAY
    return before, EVENING


def line(what: str, case: str, at: str, told: date, closed: date | None, **said: tuple[date, time]) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "-") | {"what": what, "case": case, "at": at, "told": f"{told}"}
    known = datetime.combine(told, time(8))
    held = {key: utc(*one) for key, one in said.items() if what != "meeting" or datetime.combine(*one) > known}
    return row | {"closed": f"{closed or '-'}"} | held


def meeting(case: str, day: date, starts: time, told: date, closed: date | None = None) -> Iterator[dict[str, str]]:
    """One row for somebody of the family, one for a colleague, who is spoken to on working days only."""
    begins = datetime.combine(day, starts)
    for who in ("family", "staff"):
        staff, own = who == "staff", closed if who == "staff" else None
        said = {
            "week": week_before(day, staff, own),
            "day": (working_day_before(day, own), NINE),
            "hour": hour_before(day, starts, staff, own),
        }
        again = (asked_again(told, own), NINE)
        asked = {"answer": again} if datetime.combine(*again) < begins else {}
        yield line("meeting", f"{case}, {who}", f"{begins:%Y-%m-%dT%H:%M}", told, own, **said, **asked)


def booking(case: str, day: date, starts: time, closed: date | None = None) -> dict[str, str]:
    begins = datetime.combine(day, starts)
    soon = begins - timedelta(minutes=10)
    eve = (working_day_before(day, closed), NINE)
    return line("booking", case, f"{begins:%Y-%m-%dT%H:%M}", day, closed, day=eve, soon=(soon.date(), soon.time()))


def morning(case: str, day: date, closed: date | None = None) -> Iterator[dict[str, str]]:
    """A task of that day is spoken of that working morning and the next; a contact that was true until then, once."""
    first = rolled(day, closed)
    second = rolled(first + DAY, closed)
    yield line("task", case, f"{day}", day, closed, first=(first, NINE), second=(second, NINE))
    yield line("contact", case, f"{day}", day, closed, stale=(rolled(day + DAY, closed), NINE))


def lines() -> Iterator[dict[str, str]]:
    """Every day of three years as a day of a task; every third working day with meetings and bookings; then what is hard."""
    day, n = date(2026, 2, 2), 0
    while day <= date(2028, 12, 20):
        yield from morning("usual", day)
        if works(day, None):
            n += 1
            if n % 3 == 0:
                yield from meeting("usual", day, time(13), day - 21 * DAY)
                yield booking("usual", day, time(10, 30))
        day += DAY
    for hard in map(date.fromisoformat, HARD):
        for starts in (time(7), time(7, 30), time(8), time(15), time(20, 30), time(21, 30)):
            yield from meeting("hard day", hard, starts, hard - 30 * DAY)
        yield booking("hard day", hard, time(8))
    for days in (1, 2, 6, 7, 8):
        yield from meeting("told late", date(2027, 10, 13), time(13), date(2027, 10, 13) - days * DAY)
    for closed in (CLOSED, CLOSED + DAY, CLOSED + 7 * DAY):
        yield from meeting("unit closed", closed, time(9), CLOSED - 21 * DAY, CLOSED)
        yield booking("unit closed", closed, time(9), CLOSED)
        yield from morning("unit closed", closed, CLOSED)
    for first, then in MOVES:
        yield from meeting("moved", date.fromisoformat(then), time(10), date.fromisoformat(first) - DAY)


def write(file: Path = FILE) -> None:
    write_table(file, COLUMNS, lines())


if __name__ == "__main__":
    write()
