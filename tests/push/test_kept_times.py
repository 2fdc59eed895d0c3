"""A time that is kept for somebody and taken back: they stand in line again, are told, and are the next to be asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.push.house import PushHouse
from tests.push.test_saying import count


async def freed(house: PushHouse, consultant: str, starts_local: str) -> str:
    """A time of that consultant's that Johan books and gives back: it is offered to whoever waits."""
    made = await house.act(
        consultant, "slot.publish", times=[{"starts_local": starts_local, "minutes": 30}], mode="phone",
        topics=["sleep"], phone="+46313900601",
    )  # fmt: skip
    slot = str(made["slots"][0])
    booked = await house.act("johan", "slot.book", slot=slot, topic="sleep", age_band="13-15")
    await house.act("johan", "slot.release", booking=booked["booking"])
    await house.tick()
    return slot


async def wish_of(house: PushHouse, who: str) -> dict[str, Any]:
    """What that person sees of their wish."""
    async with house.parts.engine.read() as tx:
        (doc,) = [
            json.loads(doc)
            for (doc,) in await tx.fetch(
                "SELECT f.doc FROM feed f JOIN scope s ON s.id = f.scope_id WHERE f.entity = 'slot_wish'"
                " AND f.doc IS NOT NULL AND s.name = $1",
                f"user:{house.world[who].account}",
            )
        ]
    return dict(doc)


@pytest.mark.parametrize("deed", ["slot.withdraw", "person.leave"])
async def test_who_was_kept_a_time_that_is_taken_back_is_told_and_is_the_next_to_be_asked(
    house: PushHouse, deed: str
) -> None:
    made = await house.act("elin", "slot.wish", topic="sleep", age_band="13-15")
    wish = str(made["slot_wish"])
    slot = await freed(house, "jonas", "2026-09-10T13:00")
    assert (await wish_of(house, "elin"))["offer"]["slot"] == slot
    if deed == "slot.withdraw":
        await house.act("jonas", deed, slot=slot)
    else:
        who = {"unit": house.world.units["clinic"], "person": house.world["jonas"].seat}
        await house.act("sara", deed, **who, withdraw_times=True)
    shown = await wish_of(house, "elin")
    assert (shown["state"], shown.get("offer"), await count(house, "elin", "slot_offer_gone")) == ("waiting", None, 1)
    other = await freed(house, "sara", "2026-09-11T13:00")
    assert (await wish_of(house, "elin"))["offer"]["slot"] == other
    await house.act("elin", "slot.take", slot_wish=wish, slot=other)
    assert await count(house, "sara", "slot_booked") == 2
