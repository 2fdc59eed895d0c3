"""The public page is made of the area and its units; people stay out of it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from server.features.directory.rows import FunctionContactRow
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.shape import Row
from server.storage.engine import Engine
from server.web.areas import AreaContact
from server.web.public_areas import area_lookup
from tests.clock import FrozenClock

CLOCK = FrozenClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
NORTH, WEST = "0193-area-north", "0193-area-west"


async def keep(engine: Engine, *rows: Row) -> None:
    """Stores rows as they stand; each is its own aggregate."""
    async with engine.write() as tx:
        for row in rows:
            await tx.execute(
                "insert into aggregate (id, kind, owner_unit, changed_at) values ($1, $2, $3, $4)",
                *(row.id, row.aggregate, row.owner_unit, "2026-11-22T09:00:00.000Z"),
            )
            await tx.execute(
                "insert into record (id, entity, aggregate_id, owner_unit, body, updated_at)"
                " values ($1, $2, $3, $4, $5, $6)",
                *(row.id, row.entity, row.id, row.owner_unit, msgspec.json.encode(row).decode()),
                "2026-11-22T09:00:00.000Z",
            )


async def test_units_of_the_area_and_nothing_else(engine: Engine) -> None:
    await keep(
        engine,
        AreaRow(id=NORTH, owner_unit="", name="Norra Skaraborg", slug="norra-skaraborg"),
        AreaRow(id=WEST, owner_unit="", name="Pilot väst", slug="pilot-vast"),
        UnitRow(id="u1", owner_unit="u1", name="BUP", area=NORTH, organisation="o", kind="child_psychiatry", town="M"),
        UnitRow(
            id="u2",
            owner_unit="u2",
            name="Lillåns skola",
            area=NORTH,
            organisation="o",
            kind="school_health",
            town="M",
            phone="+46313900601",
            hours="vardagar 8–16",
        ),
        UnitRow(id="u3", owner_unit="u3", name="Marks elevhälsa", area=WEST, organisation="o", kind="x", town="Mark"),
        StaffRow(id="s1", owner_unit="u2", account="a", name="Kanariefagel", title="Kurator", phone="+46701740621"),
    )
    page = await area_lookup(engine, CLOCK)("norra-skaraborg")
    assert page is not None
    assert (page.name, page.contacts) == (
        "Norra Skaraborg",
        (
            AreaContact("school_health", "Lillåns skola", "031-390 06 01", "vardagar 8–16"),
            AreaContact("child_psychiatry", "BUP", "", ""),
        ),
    )
    assert await area_lookup(engine, CLOCK)("unknown") is None


async def test_a_unit_that_nobody_has_confirmed_for_half_a_year_says_so(engine: Engine) -> None:
    units = [
        UnitRow(id=f"u{n}", owner_unit=f"u{n}", name=f"Enhet {n}", area=NORTH, organisation="o", kind="x", town="M")
        for n in range(3)
    ]
    confirmed = (("u1", "2026-01-10"), ("u2", "2026-01-10"), ("u2", "2026-10-10"))
    rows = [
        FunctionContactRow(
            id=f"f{n}", owner_unit=unit, unit=unit, function="nurse", name="Kanariefagel", confirmed_on=on
        )
        for n, (unit, on) in enumerate(confirmed)
    ]
    await keep(engine, AreaRow(id=NORTH, owner_unit="", name="Norr", slug="norr"), *units, *rows)
    page = await area_lookup(engine, CLOCK)("norr")
    assert page is not None and [one.is_stale for one in page.contacts] == [False, True, False]
    assert "Kanariefagel" not in repr(page)
