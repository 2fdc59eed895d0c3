"""Waiting: the vectors of rules.md 1.3, and every day of 2024 to 2035."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.domain import waiting
from server.domain.calendar import roll_forward
from tests.domain import golden


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_clock_from_every_day() -> None:
    for start in golden.all_days():
        for paused in (0, 14):
            clock = waiting.waiting_clock(start, paused)
            limit = start + timedelta(days=90 + paused)
            assert (clock.target_on, clock.limit_on) == (start + timedelta(days=30), limit)
            assert clock.overdue_after == golden.rolled(limit)
            assert len(clock.skipped) == (golden.rolled(limit) - limit).days


@pytest.mark.parametrize(
    ("start", "paused", "limit", "rolled"),
    [("2026-11-23", 0, "2027-02-21", "2027-02-22"), ("2026-11-23", 14, "2027-03-07", "2027-03-08")],
)
def test_ninety_day_vectors(start: str, paused: int, limit: str, rolled: str) -> None:
    assert waiting.limit_on(day(start), paused) == day(limit)
    assert waiting.overdue_after(day(start), paused) == day(rolled)


@pytest.mark.parametrize(
    ("start", "target", "rolled"),
    [
        ("2026-11-23", "2026-12-23", "2026-12-23"),
        ("2026-11-24", "2026-12-24", "2026-12-28"),
        ("2026-12-01", "2026-12-31", "2027-01-04"),
    ],
)
def test_thirty_day_vectors(start: str, target: str, rolled: str) -> None:
    assert waiting.target_on(day(start)) == day(target)
    assert roll_forward(waiting.target_on(day(start))) == day(rolled)


def test_three_days_in_primary_care() -> None:
    limit = waiting.guarantee("assessment", day("2026-12-22"))
    assert (limit.limit_on, limit.overdue_after) == (day("2026-12-25"), day("2026-12-28"))
    assert [one.reason for one in limit.skipped] == ["christmas_day", "second_day_of_christmas", "sunday"]
    assert waiting.guarantee("access", day("2026-11-23")).limit_on == day("2026-11-23")


def test_only_the_ninety_day_guarantees_know_pauses() -> None:
    assert waiting.guarantee("treatment", day("2026-11-23"), 14).limit_on == day("2027-03-07")
    with pytest.raises(ValueError):
        waiting.guarantee("assessment", day("2026-11-23"), 1)
    with pytest.raises(ValueError):
        waiting.waiting_clock(day("2026-11-23"), -1)
