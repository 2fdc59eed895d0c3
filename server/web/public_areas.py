"""Where the public page of an area comes from: its units as they are stored, never a person's name or number."""

from __future__ import annotations

import msgspec

from server.domain.identifiers import display_phone
from server.features.person import AreaRow, UnitRow
from server.storage.engine import Engine
from server.web.areas import UNIT_KINDS, AreaContact, AreaLookup, AreaPage

_ROWS = "select body from record where entity = $1 order by id"


def _contact(unit: UnitRow) -> AreaContact:
    phone = display_phone(unit.phone) if unit.phone else ""
    return AreaContact(unit.kind, unit.name, phone, unit.hours or "", unit.offers or "")


def area_lookup(engine: Engine) -> AreaLookup:
    """Answers the page of the area with this slug, or None; units in the order of the kinds, then by name."""
    order = {kind: place for place, kind in enumerate(UNIT_KINDS)}

    async def lookup(slug: str) -> AreaPage | None:
        async with engine.read() as tx:
            areas = [msgspec.json.decode(body, type=AreaRow) for (body,) in await tx.fetch(_ROWS, "area")]
            area = next((row for row in areas if row.slug == slug), None)
            if area is None:
                return None
            units = [msgspec.json.decode(body, type=UnitRow) for (body,) in await tx.fetch(_ROWS, "unit")]
        here = sorted(
            (unit for unit in units if unit.area == area.id),
            key=lambda unit: (order.get(unit.kind, len(order)), unit.name.casefold()),
        )
        return AreaPage(slug, area.name, "", tuple(_contact(unit) for unit in here))

    return lookup
