"""Units, the people who work in them, and areas: what other aggregates name. Row shapes and argument types only.

Their own feature files are `unit.py` and `area.py`; every feature may read these rows through `Around.known`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

import msgspec
from pydantic import AfterValidator, StringConstraints

from server.domain import identifiers
from server.features.shape import Row


def _is_day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _is_phone(text: str) -> str:
    number = identifiers.normalise_phone(text)
    if number is None:
        raise ValueError("not a phone number")
    return number.stored


DayText = Annotated[str, StringConstraints(pattern=r"^(19|20)\d{2}-\d{2}-\d{2}$"), AfterValidator(_is_day)]
"""A calendar day as `YYYY-MM-DD`, of the years 1900 to 2099: what is reckoned from it must be a day too."""

SeenText = Annotated[str, StringConstraints(pattern=r"^(nothing|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$")]
"""Which words the sender has seen where their own are to stand: the instant they were written at, or `nothing`."""

LocalText = Annotated[str, StringConstraints(pattern=r"^(19|20)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}$")]
"""Wall time in Europe/Stockholm as `YYYY-MM-DDTHH:MM`, of the same years."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
"""A BCP 47 language tag."""

Phone = Annotated[str, StringConstraints(min_length=2, max_length=30), AfterValidator(_is_phone)]
"""A phone number in any usual Swedish writing; kept as E.164, short codes verbatim."""

VideoLink = Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+\.[^\s]+$", max_length=500)]
"""The address of a video meeting, wherever it is held."""


class OwnTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A school term's first and last day, as the area has stated them. `term` is `HT 2026` or `VT 2027`."""

    term: str
    starts_on: str
    ends_on: str


class AreaRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A local area: where the promise to call back is the same for everybody."""

    entity: ClassVar[str] = "area"
    aggregate: ClassVar[str] = "area"

    name: str
    slug: str
    promise_days: int = 2
    due_time: str = "17:00"
    required_functions: tuple[str, ...] = (
        "head_teacher",
        "counsellor",
        "social_worker",
        "doctor",
        "consultant",
        "therapist",
    )
    """Functions that a term meeting needs when nothing else is said; school always belongs."""
    term_begun: str | None = None
    """The latest school term whose meeting the house has drafted, as `HT 2026`."""
    own_terms: tuple[OwnTerm, ...] = ()
    """Terms whose days the area has stated itself, in order; the others have the usual days."""


class UnitRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A unit (verksamhet): a school's health team, a primary-care centre, social services …"""

    entity: ClassVar[str] = "unit"
    aggregate: ClassVar[str] = "unit"

    name: str
    area: str
    organisation: str
    kind: str
    town: str
    phone: str | None = None
    hours: str | None = None
    offers: str | None = None
    promise_days: int | None = None
    closed_days: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    """Seats of those who lead the unit and hear of a promise that was not kept."""
    admins: tuple[str, ...] = ()
    """Seats of those who administer the unit's organisation: they see its people and functions, and no child."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.area, *self.leads)


class StaffRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A person in one unit. The row's id is the seat's id."""

    entity: ClassVar[str] = "staff"
    aggregate: ClassVar[str] = "unit"

    account: str
    name: str
    title: str
    functions: tuple[str, ...] = ()
    phone: str | None = None
    reach_hours: str | None = None
    away_until: str | None = None
    deputy: str | None = None
    ended_at: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit,)
