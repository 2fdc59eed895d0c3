"""Term meetings (terminsmöten): which days to propose, and when to remind those who are to come.

Nothing here is a sourced figure: rhythm, notice and reminders are defaults of this product. Source: rules.md 2, 5.6.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from server.domain.calendar import (
    NO_DAYS,
    add_working_days,
    is_bridge_day,
    is_working_day,
    previous_working_day,
    why_not_working,
)
from server.domain.instants import local_date, local_wall
from server.domain.reminders import REMIND_AT, place
from server.domain.terms import DEFAULT_TERMS, Term, TermDates, avoid_for_meetings, current_term, next_term

NOTICE_WEEKS: Final = 6
PROPOSED_AT: Final = time(13, 0)
PROPOSED_MINUTES: Final = 90
PROPOSED: Final = 3
TERMS_AHEAD: Final = 5
"""How many terms are looked through for one with a day left."""
ANSWER_WORKING_DAYS: Final = 5
_MIDWEEK: Final = frozenset({2, 3, 4})

Kind = Literal["term_six_weeks", "term_two_weeks", "term_day", "term_hour"]
Avoid = Literal["sports", "easter", "summer", "autumn", "christmas", "weekend", "holiday"]


@dataclass(frozen=True)
class Said:
    """A reminder of a term meeting: which, and when."""

    kind: Kind
    due_at: datetime


def proposals(
    term: Term,
    today: date,
    dates: TermDates = DEFAULT_TERMS,
    closed_days: Set[date] = NO_DAYS,
    *,
    not_before: date | None = None,
) -> tuple[date, ...]:
    """Up to three days for the term's meeting, a week or more apart: the first that leave six weeks' notice.

    Tuesday to Thursday, never a holiday, a bridge day, a break or a week that the rules say to leave alone.
    """
    found: list[date] = []
    day = max(term.starts_on, today + timedelta(weeks=NOTICE_WEEKS), not_before or date.min)
    while day <= term.ends_on and len(found) < PROPOSED:
        if day.isoweekday() in _MIDWEEK and avoid(day, dates, closed_days) is None and not is_bridge_day(day):
            found.append(day)
            day += timedelta(weeks=1)
        else:
            day += timedelta(days=1)
    return tuple(found)


def middle(term: Term, today: date) -> date:
    """From when the second of two meetings in a term is proposed: half of what is left once notice is given."""
    first = max(term.starts_on, today + timedelta(weeks=NOTICE_WEEKS))
    return first + (term.ends_on - first) / 2


def avoid(day: date, dates: TermDates = DEFAULT_TERMS, closed_days: Set[date] = NO_DAYS) -> Avoid | None:
    """Why another day would be better, or None. It warns; it never forbids."""
    if found := avoid_for_meetings(day, dates):
        return found
    if is_working_day(day, closed_days):
        return None
    return "weekend" if why_not_working(day) in ("saturday", "sunday") else "holiday"


def term_to_plan(today: date, dates: TermDates = DEFAULT_TERMS, closed_days: Set[date] = NO_DAYS) -> Term:
    """The term whose meeting is planned now: this one while it has room for one with notice, else the next that has.

    When none of the coming ones has, the next. `closed_days` are taken.
    """
    following = next_term(today, dates)
    coming = [one for one in (current_term(today, dates), following) if one is not None]
    while len(coming) < TERMS_AHEAD:
        coming.append(next_term(coming[-1].ends_on, dates))
    return next((one for one in coming if proposals(one, today, dates, closed_days)), following)


def reminders(starts_at: datetime, *, since: datetime, closed_days: Set[date] = NO_DAYS) -> tuple[Said, ...]:
    """What is said to one who comes: six weeks, two weeks and one working day before, at nine; and one hour before.

    On working days only, outside quiet hours, never before it was told (`since`). Two at one instant are the nearer.
    """
    day = local_date(starts_at)
    wished: tuple[tuple[Kind, datetime], ...] = (
        ("term_six_weeks", local_wall(day - timedelta(weeks=6), REMIND_AT)),
        ("term_two_weeks", local_wall(day - timedelta(weeks=2), REMIND_AT)),
        ("term_day", local_wall(previous_working_day(day, closed_days), REMIND_AT)),
        ("term_hour", starts_at - timedelta(hours=1)),
    )
    said: dict[datetime, Said] = {}
    for kind, at in wished:
        due_at = place(at, before=starts_at, working_days_only=True, closed_days=closed_days)
        if due_at > since:
            said[due_at] = Said(kind, due_at)
    return tuple(said[due_at] for due_at in sorted(said))


def ask_again_at(told_at: datetime, starts_at: datetime, closed_days: Set[date] = NO_DAYS) -> datetime | None:
    """When those who have not answered are asked again: five working days after they were told, if it is before."""
    day = add_working_days(local_date(told_at), ANSWER_WORKING_DAYS, closed_days)
    due_at = local_wall(day, REMIND_AT)
    return due_at if due_at < starts_at else None
