"""Somebody leaves, or a child's coordination ends, through the whole house: real server, real sockets, each engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from server.demo.stage import Person
from server.domain import scopes
from server.domain.actors import SeatKind
from server.domain.instants import wall_text
from server.features.area import LeadRow
from server.features.organisation import AdminRow
from server.features.person import StaffRow, UnitRow
from server.sync.client import Client, Ended, Refused
from tests.people import add_guardian
from tests.site import Site


def every(client: Client, entity: str) -> list[dict[str, Any]]:
    return list(client.copy.all(entity))


def own(client: Client, entity: str, id: str) -> dict[str, Any]:
    return next((doc for doc in every(client, entity) if doc["id"] == id), {})


async def in_seat(site: Site, person: Person) -> Client:
    """A device of somebody with several seats, in this one."""
    client = await site.client(person, connect=False)
    client.seat = person.seat
    await client.connect()
    return client


async def until_wiped(client: Client) -> None:
    with pytest.raises(Ended, match="wipe"):
        await client.until(lambda: False)


async def school(site: Site) -> UnitRow:
    async with site.parts.engine.read() as tx:
        body = await tx.fetch_value("SELECT body FROM record WHERE id = $1", site.world.units["school"])
    return msgspec.json.decode(body, type=UnitRow)


async def admins(site: Site, *names: str) -> None:
    """They administer the municipality, the first alone the school."""
    stage, unit = site.world.stage, await school(site)
    rows = []
    for name in names:
        account = await stage.account(name)
        seat = await stage.seat(account, SeatKind.ADMIN, organisation=unit.organisation)
        site.world.people[name] = await stage.person(account, seat)
        rows.append(AdminRow(id=seat, owner_unit=unit.organisation, account=account, name=name))
    await stage.keep({unit.organisation: rows, unit.id: [msgspec.structs.replace(unit, admins=(rows[0].id,))]})


async def another_lead(site: Site) -> Person:
    """Elin leads the area too, beside her work in the school."""
    stage, world, elin = site.world.stage, site.world, site.world["elin"]
    seat = await stage.seat(elin.account, SeatKind.LEAD, area=world.area)
    row = LeadRow(id=seat, owner_unit="", area=world.area, account=elin.account, name="Elin Sand")
    await stage.keep({world.area: [row]})
    return await stage.person(elin.account, seat)


async def seats_ended(site: Site, account: str) -> dict[str, bool]:
    async with site.parts.engine.read() as tx:
        rows = await tx.fetch("SELECT id, ended_at FROM seat WHERE account_id = $1", account)
    return {id: ended is not None for id, ended in rows}


async def test_a_process_lead_leaves_and_the_other_goes_on_with_the_area(site: Site) -> None:
    await admins(site, "per")
    world, unit = site.world, site.world.units["school"]
    per, lena = await site.client("per"), await site.client("lena")
    where = {"unit": unit, "area": world.area}
    on = wall_text(site.parts.house.clock.now() + timedelta(days=60))
    planned = await lena.send("term.plan", term="VT 2027", starts_local=on, required_functions=["counsellor"])
    await lena.send("task.add", what="Boka lokal")
    with pytest.raises(Refused) as caught:
        await per.send("process_lead.leave", **where, lead=world["lena"].seat)
    assert caught.value.nack["data"] == {"missing": {"leads": True}}

    next_lead = await another_lead(site)
    told = (await per.send("process_lead.leaving", **where))["result"]
    assert [one["name"] for one in told["leads"]] == ["Elin Sand", "Lena Strand"]
    assert planned["result"]["term_meeting"] in {one["id"] for one in told["term_meetings"]}
    elin_leads, elin_works = await in_seat(site, next_lead), await in_seat(site, world["elin"])
    answer = await per.send("process_lead.leave", **where, lead=world["lena"].seat)
    assert answer["result"]["leads"] == ["Elin Sand"]
    await until_wiped(lena)
    await elin_leads.until(lambda: any(one["kind"] == "successor" for one in every(elin_leads, "notice")))
    await elin_leads.send("term.cancel", term_meeting=planned["result"]["term_meeting"])
    assert any(one.get("what") == "Boka lokal" for one in every(elin_leads, "task"))
    with pytest.raises(Refused) as caught:
        await per.send("process_lead.leave", **where, lead=next_lead.seat)
    assert caught.value.nack["code"] == "conflict"
    # Her work in the school is another seat, which nothing has touched.
    assert every(elin_works, "staff") and elin_works.ended is None


async def test_the_end_of_one_seat_leaves_the_persons_others(site: Site) -> None:
    """Elin works in two units and is a guardian: ended in the school, she goes on in the clinic and at home."""
    await admins(site, "per")
    stage, world, unit = site.world.stage, site.world, site.world.units["school"]
    elin, clinic = world["elin"], site.world.units["clinic"]
    bo = str(
        (
            await stage.act(
                world["maria"], "child.open", display_name="Bo", turns_18_on="2035-01-01", person=world["maria"].seat
            )
        )["child"]
    )
    parent = await add_guardian(world, bo, "Eva", elin.account)
    seat = await stage.seat(elin.account, SeatKind.STAFF, unit=clinic, area=world.area)
    await stage.keep(
        {clinic: [StaffRow(id=seat, owner_unit=clinic, account=elin.account, name="Elin Sand", title="Kurator")]}
    )
    per, at_school = await site.client("per"), await in_seat(site, elin)
    at_home, at_clinic = await in_seat(site, parent), await in_seat(site, await stage.person(elin.account, seat))
    await per.send("person.leave", unit=unit, person=elin.seat)
    await until_wiped(at_school)
    assert await seats_ended(site, elin.account) == {elin.seat: True, seat: False, parent.seat: False}
    await at_home.send("contact.request", child=bo, reason="question")
    assert {one["id"] for one in every(at_home, "child")} == {bo}
    await at_clinic.send("task.add", what="Ring skolan")
    with pytest.raises(Refused) as caught:
        await per.send("person.leave", unit=clinic, person=seat)
    assert caught.value.nack["code"] == "not_found"


async def test_an_admin_ends_another_and_every_unit_still_has_one(site: Site) -> None:
    await admins(site, "per", "ulla")
    unit = site.world.units["school"]
    per, ulla = await site.client("per"), await site.client("ulla")
    assert {one["id"] for one in every(per, "unit")} == {unit} and not every(ulla, "unit")
    told = (await ulla.send("admin.leaving"))["result"]["admins"]
    assert [one["name"] for one in told] == ["per", "ulla"]
    with pytest.raises(Refused) as caught:
        await ulla.send("admin.leave", admin=site.world["ulla"].seat)
    assert caught.value.nack["fields"] == {"admin": "not_allowed_value"}
    await ulla.send("admin.leave", admin=site.world["per"].seat)
    await until_wiped(per)
    await ulla.until(lambda: {one["id"] for one in every(ulla, "unit")} == {unit})
    assert (await school(site)).admins == (site.world["ulla"].seat,)
    assert [one["name"] for one in (await ulla.send("admin.leaving"))["result"]["admins"]] == ["ulla"]
    with pytest.raises(Ended, match="wipe"):
        await per.connect()
    per_person = site.world["per"]
    assert await seats_ended(site, per_person.account) == {per_person.seat: True}


async def test_a_closed_child_ends_everywhere_and_each_is_told_once(site: Site) -> None:
    world, now = site.world, site.parts.house.clock.now()
    maria, johan, anna, omar, jonas = [await site.client(one) for one in ("maria", "johan", "anna", "omar", "jonas")]
    clinic, elsa = world.units["clinic"], world.elsa
    terms = {"information_kinds": ["child", "meeting"], "to_units": [clinic], "people": [world["jonas"].seat]}
    given = str((await maria.send("consent.ask", child=elsa, purpose="coordination", **terms))["result"]["consent"])
    for one in (anna, omar):
        await one.send("consent.answer", consent=given, answer="yes")
    asked = str((await maria.send("consent.ask", child=elsa, purpose="sip", **terms))["result"]["consent"])
    meetings = []
    for days in (8, 15):
        made = await maria.send(
            "meeting.propose", child=elsa, kind="network", starts_local=wall_text(now + timedelta(days=days)),
            invited=[world.relations["anna"]], staff=[world["maria"].seat, world["johan"].seat, world["jonas"].seat],
            invite=True,
        )  # fmt: skip
        meetings.append(str(made["result"]["meeting"]))
    await jonas.until(lambda: len(every(jonas, "meeting")) == 2)
    people = (anna, omar, johan, jonas)
    for one in people:
        await one.until(lambda one=one: bool(every(one, "notice")))  # type: ignore[misc]
    before = {one: {notice["id"] for notice in every(one, "notice")} for one in people}

    await maria.send("child.close", child=elsa, last_word="Tack för den här tiden.")
    room = scopes.consent(given, clinic)
    await jonas.until(lambda: room not in jonas.copy.scopes and not every(jonas, "child"))
    await anna.until(lambda: {own(anna, "meeting", one).get("state") for one in meetings} == {"cancelled"})
    await omar.until(lambda: own(omar, "consent", asked).get("state") == "not_shared")

    def new(one: Client) -> list[str]:
        return [str(notice["kind"]) for notice in every(one, "notice") if notice["id"] not in before[one]]

    for one, kind in zip(
        people, ("child_closed", "child_closed", "meeting_cancelled", "meeting_cancelled"), strict=True
    ):
        await one.until(lambda one=one: bool(new(one)))  # type: ignore[misc]
        assert new(one) == [kind]
    with pytest.raises(Refused) as caught:
        await omar.send("consent.answer", consent=asked, answer="yes")
    assert caught.value.nack["code"] == "conflict"
    for command, more in (("guardian.invite", {"name_shown": "Kim"}), ("consent.ask", {"purpose": "sip", **terms})):
        with pytest.raises(Refused) as caught:
            await maria.send(command, child=elsa, **more)
        assert caught.value.nack["code"] == "conflict"
    await johan.until(lambda: own(johan, "consent", asked).get("state") == "expired")
