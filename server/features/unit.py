"""Unit: a service families and professionals turn to, and the people who work in it. Found by function, not by person.

The unit is shown to everybody who works in its area; its people only inside the unit itself. Source: model.md 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.domain import scopes
from server.domain.actors import Actor, SeatKind
from server.errors import Refused
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.shape import Document, Feature, Projected


class Unit(Document, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    kind: str
    town: str
    area: str
    phone: str | None = None
    hours: str | None = None
    offers: str | None = None
    closed_days: tuple[str, ...] = ()


class Staff(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    name: str
    title: str
    functions: tuple[str, ...]
    phone: str | None = None
    reach_hours: str | None = None
    away_until: str | None = None
    deputy: str | None = None
    leads: bool = False


def project_unit(row: UnitRow, around: Around) -> Projected:
    unit = Unit(
        id=row.id,
        name=row.name,
        kind=row.kind,
        town=row.town,
        area=row.area,
        phone=row.phone,
        hours=row.hours,
        offers=row.offers,
        closed_days=row.closed_days,
    )
    yield scopes.area_staff(row.area), unit
    if row.admins:
        yield scopes.unit(row.id), unit


def project_staff(row: StaffRow, around: Around) -> Projected:
    if row.ended_at is None:
        unit = around.first(UnitRow)
        yield (
            scopes.unit(row.owner_unit),
            Staff(
                id=row.id,
                unit=row.owner_unit,
                name=row.name,
                title=row.title,
                functions=row.functions,
                phone=row.phone,
                reach_hours=row.reach_hours,
                away_until=row.away_until,
                deputy=row.deputy,
                leads=unit is not None and row.id in unit.leads,
            ),
        )


def decided_by(around: Around, actor: Actor) -> UnitRow:
    """The unit, for somebody who may decide who works in it: whoever leads it, or the organisation's admin.

    Raises: `Refused` for other colleagues, and for what is no unit.
    """
    unit = around.first(UnitRow)
    if unit is None:
        raise Refused("not_found")
    if actor.kind is SeatKind.STAFF and actor.seat not in unit.leads:
        raise Refused("not_allowed")
    return unit


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """Staff hold their unit, its area and the functions they have there; admins the unit alone."""
    unit = around.first(UnitRow)
    for admin in unit.admins if unit else ():
        yield admin, scopes.unit(around.id), None
    for person in around.all(StaffRow):
        if unit is None or person.ended_at is not None:
            continue
        yield person.id, scopes.unit(unit.id), None
        yield person.id, scopes.area_staff(unit.area), None
        for function in person.functions:
            yield person.id, scopes.function(unit.id, function), None


features = (
    Feature(entity="unit", row=UnitRow, project=project_unit, documents=(Unit,), grants=grants),
    Feature(entity="staff", row=StaffRow, project=project_staff, documents=(Staff,)),
)
