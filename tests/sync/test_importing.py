"""An admin's lists, on both engines: what was looked through is kept, once, and nobody else's units are touched."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.errors import Refused
from server.features.import_columns import Kind
from server.features.importing import ImportRow
from server.storage.engine import open_engine
from server.sync import importing
from tests.access.scene import house_on
from tests.conftest import Place
from tests.people import make_world
from tests.sync.test_joining import Door, admin

PEOPLE = "Namn;Titel;Enhet;Funktioner;Telefon\n"
LINES = 5_000
WITHIN_S = 10.0
"""For five thousand rows, on a machine that does other things too."""


@pytest.fixture
async def door(place: Place) -> AsyncIterator[Door]:
    engine = open_engine(**place)
    await engine.start()
    async with house_on(engine) as house:
        built = Door(await make_world(house, children=False))
        await admin(built)
        yield built
    await engine.close()


async def look(door: Door, kind: Kind, text: str, who: str = "per") -> dict[str, Any]:
    return await importing.preview(door.world.stage.house, door.world[who].actor, kind, text.encode())


async def keep(door: Door, shown: dict[str, Any], who: str = "per") -> dict[str, Any]:
    return dict(await door.world.stage.act(door.world[who], "import.keep", preview=shown["id"]))


async def test_units_then_people_then_functions(door: Door) -> None:
    per = door.world["per"]
    shown = await look(door, "units", "Namn;Typ;Ort;Område\nNya skolan;Elevhälsa;Mariestad;norra\nX;Y;Z;Å\n")
    assert (shown["kept"], len(shown["left_out"]), shown["refused"]) == (1, 1, False)
    assert [unit["name"] for unit in (await door.copy(per)).all("unit")] == ["Lillåns skola"], "nothing is kept yet"
    assert await keep(door, shown) == {"kind": "units", "kept": 1, "left": 0}
    units = {unit["name"]: unit["id"] for unit in (await door.copy(per)).all("unit")}
    assert sorted(units) == ["Lillåns skola", "Nya skolan"]
    people = PEOPLE + "Kim Ek;Kurator;nya skolan;Skolkurator;0701740621\nMaria Ekdahl;Kurator;Lillåns skola;;\n"
    shown = await look(door, "people", people)
    assert [one.code for one in shown["problems"]] == ["exists"]
    await keep(door, shown)
    (kim,) = (await door.copy(per)).all("newcomer")
    assert (kim["name"], kim["unit"], kim["functions"], kim.get("expires_at")) == (
        "Kim Ek", units["Nya skolan"], ["counsellor"], None,
    )  # fmt: skip
    told = await door.world.stage.act(per, "newcomer.invite", newcomer=kim["id"])
    colleague = await door.person(await door.come_in(str(told["code"])))
    assert (colleague.actor.unit, colleague.actor.functions) == (units["Nya skolan"], frozenset({"counsellor"}))
    functions = "Enhet;Funktion;Namn;Telefon;Ersättare\nNya skolan;Kurator;Kim Ek;0701740621;Lo\n"
    await keep(door, await look(door, "functions", functions))
    (contact,) = (await door.copy(per)).all("function_contact")
    assert (contact["holder"], contact["name"], contact["deputy"]["name"]) == (colleague.seat, "Kim Ek", "Lo")
    assert contact.get("gap", []) == []
    assert await door.whole() == []


async def test_a_list_is_kept_once(door: Door) -> None:
    text = PEOPLE + "Kim Ek;Kurator;Lillåns skola;;\n"
    shown = await look(door, "people", text)
    await keep(door, shown)
    with pytest.raises(Refused, match="not_found"):
        await keep(door, shown)
    again = await look(door, "people", text)
    assert (again["id"], again["kept"], [one.code for one in again["problems"]]) == (None, 0, ["exists"])
    assert len(list((await door.copy(door.world["per"])).all("newcomer"))) == 1


async def test_what_came_in_meanwhile_is_left_as_it_is(door: Door) -> None:
    shown = await look(door, "people", PEOPLE + "Kim Ek;Kurator;Lillåns skola;;\nLo Dal;Kurator;Lillåns skola;;\n")
    await door.world.stage.act(
        door.world["per"], "staff.invite", unit=door.world.units["school"], name_shown="Kim Ek", title="Rektor"
    )
    assert await keep(door, shown) == {"kind": "people", "kept": 1, "left": 1}
    titles = {one["name"]: one["title"] for one in (await door.copy(door.world["per"])).all("newcomer")}
    assert titles == {"Kim Ek": "Rektor", "Lo Dal": "Kurator"}


async def test_other_organisations_have_no_part_in_it(door: Door) -> None:
    shown = await look(door, "people", PEOPLE + "Kim Ek;Kurator;UPH Norra Skaraborg;;\n")
    assert shown["id"] is None and [one.code for one in shown["problems"]] == ["unknown_unit"]
    stage = door.world.stage
    account = await stage.account("Eva")
    stranger = await stage.person(account, await stage.seat(account, SeatKind.ADMIN, organisation=stage.new_id()))
    door.world.people["stranger"] = stranger
    mine = await look(door, "people", PEOPLE + "Kim Ek;Kurator;Lillåns skola;;\n")
    with pytest.raises(Refused, match="not_found"):
        await keep(door, mine, "stranger")
    with pytest.raises(Refused, match="not_found"):
        await keep(door, mine, "birgitta")


async def test_a_new_admin_begins_with_their_first_units(door: Door) -> None:
    stage = door.world.stage
    account = await stage.account("Eva")
    organisation = stage.new_id()
    eva: Person = await stage.person(account, await stage.seat(account, SeatKind.ADMIN, organisation=organisation))
    door.world.people["eva"] = eva
    await keep(door, await look(door, "units", "Namn;Typ;Ort;Område\nSkolan;skola;Orust;norra\n", "eva"), "eva")
    assert [unit["name"] for unit in (await door.copy(eva)).all("unit")] == ["Skolan"]
    assert await door.whole() == []


async def test_a_list_waits_for_an_hour(door: Door) -> None:
    stage = door.world.stage
    shown = await look(door, "people", PEOPLE + "Kim Ek;Kurator;Lillåns skola;;\n")
    stage.clock.set(stage.clock.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="too_late"):
        await keep(door, shown)
    due = await door.value("SELECT kind FROM reminder WHERE record_id = $1 AND state = 'due'", shown["id"])
    assert due == "act:import.forget"
    await look(door, "people", PEOPLE + "Lo Dal;Kurator;Lillåns skola;;\n")
    waiting = await door.value("SELECT count(*) FROM record WHERE entity = $1", ImportRow.entity)
    assert waiting == 1, "a new look takes the place of the one before"


async def test_an_identity_number_never_reaches_the_database(door: Door) -> None:
    shown = await look(door, "people", "Namn;Titel;Enhet;Id\nKim;Kurator;Lillåns skola;811218-9876\n")
    assert shown["refused"] and shown["id"] is None and shown["left_out"] == []
    assert await door.value("SELECT count(*) FROM record WHERE entity = 'import'") == 0


async def test_five_thousand_people_are_kept_at_once(door: Door) -> None:
    lines = "".join(f"Person {n};Kurator;Lillåns skola;Kurator;\n" for n in range(LINES))
    began = time.monotonic()
    shown = await look(door, "people", PEOPLE + lines)
    looked = time.monotonic()
    assert await keep(door, shown) == {"kind": "people", "kept": LINES, "left": 0}
    kept = time.monotonic()
    print(f"looked through in {looked - began:.1f} s, kept in {kept - looked:.1f} s")
    assert kept - began < WITHIN_S
    assert len(list((await door.copy(door.world["per"])).all("newcomer"))) == LINES
