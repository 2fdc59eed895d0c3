"""Whom no way has reached about a term meeting or a booking: shown to whoever told it, until they have opened it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from server.push import fallback
from tests.push.house import PushHouse
from tests.push.test_saying import newest

TWO_HOURS = timedelta(hours=2, minutes=5)


async def documents(house: PushHouse, entity: str) -> dict[str, dict[str, Any]]:
    """{scope: the document of that entity as it is seen there}"""
    async with house.parts.engine.read() as tx:
        rows = await tx.fetch(
            "SELECT s.name, f.doc FROM feed f JOIN scope s ON s.id = f.scope_id"
            " WHERE f.entity = $1 AND f.doc IS NOT NULL",
            entity,
        )
    return {name: json.loads(doc) for name, doc in rows}


async def missed(house: PushHouse) -> dict[str, set[str]]:
    """{scope: the names of those who are shown there as not reached about the term meeting}"""
    return {
        scope.split(":")[-1]: {one["name"] for one in doc["participants"] if "not_reached" in one}
        for scope, doc in (await documents(house, "term_meeting")).items()
    }


async def later(house: PushHouse) -> None:
    await house.through(house.clock.now() + TWO_HOURS)


async def plan(house: PushHouse) -> str:
    made = await house.act(
        "lena", "term.plan", term="HT 2026", starts_local="2026-10-20T13:00",
        required_functions=["counsellor", "consultant"],
    )  # fmt: skip
    await house.tick()
    return str(made["term_meeting"])


async def test_those_who_lead_see_who_has_not_been_reached_about_the_term_meeting(house: PushHouse) -> None:
    await house.device("maria")
    jonas = await house.device("jonas")
    meeting = await plan(house)
    await house.seen(jonas)
    await house.act("sara", "term.respond", term_meeting=meeting, answer="yes")
    await house.through(house.clock.now() + TWO_HOURS - timedelta(minutes=10))
    assert await missed(house) == {"lead": set(), "staff": set()}
    await later(house)
    assert await missed(house) == {"lead": {"Maria Ekdahl"}, "staff": set()}
    await house.act("maria", "notice.read", notice=await newest(house, "maria"))
    assert await fallback.settle(house.parts.house) == 1
    assert await missed(house) == {"lead": set(), "staff": set()}


@pytest.mark.parametrize("deed", ["move", "cancel"])
async def test_of_a_moved_or_cancelled_term_meeting_only_the_newest_counts(house: PushHouse, deed: str) -> None:
    meeting = await plan(house)
    await later(house)
    assert (await missed(house))["lead"] == {"Maria Ekdahl", "Jonas Berg", "Sara Lindh"}
    more = {"starts_local": "2026-10-21T13:00"} if deed == "move" else {}
    await house.act("lena", f"term.{deed}", term_meeting=meeting, **more)
    assert (await missed(house))["lead"] == set()
    await house.tick()
    await house.act("maria", "notice.read", notice=await newest(house, "maria"))
    await later(house)
    assert (await missed(house))["lead"] == {"Jonas Berg", "Sara Lindh"}


@pytest.mark.parametrize("deed", ["slot.withdraw", "person.leave"])
async def test_the_consultants_see_that_the_booker_has_not_been_reached(house: PushHouse, deed: str) -> None:
    made = await house.act(
        "jonas", "slot.publish", times=[{"starts_local": "2026-09-10T13:00", "minutes": 30}], mode="phone",
        topics=["sleep"], phone="+46313900601",
    )  # fmt: skip
    slot = str(made["slots"][0])
    await house.act("elin", "slot.book", slot=slot, topic="sleep", age_band="13-15")
    if deed == "slot.withdraw":
        await house.act("jonas", deed, slot=slot)
    else:
        sara, clinic = house.world["sara"].seat, house.world.units["clinic"]
        await house.act("sara", deed, unit=clinic, person=house.world["jonas"].seat, successor=sara)
    await later(house)
    own, theirs = f"user:{house.world['elin'].account}", f"unit:{house.world.units['clinic']}:function:consultant"
    shown = await documents(house, "booking")
    assert "not_reached" not in shown[own] and shown[theirs]["not_reached"] == "2026-09-01T10:00:00.000Z"
    await house.act("elin", "notice.read", notice=await newest(house, "elin"))
    assert await fallback.settle(house.parts.house) == 1
    assert "not_reached" not in (await documents(house, "booking"))[theirs]


async def test_who_wants_no_sound_about_term_meetings_is_not_called_unreached(house: PushHouse) -> None:
    await house.act("maria", "settings.change", kinds={"term_planned": "in_app"})
    await plan(house)
    await later(house)
    assert (await missed(house))["lead"] == {"Jonas Berg", "Sara Lindh"}
