"""Actors: who acts, in which seat, and how surely we know it.

An account is a person; a seat is the capacity in which it acts; seats never mix. Names of roles are
written here and in `access` and nowhere else. Source: model.md 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final


class SeatKind(StrEnum):
    """The capacity in which an account acts. SYSTEM is scheduled work: nobody signs in to it."""

    GUARDIAN = "guardian"
    YOUNG = "young_person"
    SUPPORTER = "supporter"
    STAFF = "staff"
    LEAD = "process_lead"
    ADMIN = "admin"
    SYSTEM = "system"


FAMILY_SEATS: Final = frozenset({SeatKind.GUARDIAN, SeatKind.YOUNG, SeatKind.SUPPORTER})
"""Seats that come from the family's side: on scope loss their unsent words are kept as drafts."""
PROFESSIONAL_SEATS: Final = frozenset({SeatKind.STAFF, SeatKind.LEAD, SeatKind.ADMIN})
"""Seats that come with employment: on scope loss their unsent words are purged."""
SEATS: Final = tuple(kind for kind in SeatKind if kind is not SeatKind.SYSTEM)
"""Every kind a person can hold, in the order of the model."""


class Assurance(IntEnum):
    """How surely the session belongs to the person; comparable: CODE < VERIFIED < EID."""

    CODE = 1
    VERIFIED = 2
    EID = 3

    @property
    def text(self) -> str:
        """The stored and wire form: `code`, `verified` or `eid`."""
        return self.name.lower()

    @classmethod
    def from_text(cls, text: str) -> Assurance:
        """The level of a stored form. Raises ValueError for any other text."""
        for level in cls:
            if level.text == text:
                return level
        raise ValueError(f"not an assurance level: {text!r}")


@dataclass(frozen=True)
class Actor:
    """One seat of one account in one session. `functions` are those it holds in its unit."""

    seat: str
    account: str
    kind: SeatKind
    unit: str | None = None
    area: str | None = None
    organisation: str | None = None
    assurance: Assurance = Assurance.CODE
    name: str = ""
    functions: frozenset[str] = frozenset()
    lang: str = "sv"

    @property
    def is_family(self) -> bool:
        """True for the seats that come from the family's side."""
        return self.kind in FAMILY_SEATS

    @property
    def is_professional(self) -> bool:
        """True for the seats that come with employment."""
        return self.kind in PROFESSIONAL_SEATS


SYSTEM: Final = Actor(seat="system", account="system", kind=SeatKind.SYSTEM, assurance=Assurance.EID)
"""Scheduled work: reminders, escalation, expiry, birthdays. It is the only holder of its relation."""
