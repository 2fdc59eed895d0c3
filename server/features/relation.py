"""Relation: how a family member belongs to a child. Nothing of one guardian is ever shown to another.

A relation begins with an invitation (single use, at most seven days), gets its account when that is redeemed, and is
`verified` when a member of staff has checked the person's identity, or when an electronic identity did. Guardians end
on the 18th birthday. Source: model.md 1, rules.md 3.6 and 4.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from pydantic import AliasChoices, Field

from server.domain.access import BATON, FAMILY, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import local_date, start_of_day, to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.rows import ChildRow, RelationRow
from server.features.shape import (
    Command,
    Effect,
    Feature,
    Id,
    Moment,
    Projected,
    Target,
    Writes,
)


def project(row: RelationRow, around: Around) -> Projected:
    return ()


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """Each joined family member holds their own scope: a guardian until the 18th birthday."""
    child = around.first(ChildRow)
    if child is None:
        return
    until = start_of_day(child.turns_18)
    for row in circle.family(around):
        if row.seat and row.account:
            yield row.seat, circle.scope_of(row, around.id), until if circle.ends_at_18(row) else None


def _ended(row: RelationRow, at: Moment) -> RelationRow:
    return msgspec.structs.replace(row, ended_at=to_text(at.now))


def _end_of(row: RelationRow, around: Around) -> Effect:
    return Effect("relation.ended", {"seat": row.seat, "relation": row.id, "aggregate": around.id})


class _Invite(Command):
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    kind: ClassVar[SeatKind]

    child: Id
    name_shown: Annotated[str, Field(min_length=1, max_length=60)]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if circle.child(around).state != "open":
            raise Refused("conflict")
        row = RelationRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            kind=self.kind,
            name=self.name_shown.strip(),
            invited_at=to_text(at.now),
            invited_by=actor.seat,
        )
        invite = Effect(
            "invitation.create",
            {
                "kind": row.kind,
                "aggregate": around.id,
                "relation": row.id,
                "name": row.name,
                "language": circle.child(around).languages[0] if circle.child(around).languages else "sv",
            },
        )
        return Writes(rows=(row,), result={"relation": row.id}, effects=(invite,))


class InviteGuardian(_Invite):
    """Invites a guardian: a link and a code, shown once, each single use within seven days."""

    name: ClassVar[str] = "guardian.invite"
    kind: ClassVar[SeatKind] = SeatKind.GUARDIAN

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if around.get(ChildRow, self.child).turns_18 <= local_date(at.now):
            raise Refused("too_late")
        return super().decide(around, actor, at)


class InviteYoung(_Invite):
    """Invites the young person, from the 13th birthday; a younger child is heard through an adult.

    There is one young person: a new invitation ends the one that was not used.
    """

    name: ClassVar[str] = "young.invite"
    kind: ClassVar[SeatKind] = SeatKind.YOUNG

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if not circle.may_have_own_account(around):
            raise Refused("conflict")
        if any(row.account for row in circle.young(around)):
            raise Refused("conflict")
        unused = circle.young(around)
        made = super().decide(around, actor, at)
        return replace(
            made,
            rows=(*made.rows, *(_ended(row, at) for row in unused)),
            effects=(*(_end_of(row, around) for row in unused), *made.effects),
        )


class InviteSupporter(_Invite):
    """Invites someone the family has chosen to have beside them; they see only what the family shares."""

    name: ClassVar[str] = "supporter.invite"
    rule: ClassVar[Rule] = Rule(by=BATON | FAMILY, assurance=Assurance.VERIFIED)
    kind: ClassVar[SeatKind] = SeatKind.SUPPORTER


class _OnRelation(Command):
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    kind: ClassVar[SeatKind]
    persons: ClassVar = {"relation": "family"}

    child: Id
    relation: Annotated[Id, Field(validation_alias=AliasChoices("relation", "person"))]

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def row(self, around: Around) -> RelationRow:
        row = around.get(RelationRow, self.relation)
        if row.kind != self.kind or row.ended_at is not None:
            raise Refused("conflict")
        return row


class VerifyGuardian(_OnRelation):
    """The identity was checked in person: from now on the guardian may decide about consent."""

    name: ClassVar[str] = "guardian.verify"
    kind: ClassVar[SeatKind] = SeatKind.GUARDIAN

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        if row.account is None:
            raise Refused("conflict")
        checked = msgspec.structs.replace(row, verified_at=to_text(at.now), verified_by=actor.seat)
        return Writes(rows=(checked,))


class _End(_OnRelation):
    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        return Writes(rows=(_ended(row, at),), effects=(_end_of(row, around),))


class EndGuardian(_End):
    """Ends a guardian's relation (also the repair of a wrong family): own scope, sessions and devices end at once."""

    name: ClassVar[str] = "guardian.end"
    kind: ClassVar[SeatKind] = SeatKind.GUARDIAN


class EndSupporter(_End):
    """The family, or the coordinator for them, ends a supporter."""

    name: ClassVar[str] = "supporter.end"
    kind: ClassVar[SeatKind] = SeatKind.SUPPORTER
    rule: ClassVar[Rule] = Rule(by=BATON | FAMILY, assurance=Assurance.VERIFIED)


feature = Feature(
    entity="relation",
    row=RelationRow,
    project=project,
    grants=grants,
    commands=(InviteGuardian, InviteYoung, InviteSupporter, VerifyGuardian, EndGuardian, EndSupporter),
)
