"""Calendar: a person's own subscription in one seat. The row says that there is one; its secret is told once.

What a calendar may hold is decided each time it is fetched (`server.sync.feeds`). Source: experience.md 1.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from server.domain import scopes
from server.domain.access import ONESELF, Rule
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.features.around import Around
from server.features.shape import Command, Document, Effect, Feature, Moment, Projected, Row, Target, Writes


class CalendarRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "calendar"
    aggregate: ClassVar[str] = "user"

    user: str
    seat: str
    made_at: str


class Calendar(Document, frozen=True, kw_only=True, omit_defaults=True):
    seat: str
    made_at: str


def project(row: CalendarRow, around: Around) -> Projected:
    yield scopes.user(row.user), Calendar(id=row.id, seat=row.seat, made_at=row.made_at)


def _of(around: Around, seat: str) -> CalendarRow | None:
    return next((row for row in around.all(CalendarRow) if row.seat == seat), None)


class Open(Command):
    """A new address; the one before, if any, leads nowhere from now on. Refused around a child with protection."""

    name: ClassVar[str] = "calendar.open"
    rule: ClassVar[Rule] = Rule(by=ONESELF)
    confirm: ClassVar[bool] = True

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        made_at = to_text(at.now)
        known = _of(around, actor.seat) or CalendarRow(
            id=at.new_id(), owner_unit="", user=around.id, seat=actor.seat, made_at=made_at
        )
        row = msgspec.structs.replace(known, made_at=made_at)
        return Writes(rows=(row,), result={"calendar": row.id}, effects=(Effect("calendar.open", {}),))


class Close(Command):
    """The address leads nowhere any more."""

    name: ClassVar[str] = "calendar.close"
    rule: ClassVar[Rule] = Rule(by=ONESELF)
    confirm: ClassVar[bool] = True

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = _of(around, actor.seat)
        return Writes(remove=(row.id,) if row else (), effects=(Effect("calendar.close", {}),))


feature = Feature(entity="calendar", row=CalendarRow, project=project, documents=(Calendar,), commands=(Open, Close))
