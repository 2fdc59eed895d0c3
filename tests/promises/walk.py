"""A seeded walk: one house, five devices with either core, and all that goes wrong between them, then rest and comparison.

The seed gives the wishes, the faults and their order. What the database's own thread and the processes of the devices do
in between is not in its hand, so the same seed is the same walk, not the same schedule; the walk of the app's core
against its model server (pwa/test/walk.test.ts) is the same to the byte.
"""

from __future__ import annotations

import asyncio
import functools
import json
import random
import shutil
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from server.auth.sessions import start_session
from server.features import Registry, load
from server.storage.engine import open_engine
from server.storage.journal import Journal
from server.storage.sqlite import FILE
from server.sync import frames, pull
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.rate import Rate
from server.sync.replica import Copy
from tests.access.scene import effects
from tests.clock import FrozenClock
from tests.conftest import Place
from tests.people import World
from tests.promises.devices import NodeDevice, Nodes, PythonDevice, Scopes, scopes_of
from tests.promises.faults import Delaying
from tests.promises.line import TOO_OLD, Line
from tests.promises.walking import Wishes, pool_of

CAST = ("anna", "omar", "noor", "maria", "jonas")
QUIET_S = 10.0
LONGEST = timedelta(days=12)
"""Of a professional's sign-in that lasts 14 days: who is signed out of itself is another test's."""
TRACED = 400
FAULTS = (
    "cut", "up twice", "down twice", "server stopped", "server died", "device again", "clock ahead", "clock behind",
    "hello of the older app", "told to upgrade", "given up, still read", "given up, still heard", "posted",
    "answer nobody waited for", "answer broke off",
)  # fmt: skip
"""What must have happened for a number of walks to prove anything."""


class Ground(Protocol):
    """Where walks take place: `fresh(seed)` is a database of its own with the cast in it."""

    world: World

    def fresh(self, seed: int) -> AbstractAsyncContextManager[Place]: ...


@dataclass(frozen=True)
class Files:
    """SQLite: copies of the file in `template`, in `folder`."""

    world: World
    template: Path
    folder: Path

    @asynccontextmanager
    async def fresh(self, seed: int) -> AsyncIterator[Place]:
        folder = self.folder / str(seed)
        folder.mkdir()
        shutil.copyfile(self.template / FILE, folder / FILE)
        try:
            yield {"data": folder, "database_url": None}
        finally:
            shutil.rmtree(folder)


@dataclass
class Walks:
    """How walks go: on which ground, how many steps, how many of the five devices have the app's own core.

    `counts` is what has happened in them.
    """

    ground: Ground
    nodes: Nodes
    steps: int
    own_cores: int = 2
    counts: Counter[str] = field(default_factory=Counter)

    async def walk(self, seed: int) -> None:
        """One. Fails with the seed and the last of what happened."""
        async with self.ground.fresh(seed) as place:
            walk = Walk(place, self.ground.world, seed)
            try:
                async with walk.opened(self.nodes, self.own_cores):
                    wishes = Wishes(random.Random(f"{seed}/wishes"), self.ground.world)
                    for _ in range(self.steps):
                        await walk.step(wishes)
                    await walk.settle()
                    await walk.nothing_lost()
            except Exception as fault:
                stuck = isinstance(fault, TimeoutError)
                why = "a device did not come to hold what the server does" if stuck else repr(fault)
                told = f"seed {seed}, {self.steps} steps: {why}"
                pytest.fail("\n".join([told, *walk.trace, told]))
        self.counts += walk.counts
        self.counts["walks"] += 1

    async def each(self, seeds: Iterable[int]) -> None:
        """All, two at a time: a walk mostly waits."""
        left = iter(seeds)

        async def lane() -> None:
            for seed in left:
                await self.walk(seed)

        lanes = [asyncio.create_task(lane()) for _ in range(2)]
        try:
            await asyncio.gather(*lanes)
        finally:
            for one in lanes:
                one.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    def happened(self) -> str:
        """What has, in words. Fails when a fault never has."""
        assert [fault for fault in FAULTS if not self.counts[fault]] == [], dict(self.counts)
        return ", ".join(f"{what} {times}" for what, times in sorted(self.counts.items()))


@functools.cache
def _registry() -> Registry:
    return load()


class Walk:
    """One house and its devices, from one seed."""

    house: House
    hub: Hub
    engine: Delaying

    def __init__(self, place: Place, world: World, seed: int) -> None:
        self.place, self.world, self.seed = place, world, seed
        self.rng, self.chance = random.Random(seed), random.Random(f"{seed}/network")
        self.clock = FrozenClock(world.stage.clock.now())
        self.began = self.clock.now()
        self.rate = Rate(lambda: 0.0, burst=10**9)
        self.faults = True
        self.lines: list[Line] = []
        self.counts: Counter[str] = Counter()
        self.trace: deque[str] = deque(maxlen=TRACED)

    def say(self, *words: object) -> None:
        """Remembers what happened, for whoever must find out."""
        self.trace.append(" ".join(word.decode()[:300] if isinstance(word, bytes) else str(word) for word in words))

    @asynccontextmanager
    async def opened(self, nodes: Nodes, own_cores: int) -> AsyncIterator[None]:
        await self._start()
        try:
            for n, who in enumerate(CAST):
                await self._add(who, nodes if (n - self.seed) % len(CAST) < own_cores else None)
            yield
        finally:
            for line in self.lines:
                await line.leave()
            await self._stop()

    async def _start(self) -> None:
        """A server begins on the database."""
        bare = open_engine(**self.place, pool_size=8)
        self.engine = Delaying(bare, most_s=0.003)
        self.engine.rng = random.Random(f"{self.seed}/engine/{self.counts.total()}")
        await self.engine.start()
        self.hub = Hub(self.engine, self.clock)
        self.house = House(
            engine=self.engine, clock=self.clock, registry=_registry(), journal=Journal(None), effects=effects(),
            wake=self.hub.wake,
        )  # fmt: skip
        await self.hub.start()
        self.engine.on = self.faults

    async def _stop(self) -> None:
        await self.hub.stop()
        await self.engine.close()

    async def _restart(self, *, told: bool) -> None:
        """Another server on the same database. The old one says goodbye, or is gone in the middle of everything."""
        self.counts["server stopped" if told else "server died"] += 1
        self.say("the server", "stops" if told else "dies")
        if told:
            await self.hub.stop()
            await asyncio.sleep(0.001)
        for line in self.lines:
            await line.unplugged()
        await self._stop()
        await self._start()

    async def pause(self) -> None:
        if self.faults and self.chance.random() < 0.2:
            await asyncio.sleep(self.chance.random() * 0.004)

    async def _add(self, who: str, nodes: Nodes | None) -> None:
        person = self.world[who]
        async with self.engine.write() as tx:
            session = await start_session(tx, person.actor, "test", self.clock.now())
        line = Line(self, person, session.session_id)
        line.draw(self.rng.choice(("new", "new", "older", TOO_OLD)))
        if nodes is None:
            line.device = PythonDevice(person.seat, line.schema, line.now)
        else:
            line.device = await NodeDevice.start(nodes, person.seat, str(person.actor.kind), line.schema, line.now)
        self.lines.append(line)

    async def step(self, wishes: Wishes) -> None:
        line = self.rng.choice(self.lines)
        fate = self.rng.random()
        if fate < 0.11:
            self.counts["cut"] += not line.is_away
            await line.cut()
        elif fate < 0.28:
            await line.connect()
        elif fate < 0.36:
            await line.post()
        elif fate < 0.41:
            await self._pass(timedelta(minutes=self.rng.choice((1, 1, 30, 30, 2000))))
        elif fate < 0.44:
            app = self.rng.choice((line.app, "new"))
            await line.again("new" if line.refused else app)
        elif fate < 0.45:
            await self._restart(told=self.rng.random() < 0.5)
        else:
            wish = wishes.next(await pool_of(self.engine), self.clock.now())
            by = next((one for one in self.lines if one.person is self.world.people.get(wish.who)), line)
            await by.wish(wish.command, dict(wish.args))
        await asyncio.sleep(self.chance.random() * 0.003)

    async def _pass(self, time: timedelta) -> None:
        if self.clock.now() + time > self.began + LONGEST:
            return
        self.say(time, "pass")
        self.clock.set(self.clock.now() + time)
        for line in self.lines:
            await line.tick(int(time.total_seconds() * 1000))

    async def settle(self) -> None:
        """No more faults: everybody has an app of today, comes back and is done."""
        self.faults = self.engine.on = False
        self.say("rest")
        for line in self.lines:
            await line.rest()
            if line.app == TOO_OLD:
                await line.again("new")
        async with asyncio.timeout(QUIET_S):
            while True:
                for line in self.lines:
                    await line.connect()
                await asyncio.sleep(0.02)
                if not any([await self._open(line) for line in self.lines]):
                    return

    async def _open(self, line: Line) -> bool:
        line.check()
        async with line.lock:
            return await line.device.waiting() > 0 or await line.device.scopes() != await self.projection(line)

    async def projection(self, line: Line) -> Scopes:
        """What the server holds for this seat now."""
        copy, actor = Copy(), line.person.actor
        hello = frames.Hello(1, 1, actor.seat, actor.seat, {}, None, "sv")
        welcome = await pull.welcome(self.engine, actor, hello, self.clock.now())
        held = [scope.on_wire() for scope in welcome.held]
        copy.apply({"t": "welcome", "epoch": welcome.epoch, "last_n": 0, "scopes": held})
        for part in welcome.parts:
            for data in part.frames(actor):
                copy.apply(json.loads(data))
        return scopes_of(copy)

    async def nothing_lost(self) -> None:
        """Every command that anybody wished for has the server's word, or its device took it back."""
        async with self.engine.read() as tx:
            answered = {id for (id,) in await tx.fetch("SELECT command_id FROM receipt")}
        for line in self.lines:
            async with line.lock:
                lost = line.wished - answered - await line.device.given_up()
            assert not lost, f"{line.person.name}: no word on {sorted(lost)}"
