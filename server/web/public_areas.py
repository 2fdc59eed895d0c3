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
from server.web.areas import AreaContact, AreaLookup, AreaPage

_ROWS = "select body from record where entity = $1 order by id"


def _contact(unit: UnitRow, rows: Sequence[FunctionContactRow], today: date) -> AreaContact:
    """The unit as families see it; stale once nobody there has confirmed any of its functions for half a year."""
    phone = display_phone(unit.phone) if unit.phone else ""
    is_stale = bool(rows) and all(row.check_after < today for row in rows)
    return AreaContact(unit.kind, unit.name, phone, unit.hours or "", unit.offers or "", is_stale)


def area_lookup(engine: Engine, clock: Clock) -> AreaLookup:
    """Answers the page of the area with this slug, or None; units in the order of the kinds, then by name."""
    order = {kind: place for place, kind in enumerate(KINDS)}

    async def lookup(slug: str) -> AreaPage | None:
        async with engine.read() as tx:
            areas = [msgspec.json.decode(body, type=AreaRow) for (body,) in await tx.fetch(_ROWS, "area")]
            area = next((row for row in areas if row.slug == slug), None)
            if area is None:
                return None
            functions = [
                msgspec.json.decode(body, type=FunctionContactRow)
                for (body,) in await tx.fetch(_ROWS, FunctionContactRow.entity)
            ]
            units = [msgspec.json.decode(body, type=UnitRow) for (body,) in await tx.fetch(_ROWS, "unit")]
        here = sorted(
            (unit for unit in units if unit.area == area.id),
            key=lambda unit: (order.get(unit.kind, len(order)), unit.name.casefold()),
        )
        today = local_date(clock.now())
        by_unit: dict[str, list[FunctionContactRow]] = {}
        for row in functions:
            by_unit.setdefault(row.unit, []).append(row)
        contacts = tuple(_contact(unit, by_unit.get(unit.id, []), today) for unit in here)
        return AreaPage(slug, area.name, "", contacts)

    return lookup
