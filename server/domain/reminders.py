"""Reminders: when to remind, never in quiet hours, never staff on a day off, never after the event.

All times of day are Swedish wall time, so a reminder at nine is at nine on both sides of a DST change.
Everything is a function of its arguments; claiming and sending live elsewhere. Source: promises.md P7,
rules.md 2 (terminsmöten).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from server.domain.calendar import NO_DAYS, is_working_day, previous_working_day
from server.domain.instants import local, local_wall

Offset = Literal["three_weeks", "one_week", "one_working_day", "one_hour"]
MEETING_OFFSETS: Final[tuple[Offset, ...]] = ("three_weeks", "one_week", "one_working_day", "one_hour")
REMIND_AT: Final = time(9, 0)
EVENING_MARGIN: Final = timedelta(minutes=15)
"""A reminder moved back to the evening keeps this distance, so that a late worker stays outside too."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class QuietHours:
    """Hours of the day without notices, from `starts` (included) to `ends`; equal means none."""

    starts: time = time(20, 0)
    ends: time = time(7, 0)

    def include(self, at: time) -> bool:
        """True when the time of day lies in the quiet hours."""
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


DEFAULT_QUIET: Final = QuietHours()
HARD_QUIET: Final = QuietHours(time(21, 0), time(7, 0))
"""Nobody can choose to be reminded here; only what is marked urgent passes."""


@dataclass(frozen=True)
class Planned:
    """A reminder to make: due at the instant, worthless from `expires_at` on."""

    offset: Offset
    due_at: datetime
    expires_at: datetime


def is_quiet(instant: datetime, quiet: QuietHours = DEFAULT_QUIET) -> bool:
    """True inside the person's quiet hours or the hard ones."""
    at = local(instant).time()
    return quiet.include(at) or HARD_QUIET.include(at)


def after_quiet(
    instant: datetime,
    quiet: QuietHours = DEFAULT_QUIET,
    *,
    working_days_only: bool = False,
    closed_days: Set[date] = NO_DAYS,
) -> datetime:
    """The instant itself, or the first one after it outside quiet hours (and on a working day if asked).

    Own hours that with the hard ones would leave nothing of the day are passed over.
    """
    if _fits(instant, quiet, working_days_only, closed_days):
        return instant
    quiet = _usable(quiet)
    day = local(instant).date()
    while True:
        for candidate in sorted(local_wall(day, hours.ends) for hours in (quiet, HARD_QUIET)):
            if candidate >= instant and _fits(candidate, quiet, working_days_only, closed_days):
                return candidate
        day += _DAY


def before_quiet(
    instant: datetime,
    quiet: QuietHours = DEFAULT_QUIET,
    *,
    working_days_only: bool = False,
    closed_days: Set[date] = NO_DAYS,
) -> datetime:
    """The instant itself, or the last good one before it: a margin ahead of where the quiet hours began."""
    if _fits(instant, quiet, working_days_only, closed_days):
        return instant
    quiet = _usable(quiet)
    day = local(instant).date()
    while True:
        starts = (local_wall(day, hours.starts) - EVENING_MARGIN for hours in (quiet, HARD_QUIET))
        for candidate in sorted(starts, reverse=True):
            if candidate <= instant and _fits(candidate, quiet, working_days_only, closed_days):
                return candidate
        day -= _DAY


def place(
    wished: datetime,
    quiet: QuietHours = DEFAULT_QUIET,
    *,
    before: datetime | None = None,
    working_days_only: bool = False,
    closed_days: Set[date] = NO_DAYS,
) -> datetime:
    """When to send what was wished for at `wished`: moved forward, or back if that is not `before` it."""
    moved = after_quiet(wished, quiet, working_days_only=working_days_only, closed_days=closed_days)
    if before is not None and moved >= before:
        return before_quiet(wished, quiet, working_days_only=working_days_only, closed_days=closed_days)
    return moved


def meeting_reminders(
    starts_at: datetime,
    *,
    since: datetime,
    quiet: QuietHours = DEFAULT_QUIET,
    working_days_only: bool = False,
    closed_days: Set[date] = NO_DAYS,
    offsets: Iterable[Offset] = MEETING_OFFSETS,
) -> tuple[Planned, ...]:
    """The reminders of a meeting for one person, soonest first; those not after `since` are left out.

    Three weeks, one week and one working day before, at nine; and one hour before. `working_days_only` is
    for staff. Two that end up at the same instant are one.
    """
    planned: dict[datetime, Planned] = {}
    for offset in offsets:
        wished = _wished(offset, starts_at, closed_days)
        due_at = place(wished, quiet, before=starts_at, working_days_only=working_days_only, closed_days=closed_days)
        if due_at > since:
            planned[due_at] = Planned(offset, due_at, starts_at)
    return tuple(planned[due_at] for due_at in sorted(planned))


def _wished(offset: Offset, starts_at: datetime, closed_days: Set[date]) -> datetime:
    if offset == "one_hour":
        return starts_at - timedelta(hours=1)
    day = local(starts_at).date()
    if offset == "one_working_day":
        return local_wall(previous_working_day(day, closed_days), REMIND_AT)
    return local_wall(day - timedelta(weeks=3 if offset == "three_weeks" else 1), REMIND_AT)


def _fits(instant: datetime, quiet: QuietHours, working_days_only: bool, closed_days: Set[date]) -> bool:
    if is_quiet(instant, quiet):
        return False
    return not working_days_only or is_working_day(local(instant).date(), closed_days)


def _usable(quiet: QuietHours) -> QuietHours:
    """Own hours, unless they leave no morning to move forward to or no evening to move back to."""
    both = (quiet, HARD_QUIET)
    mornings = [hours.ends for hours in both]
    evenings = [(datetime.combine(date.min + _DAY, hours.starts) - EVENING_MARGIN).time() for hours in both]
    for edges in (mornings, evenings):
        if all(quiet.include(at) or HARD_QUIET.include(at) for at in edges):
            return HARD_QUIET
    return quiet
