"""A coordination that ends in the night: in the morning the last word is told, and nothing that ended with it."""

from __future__ import annotations

from tests.push.house import PushHouse
from tests.push.test_saying import at


async def test_of_a_closed_coordination_the_last_word_alone_is_told(house: PushHouse) -> None:
    world = house.world
    anna = await house.device("anna")
    house.clock.set(at("2026-09-01 21:30"))
    await house.meeting("2026-09-21T13:00")
    await house.act(
        "maria", "consent.ask", child=world.elsa, purpose="sip", information_kinds=["child"],
        to_units=[world.units["clinic"]],
    )  # fmt: skip
    await house.act(
        "maria", "waiting.open", child=world.elsa, unit_name="BUP", what="first_visit", start_on="2026-08-01",
        start_basis="manual", next_check_in_on="2026-09-20",
    )  # fmt: skip
    await house.tick()
    assert anna.taken == []
    house.clock.set(at("2026-09-01 22:30"))
    await house.act("maria", "child.close", child=world.elsa, last_word="Tack för den här tiden.")
    await house.go(at("2026-09-02 07:00"))
    assert [one["notification"]["body"] for one in anna.taken] == ["Du har något nytt att läsa."]
    assert (await house.states())["superseded"] == 3
    await house.through(at("2026-09-23 12:00"))
    assert len(anna.taken) == 1
