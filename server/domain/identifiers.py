"""Identifiers: check digits, forms and telephone numbers as Sweden writes them.

Numbers of persons are known here only so that they can be refused: Samled stores none. No function looks
anything up; a number that is well formed need not exist. Source: rules.md 5.1 to 5.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import phonenumbers

PersonNumberKind = Literal["personnummer", "samordningsnummer"]

_PERSON = re.compile(r"(?P<century>\d{2})?(?P<short>\d{6})[-+ ]?(?P<last>\d{4})", re.ASCII)
_RESERVE = re.compile(r"(?P<day>\d{8})(?P<letter>[KMX])(?P<two>\d{2})(?P<check>\d)", re.ASCII)
_RESERVE_LETTERS: Final = {"K": "5", "M": "7", "X": "8"}


def luhn_digit(digits: str) -> str:
    """The check digit that completes the digits (mod 10, weights 2 1 2 … from the right)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def luhn_ok(digits: str) -> bool:
    """True when the last digit is the check digit of the others. Needs at least two ASCII digits."""
    return len(digits) > 1 and digits.isascii() and digits.isdigit() and luhn_digit(digits[:-1]) == digits[-1]


def person_number_kind(text: str) -> PersonNumberKind | None:
    """Which number of a person this is (10 or 12 digits; hyphen, plus, space or nothing), or None."""
    found = _PERSON.fullmatch(text)
    if found is None or not luhn_ok(found["short"] + found["last"]):
        return None
    return birth_part_kind(found["century"] or "", found["short"])


def birth_part_kind(century: str, short: str) -> PersonNumberKind | None:
    """The kind whose six date digits these are: a samordningsnummer adds 60 to the day.

    Without a century both 1900 and 2000 are tried, since only 2000 of the two had a 29 February.
    """
    if century not in ("", "18", "19", "20"):
        return None
    year, month, day = int(short[:2]), int(short[2:4]), int(short[4:])
    for hundred in (int(century),) if century else (19, 20):
        if _is_date(hundred * 100 + year, month, day):
            return "personnummer"
        if _is_date(hundred * 100 + year, month, day - 60):
            return "samordningsnummer"
    return None


def is_personal_number(text: str) -> bool:
    """True for a well-formed personnummer or samordningsnummer."""
    return person_number_kind(text) is not None


def is_reserve_number(text: str) -> bool:
    """True for a well-formed reservnummer of Västra Götaland: `yyyymmdd`, K M or X, two digits, check."""
    found = _RESERVE.fullmatch(text)
    if found is None:
        return False
    day, letter, two = found["day"], found["letter"], int(found["two"])
    if not _is_date(int(day[:4]), int(day[4:6]), int(day[6:])):
        return False
    in_series = 80 <= two <= 89 if letter == "X" else 6 <= two <= 79 and two % 2 == (letter == "M")
    return in_series and luhn_digit(day[2:] + _RESERVE_LETTERS[letter] + found["two"]) == found["check"]


SHORT_CODES: Final = {
    "112": "112",
    "1177": "1177",
    "11313": "113 13",
    "11414": "114 14",
    "116000": "116 000",
    "116111": "116 111",
    "116117": "116 117",
    "116123": "116 123",
    "90101": "90101",
    "90390": "90390",
}
"""Numbers that are dialled as they stand, with how they are written. They have no country code."""


@dataclass(frozen=True)
class Phone:
    """A telephone number: `stored` (E.164, or a short code verbatim), `display` and the `tel:` link."""

    stored: str
    display: str
    href: str


def normalise_phone(text: str) -> Phone | None:
    """The number behind what somebody typed, or None when it cannot be one.

    Swedish numbers may lack the country code. Short codes stay verbatim: a number library would turn 112
    into +46112 and call it invalid.
    """
    bare = re.sub(r"[\s\-]", "", text)
    if bare in SHORT_CODES:
        return _short(bare)
    if any(sign.isalpha() for sign in text):
        # The library reads an x as the start of an extension, and would keep half of what somebody mistyped.
        return None
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return _phone(number)


def display_phone(stored: str) -> str:
    """How a stored number is shown in Sweden: `031-390 06 00`, `+47 22 33 44 55`, `116 111`.

    A text that is no number comes back as it is.
    """
    found = normalise_phone(stored)
    return stored if found is None else found.display


def _short(code: str) -> Phone:
    return Phone(code, SHORT_CODES[code], f"tel:{code}")


def _phone(number: phonenumbers.PhoneNumber) -> Phone:
    style = phonenumbers.PhoneNumberFormat
    stored = phonenumbers.format_number(number, style.E164)
    shown = style.NATIONAL if number.country_code == 46 else style.INTERNATIONAL
    return Phone(stored, phonenumbers.format_number(number, shown), f"tel:{stored}")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
