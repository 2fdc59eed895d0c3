"""Directory, term meetings, freed times and a leaver through the whole house: real sockets, each engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from server.domain.actors import Actor, SeatKind
from server.domain.instants import wall_text
from server.features.person import UnitRow
from server.storage.engine import Tx
from server.sync.client import Client, Refused
from tests.site import Site


def every(client: Client, entity: str) -> list[dict[str, Any]]:
    return list(client.copy.all(entity))


def own(client: Client, entity: str, id: str) -> dict[str, Any]:
    return next((doc for doc in client.copy.all(entity) if doc["id"] == id), {})


def soon(site: Site, days: int) -> str:
    now = site.parts.house.clock.now()
    return wall_text(now.replace(hour=11, minute=0) + timedelta(days=days))


async def admin(site: Site) -> None:
    """Per administers the municipality: he holds the school's room and no child's."""
    stage, school = site.world.stage, site.world.units["school"]
    async with site.parts.engine.read() as tx:
        rows = await tx.fetch("SELECT body FROM record WHERE id = $1", school)
    row = msgspec.json.decode(rows[0][0], type=UnitRow)
    account = await stage.account("Per Hammar")
    seat = await stage.seat(account, SeatKind.ADMIN, organisation=row.organisation)
    await stage.keep({school: [msgspec.structs.replace(row, admins=(seat,))]})
    site.world.people["per"] = await stage.person(account, seat)


async def test_a_leaver_leaves_nothing_behind_and_the_family_hears(site: Site) -> None:
    left: list[str] = []

    async def end(tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        left.append(args["seat"])

    site.parts.house.effects["seat.leave"] = end  # type: ignore[index]
    await admin(site)
    world, school = site.world, site.world.units["school"]
    per, maria, johan, elin, anna = [await site.client(name) for name in ("per", "maria", "johan", "elin", "anna")]
    made = await maria.send("directory.edit", unit=school, function="counsellor", holder=world["maria"].seat)
    contact = str(made["result"]["function_contact"])
    await per.until(lambda: own(per, "function_contact", contact).get("gap") == ["deputy"])
    assert not every(per, "child") and {doc["id"] for doc in every(per, "unit")} == {school}

    held = (await per.send("person.leaving", unit=school, person=world["maria"].seat))["result"]
    assert {one["id"] for one in held["children"]} == {world.elsa, world.noor}
    with pytest.raises(Refused) as caught:
        await per.send("person.leave", unit=school, person=world["maria"].seat)
    assert set(caught.value.nack["data"]["missing"]) == {"children", "functions", "roles"}
    with pytest.raises(Refused) as caught:
        await elin.send("person.leave", unit=school, person=world["maria"].seat, successor=world["elin"].seat)
    assert caught.value.nack["code"] == "not_allowed"

    answer = await per.send("person.leave", unit=school, person=world["maria"].seat, successor=world["elin"].seat)
    assert answer["result"]["children"] == 2 and left == [world["maria"].seat]
    await anna.until(lambda: every(anna, "coordinator")[0].get("name") == "Elin Sand")
    await anna.until(lambda: any(doc["kind"] == "coordinator_changed" for doc in every(anna, "notice")))
    await elin.until(lambda: {doc["id"] for doc in every(elin, "child")} == {world.elsa, world.noor})
    await maria.until(lambda: not every(maria, "child") and not every(maria, "staff"))
    await johan.until(lambda: own(johan, "function_contact", contact)["name"] == "Elin Sand")
    assert {doc["display_name"] for doc in every(johan, "child")} == {"Elsa", "Noor"}
    assert not any(doc["name"] == "Maria Ekdahl" for doc in every(johan, "staff"))


async def test_a_term_meeting_calls_the_area_and_carries_its_answers(site: Site) -> None:
    lena, maria, jonas, nils = [await site.client(name) for name in ("lena", "maria", "jonas", "nils")]
    needed = ["counsellor", "consultant", "doctor"]
    planned = await lena.send("term.plan", term="VT 2027", starts_local=soon(site, 60), required_functions=needed)
    meeting = str(planned["result"]["term_meeting"])
    await maria.until(lambda: own(maria, "term_meeting", meeting).get("missing_functions") == ["doctor"])
    called = own(maria, "term_meeting", meeting)["participants"]
    assert {one["name"] for one in called} == {"Maria Ekdahl", "Jonas Berg", "Sara Lindh"}
    await maria.until(lambda: any(doc["kind"] == "term_planned" for doc in every(maria, "notice")))
    await jonas.send("term.respond", term_meeting=meeting, answer="digital")
    mine = site.world["jonas"].seat

    def answered() -> list[str]:
        return [one["answer"] for one in own(lena, "term_meeting", meeting)["participants"] if one["who"] == mine]

    await lena.until(lambda: answered() == ["digital"])
    assert not own(nils, "term_meeting", meeting)
    with pytest.raises(Refused) as caught:
        await nils.send("term.respond", term_meeting=meeting, answer="yes")
    assert caught.value.nack["code"] == "not_found"
    with pytest.raises(Refused) as caught:
        await maria.send("term.cancel", term_meeting=meeting)
    assert caught.value.nack["code"] == "not_allowed"
    await lena.until(lambda: len(every(lena, "area_figures")) == 1)


async def test_a_freed_time_is_offered_to_one_who_waits(site: Site) -> None:
    jonas, maria, elin = [await site.client(name) for name in ("jonas", "maria", "elin")]
    await jonas.send(
        "slot.publish",
        times=[{"starts_local": soon(site, 5), "minutes": 30}],
        mode="phone",
        topics=["sleep"],
        phone="0313900601",
    )
    await maria.until(lambda: len(every(maria, "slot")) == 1)
    slot = every(maria, "slot")[0]["id"]
    booked = await maria.send("slot.book", slot=slot, topic="sleep", age_band="13-15")
    wish = str((await elin.send("slot.wish", topic="sleep", age_band="10-12", question="Hur?"))["result"]["slot_wish"])
    await maria.send("slot.release", booking=booked["result"]["booking"])
    await elin.until(lambda: own(elin, "slot_wish", wish).get("state") == "offered")
    assert own(elin, "slot_wish", wish)["offer"]["slot"] == slot
    await maria.until(lambda: own(maria, "slot", slot)["state"] == "offered")
    with pytest.raises(Refused) as caught:
        await maria.send("slot.book", slot=slot, topic="sleep", age_band="13-15")
    assert caught.value.nack["code"] == "taken"
    taken = await elin.send("slot.take", slot_wish=wish, slot=slot)
    await jonas.until(lambda: own(jonas, "booking", taken["result"]["booking"]).get("question") == "Hur?")
    await elin.until(lambda: not own(elin, "slot_wish", wish))


async def test_the_line_of_an_open_hour_is_known_by_number(site: Site) -> None:
    jonas, maria, elin = [await site.client(name) for name in ("jonas", "maria", "elin")]
    args = {"weekday": 3, "at": "13:00", "minutes": 60, "mode": "phone", "topics": ["sleep"], "phone": "0313900601"}
    hour = str((await jonas.send("open_hour.open", **args))["result"]["open_hour"])
    with pytest.raises(Refused) as caught:
        await jonas.send("open_hour.open", **{**args, "at": "13:30"})
    assert caught.value.nack["code"] == "conflict"
    await elin.until(lambda: own(elin, "open_hour", hour) != {} and own(maria, "open_hour", hour) != {})
    first = await maria.send("open_hour.join", open_hour=hour, topic="sleep", age_band="13-15")
    second = await elin.send("open_hour.join", open_hour=hour, topic="sleep", age_band="13-15")
    place = str(second["result"]["open_hour_place"])
    await elin.until(lambda: own(elin, "open_hour_place", place).get("ahead") == 1)
    await maria.send("open_hour.leave", open_hour_place=first["result"]["open_hour_place"])
    await elin.until(lambda: own(elin, "open_hour_place", place).get("ahead") == 0)
    await jonas.until(lambda: [doc["booked_by"]["name"] for doc in every(jonas, "open_hour_place")] == ["Elin Sand"])
    assert len(every(elin, "open_hour_place")) == 1
