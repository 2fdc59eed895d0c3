"""Those who lead an area and those who administer an organisation, beside the people of the feature tests."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.domain import scopes
from server.domain.actors import Actor, Assurance, SeatKind
from server.features.area import LeadRow
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.shape import Row, Writes
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW, CLINIC, ELIN, JOHAN, LENA, MARIA, NOW, REKTOR, SAMIR, SCHOOL

KARIN, PER = cast.uuid(71), cast.uuid(72)
"""Seats: who leads the area, who administers the municipality's units."""
LEAD_ROW = LeadRow(id=KARIN, owner_unit="", area=AREA, account=cast.account(KARIN), name="Karin Vall")
AS_LEAD = Actor(KARIN, cast.account(KARIN), SeatKind.LEAD, area=AREA, assurance=Assurance.VERIFIED, name="Karin Vall")
AS_ADMIN = Actor(
    PER, cast.account(PER), SeatKind.ADMIN, organisation="kommun", assurance=Assurance.VERIFIED, name="Per Hammar"
)
AS_REKTOR = cast.colleague(REKTOR)

SCHOOL_ROW: UnitRow = msgspec.structs.replace(cast.SCHOOL_ROW, admins=(PER,))
FUNCTIONS = {MARIA: ("counsellor",), ELIN: (), JOHAN: ("nurse",), REKTOR: ("head_teacher",), SAMIR: ("consultant",)}
PEOPLE: dict[str, StaffRow] = {
    one.id: msgspec.structs.replace(one, functions=FUNCTIONS.get(one.id, ())) for one in cast.STAFF
}
SCOPE_AREA, SCOPE_LEAD = scopes.area_staff(AREA), scopes.area_lead(AREA)
SCOPE_SCHOOL, SCOPE_CLINIC = scopes.unit(SCHOOL), scopes.unit(CLINIC)
UNITS: dict[str, Row] = {SCHOOL: SCHOOL_ROW, CLINIC: cast.CLINIC_ROW}


def as_staff(id: str) -> Actor:
    """The colleague with the functions they have here."""
    functions = frozenset(PEOPLE[id].functions)
    return Actor(
        id, cast.account(id), SeatKind.STAFF, unit=PEOPLE[id].owner_unit, area=AREA, assurance=Assurance.VERIFIED,
        name=PEOPLE[id].name, functions=functions,
    )  # fmt: skip


AS_MARIA, AS_ELIN, AS_SAMIR, AS_LENA = (as_staff(id) for id in (MARIA, ELIN, SAMIR, LENA))


def around_school(*more: Row, now: datetime = NOW, others: dict[str, Around] | None = None) -> Around:
    """The school's own rows: the unit, its people and whatever is given (a row with a known id replaces it)."""
    mine = [SCHOOL_ROW, *(one for one in PEOPLE.values() if one.owner_unit == SCHOOL)]
    rows = {row.id: row for row in mine} | {row.id: row for row in more}
    named: dict[str, Row] = {AREA: AREA_ROW, CLINIC: cast.CLINIC_ROW}
    ordered = tuple(rows[id] for id in sorted(rows))
    return Around(SCHOOL, "unit", SCHOOL, now, ordered, named, others=others or {})


def around_area(*more: Row, now: datetime = NOW, named: tuple[Row, ...] = ()) -> Around:
    """The area's own rows; every unit and colleague of it is known."""
    rows = {row.id: row for row in (AREA_ROW, LEAD_ROW, *more)}
    ordered = tuple(rows[id] for id in sorted(rows))
    return Around(AREA, "area", "", now, ordered, {**UNITS, **PEOPLE, **{row.id: row for row in named}})


def told(writes: Writes) -> list[tuple[str, str]]:
    """(the account's last two digits, kind) of each notice, in order."""
    return [(one.account[-2:], one.kind) for one in writes.notices]
