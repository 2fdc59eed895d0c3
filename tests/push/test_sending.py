"""Deliveries through the worker: tried again, given up, dead, slow, and never at each other's cost."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from server.push import plan, sender
from server.push.channels import webpush
from server.push.ready import Later, Not, Ready
from server.push.sender import Sender
from tests.push import service as push
from tests.push.house import PushHouse
from tests.push.service import push_service


async def said(house: PushHouse) -> None:
    """Anna and Omar are told of a meeting."""
    await house.meeting("2026-10-21T13:00")
    await house.tick()


async def test_taken(house: PushHouse) -> None:
    anna = await house.device("anna")
    await said(house)
    assert len(anna.taken) == 1 and await house.tick() == 0
    assert (await house.states())["sent"] == 1


async def test_a_failing_service_is_tried_six_times_and_then_given_up(house: PushHouse) -> None:
    anna = await house.device("anna")
    anna.got.clear()
    anna.answers = [500] * 20
    begun = house.clock.now()
    await said(house)
    await house.through(begun + timedelta(hours=6))
    assert [round((got.at - begun).total_seconds()) for got in anna.got] == [0, 30, 150, 750, 2550, 6150]
    assert (await house.states())["failed"] == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_dead_device_is_left_alone_after_the_first_answer(house: PushHouse, status: int) -> None:
    anna, other = await house.device("anna"), await house.device("anna")
    anna.got.clear()
    anna.answers = [status]
    await said(house)
    assert await house.health(anna) == "dead" and await house.health(other) == "ok"
    await house.through(house.clock.now() + timedelta(days=10))
    assert len(anna.got) == 1 and len(other.taken) == 2


async def test_a_worker_held_up_longer_than_its_claim_sends_nothing_that_was_called_off_meanwhile(
    house: PushHouse,
) -> None:
    anna = await house.device("anna")
    anna.got.clear()
    meeting = await house.meeting("2026-10-21T13:00")

    class HeldUp(Sender):
        pauses = 1

        async def _send(self, found: Ready | Later | Not) -> None:
            if self.pauses:
                self.pauses = 0
                house.clock.advance(minutes=2)
                await house.act("maria", "meeting.cancel", meeting=meeting)
            await super()._send(found)

    await house.parts.worker.remind()
    await HeldUp(house.parts.house, house.parts.means, "o").send_due()
    await house.tick()
    told = [one["notification"]["tag"] for one in anna.taken]
    async with house.parts.engine.read() as tx:
        rows = await tx.fetch("SELECT body FROM record WHERE id = any($1)", told)
    assert [json.loads(body)["kind"] for (body,) in rows] == ["meeting_cancelled"]


async def test_nothing_follows_the_answer_that_a_device_is_gone_however_much_was_due(house: PushHouse) -> None:
    anna = await house.device("anna")
    anna.got.clear()
    anna.answers = [410] * 50
    for day in range(10, 18):
        await house.meeting(f"2026-10-{day}T13:00")
    working = [asyncio.create_task(Sender(house.parts.house, house.parts.means, "o").run(0.02)) for _ in range(3)]
    await house.parts.worker.remind()
    async with asyncio.timeout(20):
        while (await house.states()).get("gone") != 7:
            await asyncio.sleep(0.02)
    for one in working:
        one.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    assert len(anna.got) == 1


async def test_a_device_is_a_lane_also_for_several_workers_and_each_has_its_turn_at_once(
    house: PushHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AT_ONCE", 2)  # so that each looks at others first
    anna, omar = await house.device("anna"), await house.device("omar")
    for day in range(10, 18):
        await house.meeting(f"2026-10-{day}T13:00")
    senders = [Sender(house.parts.house, house.parts.means, "o") for _ in range(3)]
    await house.parts.worker.remind()
    house.service.slow_s, begun = 0.05, asyncio.get_running_loop().time()
    working = [asyncio.create_task(one.run(1.0)) for one in senders]
    async with asyncio.timeout(20):
        while len(anna.taken) + len(omar.taken) < 16:
            await asyncio.sleep(0.01)
    took_s = asyncio.get_running_loop().time() - begun
    for one in working:
        one.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    assert (anna.at_once, omar.at_once, len(anna.taken)) == (1, 1, 8)
    assert took_s < 7  # not one a second: a lane is taken again as soon as it is free


async def test_413_is_for_good_and_kills_no_device(house: PushHouse) -> None:
    anna = await house.device("anna")
    anna.answers = [413]
    await said(house)
    assert anna.taken == [] and (await house.states())["failed"] == 1
    assert await house.health(anna) == "ok"


async def test_a_wish_to_wait_is_honoured_by_everything_for_that_device(house: PushHouse) -> None:
    anna, omar = await house.device("anna"), await house.device("omar")
    anna.got.clear()
    anna.answers = [(429, {"retry-after": "3600"})]
    begun = house.clock.now()
    await said(house)
    house.clock.advance(minutes=5)
    await house.meeting("2026-10-22T13:00")
    await house.tick()
    await house.through(begun + timedelta(hours=2))
    assert [round((got.at - begun).total_seconds()) for got in anna.got] == [0, 3600, 3600]
    assert len(anna.taken) == 2 and len(omar.taken) == 2


async def test_a_wish_to_wait_is_honoured_by_a_worker_that_did_not_hear_it_and_by_the_last_try(
    house: PushHouse,
) -> None:
    anna = await house.device("anna")
    anna.got.clear()
    anna.answers = [(429, {"retry-after": "3600"})] * plan.ATTEMPTS
    begun = house.clock.now()
    await said(house)
    other = Sender(house.parts.house, house.parts.means, "o")
    house.clock.advance(minutes=5)
    await house.meeting("2026-10-22T13:00")
    await house.parts.worker.remind()
    for hours in range(plan.ATTEMPTS):
        for minutes in (1, 59):
            house.clock.set(begun + timedelta(hours=hours, minutes=minutes))
            await other.send_due()
            assert len(anna.got) == hours + 1, (hours, minutes)
    house.clock.set(begun + timedelta(hours=plan.ATTEMPTS, minutes=1))
    await other.send_due()
    assert len(anna.got) == plan.ATTEMPTS + 1 and len(anna.taken) == 1  # the one that waited behind


async def test_reset_and_silence_are_tried_again(house: PushHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpush, "TIMEOUT_S", 0.2)
    anna = await house.device("anna")
    anna.answers = [push.RESET, push.HANG]
    await said(house)
    await house.through(house.clock.now() + timedelta(hours=1))
    assert len(anna.taken) == 1


async def test_a_redirect_ends_there(house: PushHouse) -> None:
    anna = await house.device("anna")
    anna.answers = [push.REDIRECT]
    await said(house)
    await house.through(house.clock.now() + timedelta(hours=3))
    assert anna.taken == [] and house.service.strangers == []


async def test_a_repetition_has_the_same_topic_and_tag_and_no_two_devices_share_one(house: PushHouse) -> None:
    anna, other = await house.device("anna"), await house.device("anna")
    await said(house)
    async with house.parts.engine.write() as tx:  # as after a crash between sending and marking
        await tx.execute("UPDATE delivery SET state = 'due' WHERE state = 'sent' AND reminder_id <> 'confirm'")
    await house.tick()
    await house.through(house.clock.now() + timedelta(minutes=2))
    first, second = [got for got in anna.got if "confirm" not in got.payload]
    assert first.headers["Topic"] == second.headers["Topic"]
    assert first.payload == second.payload
    assert {got.headers["Topic"] for got in anna.got}.isdisjoint(got.headers["Topic"] for got in other.got)


async def test_a_service_that_hangs_delays_neither_the_others_nor_the_reminders(
    house: PushHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webpush, "TIMEOUT_S", 40.0)
    async with push_service(house.clock.now) as other:
        host = other.origin.removeprefix("http://")
        house.parts.channel._hosts = (*house.parts.channel._hosts, host)
        hanging = [await house.device("anna") for _ in range(20)]
        well = other.device("omar")
        await house.subscribe(house.world["omar"], well)
        await house.tick()
        await house.echo(well)
        await house.tick()
        for device in hanging:
            device.answers = [push.HANG] * 20
        for day in (20, 21, 22):
            await house.meeting(f"2026-10-{day}T13:00")
        working = asyncio.create_task(house.parts.worker.run())
        async with asyncio.timeout(20):
            while len(well.taken) < 3:
                await asyncio.sleep(0.02)
        assert sum(len(device.taken) for device in hanging) == 0
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert other.faults == []


async def test_an_outage_of_a_service_uses_up_no_tries_while_it_rests(house: PushHouse) -> None:
    devices = [await house.device("anna") for _ in range(12)]
    for device in devices:
        device.got.clear()
        device.answers = [503] * 400
    await said(house)
    await house.through(house.clock.now() + timedelta(minutes=20))
    tries = sum(len(device.got) for device in devices)
    assert tries < 12 * 4  # four each without a rest
    for device in devices:
        device.answers = []
    await house.through(house.clock.now() + timedelta(hours=2))
    assert [len(device.taken) for device in devices] == [1] * 12
