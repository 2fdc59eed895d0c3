"""Identifiers: the vectors of rules.md 5.1 to 5.3."""

from __future__ import annotations

import pytest

from server.domain import identifiers
from tests.domain.data.texts import check_digit


def test_the_check_digit_is_that_of_the_rule() -> None:
    for number in range(0, 10**9, 7_654_321):
        nine = f"{number:09}"
        assert identifiers.luhn_digit(nine) == check_digit(nine)
        assert identifiers.luhn_ok(nine + check_digit(nine))
    assert not any(identifiers.luhn_ok(text) for text in ("", "0", "12a", "٠٠", "811218987६"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("811218-9876", "personnummer"),
        ("8112189876", "personnummer"),
        ("811218+9876", "personnummer"),
        ("811218 9876", "personnummer"),
        ("198112189876", "personnummer"),
        ("19811218-9876", "personnummer"),
        ("18811218-9876", "personnummer"),
        ("121212-1212", "personnummer"),
        ("811278-9873", "samordningsnummer"),
        ("701063-2391", "samordningsnummer"),
        ("19701063-2391", "samordningsnummer"),
        ("811218-9875", None),
        ("811278-9874", None),
        ("701063-2392", None),
        ("21811218-9876", None),
        ("811232-0000", None),
        ("811332-9876", None),
        ("811218--9876", None),
        ("81121-89876", None),
        ("８１１２１８-9876", None),
        ("", None),
    ],
)
def test_numbers_of_persons(text: str, kind: str | None) -> None:
    assert identifiers.person_number_kind(text) == kind
    assert identifiers.is_personal_number(text) == (kind is not None)


def test_a_leap_day_needs_a_century_that_had_it() -> None:
    assert identifiers.birth_part_kind("", "000229") == "personnummer"
    assert identifiers.birth_part_kind("19", "000229") is None
    assert identifiers.birth_part_kind("20", "000289") == "samordningsnummer"
    assert identifiers.birth_part_kind("", "010229") is None


@pytest.mark.parametrize("text", ["19810829M071", "19450829K088", "19930829X802"])
def test_reserve_numbers(text: str) -> None:
    assert identifiers.is_reserve_number(text)
    assert not identifiers.is_reserve_number(text[:-1] + str((int(text[-1]) + 1) % 10))
    assert not identifiers.is_reserve_number(text.lower())


@pytest.mark.parametrize(
    "text", ["19811329M071", "19810829M081", "19810829K077", "19930829X702", "19930829M902", "19810829A071", ""]
)
def test_reserve_numbers_outside_the_series_are_refused(text: str) -> None:
    assert not identifiers.is_reserve_number(text)


@pytest.mark.parametrize(
    ("typed", "stored", "display"),
    [
        ("031-390 06 00", "+46313900600", "031-390 06 00"),
        ("0701740605", "+46701740605", "070-174 06 05"),
        ("+46 70 174 06 05", "+46701740605", "070-174 06 05"),
        ("010-4358650", "+46104358650", "010-435 86 50"),
        ("077-150 50 50", "+46771505050", "077-150 50 50"),
        ("+47 22 33 44 55", "+4722334455", "+47 22 33 44 55"),
    ],
)
def test_telephone_numbers(typed: str, stored: str, display: str) -> None:
    assert identifiers.normalise_phone(typed) == identifiers.Phone(stored, display, f"tel:{stored}")
    assert identifiers.display_phone(stored) == display


@pytest.mark.parametrize(
    ("typed", "display"),
    [("112", "112"), ("1177", "1177"), ("116 111", "116 111"), ("116111", "116 111"), ("90101", "90101"),
     ("90390", "90390"), ("114 14", "114 14"), ("113 13", "113 13"), ("113-13", "113 13")],
)  # fmt: skip
def test_short_codes_stay_as_they_are_dialled(typed: str, display: str) -> None:
    stored = display.replace(" ", "")
    assert identifiers.normalise_phone(typed) == identifiers.Phone(stored, display, f"tel:{stored}")


@pytest.mark.parametrize("typed", ["", "ring mig", "0501-12 34 5x", "1117", "12345", "031-39", "+4670", "0" * 20])
def test_what_is_no_telephone_number(typed: str) -> None:
    assert identifiers.normalise_phone(typed) is None
    assert identifiers.display_phone(typed) == typed
