"""P5: whatever the network does, every device ends up with what the server holds for it. Seeded walks.

Five devices wish, lose their connection in the middle of things, send again, ask for digests; transactions take their
time. At the end the faults stop, and each copy must equal the projection of its seat.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.auth.sessions import start_session
from server.demo.stage import Person, Stage
from server.features import load
from server.storage.engine import open_engine
from server.storage.journal import Journal
from server.storage.sqlite import FILE
from server.sync import frames, pull
from server.sync.connection import Connection
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.rate import Rate
from server.sync.replica import Copy
from tests.access.scene import effects, house_on
from tests.people import World, make_world
from tests.promises.devices import HEADLESS, NPM, Device, NodeDevice, PythonDevice, Scopes, scopes_of
from tests.promises.faults import Delaying
from tests.promises.walking import Wishes, pool_of

CAST = ("anna", "omar", "noor", "maria", "jonas")
STEPS = 60
QUIET_S = 10.0
Make = Callable[[Person, Any], Awaitable[Device]]


async def python_device(person: Person, now: Any) -> Device:
    return PythonDevice(person.seat, now)


async def node_device(person: Person, now: Any) -> Device:
    return await NodeDevice.start(person.seat, str(person.actor.kind), now)


class Line:
    """A device, its session and the network between it and the house."""

    def __init__(self, walk: Walk, person: Person, device: Device, session: str) -> None:
        self.walk, self.person, self.device, self.session = walk, person, device, session
        self.connection: Connection | None = None
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self._in: asyncio.Queue[tuple[Connection, bytes]] = asyncio.Queue()
        self._lock = asyncio.Lock()
        self.tasks = [asyncio.create_task(self._carry()), asyncio.create_task(self._deliver())]

    async def connect(self) -> None:
        """Opens a connection; the device says hello."""
        if self.connection is not None:
            return
        house = self.walk.house

        async def send(data: bytes) -> None:
            if self.connection is connection:
                await self._in.put((connection, data))

        async def end(code: int) -> None:
            if self.connection is connection:
                await self._lost(code)

        connection = Connection(
            house, self.walk.hub, self.walk.rate, actor=self.person.actor, session_id=self.session, seats=1, send=send,
            end=end,
        )  # fmt: skip
        self.connection = connection
        async with self._lock:
            await self.device.opened()
        self.push()

    async def cut(self) -> None:
        """The network drops everything that is under way."""
        connection = self.connection
        if connection is None:
            return
        while not self._out.empty():
            self._out.get_nowait()
        await self._lost(1006)
        connection.close("")
        connection.finish()

    async def _lost(self, code: int) -> None:
        self.connection = None
        async with self._lock:
            self.device.sends.clear()
            await self.device.closed(code)

    def push(self) -> None:
        """What the device wants sent goes onto the wire."""
        sends, self.device.sends[:] = list(self.device.sends), []
        if self.connection is not None:
            for frame in sends:
                self._out.put_nowait(json.dumps(frame).encode())

    async def wish(self, name: str, args: dict[str, Any]) -> None:
        async with self._lock:
            await self.device.command(name, args)
        self.push()

    async def _carry(self) -> None:
        while True:
            data = await self._out.get()
            await self.walk.pause()
            if self.connection is not None:
                await self.connection.receive(data)

    async def _deliver(self) -> None:
        while True:
            connection, data = await self._in.get()
            await self.walk.pause()
            if connection is not self.connection:
                continue
            async with self._lock:
                await self.device.frame(json.loads(data))
            self.push()

    async def leave(self) -> None:
        await self.cut()
        for task in self.tasks:
            task.cancel()
        ended = await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.device.end()
        for one in ended:
            if isinstance(one, BaseException) and not isinstance(one, asyncio.CancelledError):
                raise one


class Walk:
    """One house and its devices, from one seed."""

    def __init__(self, house: House, hub: Hub, world: World, engine: Delaying, seed: int) -> None:
        self.house, self.hub, self.world, self.engine = house, hub, world, engine
        self.rng = random.Random(seed)
        self.rate = Rate(lambda: 0.0, burst=10**9)
        self.faults = True
        self.lines: list[Line] = []

    async def pause(self) -> None:
        if self.faults and self.rng.random() < 0.2:
            await asyncio.sleep(self.rng.random() * 0.004)

    async def add(self, who: str, make: Make) -> None:
        person = self.world[who]
        async with self.house.engine.write() as tx:
            session = await start_session(tx, person.actor, "test", self.house.clock.now())
        self.lines.append(Line(self, person, await make(person, self.house.clock.now), session.session_id))

    async def step(self, wishes: Wishes) -> None:
        line = self.rng.choice(self.lines)
        fate = self.rng.random()
        if fate < 0.12:
            await line.cut()
        elif fate < 0.4:
            await line.connect()
        elif fate < 0.45:
            self.world.stage.clock.set(self.world.stage.clock.now() + timedelta(minutes=self.rng.choice((1, 30, 2000))))
        else:
            wish = wishes.next(await pool_of(self.house.engine), self.house.clock.now())
            by = next((one for one in self.lines if one.person is self.world.people.get(wish.who)), line)
            await by.wish(wish.command, dict(wish.args))
        await asyncio.sleep(self.rng.random() * 0.003)

    async def settle(self) -> None:
        """No more faults: everybody comes back and is done."""
        self.faults = self.engine.on = False
        async with asyncio.timeout(QUIET_S):
            while True:
                for line in self.lines:
                    await line.connect()
                await asyncio.sleep(0.02)
                if not any([await self._open(line) for line in self.lines]):
                    return

    async def _open(self, line: Line) -> bool:
        for task in line.tasks:
            if task.done():
                task.result()
        async with line._lock:
            return await line.device.waiting() > 0 or await line.device.scopes() != await self.projection(line)

    async def projection(self, line: Line) -> Scopes:
        """What the server holds for this seat now."""
        copy, actor = Copy(), line.person.actor
        hello = frames.Hello(1, 1, actor.seat, actor.seat, {}, None, "sv")
        welcome = await pull.welcome(self.house.engine, actor, hello, self.house.clock.now())
        held = [scope.on_wire() for scope in welcome.held]
        copy.apply({"t": "welcome", "epoch": welcome.epoch, "last_n": 0, "scopes": held})
        for part in welcome.parts:
            for data in part.frames(actor):
                copy.apply(json.loads(data))
        return scopes_of(copy)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A file with the cast in it, copied for each walk."""
    folder = tmp_path_factory.mktemp("template")

    async def make() -> World:
        engine = open_engine(data=folder, database_url=None)
        await engine.start()
        async with house_on(engine) as house:
            world = await make_world(house)
        await engine.close()
        return world

    return folder, asyncio.run(make())


@pytest.fixture(scope="module")
def core() -> None:
    """The app's own core, built from the sources as they are now."""
    built = subprocess.run([NPM, "run", "--silent", "headless"], capture_output=True, text=True, check=False)
    assert built.returncode == 0 and HEADLESS.is_file(), built.stdout + built.stderr


@asynccontextmanager
async def walking(template: tuple[Path, World], folder: Path, seed: int) -> AsyncIterator[Walk]:
    made, world = template
    folder.mkdir()
    shutil.copyfile(made / FILE, folder / FILE)
    engine = Delaying(open_engine(data=folder, database_url=None), most_s=0.003)
    engine.rng = random.Random(f"{seed}/engine")
    await engine.start()
    bare = House(engine=engine, clock=world.stage.clock, registry=load(), journal=Journal(None), effects=effects())
    stage = Stage(bare, world.stage.clock.now())
    stage._made = 10_000
    mine = replace(world, stage=stage)
    hub = Hub(engine, stage.clock)
    house = replace(bare, clock=stage.clock, wake=hub.wake)
    await hub.start()
    walk = Walk(house, hub, mine, engine, seed)
    engine.on = True
    try:
        yield walk
    finally:
        for line in walk.lines:
            await line.leave()
        await hub.stop()
        await engine.close()
        shutil.rmtree(folder)


async def walk_once(template: tuple[Path, World], folder: Path, seed: int, make: Make, steps: int = STEPS) -> None:
    try:
        async with walking(template, folder / str(seed), seed) as walk:
            for who in CAST:
                await walk.add(who, make)
            wishes = Wishes(random.Random(f"{seed}/wishes"), walk.world)
            for _ in range(steps):
                await walk.step(wishes)
            await walk.settle()
    except TimeoutError:
        pytest.fail(f"seed {seed}: a device did not come to hold what the server does")


@pytest.mark.timeout(100)
async def test_copies_converge(template: tuple[Path, World], tmp_path: Path) -> None:
    for seed in range(20):
        await walk_once(template, tmp_path, seed, python_device)


@pytest.mark.timeout(100)
@pytest.mark.usefixtures("core")
async def test_the_apps_own_core_converges(template: tuple[Path, World], tmp_path: Path) -> None:
    for seed in range(500, 504):
        await walk_once(template, tmp_path, seed, node_device, 40)


@pytest.mark.promise(about_s=200)
@pytest.mark.timeout(1400)
async def test_copies_converge_over_1_000_seeds(template: tuple[Path, World], tmp_path: Path) -> None:
    for seed in range(1_000, 2_000):
        await walk_once(template, tmp_path, seed, python_device)


@pytest.mark.promise(about_s=200)
@pytest.mark.timeout(1400)
@pytest.mark.usefixtures("core")
async def test_the_apps_own_core_converges_over_200_seeds(template: tuple[Path, World], tmp_path: Path) -> None:
    for seed in range(5_000, 5_200):
        await walk_once(template, tmp_path, seed, node_device)
