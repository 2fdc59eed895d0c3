"""What is stored of a directory row, and the pure questions that are asked of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

import msgspec

from server.domain import deadlines
from server.features import circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.shape import Row

BUSE: Final = "buse"
"""The badge of the one in each unit whom others turn to about children (barn- och ungdomssamordnare, BUSE)."""
KEPT_WEEKS: Final = 26


class FreeDeputy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deputy who has no seat here."""

    name: str
    phone: str | None = None


class FunctionContactRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "function_contact"
    aggregate: ClassVar[str] = "unit"

    unit: str
    function: str
    confirmed_on: str
    confirmed_by: str | None = None
    name: str | None = None
    holder: str | None = None
    """The seat of the one who holds the function; their name and number are shown unless the row has its own."""
    phone: str | None = None
    hours: str | None = None
    deputy: FreeDeputy | None = None
    deputy_seat: str | None = None
    offers: str | None = None
    how_to: str | None = None
    municipality: str | None = None
    badge: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return tuple(id for id in (self.unit, self.holder, self.deputy_seat) if id)

    @property
    def check_after(self) -> date:
        """The last day on which the row counts as confirmed."""
        return deadlines.freshness(date.fromisoformat(self.confirmed_on)).ends_on


class TallyRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """How many contacts a BUSE has had, by ISO week. No names, no reasons."""

    entity: ClassVar[str] = "contact_tally"
    aggregate: ClassVar[str] = "unit"

    unit: str
    contact: str
    weeks: dict[str, int] = msgspec.field(default_factory=dict)
    """{`2026-W47`: contacts}"""


def at_work(around: Around, seat: str | None) -> StaffRow | None:
    """The colleague in this seat, unless they have left."""
    person = around.known(StaffRow, seat)
    return person if person is not None and person.ended_at is None else None


def gaps(row: FunctionContactRow, around: Around) -> tuple[str, ...]:
    """What the row lacks, of `holder` and `deputy`."""
    held = at_work(around, row.holder) is not None or bool(row.name and row.phone)
    stood_in = at_work(around, row.deputy_seat) is not None or row.deputy is not None
    return tuple(name for name, there in (("holder", held), ("deputy", stood_in)) if not there)


def answering(row: FunctionContactRow, around: Around) -> tuple[StaffRow, ...]:
    """Who is to keep the row true: its holder, otherwise those who lead the unit."""
    holder = at_work(around, row.holder)
    return (holder,) if holder is not None else circle.unit_leads(around)


def tally_of(around: Around, contact: str) -> TallyRow | None:
    """The counts that belong to this directory row, if anything was counted."""
    return next((row for row in around.all(TallyRow) if row.contact == contact), None)


def week_of(day: date) -> str:
    """`2026-W53`: the ISO week, which sorts as text."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
