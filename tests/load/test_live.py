"""Many sockets at once: how soon they hear, how little they weigh, how they all come back."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from server.domain import scopes
from server.ids import new_id
from tests.load.conftest import Note
from tests.load.crowd import Member, scene
from tests.load.figures import part
from tests.load.house import House, running_house
from tests.load.wire import Wire

pytestmark = pytest.mark.bench
At = tuple[Path, str | None]
HOLDERS, CHANGES = 100, 60
SOCKETS = 2_000
STORM = 500
FAMILIES, CONSENTS = 8, 4


async def connected(house: House, members: list[Member], at_once: int = 50) -> list[Wire]:
    """A synced socket for each of them."""
    gate = asyncio.Semaphore(at_once)

    async def one(member: Member) -> Wire:
        async with gate:
            wire = Wire(house.port, member.cookie, member.replica)
            await wire.open()
            await wire.hello()
            return wire

    return list(await asyncio.gather(*(one(member) for member in members)))


async def test_live_update_to_a_hundred(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        world, clock = made.world, made.parts.house.clock
        room = scopes.coordinator(world.elsa, world.units["school"])
        members = await made.members(HOLDERS)
        await made.hold(members, [room])
        maria = await made.device(world["maria"])
    async with running_house(*at) as house:
        wires = await connected(house, members)
        (sender,) = await connected(house, [maria])
        waits: list[float] = []
        acks: list[float] = []
        heard = asyncio.Event()
        sent = 0.0
        left = 0

        def arrived(payload: bytes, when: float) -> None:
            nonlocal left
            if payload.startswith(b'{"t":"delta"'):
                waits.append((when - sent) * 1000)
                left -= 1
                if left == 0:
                    heard.set()

        for wire in wires:
            wire.on_frame = arrived
        cpu = house.cpu_s()
        for n in range(CHANGES):
            heard.clear()
            left = HOLDERS
            sent = time.perf_counter()
            args = {"child": world.elsa, "display_name": f"Elsa {n}"}
            answer, when = await sender.command(new_id(clock.now()), "child.rename", args)
            assert answer["ok"], answer
            acks.append((when - sent) * 1000)
            await asyncio.wait_for(heard.wait(), 10)
        cpu = (house.cpu_s() - cpu) / CHANGES * 1000
        more = f"p50 {part(waits, 0.5):.1f} ms; ack p50 {part(acks, 0.5):.1f} ms"
        note("live update to 100 sockets", kind, part(waits, 0.95), "ms p95", 25, cpu_ms=cpu, more=more)
        for wire in (*wires, sender):
            await wire.close()


async def test_memory_of_idle_sockets(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        names = [scopes.team(new_id(made.parts.house.clock.now())) for _ in range(3)]
        for name in names:
            await made.fill(name, 5)
        members = await made.members(SOCKETS + 50)
        await made.hold(members, names)
    async with running_house(*at) as house:
        # The first ones bring up what exists once: connections to the database, caches, code.
        for wire in await connected(house, members[SOCKETS:]):
            await wire.close()
        await asyncio.sleep(1)
        before = house.rss_kb()
        begun, cpu = time.perf_counter(), house.cpu_s()
        wires = await connected(house, members[:SOCKETS])
        took = time.perf_counter() - begun
        cpu = (house.cpu_s() - cpu) / SOCKETS * 1000
        await asyncio.sleep(2)
        each = (house.rss_kb() - before) / SOCKETS
        more = f"{SOCKETS / took:.0f} new devices/s; process {house.rss_kb() / 1024:.0f} MB"
        note(f"memory per socket, {SOCKETS} idle, 5 scopes", kind, each, "KiB", 32, cpu_ms=cpu, more=more)
        for wire in wires:
            await wire.close()


async def test_everybody_comes_back_at_once(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        names = [scopes.team(new_id(made.parts.house.clock.now())) for _ in range(3)]
        for name in names:
            await made.fill(name, 20)
        members = await made.members(STORM)
        await made.hold(members, names)
    async with running_house(*at) as house:
        wires = await connected(house, members)
        for wire in wires:
            await wire.close()
        await asyncio.sleep(1)

        async def back(wire: Wire) -> tuple[float, float]:
            begun = time.perf_counter()
            await wire.open()
            opened = time.perf_counter()
            return opened - begun, await wire.hello() - begun

        begun, cpu = time.perf_counter(), house.cpu_s()
        waits = await asyncio.gather(*(back(wire) for wire in wires))
        took = time.perf_counter() - begun
        cpu = (house.cpu_s() - cpu) / STORM * 1000
        opened, synced = [one for one, _ in waits], [one for _, one in waits]
        more = f"handshake p99 {part(opened, 0.99):.2f} s; synced p50 {part(synced, 0.5):.2f} s; all {took:.2f} s"
        note(f"{STORM} reconnect at once", kind, part(synced, 0.99), "s p99", 5, cpu_ms=cpu, more=more)
        for wire in wires:
            await wire.close()


async def test_withdrawal_reaches_the_unit(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        world, stage, clock = made.world, made.world.stage, made.parts.house.clock
        stage.clock.set(clock.now())
        consents: list[tuple[int, str]] = []
        devices = [await made.device(world["jonas"])]
        for n in range(FAMILIES):
            child, guardian = await made.family()
            devices.append(await made.device(guardian))
            for _ in range(CONSENTS):
                asked = await stage.act(
                    world["maria"],
                    "consent.ask",
                    child=child,
                    to_units=[world.units["clinic"]],
                    purpose="coordination",
                    information_kinds=["child", "waiting"],
                    people=[world["jonas"].seat],
                )
                await stage.act(guardian, "consent.answer", consent=asked["consent"], answer="yes")
                consents.append((n, str(asked["consent"])))
    async with running_house(*at) as house:
        jonas, *guardians = await connected(house, devices)
        dropped: dict[str, float] = {}
        waiting = asyncio.Event()

        def arrived(payload: bytes, when: float) -> None:
            if payload.startswith(b'{"t":"scopes"') and b'"drop":["' in payload:
                dropped[payload.decode()] = when
                waiting.set()

        jonas.on_frame = arrived
        after_sent, after_ack = [], []
        cpu = house.cpu_s()
        for n, consent in consents:
            waiting.clear()
            sent = time.perf_counter()
            answer, acked = await guardians[n].command(new_id(clock.now()), "consent.withdraw", {"consent": consent})
            assert answer["ok"], answer
            await asyncio.wait_for(waiting.wait(), 10)
            when = max(dropped.values())
            after_sent.append((when - sent) * 1000)
            after_ack.append(max(0.0, when - acked) * 1000)
        cpu = (house.cpu_s() - cpu) / len(consents) * 1000
        behind = f"after the ack p50 {part(after_ack, 0.5):.1f}, p99 {part(after_ack, 0.99):.1f} ms"
        more = f"p50 {part(after_sent, 0.5):.1f} ms; {behind}"
        note("withdrawal sent → scope dropped", kind, part(after_sent, 0.99), "ms p99", 250, cpu_ms=cpu, more=more)
        for wire in (jonas, *guardians):
            await wire.close()
