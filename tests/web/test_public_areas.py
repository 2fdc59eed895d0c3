"""The public page is made of the area and its units; people stay out of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from server.features.directory.rows import FunctionContactRow
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.shape import Row
from server.storage.engine import Engine
from server.web.areas import AreaContact, render_area
from server.web.public_areas import area_lookup
from tests.clock import FrozenClock

CLOCK = FrozenClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
NORTH, WEST = "0193-area-north", "0193-area-west"


async def keep(engine: Engine, *rows: Row) -> None:
    """Stores rows as they stand, each in the unit it names or in an aggregate of its own."""
    async with engine.write() as tx:
        for row in rows:
            home = getattr(row, "unit", row.id)
            await tx.execute(
                "insert into aggregate (id, kind, owner_unit, changed_at) values ($1, $2, $3, $4)"
                " on conflict (id) do nothing",
                *(home, row.aggregate, row.owner_unit, "2026-11-22T09:00:00.000Z"),
            )
            await tx.execute(
                "insert into record (id, entity, aggregate_id, owner_unit, body, updated_at)"
                " values ($1, $2, $3, $4, $5, $6)",
                *(row.id, row.entity, home, row.owner_unit, msgspec.json.encode(row).decode()),
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


async def test_only_the_units_of_the_area_are_read(engine: Engine) -> None:
    def unit(id: str, area: str) -> UnitRow:
        return UnitRow(id=id, owner_unit=id, name="BUP", area=area, organisation="o", kind="x", town="M")

    area = AreaRow(id=NORTH, owner_unit="", name="Norr", slug="norr")
    row = FunctionContactRow(id="f2", owner_unit="u2", unit="u2", function="nurse", confirmed_on="2026-10-10")
    await keep(engine, area, unit("u1", NORTH), unit("u2", WEST), row)
    async with engine.write() as tx:
        await tx.execute("update record set body = $1 where id = any($2)", f'{{"area":"{WEST}"}}', ["u2", "f2"])
    page = await area_lookup(engine, CLOCK)("norr")
    assert page is not None and [one.unit_name for one in page.contacts] == ["BUP"]


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
    # The page as a whole is as old as the oldest unit that does not say itself that it is to be checked.
    assert (page.is_stale, page.confirmed_on) == (False, date(2026, 10, 10))
    assert "Kanariefagel" not in repr(page)


async def test_a_page_of_which_nobody_has_confirmed_anything_for_half_a_year_is_to_be_checked(engine: Engine) -> None:
    unit = UnitRow(id="u1", owner_unit="u1", name="BUP", area=NORTH, organisation="o", kind="x", town="M")
    row = FunctionContactRow(id="f1", owner_unit="u1", unit="u1", function="nurse", confirmed_on="2026-05-26")
    await keep(engine, AreaRow(id=NORTH, owner_unit="", name="Norr", slug="norr"), unit, row)
    clock = FrozenClock(CLOCK.now())
    for days, is_stale in ((0, False), (1, True)):
        clock.advance(days=days)
        page = await area_lookup(engine, clock)("norr")
        assert page is not None and page.is_stale is is_stale
        html = render_area(page, "sv")
        checked, confirmed = "Kontrollera innan du litar på det", "Bekräftad 2026-05-26"
        assert (checked in html, confirmed in html) == (is_stale, not is_stale)


async def test_a_page_whose_units_have_told_nothing_yet_says_nothing_of_when(engine: Engine) -> None:
    unit = UnitRow(id="u1", owner_unit="u1", name="BUP", area=NORTH, organisation="o", kind="x", town="M")
    await keep(engine, AreaRow(id=NORTH, owner_unit="", name="Norr", slug="norr"), unit)
    page = await area_lookup(engine, CLOCK)("norr")
    assert page is not None and (page.is_stale, page.confirmed_on) == (False, None)
