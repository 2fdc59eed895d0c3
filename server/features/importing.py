"""Import: a list that an admin has looked through and keeps, row by row, in the units of their organisation.

What was read waits for an hour with the organisation, seen by nobody else; the command names it. People of a list
become newcomers: each still has to be invited and to come in by themselves. Reading stands in `import_csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar, Final

from server.domain.access import ADMINS, Rule
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import from_text, local_date, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.directory.rows import FreeDeputy, FunctionContactRow
from server.features.import_columns import Kind
from server.features.import_csv import once
from server.features.newcomer import NewcomerRow
from server.features.organisation import admins
from server.features.person import StaffRow, UnitRow
from server.features.shape import Command, Feature, Id, Moment, OfTheHouse, Projected, Reminder, Row, Target, Writes

WAITS: Final = timedelta(hours=1)


class ImportRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A list that was read and waits for the admin's yes. `rows` are {column: value}, as `import_csv` gives them."""

    entity: ClassVar[str] = "import"
    aggregate: ClassVar[str] = "organisation"

    kind: Kind
    rows: tuple[dict[str, str], ...]
    made_at: str
    made_by: str

    @property
    def ends(self) -> str:
        return to_text(from_text(self.made_at) + WAITS)


def project(row: ImportRow, around: Around) -> Projected:
    return ()


def reminders(row: ImportRow, around: Around) -> Iterable[Reminder]:
    yield Reminder(row.id, "act:import.forget", "", from_text(row.ends))


def keys(unit: Around) -> Iterable[tuple[str, ...]]:
    """What stands in the unit already, as `once` names it: the unit itself, its people, its functions."""
    row = unit.first(UnitRow)
    if row is not None:
        yield once("units", {"name": row.name, "town": row.town})
    for person in unit.all(StaffRow):
        if person.ended_at is None:
            yield once("people", {"unit": unit.id, "name": person.name})
    for expected in unit.all(NewcomerRow):
        yield once("people", {"unit": unit.id, "name": expected.name})
    for contact in unit.all(FunctionContactRow):
        holder = next((one for one in unit.all(StaffRow) if one.id == contact.holder), None)
        named = holder.name if holder else contact.name or ""
        yield once("functions", {"unit": unit.id, "function": contact.function, "name": named})


class Keep(Command):
    """Keeps what the preview showed. What has come in by another way meanwhile is left as it is, and counted."""

    name: ClassVar[str] = "import.keep"
    rule: ClassVar[Rule] = Rule(by=ADMINS, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    reach: ClassVar[tuple[str, ...]] = ("unit",)

    preview: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.organisation or ""),)

    def reaches(self, actor: Actor) -> str | None:
        return actor.seat

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        read = around.get(ImportRow, self.preview)
        if read.made_by != actor.seat:
            raise Refused("not_found")
        if to_text(at.now) >= read.ends:
            raise Refused("too_late")
        units = {id: one for id, one in around.others.items() if _administers(one, actor)}
        there = {key for one in units.values() for key in keys(one)}
        rows: list[Row] = []
        for values in read.rows:
            is_there = once(read.kind, values) in there
            if is_there or (read.kind != "units" and values["unit"] not in units):
                continue
            rows.append(_made(read.kind, values, around, units, actor, at))
        counts = {"kept": len(rows), "left": len(read.rows) - len(rows)}
        return Writes(rows=tuple(rows), remove=(read.id,), result={"kind": read.kind, **counts})


class Forget(OfTheHouse):
    """The house forgets a list that nobody said yes to within the hour."""

    name: ClassVar[str] = "import.forget"
    entity: ClassVar[str | None] = "import"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=(self.record,))


def _administers(around: Around, actor: Actor) -> bool:
    unit = around.first(UnitRow)
    return unit is not None and unit.organisation == actor.organisation and actor.seat in unit.admins


def _made(
    kind: Kind, values: Mapping[str, str], organisation: Around, units: Mapping[str, Around], actor: Actor, at: Moment
) -> Row:
    if kind == "units":
        return _unit(values, organisation, units, actor, at)
    if kind == "people":
        return _person(values, actor, at)
    return _function(values, units[values["unit"]], actor, at)


def _unit(
    values: Mapping[str, str], organisation: Around, units: Mapping[str, Around], actor: Actor, at: Moment
) -> UnitRow:
    id = at.new_id()
    known = (row for one in units.values() if (row := one.first(UnitRow)) is not None)
    return UnitRow(
        id=id,
        owner_unit=id,
        name=values["name"],
        area=values["area"],
        organisation=organisation.id,
        kind=values["kind"],
        town=values["town"],
        phone=values.get("phone"),
        hours=values.get("hours"),
        offers=values.get("offers"),
        admins=tuple(dict.fromkeys((*admins(organisation, known), actor.seat))),
    )


def _person(values: Mapping[str, str], actor: Actor, at: Moment) -> NewcomerRow:
    return NewcomerRow(
        id=at.new_id(),
        owner_unit=values["unit"],
        unit=values["unit"],
        kind=SeatKind.STAFF,
        name=values["name"],
        made_at=to_text(at.now),
        made_by=actor.seat,
        title=values["title"],
        functions=tuple(values.get("functions", "").split()),
        phone=values.get("phone"),
        leads=values.get("leads") == "yes",
    )


def _function(values: Mapping[str, str], unit: Around, actor: Actor, at: Moment) -> FunctionContactRow:
    today: date = local_date(at.now)
    name = values.get("name")
    people = (row for row in unit.all(StaffRow) if row.ended_at is None)
    holder = next((row for row in people if name and row.name.casefold() == name.casefold()), None)
    deputy = values.get("deputy")
    return FunctionContactRow(
        id=at.new_id(),
        owner_unit=unit.id,
        unit=unit.id,
        function=values["function"],
        confirmed_on=today.isoformat(),
        confirmed_by=actor.name or None,
        name=None if holder else name,
        holder=holder.id if holder else None,
        phone=values.get("phone"),
        hours=values.get("hours"),
        deputy=FreeDeputy(name=deputy, phone=values.get("deputy_phone")) if deputy else None,
        offers=values.get("offers"),
        how_to=values.get("how_to"),
        municipality=values.get("municipality"),
        badge=values.get("badge"),
    )


feature = Feature(entity="import", row=ImportRow, project=project, reminders=reminders, commands=(Keep, Forget))
