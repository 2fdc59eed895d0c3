"""Access: the one place where permission lives.

A feature states for each command a `Rule` built from the groups below, and finds out from its rows in
which relations the actor stands to what the command concerns. `may` gives the verdict. Whether the thing
is visible at all (`not_found`) is decided before, by the scopes the seat holds; consent and state come
after. Features use the groups, never a role's name. Source: model.md 1, 2 and 4, sync-protocol.md 6.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from server.domain.actors import SEATS, Actor, Assurance, SeatKind


class Relation(StrEnum):
    """How an actor stands to the thing a command is about."""

    GUARDIAN = "guardian"
    YOUNG_PERSON = "young_person"
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    CONSENTED_STAFF = "consented_staff"
    """Staff with a seat around the child, in a unit that a complete and live consent names."""
    UNIT_STAFF = "unit_staff"
    """Staff of the unit that owns the row."""
    FUNCTION_HOLDER = "function_holder"
    """Staff who hold the function the row is addressed to."""
    TEAM_MEMBER = "team_member"
    AREA_STAFF = "area_staff"
    PROCESS_LEAD = "process_lead"
    UNIT_ADMIN = "unit_admin"
    """Admin of the organisation the unit belongs to."""
    ONESELF = "oneself"
    """The row is about the actor: own answer, own booking, own settings, own request."""
    CIRCLE = "circle"
    """Member of the named circle around a child with protected identity."""
    SYSTEM = "system"


_STAFF: Final = frozenset({SeatKind.STAFF})
_SEATS_OF: Final[dict[Relation, frozenset[SeatKind]]] = {
    Relation.GUARDIAN: frozenset({SeatKind.GUARDIAN}),
    Relation.YOUNG_PERSON: frozenset({SeatKind.YOUNG}),
    Relation.SUPPORTER: frozenset({SeatKind.SUPPORTER}),
    Relation.COORDINATOR: _STAFF,
    Relation.DEPUTY: _STAFF,
    Relation.CONSENTED_STAFF: _STAFF,
    Relation.UNIT_STAFF: _STAFF,
    Relation.FUNCTION_HOLDER: _STAFF,
    Relation.TEAM_MEMBER: _STAFF,
    Relation.AREA_STAFF: _STAFF,
    Relation.PROCESS_LEAD: frozenset({SeatKind.LEAD}),
    Relation.UNIT_ADMIN: frozenset({SeatKind.ADMIN}),
    Relation.ONESELF: frozenset(SEATS),
    Relation.CIRCLE: frozenset({SeatKind.STAFF, SeatKind.GUARDIAN, SeatKind.YOUNG, SeatKind.SUPPORTER}),
    Relation.SYSTEM: frozenset({SeatKind.SYSTEM}),
}

GUARDIANS: Final = frozenset({Relation.GUARDIAN})
YOUNG_PEOPLE: Final = frozenset({Relation.YOUNG_PERSON})
FAMILY: Final = GUARDIANS | YOUNG_PEOPLE
BATON: Final = frozenset({Relation.COORDINATOR, Relation.DEPUTY})
"""Those who hold the baton for the child: coordinator, and the deputy in their place."""
CHILD_STAFF: Final = BATON | {Relation.CONSENTED_STAFF}
"""Professionals around the child."""
UNIT: Final = frozenset({Relation.UNIT_STAFF})
FUNCTION: Final = frozenset({Relation.FUNCTION_HOLDER})
TEAM: Final = frozenset({Relation.TEAM_MEMBER})
AREA: Final = frozenset({Relation.AREA_STAFF, Relation.PROCESS_LEAD})
LEADS: Final = frozenset({Relation.PROCESS_LEAD})
ADMINS: Final = frozenset({Relation.UNIT_ADMIN})
ONESELF: Final = frozenset({Relation.ONESELF})
CIRCLE: Final = frozenset({Relation.CIRCLE})
SCHEDULED: Final = frozenset({Relation.SYSTEM})


@dataclass(frozen=True)
class Rule:
    """Who may give a command (any of the relations is enough) and how sure the session must be."""

    by: frozenset[Relation]
    assurance: Assurance = Assurance.CODE

    @property
    def seats(self) -> frozenset[SeatKind]:
        """The kinds of seat that could ever satisfy the rule."""
        return frozenset(kind for relation in self.by for kind in _SEATS_OF[relation])


@dataclass(frozen=True)
class Refusal:
    """A verdict against, with the code the client hears."""

    code: Literal["not_allowed", "assurance_required"]


def may(actor: Actor, relations: Iterable[Relation], rule: Rule) -> Refusal | None:
    """None when the actor may; otherwise why not: `not_allowed` before `assurance_required`.

    A relation counts only in a seat of its kind, so that someone who is staff here and guardian there
    never carries one capacity into the other. Scheduled work may only what names it.
    """
    if not any(relation in rule.by and actor.kind in _SEATS_OF[relation] for relation in relations):
        return Refusal("not_allowed")
    if actor.assurance < rule.assurance:
        return Refusal("assurance_required")
    return None


def seat_kinds(rule: Rule) -> tuple[str, ...]:
    """The seat kinds a command is offered to, in the model's order; scheduled work is never offered."""
    return tuple(kind.value for kind in SEATS if kind in rule.seats)


def within_circle(relations: Set[Relation], *, protected: bool) -> frozenset[Relation]:
    """The relations that count: all of them, or none outside the named circle of a protected child."""
    return frozenset() if protected and Relation.CIRCLE not in relations else frozenset(relations)


def may_sit_around(account: str, family: Set[str]) -> Refusal | None:
    """Refuses a professional seat around a child to the accounts of that child's own family."""
    return Refusal("not_allowed") if account in family else None
