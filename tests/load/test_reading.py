"""How fast a device gets what it lacks: the first copy, and a hello cold and warm."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import brotli
import pytest

from server.domain import scopes
from server.domain.actors import SeatKind
from server.domain.version import PROTOCOL, SCHEMA
from server.ids import new_id
from tests.clock import FrozenClock
from tests.load.conftest import Note
from tests.load.crowd import Member, Scene, scene
from tests.load.figures import part
from tests.load.house import House, running_house
from tests.load.wire import Wire

pytestmark = pytest.mark.bench
At = tuple[Path, str | None]
COPIES = 8
HELLOS = 200


async def test_first_copy_of_a_thousand_documents(at: At, kind: str, note: Note) -> None:
    async with scene(*at) as made:
        members = await made.members(2 * COPIES)
        await made.fill(scopes.team(new_id(FrozenClock().now())), 1)
        team = scopes.team(new_id(FrozenClock().now()))
        await made.fill(team, 1000)
        await made.hold(members, [team])
    async with running_house(*at) as house:
        took, sizes, raw = [], [], 0
        cpu = house.cpu_s()
        for member in members[:COPIES]:
            seconds, size, raw = await _post(house, member)
            took.append(seconds)
            sizes.append(size)
        cpu = (house.cpu_s() - cpu) / COPIES * 1000
        note(
            "first copy, 1,000 documents, POST br",
            kind,
            part(took, 0.5),
            "s",
            0.1,
            cpu_ms=cpu,
            more=f"max {max(took):.3f}",
        )
        note("… on the wire", kind, max(sizes) / 1000, "kB", 60, more=f"{raw / 1000:.0f} kB before br")
        took, sizes = [], []
        cpu = house.cpu_s()
        for member in members[COPIES:]:
            wire = Wire(house.port, member.cookie, member.replica)
            begun = time.perf_counter()
            await wire.open()
            took.append(await wire.hello() - begun)
            sizes.append(wire.received)
            await wire.close()
        cpu = (house.cpu_s() - cpu) / COPIES * 1000
        note(
            "first copy, 1,000 documents, socket",
            kind,
            part(took, 0.5),
            "s",
            0.1,
            cpu_ms=cpu,
            more=f"max {max(took):.3f}",
        )
        note("… on the wire", kind, max(sizes) / 1000, "kB")


async def _post(house: House, member: Member) -> tuple[float, int, int]:
    """(seconds, bytes on the wire, bytes unpacked)"""
    hello = {
        "t": "hello",
        "protocol": PROTOCOL,
        "schema": SCHEMA,
        "seat": None,
        "replica": member.replica,
        "cursors": {},
        "epoch": None,
        "lang": "sv",
    }
    headers = {"Origin": house.origin, "Accept-Encoding": "br", "Cookie": f"sid={member.cookie}"}
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        begun = time.perf_counter()
        async with http.post(
            f"http://127.0.0.1:{house.port}/sync", json={"frames": [hello]}, headers=headers
        ) as answer:
            body = await answer.read()
            took = time.perf_counter() - begun
            assert answer.status == 200 and answer.headers["content-encoding"] == "br"
    unpacked = brotli.decompress(body)
    frames = json.loads(unpacked)["frames"]
    assert sum(len(frame.get("rows", ())) for frame in frames) >= 1000 and frames[-1]["t"] == "synced"
    return took, len(body), len(unpacked)


@pytest.mark.parametrize("who", ["guardian", "staff"])
async def test_hello(at: At, kind: str, note: Note, who: str) -> None:
    async with scene(*at) as made:
        family = who == "guardian"
        member, *others = await made.members(1 + HELLOS // 4, SeatKind.GUARDIAN if family else SeatKind.STAFF)
        names = await _scopes_of(made, 2 if family else 44)
        await made.hold([member, *others], names)
    aim = 10 if family else 15
    async with running_house(*at) as house:
        cold, cost = await _hellos(house, others)
        label = f"hello cold, {who}, {len(names)} scopes of 20"
        note(label, kind, part(cold, 0.5), "ms p50", cpu_ms=cost, more=f"p99 {part(cold, 0.99):.1f} ms")
        wire = Wire(house.port, member.cookie, member.replica)
        await wire.open()
        await wire.hello()
        await wire.close()
        warm, opened = [], []
        await asyncio.sleep(0.2)
        cpu = house.cpu_s()
        for _ in range(HELLOS):
            again = time.perf_counter()
            await wire.open()
            opened.append((time.perf_counter() - again) * 1000)
            begun = time.perf_counter()
            warm.append((await wire.hello() - begun) * 1000)
            await wire.close()
        cpu = (house.cpu_s() - cpu) / HELLOS * 1000
        more = f"p50 {part(warm, 0.5):.2f} ms; handshake p50 {part(opened, 0.5):.2f} ms"
        note(f"hello warm, {who}", kind, part(warm, 0.99), "ms p99", aim, cpu_ms=cpu, more=more)


async def _hellos(house: House, members: list[Member]) -> tuple[list[float], float]:
    """(milliseconds from hello to `synced` for each, CPU milliseconds per hello)"""
    took = []
    cpu = house.cpu_s()
    for member in members:
        wire = Wire(house.port, member.cookie, member.replica)
        await wire.open()
        begun = time.perf_counter()
        took.append((await wire.hello() - begun) * 1000)
        await wire.close()
    return took, (house.cpu_s() - cpu) / len(members) * 1000


async def _scopes_of(made: Scene, count: int) -> list[str]:
    names = [scopes.team(new_id(made.parts.house.clock.now())) for _ in range(count)]
    for name in names:
        await made.fill(name, 20)
    return names
