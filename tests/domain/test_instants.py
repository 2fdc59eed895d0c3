"""Instants, dates and wall times, and the traps of rules.md 5.5."""

from __future__ import annotations

import os
import time as clock_of_the_machine
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from server.domain import instants


@pytest.fixture(params=["UTC", "Europe/Stockholm", "America/Los_Angeles", "Pacific/Kiritimati"])
def machine_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock_of_the_machine.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clock_of_the_machine.tzset()


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_text_has_fixed_width_and_sorts_by_time() -> None:
    moments = [utc(2026, 11, 22), utc(2026, 11, 22, 0, 0, 0, 999), utc(2026, 11, 22, 9, 5), utc(2027, 1, 1)]
    texts = [instants.to_text(moment) for moment in moments]
    assert texts[0] == "2026-11-22T00:00:00.000Z"
    assert texts == sorted(texts)
    assert {len(text) for text in texts} == {24}


def test_text_cuts_to_milliseconds_and_converts_to_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert instants.to_text(datetime(2026, 1, 1, 5, 30, 0, 1999, tzinfo=east)) == "2026-01-01T00:00:00.001Z"


def test_text_comes_back_as_the_same_instant() -> None:
    assert instants.from_text("2026-11-22T14:30:00.123Z") == utc(2026, 11, 22, 14, 30, 0, 123000)


def test_a_naive_datetime_is_refused() -> None:
    for function in (instants.to_text, instants.local_date, instants.wall_text):
        with pytest.raises(ValueError, match="naive"):
            function(datetime(2026, 11, 22))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T14:30:00Z",
        "2026-11-22T14:30:00.000+00:00",
        "2026-11-22 14:30:00.000Z",
        "",
        "2026-13-01T00:00:00.000Z",
    ],
)
def test_other_forms_of_an_instant_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        instants.from_text(text)


def test_dates_and_times_have_one_form() -> None:
    assert instants.date_text(date(2026, 1, 9)) == "2026-01-09"
    assert instants.time_from_text("07:05") == time(7, 5)
    with pytest.raises(ValueError):
        instants.date_text(utc(2026, 1, 9))
    for text in ("7:05", "07.05", "07:05:00", "25:00"):
        with pytest.raises(ValueError):
            instants.time_from_text(text)


def test_today_is_decided_in_sweden(machine_zone: str) -> None:
    assert instants.local_date(utc(2026, 11, 22, 22, 59)) == date(2026, 11, 22)
    assert instants.local_date(utc(2026, 11, 22, 23, 30)) == date(2026, 11, 23)
    assert instants.local_date(utc(2026, 7, 1, 22, 0)) == date(2026, 7, 2)


def test_wall_time_in_winter_and_summer(machine_zone: str) -> None:
    assert instants.local_wall(date(2026, 11, 22), time(17)) == utc(2026, 11, 22, 16)
    assert instants.local_wall(date(2026, 7, 1), time(17)) == utc(2026, 7, 1, 15)


def test_a_day_across_the_change_is_23_hours() -> None:
    first = instants.local_wall(date(2027, 3, 27), time(9))
    assert instants.local_wall(date(2027, 3, 28), time(9)) - first == timedelta(hours=23)


def test_a_time_that_does_not_exist_moves_forward() -> None:
    moment = instants.local_wall(date(2027, 3, 28), time(2, 30))
    assert moment == utc(2027, 3, 28, 1, 30)
    assert instants.wall_text(moment) == "2027-03-28T03:30"


def test_a_time_that_exists_twice_is_the_first() -> None:
    assert instants.local_wall(date(2026, 10, 25), time(2, 30)) == utc(2026, 10, 25, 0, 30)
    assert instants.local_wall(date(2026, 10, 25), time(2, 30, fold=1)) == utc(2026, 10, 25, 0, 30)


def test_wall_text_and_back() -> None:
    assert instants.wall_from_text("2026-12-01T13:30") == utc(2026, 12, 1, 12, 30)
    assert instants.wall_text(utc(2026, 12, 1, 12, 30)) == "2026-12-01T13:30"
    for text in ("2026-12-01 13:30", "2026-12-01T13:30:00", "2026-12-01T13:30Z", "2026-12-32T13:30"):
        with pytest.raises(ValueError):
            instants.wall_from_text(text)


def test_a_day_begins_at_midnight_and_ends_where_the_next_begins() -> None:
    assert instants.start_of_day(date(2026, 11, 22)) == utc(2026, 11, 21, 23)
    assert instants.end_of_day(date(2026, 10, 25)) - instants.start_of_day(date(2026, 10, 25)) == timedelta(hours=25)
