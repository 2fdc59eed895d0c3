"""Several devices of one seat, several of one replica, the same command from both: each decided once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from server.storage.engine import ConstraintFault
from server.sync import push
from server.sync.frames import CommandFrame
from tests.conftest import Place
from tests.sync.peer import Town, town_at

AT = "2026-11-02T09:00:00Z"
ID = "00000000-0000-7000-8000-0000000000aa"


@pytest.fixture
async def town(place: Place) -> AsyncIterator[Town]:
    async with town_at(place) as made:
        yield made


async def test_same_command_from_two_devices_at_once_is_done_once(town: Town) -> None:
    first, second = await town.peer("anna"), await town.peer("anna")
    args = {"child": town.world.elsa, "display_name": "Elsie"}

    async def decide(peer: object, replica: str, session: str) -> bytes:
        sent = CommandFrame(ID, 1, "child.rename", args, AT)
        while True:
            try:
                return (await push.decide(town.house, first.person.actor, push.Replica(replica, session), sent)).frame
            except ConstraintFault:
                await asyncio.sleep(0.01)  # the connection says `restart`, and the device asks again

    answers = await asyncio.gather(
        *(decide(peer, peer.replica, peer.session) for peer in (first, second)),
    )
    assert answers[0] == answers[1] and json.loads(answers[0])["ok"]
    async with town.house.engine.read() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM audit WHERE action = 'child.rename'") == 1


async def test_commands_of_one_replica_are_decided_in_order_and_a_gap_is_resync(town: Town) -> None:
    anna = await town.peer("anna")
    for n in (1, 2, 3):
        assert (await anna.ask("child.rename", child=town.world.elsa, display_name=f"E{n}"))["n"] == n
    late = {**anna.command("noop"), "n": 9}
    await anna.say(late)
    await anna.until(lambda: anna.code is not None)
    assert anna.code == 4000


async def test_old_number_is_answered_from_its_receipt(town: Town) -> None:
    anna = await town.peer("anna")
    frame = anna.command("child.rename", child=town.world.elsa, display_name="E")
    for _ in range(3):
        await anna.say(frame)
    await anna.until(lambda: anna.kinds().count("ack") == 3)
    assert len({json.dumps(one) for one in anna.frames if one["t"] == "ack"}) == 1


async def test_refusal_is_kept_and_repeated(town: Town) -> None:
    jonas = await town.peer("jonas")
    frame = jonas.command("child.rename", child=town.world.elsa, display_name="E")
    await jonas.say(frame)
    await town.share()
    await jonas.say(frame)
    await jonas.until(lambda: jonas.kinds().count("nack") == 2)
    first, again = [one for one in jonas.frames if one["t"] == "nack"]
    assert first == again and first["code"] == "not_found"


async def test_somebody_elses_replica_sends_nobody_away_and_has_its_own_numbers(town: Town) -> None:
    anna, omar = await town.peer("anna"), await town.peer("omar", greet=False)
    assert (await anna.ask("noop"))["n"] == 1
    omar.replica = anna.replica
    await omar.greet()
    assert (await omar.ask("noop"))["n"] == 1
    assert (await anna.ask("noop"))["n"] == 2
    assert (omar.code, anna.code) == (None, None)


async def test_commits_that_tell_each_others_people_never_wait_in_a_circle(town: Town) -> None:
    async def write(who: str) -> None:
        for n in range(25):
            await town.act(who, "message.send", child=town.world.elsa, text=f"{n}")

    async def set_up() -> None:
        for n in range(60):
            await town.act("maria", "settings.change", quiet_from=("20:00", "21:00")[n % 2])

    # A TransientFault here is a deadlock that PostgreSQL had to break, after a second of standing still.
    await asyncio.gather(write("anna"), write("omar"), set_up(), set_up())
