"""A peer without a network: the real connection, hub and house in this process, frame by frame."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.actors import Assurance
from server.ids import new_id
from server.storage.engine import Engine, open_engine
from server.sync import push
from server.sync.connection import Connection
from server.sync.frames import from_value
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.rate import Rate
from server.sync.replica import Copy
from tests.access.scene import house_on
from tests.conftest import Place
from tests.people import World, make_world

CLOSED_S = 20.0


class Peer:
    """One device on the line. `frames` is all it was sent; `copy` what it made of it."""

    def __init__(self, town: Town, person: Person, session: str) -> None:
        self.town, self.person, self.session = town, person, session
        self.replica = new_id(town.now())
        self.copy = Copy()
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.n = 0
        self.on_frame: Callable[[dict[str, Any]], None] | None = None
        self._changed = asyncio.Event()
        self.open()

    def open(self) -> None:
        """A new connection of the same replica."""
        self.code = None
        self.connection = Connection(
            self.town.house,
            self.town.hub,
            self.town.rate,
            actor=self.person.actor,
            session_id=self.session,
            seats=1,
            send=self._take,
            end=self._end,
        )

    async def _take(self, data: bytes) -> None:
        await self.town.before_send()
        frame = json.loads(data)
        self.frames.append(frame)
        self.copy.apply(frame)
        if self.on_frame is not None:
            self.on_frame(frame)
        self._changed.set()

    async def _end(self, code: int) -> None:
        self.code = code
        self._changed.set()

    def hello(self) -> dict[str, Any]:
        return {
            "t": "hello", "protocol": 1, "schema": 1, "seat": None, "replica": self.replica,
            "cursors": self.copy.cursors(), "epoch": self.copy.epoch, "lang": "sv",
        }  # fmt: skip

    async def say(self, frame: Mapping[str, Any] | str | bytes | None) -> None:
        data = json.dumps(frame) if isinstance(frame, Mapping) else frame
        await self.connection.receive(data)

    async def greet(self) -> None:
        """Hello, until everything is there."""
        self.copy.synced = False
        await self.say(self.hello())
        await self.until(lambda: self.copy.synced)

    def command(self, name: str, **args: Any) -> dict[str, Any]:
        self.n = max(self.n, self.copy.last_n) + 1
        now = self.town.now()
        return {
            "t": "command",
            "id": new_id(now),
            "n": self.n,
            "name": name,
            "args": args,
            "at": "2026-11-02T09:00:00Z",
        }

    async def ask(self, name: str, **args: Any) -> dict[str, Any]:
        """Sends a command; its answer."""
        frame = self.command(name, **args)
        await self.say(frame)
        await self.until(lambda: self.answer(frame["id"]) is not None)
        answer = self.answer(frame["id"])
        assert answer is not None
        return answer

    def answer(self, id: str) -> dict[str, Any] | None:
        return next((one for one in self.frames if one["t"] in ("ack", "nack") and one["id"] == id), None)

    async def post(self, *frames: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One exchange as `POST /sync` makes it."""
        connection = Connection(
            self.town.house, self.town.hub, self.town.rate, actor=self.person.actor, session_id=self.session, seats=1,
            send=self._take, end=self._end,
        )  # fmt: skip
        sent = [from_value(self.hello()), *(from_value(dict(frame)) for frame in frames)]
        return [json.loads(data) for data in await connection.exchange(sent)]

    async def until(self, condition: Callable[[], bool], timeout_s: float = CLOSED_S) -> None:
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def kinds(self, since: int = 0) -> list[str]:
        return [frame["t"] for frame in self.frames[since:]]

    async def cut(self) -> None:
        """The network is gone; the server finds out by itself."""
        self.connection.close("")
        self.connection.finish()
        await asyncio.sleep(0)  # what was being sent ends


class Town:
    """House, hub and cast."""

    def __init__(self, house: House, hub: Hub, world: World) -> None:
        self.house, self.hub, self.world = house, hub, world
        self.rate = Rate(lambda: 0.0, burst=10**9)
        self.peers: list[Peer] = []

    def now(self) -> Any:
        return self.house.clock.now()

    async def before_send(self) -> None:
        """Where a test may hold bytes back."""

    async def peer(self, who: str | Person, assurance: Assurance | None = None, *, greet: bool = True) -> Peer:
        person = self.world[who] if isinstance(who, str) else who
        if assurance is not None:
            person = replace(person, actor=replace(person.actor, assurance=assurance))
        async with self.house.engine.write() as tx:
            made = await start_session(tx, person.actor, "test", self.now())
        peer = Peer(self, person, made.session_id)
        self.peers.append(peer)
        if greet:
            await peer.greet()
        return peer

    async def act(self, who: str, name: str, **args: Any) -> Mapping[str, Any]:
        """Somebody does something on another device; the hub is told."""
        command = self.house.registry.commands[name].model_validate(args)
        return await push.act(self.house, command, new_id(self.now()), self.world[who].actor)

    async def share(self, who: str = "jonas", child: str | None = None, **more: Any) -> str:
        """A complete consent that lets somebody at the clinic in; its id."""
        names = ("noor",) if child == self.world.noor else ("anna", "omar")
        terms: dict[str, Any] = {
            "purpose": "coordination",
            "information_kinds": ["child", "meeting", "voice", "waiting"],
            "to_units": [self.world.units["clinic"]],
            "people": [self.world[who].seat],
            "also_young": child == self.world.noor,
        }
        made = await self.act(
            "maria",
            "consent.record",
            child=child or self.world.elsa,
            answers={self.world.relations[name]: "yes" for name in names},
            form="oral",
            **{**terms, **more},
        )
        return str(made["consent"])


@asynccontextmanager
async def town_at(place: Place, wrap: Callable[[Engine], Engine] = lambda engine: engine) -> AsyncIterator[Town]:
    """A house with its cast, the hub looking; `wrap` may put faults around the database."""
    engine = wrap(open_engine(**place))
    await engine.start()
    async with house_on(engine) as bare:
        world = await make_world(bare)
        hub = Hub(engine, world.stage.clock)
        house = replace(bare, clock=world.stage.clock, wake=hub.wake)
        await hub.start()
        town = Town(house, hub, world)
        try:
            yield town
        finally:
            for peer in town.peers:
                await peer.cut()
            await hub.stop()
            await engine.close()
