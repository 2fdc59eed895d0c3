"""A device that has opened a new connection: what its older ones still say or have under way ends before, or is not heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.conftest import Place
from tests.site import Site
from tests.sync.peer import Town, town_at

A_WHILE_S = 0.1


@pytest.fixture
async def town(place: Place) -> AsyncIterator[Town]:
    async with town_at(place) as made:
        yield made


async def test_each_newer_hello_waits_for_what_the_oldest_connection_decides(town: Town) -> None:
    anna = await town.peer("anna")
    older = [anna.connection]
    async with older[0].deciding:
        waiting = []
        for _ in range(3):
            anna.open()
            older.append(anna.connection)
            waiting.append(asyncio.create_task(anna.say(anna.hello())))
            await asyncio.sleep(0)
        done, _ = await asyncio.wait(waiting, timeout=A_WHILE_S)
        assert not done, "a hello is answered while an older connection decides"
    await asyncio.gather(*waiting)
    await anna.until(lambda: anna.kinds().count("welcome") == 2)
    assert [one.goodbye for one in older] == ["resync", "resync", "resync", None]
    assert (await anna.ask("noop"))["ok"]


async def test_a_client_that_connects_again_does_not_hear_its_older_connection(site: Site) -> None:
    anna = await site.client("anna")
    for _ in range(3):
        await anna.connect()
        assert (await anna.send("noop"))["ok"]
    maria = await site.client("maria")
    await maria.send("child.rename", child=site.world.elsa, display_name="Elsie")
    await anna.until(lambda: any(doc["display_name"] == "Elsie" for doc in anna.copy.all("child")))
    assert anna.ended is None
