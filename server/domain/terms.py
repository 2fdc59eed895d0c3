"""School terms (terminer) and breaks (lov): defaults where a principal organisation has stated none.

Each school organiser sets its own dates; what is given here is a default and says so. Labels are `HT 2026`
and `VT 2027`. Source: rules.md 5.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from server.domain.calendar import easter_sunday

Season = Literal["HT", "VT"]
BreakKind = Literal["sports", "easter", "summer", "autumn", "christmas"]


@dataclass(frozen=True)
class TermDates:
    """First and last day of the terms as (month, day): the autumn term HT and the spring term VT.

    `own` are terms whose dates an area has stated itself; they hold for that term alone.
    """

    autumn_first: tuple[int, int] = (8, 15)
    autumn_last: tuple[int, int] = (12, 22)
    spring_first: tuple[int, int] = (1, 7)
    spring_last: tuple[int, int] = (6, 15)
    own: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Term:
    """A school term, both days included."""

    season: Season
    year: int
    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """`HT 2026`: the name used in Sweden, the same in every language."""
        return f"{self.season} {self.year}"


@dataclass(frozen=True)
class SchoolBreak:
    """A break from school, both days included."""

    kind: BreakKind
    starts_on: date
    ends_on: date


DEFAULT_TERMS: Final = TermDates()
_LABEL: Final = re.compile(r"(HT|VT) ([12]\d{3})", re.ASCII)


def term(season: Season, year: int, dates: TermDates = DEFAULT_TERMS) -> Term:
    """The term of that season and year."""
    for one in dates.own:
        if (one.season, one.year) == (season, year):
            return one
    if season == "VT":
        return Term(season, year, date(year, *dates.spring_first), date(year, *dates.spring_last))
    return Term(season, year, date(year, *dates.autumn_first), date(year, *dates.autumn_last))


def usual_days(season: Season, dates: TermDates = DEFAULT_TERMS) -> tuple[str, str]:
    """First and last day of the season's terms where nobody has said otherwise, as `MM-DD`."""
    first, last = (dates.spring_first, dates.spring_last) if season == "VT" else (dates.autumn_first, dates.autumn_last)
    return f"{first[0]:02}-{first[1]:02}", f"{last[0]:02}-{last[1]:02}"


def stated(label: str, starts_on: date, ends_on: date) -> Term:
    """A term with dates of its own. Raises ValueError unless both days are of its half of the year, in order."""
    known = term_from_label(label)
    first, last = (date(known.year, 1, 1), date(known.year, 7, 31))
    if known.season == "HT":
        first, last = (date(known.year, 8, 1), date(known.year, 12, 31))
    if not first <= starts_on < ends_on <= last:
        raise ValueError(f"not the days of {label}: {starts_on}–{ends_on}")
    return Term(known.season, known.year, starts_on, ends_on)


def current_term(day: date, dates: TermDates = DEFAULT_TERMS) -> Term | None:
    """The term that includes the day, or None between terms."""
    found = (term("VT", day.year, dates), term("HT", day.year, dates))
    return next((one for one in found if one.starts_on <= day <= one.ends_on), None)


def next_term(day: date, dates: TermDates = DEFAULT_TERMS) -> Term:
    """The first term that starts after the day."""
    found = (term("VT", day.year, dates), term("HT", day.year, dates), term("VT", day.year + 1, dates))
    return next(one for one in found if one.starts_on > day)


@lru_cache(maxsize=64)
def days_off_between(first: date, last: date, dates: TermDates = DEFAULT_TERMS) -> tuple[SchoolBreak, ...]:
    """The spans within these days on which no term meeting should be proposed, with why; weekends are not told."""
    spans: list[SchoolBreak] = []
    day = first
    while day <= last:
        if kind := avoid_for_meetings(day, dates):
            if spans and spans[-1].kind == kind and spans[-1].ends_on == day - timedelta(days=1):
                spans[-1] = SchoolBreak(kind, spans[-1].starts_on, day)
            else:
                spans.append(SchoolBreak(kind, day, day))
        day += timedelta(days=1)
    return tuple(spans)


def latest_term(day: date, dates: TermDates = DEFAULT_TERMS) -> Term:
    """The term that has begun last, also between terms."""
    found = (term("HT", day.year, dates), term("VT", day.year, dates), term("HT", day.year - 1, dates))
    return next(one for one in found if one.starts_on <= day)


def term_from_label(label: str, dates: TermDates = DEFAULT_TERMS) -> Term:
    """The term of a label such as `HT 2026`. Raises ValueError for any other text."""
    found = _LABEL.fullmatch(label)
    if found is None:
        raise ValueError(f"not a term: {label!r}")
    return term("HT" if found[1] == "HT" else "VT", int(found[2]), dates)


def school_breaks(year: int, dates: TermDates = DEFAULT_TERMS) -> tuple[SchoolBreak, ...]:
    """The breaks that start in the year, in order: sports, Easter, summer, autumn, Christmas.

    Sports break is week 7, autumn break week 44 and Easter break the week before Easter with annandag
    påsk; some organisers choose the week after, so `avoid_for_meetings` leaves out both.
    """
    easter = easter_sunday(year)
    day = timedelta(days=1)
    return (
        SchoolBreak("sports", *_week(year, 7)),
        SchoolBreak("easter", easter - 6 * day, easter + day),
        SchoolBreak("summer", term("VT", year, dates).ends_on + day, term("HT", year, dates).starts_on - day),
        SchoolBreak("autumn", *_week(year, 44)),
        SchoolBreak("christmas", term("HT", year, dates).ends_on + day, term("VT", year + 1, dates).starts_on - day),
    )


def break_on(day: date, dates: TermDates = DEFAULT_TERMS) -> BreakKind | None:
    """The break that includes the day, or None."""
    for one in (*school_breaks(day.year - 1, dates)[-1:], *school_breaks(day.year, dates)):
        if one.starts_on <= day <= one.ends_on:
            return one.kind
    return None


def avoid_for_meetings(day: date, dates: TermDates = DEFAULT_TERMS) -> BreakKind | None:
    """Why not to propose a term meeting (terminsmöte) that day, or None.

    Breaks, the weeks on both sides of Easter, weeks 51 to 1, and mid-June to mid-August.
    """
    if found := break_on(day, dates):
        return found
    if abs((day - easter_sunday(day.year)).days) <= 7:
        return "easter"
    week = day.isocalendar().week
    return "christmas" if week >= 51 or week == 1 else None


def _week(year: int, week: int) -> tuple[date, date]:
    monday = date.fromisocalendar(year, week, 1)
    return monday, monday + timedelta(days=6)
