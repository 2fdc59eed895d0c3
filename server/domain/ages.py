"""Ages: birthdays that change who may see a child, and the bands that replace exact ages.

Samled keeps no birth date beside a child's documents, only the days the child turns 13 and 18; bands are
`6-9 10-12 13-15 16-17`, one list everywhere. Source: rules.md 3.4 and 3.5, model.md 1 and 3.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from server.domain.calendar import add_months

AgeBand = Literal["6-9", "10-12", "13-15", "16-17"]
AGE_BANDS: Final[tuple[AgeBand, ...]] = ("6-9", "10-12", "13-15", "16-17")
OWN_ACCOUNT_AGE: Final = 13
ADULT_AGE: Final = 18


def turns_on(born_on: date, age: int) -> date:
    """The birthday itself. Somebody born on 29 February turns on the 28th in a year without the 29th.

    Source: lag 1930:173 1 § (a missing day is the last of the month).
    """
    return add_months(born_on, 12 * age)


def age_from_adulthood(turns_18_on: date, day: date) -> int:
    """Full years on the day, from the one date that is kept about a child."""
    age = ADULT_AGE + day.year - turns_18_on.year
    return age if add_months(turns_18_on, 12 * (age - ADULT_AGE)) <= day else age - 1


def age_band(age: int) -> AgeBand | None:
    """The band of an age in years; None outside 6 to 17."""
    for band in AGE_BANDS:
        first, last = band.split("-")
        if int(first) <= age <= int(last):
            return band
    return None


def has_own_account(turns_13_on: date, today: date) -> bool:
    """True from the 13th birthday: the young person may have an account of their own."""
    return today >= turns_13_on
