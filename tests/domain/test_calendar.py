"""Working days, weeks and months, against a second working out for every day of 2024 to 2035."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from server.domain import calendar
from server.texts import ROOT
from tests.domain import golden


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_every_day_is_judged_as_in_the_golden_table() -> None:
    judged = {one: calendar.is_working_day(one) for one in golden.all_days()}
    assert judged == {one: golden.works(one) for one in golden.all_days()}


def test_every_holiday_and_easter_are_those_of_the_golden_table() -> None:
    for year in range(2024, 2036):
        assert set(calendar.public_holidays(year)) == golden.days_off(year)
        assert calendar.easter_sunday(year) == golden.easter(year)


def test_the_days_off_that_the_client_works_out_are_these() -> None:
    """pwa/test/days-off.test.ts holds the client's own working out against the same list."""
    listed = json.loads((ROOT / "tests" / "domain" / "data" / "days_off.json").read_text(encoding="utf-8"))
    assert len(listed) == 15
    for year, days in listed.items():
        assert [f"{off:%m-%d}" for off in sorted(calendar.public_holidays(int(year)))] == days


def test_counting_from_every_day_agrees_with_the_golden_table() -> None:
    for one in golden.all_days():
        for count in (1, 2, 3, 5, 10):
            assert calendar.add_working_days(one, count) == golden.count_on(one, count)
        assert calendar.roll_forward(one) == golden.rolled(one)


@pytest.mark.parametrize(
    ("event", "count", "due"),
    [
        ("2026-11-20", 2, "2026-11-24"),
        ("2026-12-23", 2, "2026-12-29"),
        ("2026-12-30", 3, "2027-01-07"),
        ("2027-03-25", 2, "2027-03-31"),
        ("2027-05-05", 1, "2027-05-07"),
        ("2027-06-24", 1, "2027-06-28"),
        ("2026-06-05", 1, "2026-06-08"),
        ("2026-11-22", 3, "2026-11-25"),
        ("2026-11-22", 0, "2026-11-22"),
    ],
)
def test_the_vectors_of_the_rules(event: str, count: int, due: str) -> None:
    assert calendar.add_working_days(day(event), count) == day(due)


def test_years_have_the_known_number_of_working_days_and_bridge_days() -> None:
    years = {year: [one for one in golden.all_days() if one.year == year] for year in (2026, 2027, 2028)}
    counted = {year: sum(map(calendar.is_working_day, days)) for year, days in years.items()}
    assert counted == {2026: 251, 2027: 253, 2028: 251}
    bridges = [one for year in (2026, 2027) for one in years[year] if calendar.is_bridge_day(one)]
    assert bridges == [day("2026-01-02"), day("2026-01-05"), day("2026-05-15"), day("2027-05-07")]


def test_days_that_only_feel_off_are_working_days() -> None:
    felt = ["2026-04-02", "2026-04-30", "2026-01-05", "2026-10-30", "2026-12-23", "2028-02-29"]
    assert [calendar.is_working_day(day(text)) for text in felt] == [True] * len(felt)


def test_the_reason_is_told() -> None:
    closed = frozenset({day("2026-11-23"), day("2026-11-22")})
    told = {
        text: calendar.why_not_working(day(text), closed)
        for text in (
            "2026-06-19",
            "2026-12-24",
            "2026-12-31",
            "2026-01-06",
            "2026-11-21",
            "2026-11-22",
            "2026-11-23",
            "2026-11-24",
        )
    }
    assert told == {
        "2026-06-19": "midsummer_eve", "2026-12-24": "christmas_eve", "2026-12-31": "new_years_eve",
        "2026-01-06": "epiphany", "2026-11-21": "saturday", "2026-11-22": "sunday", "2026-11-23": "closed",
        "2026-11-24": None,
    }  # fmt: skip


def test_every_holiday_has_a_stable_key() -> None:
    assert set(calendar.public_holidays(2027).values()) == {
        "new_years_day", "epiphany", "good_friday", "easter_sunday", "easter_monday", "may_day", "ascension_day",
        "pentecost", "national_day", "midsummer_eve", "midsummer_day", "all_saints_day", "christmas_eve",
        "christmas_day", "second_day_of_christmas", "new_years_eve",
    }  # fmt: skip


def test_closed_days_of_a_unit_do_not_count() -> None:
    closed = frozenset({day("2026-11-23")})
    assert calendar.next_working_day(day("2026-11-20"), closed) == day("2026-11-24")
    assert calendar.previous_working_day(day("2026-11-24"), closed) == day("2026-11-20")
    assert calendar.skipped_between(day("2026-11-20"), day("2026-11-24"), closed) == (
        calendar.Skipped(day("2026-11-21"), "saturday"),
        calendar.Skipped(day("2026-11-22"), "sunday"),
        calendar.Skipped(day("2026-11-23"), "closed"),
    )


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError):
        calendar.add_working_days(day("2026-11-20"), -1)


def test_months_end_on_the_same_number_or_the_last() -> None:
    assert calendar.add_months(day("2028-02-29"), 12) == day("2029-02-28")
    assert calendar.add_months(day("2026-11-30"), 3) == day("2027-02-28")
    assert calendar.add_months(day("2026-12-31"), 2) == day("2027-02-28")
    assert calendar.add_months(day("2026-03-31"), -1) == day("2026-02-28")
    assert calendar.add_months(day("2026-01-15"), 24) == day("2028-01-15")


def test_easter_sunday_2027_is_the_day_clocks_change() -> None:
    assert calendar.easter_sunday(2027) == day("2027-03-28")
    assert calendar.add_working_days(day("2027-03-27"), 1) - day("2027-03-27") == timedelta(days=3)
