"""Where the public page of an area comes from: its units as they are stored, never a person's name or number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from server.clock import Clock
from server.domain.identifiers import display_phone
from server.domain.instants import local_date
from server.features.directory.rows import FunctionContactRow
from server.features.person import AreaRow, UnitRow
from server.features.words import KINDS
from server.storage.engine import Engine
from server.storage.read import bodies_of_area
from server.web.areas import AreaContact, AreaLookup, AreaPage

_AREAS = "select body from record where entity = 'area' order by id"


def _contact(unit: UnitRow, rows: Sequence[FunctionContactRow], today: date) -> AreaContact:
    """The unit as families see it; stale once nobody there has confirmed any of its functions for half a year."""
    phone = display_phone(unit.phone) if unit.phone else ""
    return AreaContact(unit.kind, unit.name, phone, unit.hours or "", unit.offers or "", _is_stale(rows, today))


def _is_stale(rows: Sequence[FunctionContactRow], today: date) -> bool:
    return bool(rows) and all(row.check_after < today for row in rows)


def area_lookup(engine: Engine, clock: Clock) -> AreaLookup:
    """Answers the page of the area with this slug, or None; units in the order of the kinds, then by name."""
    order = {kind: place for place, kind in enumerate(KINDS)}

    async def lookup(slug: str) -> AreaPage | None:
        async with engine.read() as tx:
            areas = (msgspec.json.decode(body, type=AreaRow) for (body,) in await tx.fetch(_AREAS))
            area = next((row for row in areas if row.slug == slug), None)
            if area is None:
                return None
            kept = await bodies_of_area(tx, area.id, (UnitRow.entity, FunctionContactRow.entity))
        functions = [
            msgspec.json.decode(body, type=FunctionContactRow) for kind, body in kept if kind != UnitRow.entity
        ]
        units = [msgspec.json.decode(body, type=UnitRow) for kind, body in kept if kind == UnitRow.entity]
        here = sorted(units, key=lambda unit: (order.get(unit.kind, len(order)), unit.name.casefold()))
        today = local_date(clock.now())
        by_unit: dict[str, list[FunctionContactRow]] = {}
        for row in functions:
            by_unit.setdefault(row.unit, []).append(row)
        contacts = tuple(_contact(unit, by_unit.get(unit.id, []), today) for unit in here)
        # What is to be checked says so itself; without anything else the whole page is.
        current = [max(row.confirmed_on for row in rows) for rows in by_unit.values() if not _is_stale(rows, today)]
        confirmed_on = date.fromisoformat(min(current)) if current else None
        is_stale = bool(functions) and not current
        return AreaPage(slug, area.name, "", contacts, confirmed_on=confirmed_on, is_stale=is_stale)

    return lookup
