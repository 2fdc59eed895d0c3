"""Two hundred colleagues book the same time at the same moment, over real sockets: how fast each hears who was first."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.domain.instants import wall_text
from server.features.person import StaffRow
from server.ids import new_id
from tests.load.conftest import Note
from tests.load.crowd import Scene, scene
from tests.load.figures import part
from tests.load.house import running_house
from tests.load.test_live import connected

pytestmark = pytest.mark.bench
At = tuple[Path, str | None]
CLIENTS = 200
TIMES = 8
"""Times fought about, one after the other."""
FREE = 2
FLOOR = {"sqlite": 150, "postgres": 200}
"""Answers a second on two cores, as for every other command (Source: stack.md, targets for the full product): each is a commit,
also the one that says that the time is taken."""


async def test_two_hundred_on_one_time(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        members = [await made.device(person) for person in await _colleagues(made)]
        slots = await _opened(made)
        clock = made.parts.house.clock
    async with running_house(*at) as house:
        wires = await connected(house, members)
        waits: list[float] = []
        wins: list[float] = []
        told: Counter[str] = Counter()
        cpu, begun = house.cpu_s(), time.perf_counter()

        async def attempt(n: int, slot: str) -> bool:
            args = {"slot": slot, "topic": "sleep", "age_band": "13-15", "question": "Hur kan skolan börja?"}
            sent = time.perf_counter()
            answer, when = await wires[n].command(new_id(clock.now()), "slot.book", args)
            waits.append((when - sent) * 1000)
            if answer["ok"]:
                wins.append((when - sent) * 1000)
            else:
                assert answer["code"] == "taken", answer
                assert len(answer["data"]["alternatives"]) == FREE
            told[str(answer.get("code", "ok"))] += 1
            return bool(answer["ok"])

        for slot in slots[:TIMES]:
            won = await asyncio.gather(*(attempt(n, slot) for n in range(CLIENTS)))
            assert sum(won) == 1
        took = time.perf_counter() - begun
        attempts = CLIENTS * TIMES
        cpu = (house.cpu_s() - cpu) / attempts * 1000
        assert told == {"ok": TIMES, "taken": attempts - TIMES}
        more = f"p50 {part(waits, 0.5):.0f} ms, p99 {part(waits, 0.99):.0f} ms; whoever got it {part(wins, 0.5):.0f} ms"
        note(
            "one time, 200 clients",
            kind,
            attempts / took,
            "answers/s",
            FLOOR[kind],
            at_least=True,
            cpu_ms=cpu,
            more=more,
        )
        note("one time, 200 clients: each answer", kind, took / attempts * 1000, "ms")
        for wire in wires:
            await wire.close()


async def _colleagues(made: Scene) -> list[Person]:
    """As many as there are clients, at Maria's school."""
    stage, unit = made.world.stage, made.world.units["school"]
    rows, people = [], []
    for n in range(CLIENTS):
        account = await stage.account(f"Kollega {n}")
        seat = await stage.seat(account, SeatKind.STAFF, unit=unit, area=made.world.area, organisation="x")
        rows.append(StaffRow(id=seat, owner_unit=unit, account=account, name=f"Kollega {n}", title="Lärare"))
        people.append((account, seat))
    await stage.keep({unit: list(rows)})
    return [await stage.person(account, seat) for account, seat in people]


async def _opened(made: Scene) -> list[str]:
    """Those fought about and those that are left in the end."""
    stage = made.world.stage
    stage.clock.set(made.parts.house.clock.now())
    start = made.parts.house.clock.now() + timedelta(days=2)
    times = [{"starts_local": wall_text(start + timedelta(minutes=40 * n)), "minutes": 30} for n in range(TIMES + FREE)]
    done = await stage.act(made.world["jonas"], "slot.publish", times=times, mode="phone", topics=["sleep"])
    return [str(one) for one in done["slots"]]
