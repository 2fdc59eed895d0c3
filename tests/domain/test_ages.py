"""Ages, birthdays and bands."""

from __future__ import annotations

from datetime import date

from server.domain import ages


def test_somebody_born_on_leap_day_turns_on_the_28th() -> None:
    born = date(2012, 2, 29)
    assert [ages.turns_on(born, age) for age in (13, 16, 18)] == [
        date(2025, 2, 28),
        date(2028, 2, 29),
        date(2030, 2, 28),
    ]


def test_age_is_known_from_the_day_of_adulthood() -> None:
    turns_18_on = date(2031, 11, 23)
    assert [ages.age_from_adulthood(turns_18_on, date(2026, 11, day)) for day in (22, 23)] == [12, 13]


def test_bands_cover_6_to_17() -> None:
    bands = {age: ages.age_band(age) for age in range(5, 19)}
    assert bands == {
        5: None, 6: "6-9", 7: "6-9", 8: "6-9", 9: "6-9", 10: "10-12", 11: "10-12", 12: "10-12", 13: "13-15",
        14: "13-15", 15: "13-15", 16: "16-17", 17: "16-17", 18: None,
    }  # fmt: skip


def test_what_follows_from_birthdays() -> None:
    assert not ages.has_own_account(date(2026, 11, 23), date(2026, 11, 22))
    assert ages.has_own_account(date(2026, 11, 23), date(2026, 11, 23))
