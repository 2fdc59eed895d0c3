"""Redeeming an invitation, on both engines: whoever comes in can do their work at once, and a family has one seat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from server.auth.invitations import Redeemed, Subject, create_invitation, redeem
from server.auth.limits import place_of
from server.auth.people import load_actor
from server.auth.sessions import SignedIn, authenticate
from server.demo.stage import Person
from server.domain.actors import Assurance, SeatKind
from server.errors import Refused
from server.storage.engine import open_engine
from server.sync import pull
from server.sync.frames import Hello
from server.sync.joining import Joining
from server.sync.replica import Copy
from tests.access.scene import house_on
from tests.conftest import Place
from tests.people import World, make_world
from tests.promises.whole import problems


@dataclass
class Door:
    """The world, and the way in."""

    world: World

    async def invite(self, who: str, command: str, **args: Any) -> str:
        """The code that `who` is told."""
        return str((await self.world.stage.act(self.world[who], command, **args))["code"])

    async def redeem(self, code: str, joining: SignedIn | None = None) -> Redeemed:
        house = self.world.stage.house
        async with house.engine.write() as tx:
            return await redeem(
                tx, code=code, place=place_of("192.0.2.1"), label="", now=house.clock.now(),
                on_redeemed=Joining(house).on_redeemed, joining=joining, replaced=joining,
            )  # fmt: skip

    async def come_in(self, code: str, joining: SignedIn | None = None) -> SignedIn:
        """The session of whoever redeems the code."""
        done = await self.redeem(code, joining)
        assert done.session is not None
        house = self.world.stage.house
        async with house.engine.read() as tx:
            found = await authenticate(tx, done.session.token, house.clock.now())
        assert found is not None
        return found

    async def person(self, session: SignedIn, assurance: Assurance = Assurance.EID) -> Person:
        """The same, able to act when they have proved who they are."""
        house = self.world.stage.house
        async with house.engine.read() as tx:
            actor = await load_actor(tx, session.actor.account, session.actor.seat, assurance)
        assert actor is not None
        return Person(actor.account, actor.seat, actor.name, actor)

    async def copy(self, person: Person) -> Copy:
        """What their device holds after a first contact."""
        house, copy = self.world.stage.house, Copy()
        hello = Hello(1, 1, person.seat, person.seat, {}, None, "sv")
        found = await pull.welcome(house.engine, person.actor, hello, house.clock.now())
        copy.apply({"t": "welcome", "epoch": found.epoch, "last_n": 0, "scopes": [one.on_wire() for one in found.held]})
        for part in found.parts:
            for data in part.frames(person.actor):
                copy.apply(json.loads(data))
        return copy

    async def value(self, sql: str, *args: Any) -> Any:
        async with self.world.stage.house.engine.read() as tx:
            return await tx.fetch_value(sql, *args)

    async def whole(self) -> list[str]:
        house = self.world.stage.house
        return [one for one in await problems(house.engine, house.clock.now()) if not one.startswith("receipts")]


@pytest.fixture
async def door(place: Place) -> AsyncIterator[Door]:
    engine = open_engine(**place)
    await engine.start()
    async with house_on(engine) as house:
        yield Door(await make_world(house))
    await engine.close()


async def admin(door: Door) -> Person:
    """Per, by an invitation from the operator, to the school's organisation."""
    house = door.world.stage.house
    async with house.engine.write() as tx:
        body = await tx.fetch_value("SELECT body FROM record WHERE id = $1", door.world.units["school"])
        organisation = body.split('"organisation":"')[1][:36]
        made = await create_invitation(
            tx, SeatKind.ADMIN, organisation, Subject(name="Per", organisation=organisation), "operator",
            house.clock.now(),
        )  # fmt: skip
    person = await door.person(await door.come_in(made.code))
    door.world.people["per"] = person
    return person


async def test_an_admin_has_the_units_of_their_organisation_and_no_other(door: Door) -> None:
    per = await admin(door)
    assert [unit["id"] for unit in (await door.copy(per)).all("unit")] == [door.world.units["school"]]
    assert await door.whole() == []


async def test_an_invited_colleague_can_work_at_once(door: Door) -> None:
    await admin(door)
    school = door.world.units["school"]
    code = await door.invite(
        "per", "staff.invite", unit=school, name_shown="Kim Ek", title="Kurator", functions=["consultant"],
        phone="070-174 06 05", leads=True, language="ar",
    )  # fmt: skip
    expected = (await door.copy(door.world["birgitta"])).all("newcomer")
    assert [(one["name"], one["title"], one["kind"]) for one in expected] == [("Kim Ek", "Kurator", "staff")]
    session = await door.come_in(code)
    assert (session.actor.kind, session.actor.lang, session.actor.unit) == (SeatKind.STAFF, "ar", school)
    kim = await door.person(session)
    held = await door.copy(kim)
    (own,) = [one for one in held.all("staff") if one["id"] == kim.seat]
    assert (own["title"], own["functions"], own["phone"], own["leads"]) == (
        "Kurator", ["consultant"], "+46701740605", True,
    )  # fmt: skip
    assert list(held.all("newcomer")) == [] and list(held.all("area"))
    assert [one["language"] for one in held.all("settings")] == ["ar"]
    made = await door.world.stage.act(kim, "child.open", display_name="Ny", turns_18_on="2033-01-01", person=kim.seat)
    assert made["child"]
    await door.world.stage.act(
        kim, "slot.publish", times=[{"starts_local": "2026-11-20T14:00", "minutes": 30}], mode="phone",
        topics=["sleep"], phone="+46313900601",
    )  # fmt: skip
    assert await door.whole() == []


async def test_an_invited_process_lead_leads_the_area(door: Door) -> None:
    await admin(door)
    code = await door.invite("per", "process_lead.invite", unit=door.world.units["school"], name_shown="Lo Dal")
    lo = await door.person(await door.come_in(code))
    held = await door.copy(lo)
    assert lo.actor.kind is SeatKind.LEAD and f"area:{door.world.area}:lead" in held.scopes
    await door.world.stage.act(
        lo, "term.plan", term="VT 2027", starts_local="2027-01-20T13:00", required_functions=["counsellor"]
    )
    assert list((await door.copy(door.world["per"])).all("newcomer")) == []
    assert await door.whole() == []


async def test_what_was_taken_back_or_given_anew_opens_nothing(door: Door) -> None:
    await admin(door)
    stage, per, school = door.world.stage, door.world["per"], door.world.units["school"]
    told = await stage.act(per, "staff.invite", unit=school, name_shown="Kim", title="Kurator")
    again = await stage.act(per, "newcomer.invite", newcomer=told["newcomer"])
    assert (await door.redeem(str(told["code"]))).session is None
    await stage.act(per, "newcomer.remove", newcomer=told["newcomer"])
    assert (await door.redeem(str(again["code"]))).session is None
    assert list((await door.copy(per)).all("newcomer")) == []


async def test_a_colleague_who_leads_nothing_invites_nobody(door: Door) -> None:
    stage, school = door.world.stage, door.world.units["school"]
    with pytest.raises(Refused, match="not_allowed"):
        await stage.act(door.world["maria"], "staff.invite", unit=school, name_shown="Kim", title="Kurator")
    told = await stage.act(door.world["birgitta"], "staff.invite", unit=school, name_shown="Kim", title="Kurator")
    with pytest.raises(Refused, match="not_allowed"):
        await stage.act(door.world["maria"], "newcomer.remove", newcomer=told["newcomer"])


async def family(door: Door) -> tuple[SignedIn, str, str]:
    """(Anna's session, a sibling of Elsa, the code of Anna's invitation to that child)."""
    maria = door.world["maria"]
    made = await door.world.stage.act(
        maria, "child.open", display_name="Bo", turns_18_on="2035-01-01", person=maria.seat
    )
    bo = str(made["child"])
    first = await door.invite("maria", "guardian.invite", child=door.world.elsa, name_shown="Eva")
    return await door.come_in(first), bo, await door.invite("maria", "guardian.invite", child=bo, name_shown="Eva")


async def test_a_second_child_comes_into_the_same_seat(door: Door) -> None:
    session, bo, code = await family(door)
    again = await door.come_in(code, session)
    assert (again.actor.account, again.actor.seat) == (session.actor.account, session.actor.seat)
    assert again.session_id == session.session_id
    assert await door.value("SELECT count(*) FROM seat WHERE account_id = $1", session.actor.account) == 1
    eva = await door.person(again)
    children = {one["id"]: one["display_name"] for one in (await door.copy(eva)).all("child")}
    assert children == {door.world.elsa: "Elsa", bo: "Bo"}
    await door.world.stage.act(eva, "contact.request", child=bo, reason="question")
    await door.world.stage.act(eva, "contact.request", child=door.world.elsa, reason="question")
    assert await door.whole() == []


async def test_the_end_of_one_relation_leaves_the_other_child(door: Door) -> None:
    session, bo, code = await family(door)
    again = await door.come_in(code, session)
    maria = door.world["maria"]
    (row,) = [one for one in (await door.copy(maria)).all("child") if one["id"] == bo]
    (relation,) = [one["relation"] for one in row["people"]]
    await door.world.stage.act(maria, "guardian.end", child=bo, relation=relation)
    children = [one["id"] for one in (await door.copy(await door.person(again))).all("child")]
    assert children == [door.world.elsa]
    assert await door.value("SELECT ended_at FROM session WHERE id = $1", again.session_id) is None


async def test_who_was_checked_for_one_child_decides_nothing_of_the_other(door: Door) -> None:
    """The seat is one; that somebody has seen an ID counts for the child it was said of."""
    session, bo, code = await family(door)
    maria, stage = door.world["maria"], door.world.stage
    again = await door.come_in(code, session)
    people = {one["id"]: one["people"] for one in (await door.copy(maria)).all("child")}
    of_elsa = next(one["relation"] for one in people[door.world.elsa] if one["name"] == "Eva")
    await stage.act(maria, "guardian.verify", child=door.world.elsa, relation=of_elsa)
    eva = await door.person(again, Assurance.VERIFIED)
    await stage.act(eva, "supporter.invite", child=door.world.elsa, name_shown="Mormor")
    with pytest.raises(Refused, match="assurance_required"):
        await stage.act(eva, "supporter.invite", child=bo, name_shown="Mormor")
    await stage.act(maria, "guardian.verify", child=bo, relation=people[bo][0]["relation"])
    await stage.act(eva, "supporter.invite", child=bo, name_shown="Mormor")


async def test_joining_the_same_child_twice_is_refused_and_the_invitation_is_kept(door: Door) -> None:
    session, _, _ = await family(door)
    code = await door.invite("maria", "guardian.invite", child=door.world.elsa, name_shown="Omar igen")
    with pytest.raises(Refused, match="conflict"):
        await door.redeem(code, session)
    assert (await door.redeem(code)).session is not None


async def test_another_seat_is_still_another_seat(door: Door) -> None:
    """A colleague who is a parent has two capacities, which never mix."""
    await admin(door)
    session, _, _ = await family(door)
    code = await door.invite("per", "staff.invite", unit=door.world.units["school"], name_shown="Eva", title="Kurator")
    again = await door.come_in(code, session)
    assert again.actor.account == session.actor.account and again.actor.seat != session.actor.seat
    assert again.actor.assurance is Assurance.CODE
