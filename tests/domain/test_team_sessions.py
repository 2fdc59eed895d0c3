"""A team's rhythm: kept over holidays, which are passed over, and over what is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from server.domain.instants import wall_text
from server.domain.team_sessions import TRIED, coming

AT = time(13, 0)


def walls(first_on: date, after: datetime, *, every: int = 2, at: time = AT, count: int = 3) -> list[str]:
    return [wall_text(one) for one in coming(first_on, every, at, 60, after, count=count)]


def test_a_session_is_coming_until_it_is_over() -> None:
    first = date(2026, 11, 10)
    assert walls(first, datetime(2026, 11, 1, tzinfo=UTC)) == [
        "2026-11-10T13:00", "2026-11-24T13:00", "2026-12-08T13:00",
    ]  # fmt: skip
    assert walls(first, datetime(2026, 11, 24, 12, 59, tzinfo=UTC))[0] == "2026-11-24T13:00"
    assert walls(first, datetime(2026, 11, 24, 13, 0, tzinfo=UTC))[0] == "2026-12-08T13:00"


def test_a_holiday_is_passed_over_and_the_rhythm_kept() -> None:
    assert walls(date(2026, 12, 11), datetime(2026, 12, 1, tzinfo=UTC)) == [
        "2026-12-11T13:00", "2027-01-08T13:00", "2027-01-22T13:00",
    ]  # fmt: skip


def test_weekends_bring_none() -> None:
    assert walls(date(2026, 11, 14), datetime(2026, 11, 1, tzinfo=UTC)) == []
    assert TRIED >= 2 * 52
