"""Demo sign-in: everything on this machine, nothing from anywhere else."""

from __future__ import annotations

import json

import pytest

from server.auth.demo import PERSONAS_KEY
from server.domain.actors import SeatKind
from server.storage.engine import Engine
from tests.auth.house import LOCAL, House
from tests.clock import FrozenClock


@pytest.fixture
async def house(engine: Engine, clock: FrozenClock) -> House:
    """A demo house with Anna, and Johan who has two seats."""
    house = House(engine, clock, origin=LOCAL, demo=True)
    anna, (guardian,) = await house.person(SeatKind.GUARDIAN)
    johan, (staff, parent) = await house.person(SeatKind.STAFF, SeatKind.GUARDIAN, name="Johan")
    people = {
        "anna": {"name": "Anna", "account": anna, "seats": [{"id": guardian, "kind": "guardian", "label": "Elsa"}]},
        "johan": {
            "name": "Johan",
            "account": johan,
            "seats": [{"id": staff, "kind": "staff", "label": "Skolan"}, {"id": parent, "kind": "guardian"}],
        },
    }
    async with engine.write() as tx:
        await tx.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", PERSONAS_KEY, json.dumps(people))
    return house


async def test_personas_are_listed(house: House) -> None:
    async with house.browser(client="127.0.0.1") as browser:
        personas = (await browser.get("/auth/demo")).json()["personas"]
        ways = (await browser.get("/auth/ways")).json()
    assert [(one["key"], one["name"], [seat["kind"] for seat in one["seats"]]) for one in personas] == [
        ("anna", "Anna", ["guardian"]), ("johan", "Johan", ["staff", "guardian"]),
    ]  # fmt: skip
    assert set(personas[0]) == {"key", "name", "seats"} and set(personas[0]["seats"][0]) == {"id", "kind", "label"}
    assert ways["demo"] is True


async def test_no_personas_before_the_data_set_is_built(engine: Engine, clock: FrozenClock) -> None:
    async with House(engine, clock, origin=LOCAL, demo=True).browser(client="127.0.0.1") as browser:
        assert (await browser.get("/auth/demo")).json() == {"personas": []}


@pytest.mark.parametrize("level", [None, "code", "verified", "eid"])
async def test_signing_in_at_a_level(house: House, level: str | None) -> None:
    async with house.browser(client="127.0.0.1") as browser:
        body = {"persona": "anna"} | ({"assurance": level} if level else {})
        answer = await browser.post("/auth/demo", json=body)
        assert answer.status_code == 204 and answer.headers["set-cookie"].startswith("sid=")
        me = (await browser.get("/auth/me")).json()
    assert (me["name"], me["kind"], me["assurance"]) == ("Anna", "guardian", level or "eid")


async def test_signing_in_without_any_browser_header(house: House) -> None:
    async with house.browser(client="::1") as program:
        del program.headers["origin"]
        assert (await program.post("/auth/demo", json={"persona": "anna"})).status_code == 204
        assert (await program.post("/auth/demo", json={"persona": "johan"})).status_code == 204
        assert (await program.post("/auth/sign-out")).status_code == 204


async def test_seat_may_be_chosen_and_the_earlier_session_ends(house: House) -> None:
    async with house.browser(client="127.0.0.1") as browser:
        personas = (await browser.get("/auth/demo")).json()["personas"]
        anna, johan = personas[0], personas[1]
        await browser.post("/auth/demo", json={"persona": "johan"})
        assert (await browser.get("/auth/me")).json()["kind"] == "staff"
        await browser.post("/auth/demo", json={"persona": "johan", "seat": johan["seats"][1]["id"]})
        assert (await browser.get("/auth/me")).json()["kind"] == "guardian"
        await browser.post("/auth/demo", json={"persona": "anna"})
        wrong = await browser.post("/auth/demo", json={"persona": "johan", "seat": anna["seats"][0]["id"]})
        unknown = await browser.post("/auth/demo", json={"persona": "nobody"})
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    async with house.engine.read() as tx:
        reasons = await tx.fetch("SELECT end_reason FROM session ORDER BY created_at, id")
    assert sorted(str(reason) for (reason,) in reasons) == ["None", "rotated", "signed_out"]


async def test_outside_demo_mode_there_is_no_such_address(engine: Engine, clock: FrozenClock) -> None:
    async with House(engine, clock, origin=LOCAL).browser(client="127.0.0.1") as browser:
        assert (await browser.get("/auth/demo")).status_code == 404
        assert (await browser.post("/auth/demo", json={"persona": "anna"})).status_code == 404


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("192.0.2.10", {}),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.10"}),
        ("127.0.0.1", {"forwarded": "for=192.0.2.10"}),
        ("127.0.0.1", {"via": "1.1 proxy"}),
        ("127.0.0.1", {"host": "rebound.example:8000"}),
    ],
)
async def test_nothing_from_outside_this_machine(house: House, client: str, headers: dict[str, str]) -> None:
    async with house.browser(client=client) as browser:
        assert (await browser.get("/auth/demo", headers=headers)).status_code == 404
        assert (await browser.post("/auth/demo", json={"persona": "anna"}, headers=headers)).status_code in (403, 404)
    assert await house.value("SELECT count(*) FROM session") == 0
