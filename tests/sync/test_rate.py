"""A device that sends very much: commands are refused for a moment, everything else is heard more slowly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.ids import new_id
from server.sync.rate import Rate
from server.texts import ROOT
from tests.conftest import Place
from tests.sync.peer import Town, town_at


@pytest.fixture
async def town(place: Place) -> AsyncIterator[Town]:
    async with town_at(place) as made:
        yield made


def test_each_seat_has_a_burst_that_fills_up_again() -> None:
    at_s = 0.0
    rate = Rate(lambda: at_s, burst=2, per_second=10)
    assert [rate.wait_ms("anna") for _ in range(3)] == [0, 0, 100]
    assert rate.wait_ms("omar") == 0
    at_s = 0.1
    assert [rate.wait_ms("anna") for _ in range(2)] == [0, 100]
    at_s = 60
    assert [rate.wait_ms("anna") for _ in range(3)] == [0, 0, 100]


async def test_commands_beyond_the_burst_are_refused_in_order_and_use_no_number(town: Town) -> None:
    anna, at_s = await town.peer("anna", greet=False), 0.0
    town.rate = Rate(lambda: at_s, burst=1, per_second=1)
    anna.open()
    await anna.greet()

    async def codes(*frames: dict[str, Any]) -> list[str | None]:
        anna.frames.clear()
        for frame in frames:
            await anna.say(frame)
        await anna.until(lambda: all(anna.answer(frame["id"]) for frame in frames))
        return [(anna.answer(frame["id"]) or {}).get("code") for frame in frames]

    first, second, third = ({**anna.command("noop"), "n": n} for n in (1, 2, 3))
    assert await codes(first, second, third) == [None, "rate_limited", "rate_limited"]
    at_s = 10.0
    assert await codes(third, second) == ["rate_limited", None]


async def test_notes_beyond_the_burst_are_heard_more_slowly_and_none_is_lost(town: Town) -> None:
    anna, clock = await town.peer("anna", greet=False), asyncio.get_running_loop()
    town.rate = Rate(clock.time, burst=1, per_second=10)
    anna.open()
    await anna.greet()
    began = clock.time()
    for _ in range(4):
        read = {
            "t": "read",
            "id": new_id(town.now()),
            "entity": "child",
            "doc": town.world.elsa,
            "at": "2026-11-02T09:00:00Z",
        }
        await anna.say(read)
    assert clock.time() - began > 0.25
    await anna.until(lambda: anna.kinds().count("noted") == 4)


async def test_enough_addresses_for_today_is_an_answer_and_holds_nothing_up(town: Town) -> None:
    """`rate_limited` means: the same again, later. Kept as the answer to a number, it would be said for ever."""
    anna = await town.peer("anna")

    async def answers(*frames: dict[str, Any]) -> list[tuple[str, str | None]]:
        for frame in frames:
            await anna.say(frame)
        await anna.until(lambda: all(anna.answer(frame["id"]) for frame in frames))
        return [(got["t"], got.get("code")) for frame in frames if (got := anna.answer(frame["id"]))]

    asked = [
        {**anna.command("settings.give_address", channel="email", address=f"a{n}@example.org"), "n": n}
        for n in range(1, 5)
    ]
    after = {**anna.command("noop"), "n": 5}
    assert await answers(*asked, after) == [*[("ack", None)] * 3, ("nack", "too_many"), ("ack", None)]


def test_no_command_says_later_of_itself() -> None:
    features = ROOT / "server" / "features"
    assert [path.name for path in features.rglob("*.py") if '"rate_limited"' in path.read_text(encoding="utf-8")] == []
