"""An admin leaves the organisation. The others go on; nobody ends themselves, so no unit is ever without an admin.

The first admin is invited by the operator, and so is every other: model.md 1.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from server.domain.access import ADMINS, Rule
from server.domain.actors import Actor, Assurance
from server.errors import Refused
from server.features.around import Around
from server.features.organisation import AdminRow
from server.features.person import UnitRow
from server.features.shape import Command, Effect, Id, Moment, Target, Writes


class _OnAdmins(Command):
    rule: ClassVar[Rule] = Rule(by=ADMINS, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.organisation or ""),)


class Leaving(_OnAdmins):
    """Everybody who administers the organisation, by name. It changes nothing."""

    name: ClassVar[str] = "admin.leaving"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        found = sorted(around.all(AdminRow), key=lambda one: (one.name, one.id))
        return Writes(result={"admins": [{"id": one.id, "name": one.name} for one in found]})


class Leave(_OnAdmins):
    """Another admin leaves. Their devices erase everything; a unit that only they looked after gets the sender."""

    name: ClassVar[str] = "admin.leave"
    confirm: ClassVar[bool] = True
    reach: ClassVar[tuple[str, ...]] = ("unit",)

    admin: Id

    def reaches(self, actor: Actor) -> str | None:
        return self.admin

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        leaver = around.get(AdminRow, self.admin)
        if leaver.id == actor.seat:
            raise Refused("invalid", fields={"admin": "not_allowed_value"})
        units = (row for one in around.others.values() for row in one.all(UnitRow) if leaver.id in row.admins)
        return Writes(
            rows=tuple(_without(row, leaver.id, actor.seat) for row in sorted(units, key=lambda row: row.id)),
            remove=(leaver.id,),
            effects=(Effect("seat.leave", {"seat": leaver.id}),),
        )


def _without(unit: UnitRow, seat: str, instead: str) -> UnitRow:
    left = tuple(one for one in unit.admins if one != seat)
    return msgspec.structs.replace(unit, admins=left or (instead,))
