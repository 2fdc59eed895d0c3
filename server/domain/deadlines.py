"""Deadlines: every date Samled promises, with the rule behind it and the days that were passed over.

Each function takes plain values and gives a small frozen answer that the screens can explain. Results are
stamped in rows and read everywhere else; nobody counts days a second time. Families are shown the date as
counted; only the rolled date (lag 1930:173) decides what is late. Source: rules.md 1.3, 2, 3.2 and 5.4.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from server.domain.calendar import (
    NO_DAYS,
    Skipped,
    add_months,
    add_working_days,
    is_working_day,
    next_working_day,
    previous_working_day,
    roll_forward,
    skipped_between,
)
from server.domain.instants import end_of_day, local, local_wall
from server.domain.scopes import ERASE_AFTER_LEASE_DAYS
from server.domain.terms import DEFAULT_TERMS, TermDates, next_term

PROMISE_DAYS: Final = 2
"""Working days of the contact guarantee (kontaktgaranti): a default, never a claimed fact."""
DUE_TIME: Final = time(17, 0)
THREE_WEEKS_DAYS: Final = 21
THREE_WEEKS_WARN_DAYS: Final = 14
ACUTE_PLACEMENT_DAYS: Final = 5
ANSWER_WORKING_DAYS: Final = 5
FRESH_DAYS: Final = 180
CONSENT_MONTHS: Final = 12
CONSULTATION_NOTE_DAYS: Final = 30


@dataclass(frozen=True)
class Promise:
    """A contact guarantee: answer at the latest `due_at`, the `due_time` of `due_on` in Sweden."""

    rule: str
    working_days: int
    counted_from: date
    due_on: date
    due_at: datetime
    remind_on: date
    """The working day before, never before the day the promise was made."""
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Limit:
    """A limit in calendar days, counted from day 0. What is done by `rolled_on` is in time."""

    rule: str
    days: int
    starts_on: date
    warn_on: date
    due_on: date
    rolled_on: date
    breach_on: date
    """The first day on which the limit is broken: the day after `rolled_on`."""
    skipped: tuple[Skipped, ...]
    """The days from `due_on` that the roll passed over; empty when nothing rolled."""


@dataclass(frozen=True)
class WorkingDayLimit:
    """A date `working_days` after `starts_on`, with the days in between that did not count."""

    rule: str
    working_days: int
    starts_on: date
    due_on: date
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Until:
    """An end: valid through `ends_on`, over at the instant `ends_at`. `capped`: an upper limit cut it."""

    rule: str
    starts_on: date
    ends_on: date
    ends_at: datetime
    capped: bool
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Lease:
    """How long a device may show what it holds (`until`) and when it erases it (`erase_at`)."""

    rule: str
    days: int
    starts_at: datetime
    until: datetime
    erase_at: datetime


@dataclass(frozen=True)
class Retention:
    """What happens to a closed child's rows, and when."""

    rule: str
    starts_on: date
    pseudonymise_on: date
    erase_on: date


def contact_guarantee(
    asked_at: datetime,
    *,
    working_days: int = PROMISE_DAYS,
    due_time: time = DUE_TIME,
    closed_days: Set[date] = NO_DAYS,
    cut_off: time | None = None,
) -> Promise:
    """The promise that starts when the server hears a request (kontaktgaranti).

    The Swedish day of `asked_at` is day 0, also when it is not a working day. With a `cut_off`, a request
    at that local time or later counts as made on the next working day. Raises ValueError below 1 day.
    """
    if working_days < 1:
        raise ValueError("a promise is at least one working day")
    asked = local(asked_at)
    day0 = asked.date()
    if cut_off is not None and asked.time() >= cut_off:
        day0 = next_working_day(day0, closed_days)
    due_on = add_working_days(day0, working_days, closed_days)
    return Promise(
        rule="contact_guarantee",
        working_days=working_days,
        counted_from=day0,
        due_on=due_on,
        due_at=local_wall(due_on, due_time),
        remind_on=max(previous_working_day(due_on, closed_days), asked.date()),
        skipped=skipped_between(day0, due_on, closed_days),
    )


def three_weeks(invited_on: date) -> Limit:
    """Meeting within three weeks of the invitation: warning day 14, limit day 21, breach day 22.

    The breach waits for the rolled date. The app warns and asks for a reason; it never blocks.
    """
    return _limit("three_weeks", invited_on, THREE_WEEKS_DAYS, THREE_WEEKS_WARN_DAYS)


def acute_placement(placed_on: date) -> Limit:
    """Collaboration within five calendar days of an acute placement; warning the day before the limit."""
    return _limit("acute_placement", placed_on, ACUTE_PLACEMENT_DAYS, ACUTE_PLACEMENT_DAYS - 1)


def answer_reminder(invited_on: date, closed_days: Set[date] = NO_DAYS) -> WorkingDayLimit:
    """The day to remind those who have not answered an invitation."""
    return _working("answer_reminder", invited_on, ANSWER_WORKING_DAYS, closed_days)


def consent_end(valid_from: date, terms: TermDates = DEFAULT_TERMS) -> Until:
    """The default end of a consent (samtycke): the end of the next school term, 12 months at most."""
    term_end = next_term(valid_from, terms).ends_on
    return _until("consent_end", valid_from, term_end, add_months(valid_from, CONSENT_MONTHS))


def consent_limit(valid_from: date, wished: date) -> Until:
    """The end a family or coordinator asked for, cut at 12 months. Raises ValueError before the start."""
    if wished < valid_from:
        raise ValueError("a consent cannot end before it starts")
    return _until("consent_limit", valid_from, wished, add_months(valid_from, CONSENT_MONTHS))


def lease(now: datetime, days: int) -> Lease:
    """The lease of a scope from the instant the device last heard the server, in whole 24-hour days."""
    until = now + timedelta(days=days)
    return Lease("lease", days, now, until, until + timedelta(days=ERASE_AFTER_LEASE_DAYS))


def freshness(confirmed_on: date) -> Until:
    """How long a directory row counts as confirmed: 180 days, then it shows "kontrollera"."""
    ends_on = confirmed_on + timedelta(days=FRESH_DAYS)
    return Until("freshness", confirmed_on, ends_on, end_of_day(ends_on), capped=False)


def consultation_note_end(held_on: date) -> Until:
    """How long the note of a de-identified consultation is kept: 30 days."""
    ends_on = held_on + timedelta(days=CONSULTATION_NOTE_DAYS)
    return Until("consultation_note_end", held_on, ends_on, end_of_day(ends_on), capped=False)


def retention(closed_on: date) -> Retention:
    """A closed child: pseudonymised after 12 months, erased after 24. A setting for the archive function."""
    return Retention("retention", closed_on, add_months(closed_on, 12), add_months(closed_on, 24))


def _limit(rule: str, starts_on: date, days: int, warn_days: int) -> Limit:
    due_on = starts_on + timedelta(days=days)
    rolled_on = roll_forward(due_on)
    return Limit(
        rule=rule,
        days=days,
        starts_on=starts_on,
        warn_on=starts_on + timedelta(days=warn_days),
        due_on=due_on,
        rolled_on=rolled_on,
        breach_on=rolled_on + timedelta(days=1),
        skipped=rolled_over(due_on),
    )


def rolled_over(due_on: date) -> tuple[Skipped, ...]:
    """The days that `roll_forward` passes over from a limit date, the date itself included."""
    if is_working_day(due_on):
        return ()
    return skipped_between(due_on - timedelta(days=1), roll_forward(due_on))


def _working(rule: str, starts_on: date, count: int, closed_days: Set[date]) -> WorkingDayLimit:
    due_on = add_working_days(starts_on, count, closed_days)
    return WorkingDayLimit(rule, count, starts_on, due_on, skipped_between(starts_on, due_on, closed_days))


def _until(rule: str, starts_on: date, wished: date, latest: date) -> Until:
    ends_on = min(wished, latest)
    return Until(rule, starts_on, ends_on, end_of_day(ends_on), capped=wished > latest)
