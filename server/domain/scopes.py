"""Scopes: the names of the rooms that documents are published to and seats hold. Source: model.md 2.

A constructor gives the name, `parse` takes it apart. How long a seat may keep a scope offline (lease),
whether its documents may touch the disk (store) and which projection wins (rank) follow from the kind.
Who holds a scope is decided elsewhere: by the grants each feature computes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal

Store = Literal["keep", "memory"]


class ScopeKind(StrEnum):
    """Every kind of scope, in rank order: of two projections of a document the earlier kind is shown."""

    USER = "user"
    YOUNG = "young"
    GUARDIAN = "guardian"
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"
    CONSENT = "consent"
    TEAM = "team"
    FUNCTION = "function"
    UNIT = "unit"
    AREA_LEAD = "area_lead"
    AREA_STAFF = "area_staff"
    REGION = "region"


@dataclass(frozen=True)
class Scope:
    """A scope taken apart. `ids` are its variable parts in the order in which they stand in the name."""

    kind: ScopeKind
    name: str
    ids: tuple[str, ...]

    @property
    def child(self) -> str | None:
        """The child whose room this is, or None. A consent scope names its consent, not the child."""
        return self.ids[0] if self.kind in CHILD_KINDS else None


PUBLIC: Final = "region:public"
CHILD_KINDS: Final = frozenset({ScopeKind.YOUNG, ScopeKind.GUARDIAN, ScopeKind.SUPPORTER, ScopeKind.COORDINATOR})

_ID = r"([a-z0-9][a-z0-9_-]{0,63})"
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern, re.ASCII))
    for kind, pattern in (
        (ScopeKind.USER, rf"user:{_ID}"),
        (ScopeKind.YOUNG, rf"child:{_ID}:young"),
        (ScopeKind.GUARDIAN, rf"child:{_ID}:guardian:{_ID}"),
        (ScopeKind.SUPPORTER, rf"child:{_ID}:supporter:{_ID}"),
        (ScopeKind.COORDINATOR, rf"child:{_ID}:coordinator:{_ID}"),
        (ScopeKind.CONSENT, rf"consent:{_ID}:unit:{_ID}"),
        (ScopeKind.TEAM, rf"team:{_ID}"),
        (ScopeKind.FUNCTION, rf"unit:{_ID}:function:{_ID}"),
        (ScopeKind.UNIT, rf"unit:{_ID}"),
        (ScopeKind.AREA_LEAD, rf"area:{_ID}:lead"),
        (ScopeKind.AREA_STAFF, rf"area:{_ID}:staff"),
        (ScopeKind.REGION, "region:public"),
    )
)
_RANK: Final = {kind: rank for rank, kind in enumerate(ScopeKind)}
_SHORT_LEASE: Final = frozenset({ScopeKind.SUPPORTER, ScopeKind.COORDINATOR, ScopeKind.CONSENT})
LEASE_DAYS: Final = 14
SHORT_LEASE_DAYS: Final = 3
ERASE_AFTER_LEASE_DAYS: Final = 30
"""Days after the end of a lease when the device erases what it hid (sync-protocol 5.7)."""


def user(account: str) -> str:
    """The account's own room, the same in each of its seats."""
    return _named(f"user:{account}")


def young(child: str) -> str:
    """The room of the young person."""
    return _named(f"child:{child}:young")


def guardian(child: str, account: str) -> str:
    """The room of one guardian (vårdnadshavare), alone: guardians see nothing about each other."""
    return _named(f"child:{child}:guardian:{account}")


def supporter(child: str, account: str) -> str:
    """The room of a supporter: what the family shared."""
    return _named(f"child:{child}:supporter:{account}")


def coordinator(child: str, unit: str) -> str:
    """The room of coordinator (samordnare) and deputy in one unit; a handover opens a new one."""
    return _named(f"child:{child}:coordinator:{unit}")


def consent(consent: str, unit: str) -> str:
    """What one consent (samtycke) opens to one unit. Its terms never change."""
    return _named(f"consent:{consent}:unit:{unit}")


def team(team: str) -> str:
    """The room of a SAMBU team."""
    return _named(f"team:{team}")


def function(unit: str, function: str) -> str:
    """Those who hold a function in a unit."""
    return _named(f"unit:{unit}:function:{function}")


def unit(unit: str) -> str:
    """The staff of a unit (verksamhet)."""
    return _named(f"unit:{unit}")


def area_staff(area: str) -> str:
    """The staff of every unit in the area."""
    return _named(f"area:{area}:staff")


def area_lead(area: str) -> str:
    """The process leads of the area."""
    return _named(f"area:{area}:lead")


@lru_cache(maxsize=65536)
def parse(name: str) -> Scope:
    """The scope behind a name. Raises ValueError for a name that no constructor gives."""
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(name):
            return Scope(kind, name, found.groups())
    raise ValueError(f"not a scope: {name!r}")


def lease_days(name: str) -> int | None:
    """Days a device may show the scope without contact: 3 or 14; None for the public one (no end)."""
    kind = parse(name).kind
    if kind is ScopeKind.REGION:
        return None
    return SHORT_LEASE_DAYS if kind in _SHORT_LEASE else LEASE_DAYS


def store(name: str, *, protected: bool = False) -> Store:
    """`memory` (never on disk) for a coordinator's room of a child with protected identity, else `keep`.

    A protected child is published to no other room, so no other kind has to ask.
    """
    return "memory" if protected and parse(name).kind is ScopeKind.COORDINATOR else "keep"


def rank(name: str) -> int:
    """The place in the order of sync-protocol 5.5: of several projections the lowest is shown."""
    return _RANK[parse(name).kind]


def child_of(name: str) -> str | None:
    """The child whose room this is, or None for scopes that are no child's."""
    return parse(name).child


def _named(name: str) -> str:
    return parse(name).name
