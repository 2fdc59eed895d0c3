"""Waiting: the 30-day target and the 90-day law, side by side, and from which day they count.

The target is a goal for child psychiatry, the limit is the care guarantee (vårdgarantin). Families see the
dates as counted; only `overdue_after`, rolled by lag 1930:173, decides what is late. Nothing here ends a
guarantee by itself, and it says nothing about medical priority. Source: rules.md 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from server.domain.calendar import Skipped, roll_forward
from server.domain.deadlines import rolled_over

TARGET_DAYS: Final = 30
LIMIT_DAYS: Final = 90

What = Literal["first_visit", "assessment", "treatment"]
Guarantee = Literal["access", "assessment", "first_visit", "treatment"]
GUARANTEE_DAYS: Final[Mapping[Guarantee, int]] = {
    "access": 0,
    "assessment": 3,
    "first_visit": LIMIT_DAYS,
    "treatment": LIMIT_DAYS,
}
"""Hälso- och sjukvårdsförordningen 6 kap. 1 §. `assessment` here is the one in primary care."""


@dataclass(frozen=True)
class WaitingClock:
    """The dates of one wait. `skipped`: the days `overdue_after` passed over from `limit_on`."""

    rule: str
    start_on: date
    paused_days: int
    target_on: date
    limit_on: date
    overdue_after: date
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class GuaranteeLimit:
    """One guarantee of the law: the day as counted, and the rolled day after which it is broken."""

    rule: str
    start_on: date
    paused_days: int
    limit_on: date
    overdue_after: date
    skipped: tuple[Skipped, ...]


def waiting_clock(start_on: date, paused_days: int = 0) -> WaitingClock:
    """The dates of a wait for specialised care: target +30, limit +90 and the days that do not count.

    Only the law knows pauses; the target stays. Raises ValueError for a negative pause.
    """
    limit = guarantee("first_visit", start_on, paused_days)
    return WaitingClock(
        rule="care_guarantee",
        start_on=start_on,
        paused_days=paused_days,
        target_on=start_on + timedelta(days=TARGET_DAYS),
        limit_on=limit.limit_on,
        overdue_after=limit.overdue_after,
        skipped=limit.skipped,
    )


def guarantee(kind: Guarantee, start_on: date, paused_days: int = 0) -> GuaranteeLimit:
    """One of the four guarantees (0-3-90-90), counted in calendar days from day 0.

    Raises ValueError for a negative pause, or for a pause of the two guarantees that know none.
    """
    if paused_days < 0 or (paused_days and GUARANTEE_DAYS[kind] != LIMIT_DAYS):
        raise ValueError("only the two 90-day guarantees leave days uncounted")
    limit_on = start_on + timedelta(days=GUARANTEE_DAYS[kind] + paused_days)
    return GuaranteeLimit(kind, start_on, paused_days, limit_on, roll_forward(limit_on), rolled_over(limit_on))


def target_on(start_on: date) -> date:
    """The day of the 30-day target."""
    return start_on + timedelta(days=TARGET_DAYS)


def limit_on(start_on: date, paused_days: int = 0) -> date:
    """The day of the 90-day limit as families are shown it."""
    return waiting_clock(start_on, paused_days).limit_on


def overdue_after(start_on: date, paused_days: int = 0) -> date:
    """The last day in time: the limit, rolled to the next weekday when it falls on a day off."""
    return waiting_clock(start_on, paused_days).overdue_after
