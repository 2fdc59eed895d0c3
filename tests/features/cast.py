"""The people of the feature tests: one child and everybody around it, as plain rows. Nothing here asks the time.

Two guardians who know nothing of each other, the young person, a supporter; coordinator and deputy in one unit; one
colleague in the same unit without a seat around the child; two in another unit, one of them with a seat.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from server.domain import scopes
from server.domain.actors import Actor, Assurance, SeatKind
from server.features.around import Around
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.rows import ChildRow, ConsentRow, CoordinatorRow, PostRow, Protection, RelationRow
from server.features.shape import Command, Feature, Moment, Row, Writes

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
"""A Tuesday in term, ten in the morning in Sweden."""


def uuid(n: int) -> str:
    return f"00000000-0000-7000-8000-{n:012d}"


AREA, SCHOOL, CLINIC, CHILD = uuid(1), uuid(2), uuid(3), uuid(4)
ANNA, BO, ALVA, STINA = uuid(11), uuid(12), uuid(13), uuid(14)
"""Relations: guardian, guardian, young person, supporter."""
MARIA, JOHAN, ELIN, SAMIR, LENA, REKTOR = uuid(21), uuid(22), uuid(23), uuid(24), uuid(25), uuid(26)
"""Seats: coordinator, deputy, colleague; two in the clinic, the first with a seat around the child; the headteacher."""
CONSENT, POST, COORDINATION = uuid(31), uuid(32), uuid(33)

AREA_ROW = AreaRow(id=AREA, owner_unit="", name="Norra Skaraborg", slug="norra-skaraborg")
SCHOOL_ROW = UnitRow(
    id=SCHOOL, owner_unit=SCHOOL, name="Lillåns skola", area=AREA, organisation="kommun", kind="school",
    town="Mariestad", leads=(REKTOR,),
)  # fmt: skip
CLINIC_ROW = UnitRow(
    id=CLINIC, owner_unit=CLINIC, name="Vårdcentralen", area=AREA, organisation="region", kind="primary_care",
    town="Mariestad",
)  # fmt: skip


def account(id: str) -> str:
    """The account of a relation or seat."""
    return f"account-{id[-2:]}"


def seat(relation: str) -> str:
    """The seat of a family member."""
    return f"seat-{relation[-2:]}"


def staff(id: str, unit: str, name: str, title: str, **more: Any) -> StaffRow:
    return StaffRow(id=id, owner_unit=unit, account=account(id), name=name, title=title, **more)


STAFF = (
    staff(MARIA, SCHOOL, "Maria Ekdahl", "Skolkurator", phone="+46701740621"),
    staff(JOHAN, SCHOOL, "Johan Lind", "Skolsköterska"),
    staff(ELIN, SCHOOL, "Elin Berg", "Specialpedagog"),
    staff(SAMIR, CLINIC, "Samir Haddad", "Kurator", functions=("therapist",)),
    staff(LENA, CLINIC, "Lena Åkesson", "Arbetsterapeut", functions=("therapist",)),
    staff(REKTOR, SCHOOL, "Petra Sjögren", "Rektor"),
)


def relation(id: str, kind: SeatKind, name: str) -> RelationRow:
    return RelationRow(
        id=id, owner_unit=SCHOOL, kind=kind, name=name, invited_at="2026-08-01T08:00:00.000Z", invited_by=MARIA,
        account=account(id), seat=seat(id), joined_at="2026-08-02T08:00:00.000Z",
    )  # fmt: skip


CHILD_ROW = ChildRow(
    id=CHILD, owner_unit=SCHOOL, area=AREA, display_name="Alva", turns_18_on="2029-03-05",
    opened_at="2026-08-01T08:00:00.000Z",
)  # fmt: skip
COORDINATOR_ROW = CoordinatorRow(
    id=COORDINATION, owner_unit=SCHOOL, child=CHILD, since="2026-08-01T08:00:00.000Z", seat=MARIA, deputy=JOHAN
)
POST_ROW = PostRow(id=POST, owner_unit=SCHOOL, child=CHILD, seat=SAMIR, unit=CLINIC, since="2026-08-01T08:00:00.000Z")
CONSENT_ROW = ConsentRow(
    id=CONSENT, owner_unit=SCHOOL, child=CHILD, purpose="coordination", information_kinds=("child", "meeting", "voice"),
    from_units=(SCHOOL,), to_units=(CLINIC,), required_parties=(ANNA, BO), asked_at="2026-08-03T08:00:00.000Z",
    asked_by=MARIA, valid_from="2026-08-03", valid_until="2026-12-22", state="complete",
)  # fmt: skip
ROWS: tuple[Row, ...] = (
    CHILD_ROW,
    relation(ANNA, SeatKind.GUARDIAN, "Anna"),
    relation(BO, SeatKind.GUARDIAN, "Bo"),
    relation(ALVA, SeatKind.YOUNG, "Alva"),
    relation(STINA, SeatKind.SUPPORTER, "Stina"),
    COORDINATOR_ROW,
    POST_ROW,
    CONSENT_ROW,
)

SCOPE_ANNA = scopes.guardian(CHILD, account(ANNA))
SCOPE_BO = scopes.guardian(CHILD, account(BO))
SCOPE_ALVA = scopes.young(CHILD)
SCOPE_COORDINATOR = scopes.coordinator(CHILD, SCHOOL)
SCOPE_CLINIC = scopes.consent(CONSENT, CLINIC)


def around_child(*more: Row, now: datetime = NOW, without: tuple[str, ...] = ()) -> Around:
    """Everybody around the child. A row given replaces the one with its id, also among units and colleagues."""
    given = {row.id: row for row in more}
    others = {row.id: given.pop(row.id, row) for row in (AREA_ROW, SCHOOL_ROW, CLINIC_ROW, *STAFF)}
    rows = {row.id: row for row in ROWS if row.id not in without} | given
    ordered = tuple(rows[id] for id in sorted(rows))
    return Around(id=CHILD, kind="child", owner_unit=SCHOOL, now=now, rows=ordered, named=others)


def around_clinic(*more: Row, now: datetime = NOW) -> Around:
    """The clinic's own aggregate: the unit and those who work there."""
    rows = {row.id: row for row in (CLINIC_ROW, *STAFF) if row.owner_unit == CLINIC} | {row.id: row for row in more}
    named = {row.id: row for row in (AREA_ROW, SCHOOL_ROW, *STAFF)}
    return Around(id=CLINIC, kind="unit", owner_unit=CLINIC, now=now, rows=tuple(rows.values()), named=named)


def protected(*circle: str) -> ChildRow:
    """The child with protected identity."""
    shield = Protection(alias="Kim", set_by=MARIA, set_at="2026-08-01T08:00:00.000Z", circle=circle)
    return msgspec.structs.replace(CHILD_ROW, protection=shield)


def family(id: str, kind: SeatKind, assurance: Assurance = Assurance.CODE) -> Actor:
    return Actor(seat(id), account(id), kind, assurance=assurance, name=id)


def colleague(id: str) -> Actor:
    person = next(one for one in STAFF if one.id == id)
    return Actor(
        person.id, person.account, SeatKind.STAFF, unit=person.owner_unit, area=AREA, assurance=Assurance.VERIFIED,
        name=person.name, functions=frozenset(person.functions),
    )  # fmt: skip


AS_ANNA = family(ANNA, SeatKind.GUARDIAN)
AS_BO = family(BO, SeatKind.GUARDIAN)
AS_ALVA = family(ALVA, SeatKind.YOUNG)
AS_STINA = family(STINA, SeatKind.SUPPORTER)
AS_MARIA, AS_JOHAN, AS_ELIN, AS_SAMIR, AS_LENA = (colleague(id) for id in (MARIA, JOHAN, ELIN, SAMIR, LENA))


def moment(now: datetime = NOW, seed: str = "command") -> Moment:
    return Moment(now, seed)


def after(around: Around, writes: Writes) -> Around:
    """The aggregate once the writes are kept, at the same instant."""
    return around.after(writes, writes.rows)


def at(around: Around, now: datetime) -> Around:
    """The same rows at another instant."""
    return replace(around, now=now)


def give(around: Around, command: type[Command], actor: Actor, now: datetime | None = None, /, **args: Any) -> Writes:
    """The command's own decision, after its shape was read as on the wire."""
    here = at(around, now or around.now)
    return command.model_validate(args).decide(here, actor, moment(here.now, f"{command.name} {actor.seat} {args}"))


def shown(feature: Feature, around: Around, row: Row) -> dict[str, dict[str, Any]]:
    """{scope: the document as it is on the wire}"""
    return {
        scope: msgspec.json.decode(msgspec.json.encode(document)) for scope, document in feature.project(row, around)
    }
