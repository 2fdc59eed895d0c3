"""Organisation: whoever runs units (a municipality, the region), and those who administer them. They see no child."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from server.features.around import Around
from server.features.person import UnitRow
from server.features.shape import Feature, Projected, Row


class AdminRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who administers the organisation. The row's id is the seat's id."""

    entity: ClassVar[str] = "admin"
    aggregate: ClassVar[str] = "organisation"

    account: str
    name: str


def nothing(_row: AdminRow, _around: Around) -> Projected:
    return ()


def admins(organisation: Around, units: Iterable[UnitRow]) -> tuple[str, ...]:
    """The seats that administer every unit of the organisation, also one that is only now beginning."""
    named = [row.id for row in organisation.all(AdminRow)]
    return tuple(dict.fromkeys([*named, *(seat for unit in units for seat in unit.admins)]))


def with_admin(unit: UnitRow, seat: str) -> UnitRow:
    """The unit, administered by this seat too."""
    return unit if seat in unit.admins else msgspec.structs.replace(unit, admins=(*unit.admins, seat))


feature = Feature(entity="admin", row=AdminRow, project=nothing)
