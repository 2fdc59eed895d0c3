"""Newcomer: somebody on their way into a unit or to the lead of an area, read from a list or invited and not here yet.

The row holds what the person is to be; the invitation itself (a link and a code, single use) lives with sign-in and is
told once. When it is redeemed the row becomes the colleague. By the organisation's admin, or whoever leads the unit.
Source: model.md 1.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Final

import msgspec
from pydantic import Field, StringConstraints

from server.domain import scopes
from server.domain.access import ADMINS, UNIT, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.person import AreaRow, Language, Phone
from server.features.shape import Command, Document, Effect, Feature, Id, Moment, Projected, Row, Target, Writes
from server.features.unit import decided_by
from server.features.words import FunctionKey

OPEN_FOR: Final = timedelta(days=7)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NewcomerRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "newcomer"
    aggregate: ClassVar[str] = "unit"

    unit: str
    kind: str
    """`staff`, or `process_lead` of the unit's area."""
    name: str
    made_at: str
    made_by: str
    title: str = ""
    functions: tuple[str, ...] = ()
    phone: str | None = None
    leads: bool = False
    language: str = "sv"
    expires_at: str | None = None
    """When the latest invitation runs out; None before the first."""


class Newcomer(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    kind: str
    name: str
    made_at: str
    title: str | None = None
    functions: tuple[str, ...] = ()
    phone: str | None = None
    leads: bool = False
    area_name: str | None = None
    expires_at: str | None = None
    """Absent before the first invitation; the reader sees by itself that one has run out."""


def project(row: NewcomerRow, around: Around) -> Projected:
    area = around.known(AreaRow, circle.unit_of(around).area) if row.kind == SeatKind.LEAD else None
    yield (
        scopes.unit(row.unit),
        Newcomer(
            id=row.id,
            unit=row.unit,
            kind=row.kind,
            name=row.name,
            made_at=row.made_at,
            title=row.title or None,
            functions=row.functions,
            phone=row.phone,
            leads=row.leads,
            area_name=area.name if area else None,
            expires_at=row.expires_at,
        ),
    )


def invited(row: NewcomerRow, around: Around, at: Moment) -> Writes:
    """The row with a new invitation, which ends the one before."""
    until = to_text(at.now + OPEN_FOR)
    unit = circle.unit_of(around)
    place = (
        {"area": unit.area}
        if row.kind == SeatKind.LEAD
        else {"unit": unit.id, "area": unit.area, "organisation": unit.organisation}
    )
    invite = Effect(
        "invitation.create",
        {
            "kind": row.kind, "aggregate": unit.id, "relation": row.id, "name": row.name, "language": row.language,
            "until": until, **place,
        },
    )  # fmt: skip
    return Writes(
        rows=(msgspec.structs.replace(row, expires_at=until),), result={"newcomer": row.id}, effects=(invite,)
    )


class _ToUnit(Command):
    rule: ClassVar[Rule] = Rule(by=UNIT | ADMINS, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"

    unit: Id
    name_shown: Line
    language: Language = "sv"

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.unit),)

    def newcomer(self, kind: SeatKind, around: Around, actor: Actor, at: Moment) -> NewcomerRow:
        """Somebody on their way in. Refuses who may not decide it."""
        unit = decided_by(around, actor)
        return NewcomerRow(
            id=at.new_id(),
            owner_unit=unit.id,
            unit=unit.id,
            kind=kind,
            name=self.name_shown,
            made_at=to_text(at.now),
            made_by=actor.seat,
            language=self.language,
        )


class InviteStaff(_ToUnit):
    """Invites a colleague: a link and a code, shown once, single use within seven days."""

    name: ClassVar[str] = "staff.invite"

    title: Line
    functions: Annotated[tuple[FunctionKey, ...], Field(max_length=10)] = ()
    phone: Phone | None = None
    leads: bool = False

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        colleague = msgspec.structs.replace(
            self.newcomer(SeatKind.STAFF, around, actor, at),
            title=self.title,
            functions=tuple(dict.fromkeys(self.functions)),
            phone=self.phone,
            leads=self.leads,
        )
        return invited(colleague, around, at)


class InviteLead(_ToUnit):
    """Invites somebody to lead the work of the unit's area."""

    name: ClassVar[str] = "process_lead.invite"
    rule: ClassVar[Rule] = Rule(by=ADMINS, assurance=Assurance.VERIFIED)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return invited(self.newcomer(SeatKind.LEAD, around, actor, at), around, at)


class _OnNewcomer(Command):
    rule: ClassVar[Rule] = Rule(by=UNIT | ADMINS, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"

    newcomer: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.newcomer, "newcomer"),)

    def row(self, around: Around, actor: Actor) -> NewcomerRow:
        """The newcomer. A unit's lead does not decide who leads the area."""
        decided_by(around, actor)
        row = around.get(NewcomerRow, self.newcomer)
        if row.kind == SeatKind.LEAD and actor.kind is not SeatKind.ADMIN:
            raise Refused("not_allowed")
        return row


class InviteAgain(_OnNewcomer):
    """The first invitation of somebody from a list, or a new one instead of one that was lost or has run out."""

    name: ClassVar[str] = "newcomer.invite"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return invited(self.row(around, actor), around, at)


class TakeBack(_OnNewcomer):
    """The person is not to come after all: their invitation opens nothing from now on."""

    name: ClassVar[str] = "newcomer.remove"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around, actor)
        ended = Effect("invitation.cancel", {"aggregate": around.id, "relation": row.id})
        return Writes(remove=(row.id,), effects=(ended,))


feature = Feature(
    entity="newcomer",
    row=NewcomerRow,
    project=project,
    documents=(Newcomer,),
    commands=(InviteStaff, InviteLead, InviteAgain, TakeBack),
)
