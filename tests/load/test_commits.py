"""How many durable commits a second: bare transactions, whole decisions, and commands over real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from server.demo.stage import Person
from server.domain.instants import to_text
from server.ids import new_id
from server.storage.engine import Engine
from server.sync import push
from server.sync.frames import CommandFrame
from tests.load.conftest import Note
from tests.load.crowd import Member, Scene, scene
from tests.load.figures import part
from tests.load.house import running_house
from tests.load.test_live import connected

pytestmark = pytest.mark.bench
At = tuple[Path, str | None]
FLOOR = {"sqlite": 150, "postgres": 200}
"""Commits a second on two cores (Source: stack.md, targets for the full product)."""
ROWS = 2000
CHILDREN = 100
DEVICES = 8
EACH = {"spread": 8, "hot": 60}


async def test_bare_transactions_of_sixteen_statements(engine: Engine, note: Note) -> None:
    async with engine.write() as tx:
        await tx.execute("create table pace (id bigint primary key, body text not null, n bigint not null)")
        await tx.execute_many("insert into pace values ($1, $2, 0)", [(n, "x" * 200) for n in range(ROWS)])
    work = iter(range(1000))
    waits_s: list[float] = []

    async def client() -> None:
        for k in work:
            begun = time.perf_counter()
            first = k * 8 % ROWS
            async with engine.write() as tx:
                await tx.fetch_one("select id, n from pace where id = $1 for update", first)
                for row in range(first, first + 5):
                    await tx.fetch_value("select body from pace where id = $1", row)
                    await tx.execute("update pace set n = n + 1, body = $2 where id = $1", row, "y" * 200)
                    await tx.fetch("select id, n from pace where id = any($1)", [row, first])
            waits_s.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(8)))
    rate = len(waits_s) / (time.perf_counter() - begun)
    more = f"p50 {part(waits_s, 0.5) * 1000:.1f} ms, p99 {part(waits_s, 0.99) * 1000:.1f} ms"
    note("bare transactions of 16 statements, 8 at once", engine.dialect, rate, "commits/s", more=more)


@pytest.mark.parametrize("where", ["spread", "hot"])
async def test_decisions(at: At, kind: str, note: Note, where: str) -> None:
    async with scene(*at) as made:
        senders = await _senders(made, where)
        house = made.parts.house
        await _register(made, [member for member, _, _ in senders])
        waits: list[float] = []

        async def sender(member: Member, person: Person, child: str) -> None:
            for n in range(1, EACH[where] + 1):
                at = to_text(house.clock.now())
                name = {"child": child, "display_name": f"Barn {n}"}
                sent = CommandFrame(new_id(house.clock.now()), n, "child.rename", name, at)
                begun = time.perf_counter()
                answer = await push.decide(house, person.actor, push.Replica(member.replica, member.session), sent)
                waits.append(time.perf_counter() - begun)
                assert answer.ok, answer

        rate, cpu = await _paced(lambda: asyncio.gather(*(sender(*one) for one in senders)), len(senders) * EACH[where])
        aim = FLOOR[kind] if where == "spread" else None
        note(f"decisions, {where}", kind, rate, "commits/s", aim, at_least=True, cpu_ms=cpu, more=_waits(waits))


@pytest.mark.parametrize("where", ["spread", "hot"])
async def test_commands_over_sockets(at: At, kind: str, note: Note, where: str) -> None:
    async with scene(*at) as made:
        senders = await _senders(made, where)
        clock = made.parts.house.clock
    async with running_house(*at) as house:
        wires = await connected(house, [member for member, _, _ in senders])
        waits: list[float] = []

        async def sender(n: int) -> None:
            for k in range(EACH[where]):
                args = {"child": senders[n][2], "display_name": f"Barn {k}"}
                begun = time.perf_counter()
                answer, when = await wires[n].command(new_id(clock.now()), "child.rename", args)
                waits.append(when - begun)
                assert answer["ok"], answer

        cpu = house.cpu_s()
        rate, _ = await _paced(lambda: asyncio.gather(*map(sender, range(len(wires)))), len(wires) * EACH[where])
        cpu = (house.cpu_s() - cpu) / (len(wires) * EACH[where]) * 1000
        aim = FLOOR[kind] if where == "spread" else None
        note(
            f"commands over sockets, {where}",
            kind,
            rate,
            "commits/s",
            aim,
            at_least=True,
            cpu_ms=cpu,
            more=_waits(waits),
        )
        for wire in wires:
            await wire.close()


async def _senders(made: Scene, where: str) -> list[tuple[Member, Person, str]]:
    """(device, who, child): a hundred families of one device each, or one guardian with eight devices."""
    world, stage = made.world, made.world.stage
    stage.clock.set(made.parts.house.clock.now())
    if where == "hot":
        return [(await made.device(world["anna"]), world["anna"], world.elsa) for _ in range(DEVICES)]
    found = []
    for _ in range(CHILDREN):
        child, person = await made.family()
        found.append((await made.device(person), person, child))
    return found


async def _register(made: Scene, members: list[Member]) -> None:
    now = to_text(made.parts.house.clock.now())
    async with made.parts.engine.write() as tx:
        await tx.execute_many(
            "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
            " VALUES ($1, $2, $3, $4, 0, 'eid', $5, $5)",
            [(one.replica, one.account, one.seat, one.session, now) for one in members],
        )


async def _paced(work: Callable[[], Awaitable[object]], count: int) -> tuple[float, float]:
    """(how many a second, CPU milliseconds of this process for each)"""
    begun, cpu = time.perf_counter(), time.process_time()
    await work()
    return count / (time.perf_counter() - begun), (time.process_time() - cpu) / count * 1000


def _waits(waits: list[float]) -> str:
    return f"p50 {part(waits, 0.5) * 1000:.1f} ms, p99 {part(waits, 0.99) * 1000:.1f} ms"
