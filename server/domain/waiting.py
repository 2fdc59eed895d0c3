"""Waiting: the 30-day target and the 90-day law, side by side, and from which day they count.

The target is a goal for child psychiatry, the limit is the care guarantee (vårdgarantin). Families see the
dates as counted; only `overdue_after`, rolled by lag 1930:173, decides what is late. Nothing here ends a
guarantee by itself, and it says nothing about medical priority. Source: rules.md 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

from server.domain.calendar import Skipped, roll_forward
from server.domain.deadlines import rolled_over

TARGET_DAYS: Final = 30
LIMIT_DAYS: Final = 90
CHECK_IN_DAYS: Final = 28
"""Longest time between follow-up contacts while waiting, unless an area has set another."""

What = Literal["first_visit", "assessment", "treatment"]
Guarantee = Literal["access", "assessment", "first_visit", "treatment"]
GUARANTEE_DAYS: Final[Mapping[Guarantee, int]] = {
    "access": 0,
    "assessment": 3,
    "first_visit": LIMIT_DAYS,
    "treatment": LIMIT_DAYS,
}
"""Hälso- och sjukvårdsförordningen 6 kap. 1 §. `assessment` here is the one in primary care."""


class StartBasis(StrEnum):
    """What the clock counts from; shown beside the dates, because sources differ on it."""

    REFERRAL_ISSUED = "referral_issued"
    CONTACT_SOUGHT = "contact_sought"
    DECISION_TO_TREAT = "decision_to_treat"
    CHANGED_MIND = "changed_mind"
    MANUAL = "manual"


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


def is_overdue(start_on: date, today: date, paused_days: int = 0) -> bool:
    """True when the law's limit has passed on that Swedish day."""
    return today > overdue_after(start_on, paused_days)


def count_paused_days(periods: Iterable[tuple[date, date]]) -> int:
    """Days covered by the periods (both ends included); a day in several periods counts once.

    Raises ValueError for a period that ends before it starts.
    """
    total, covered_to = 0, date.min
    for first, last in sorted(periods):
        if last < first:
            raise ValueError("a pause cannot end before it starts")
        if last > covered_to:
            total += (last - max(first - timedelta(days=1), covered_to)).days
            covered_to = last
    return total


def choose_start(what: What, dates: Mapping[StartBasis, date]) -> tuple[StartBasis, date] | None:
    """The basis and day the clock counts from, or None when nothing that starts it is known.

    A change of mind starts it anew. Else treatment counts from the decision, a visit or an assessment from
    the issued referral, or from the contact when no referral was needed. `manual` is the last resort.
    """
    of_care = (
        (StartBasis.DECISION_TO_TREAT,)
        if what == "treatment"
        else (StartBasis.REFERRAL_ISSUED, StartBasis.CONTACT_SOUGHT)
    )
    for basis in (StartBasis.CHANGED_MIND, *of_care, StartBasis.MANUAL):
        if basis in dates:
            return basis, dates[basis]
    return None


def latest_check_in(last_contact_on: date, every_days: int = CHECK_IN_DAYS) -> date:
    """The latest next check-in while waiting. Raises ValueError for an interval below one day."""
    if every_days < 1:
        raise ValueError("check in at least a day later")
    return last_contact_on + timedelta(days=every_days)
