"""Rows of a child's aggregate that several features read: who stands around the child, and what they agreed.

Row shapes only; what each audience sees of them stands in the feature files of the same names.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from server.domain import ages
from server.features.shape import Row


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """Protected identity: the name used instead, and the seats that may know."""

    alias: str
    set_by: str
    set_at: str
    circle: tuple[str, ...]


class ChildRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "child"
    aggregate: ClassVar[str] = "child"

    area: str
    display_name: str
    turns_18_on: str
    opened_at: str
    languages: tuple[str, ...] = ("sv",)
    interpreter: str | None = None
    state: str = "open"
    closed_at: str | None = None
    last_word: str | None = None
    protection: Protection | None = None

    def refers_to(self) -> tuple[str, ...]:
        inside = (*self.protection.circle, self.protection.set_by) if self.protection else ()
        return (self.owner_unit, self.area, *inside)

    @property
    def turns_18(self) -> date:
        """The day the guardians' part ends."""
        return date.fromisoformat(self.turns_18_on)

    @property
    def turns_13(self) -> date:
        """The day the young person may have an account."""
        return ages.turns_on(self.turns_18, ages.OWN_ACCOUNT_AGE - ages.ADULT_AGE)


class RelationRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "relation"
    aggregate: ClassVar[str] = "child"

    kind: str
    name: str
    invited_at: str
    invited_by: str
    account: str | None = None
    seat: str | None = None
    joined_at: str | None = None
    verified_at: str | None = None
    verified_by: str | None = None
    ended_at: str | None = None


class CoordinatorRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "coordinator"
    aggregate: ClassVar[str] = "child"

    child: str
    since: str
    seat: str | None = None
    deputy: str | None = None
    answers_by: str | None = None
    earlier: tuple[tuple[str, str, str], ...] = ()
    """(seat, since, until) of those who held the baton before."""

    def refers_to(self) -> tuple[str, ...]:
        return tuple(id for id in (self.owner_unit, self.seat, self.deputy) if id)


class PostRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A professional's seat around a child. It opens nothing without a live consent that names the unit."""

    entity: ClassVar[str] = "post"
    aggregate: ClassVar[str] = "child"

    child: str
    seat: str
    unit: str
    since: str
    ended_at: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        return (self.seat, self.unit)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One required party's answer: `yes`, `yes_without_name` or `no`; `oral` when staff recorded it."""

    answer: str
    at: str
    oral: bool = False
    recorded_by: str | None = None


class ConsentRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A consent (samtycke): it names purpose, kinds and receivers, and its terms never change."""

    entity: ClassVar[str] = "consent"
    aggregate: ClassVar[str] = "child"
    shows_purges: ClassVar[bool] = True

    child: str
    purpose: str
    information_kinds: tuple[str, ...]
    from_units: tuple[str, ...]
    to_units: tuple[str, ...]
    required_parties: tuple[str, ...]
    """Relation ids, stamped when asked."""
    asked_at: str
    asked_by: str
    valid_from: str
    valid_until: str
    """The last day it holds (inclusive)."""
    excludes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Seats in the receiving units that stand around the child once the consent is complete."""
    answers: dict[str, Answer] = msgspec.field(default_factory=dict)
    exception: dict[str, str] | None = None
    form: str = "in_app"
    recorded_by: str | None = None
    state: str = "asked"
    """`asked|complete|refused|withdrawn|expired`; expired also when the coordination ended before its last day."""
    without_name: bool = False
    """Complete, but somebody required said yes only without the name: it opens no room."""
    completed_at: str | None = None
    ended_at: str | None = None
    withdrawn_by: tuple[str, ...] = ()
    """Required parties who have withdrawn, also after somebody else had ended it."""

    def refers_to(self) -> tuple[str, ...]:
        return (*self.from_units, *self.to_units, *self.people, *((self.recorded_by,) if self.recorded_by else ()))
