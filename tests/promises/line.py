"""A device's line in a walk: its session, the network between it and the house, and what goes wrong with all three."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from server.demo.stage import Person
from server.domain.version import SCHEMA
from server.sync.connection import Connection
from tests.promises.devices import OLDER, Device, is_later

if TYPE_CHECKING:
    from tests.promises.walk import Walk

TWICE = 0.05
"""How often a frame arrives twice."""
TOO_OLD = "too old"


class Line:
    """One device and all that carries its frames. `app` is how old it is: `new`, `older` or `too old` to be served."""

    def __init__(self, walk: Walk, person: Person, session: str) -> None:
        self.walk, self.person, self.session = walk, person, session
        self.device: Device
        self.app = "new"
        self.off = timedelta()
        self.connection: Connection | None = None
        self.refused = False
        self.wished: set[str] = set()
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self._in: asyncio.Queue[tuple[Connection, bytes | int]] = asyncio.Queue()
        """Frames, and the code that ends a connection after them."""
        self.lock = asyncio.Lock()
        self._carrying = asyncio.create_task(self._carry())
        self._delivering = asyncio.create_task(self._deliver())

    def now(self) -> datetime:
        """What time it is by the device's clock."""
        return self.walk.clock.now() + self.off

    @property
    def schema(self) -> int:
        return SCHEMA if self.app == "new" else OLDER

    def draw(self, app: str) -> None:
        """Its clock is right, or wrong by up to ten minutes."""
        self.app = app
        self.off = timedelta(seconds=self.walk.rng.choice((0, -600, 600, self.walk.rng.randint(-600, 600))))
        if abs(self.off) >= timedelta(minutes=5):
            self.walk.counts["clock ahead" if self.off > timedelta() else "clock behind"] += 1

    # --- the network

    async def connect(self) -> None:
        """Opens a connection; the device says hello."""
        if self.connection is not None or self.refused:
            return

        async def send(data: bytes) -> None:
            if self.connection is connection:
                await self._in.put((connection, data))
                if self.walk.faults and self.walk.chance.random() < TWICE:
                    self.walk.counts["down twice"] += 1
                    await self._in.put((connection, data))

        async def end(code: int) -> None:
            await self._in.put((connection, code))

        connection = Connection(
            self.walk.house, self.walk.hub, self.walk.rate, actor=self.person.actor, session_id=self.session, seats=1,
            send=send, end=end,
        )  # fmt: skip
        self.connection = connection
        async with self.lock:
            await self.device.opened()
        self.push()

    async def cut(self) -> None:
        """The network drops everything that is under way."""
        connection = self._hang_up()
        if connection is not None:
            await self._lost(1006)

    async def unplugged(self) -> None:
        """The server is gone, in the middle of what it was doing."""
        self._carrying.cancel()
        await asyncio.gather(self._carrying, return_exceptions=True)
        ended, self._carrying = self._carrying, asyncio.create_task(self._carry())
        if not ended.cancelled():
            ended.result()
        await self.cut()

    def _hang_up(self) -> Connection | None:
        connection, self.connection = self.connection, None
        while not self._out.empty():
            self._out.get_nowait()
        if connection is not None:
            connection.close("")
            connection.finish()
        return connection

    async def _lost(self, code: int) -> None:
        self.connection = None
        async with self.lock:
            self.device.sends.clear()
            await self.device.closed(code)

    def push(self) -> None:
        """What the device wants sent goes onto the wire, unless it ends the connection itself."""
        sends, self.device.sends[:] = list(self.device.sends), []
        if self.connection is not None:
            for frame in sends:
                if frame["t"] == "hello":
                    # An app that is too old to be served says so here; the rest of it is the same.
                    frame = {**frame, "protocol": 0} if self.app == TOO_OLD else frame
                    self.walk.counts[f"hello of the {self.app} app"] += 1
                self._put(json.dumps(frame).encode(), again=frame["t"] != "hello")
        if self.device.hangs_up:
            self.device.hangs_up = False
            self._hang_up()

    def _put(self, data: bytes, *, again: bool) -> None:
        """A hello is never said twice: that is no fault of a network but a client that breaks the protocol."""
        self._out.put_nowait(data)
        if again and self.walk.faults and self.walk.chance.random() < TWICE:
            self.walk.counts["up twice"] += 1
            self._out.put_nowait(data)

    async def _carry(self) -> None:
        while True:
            data = await self._out.get()
            await self.walk.pause()
            if self.connection is not None:
                self.walk.say(self.person.name, ">", data)
                await self.connection.receive(data)

    async def _deliver(self) -> None:
        while True:
            connection, data = await self._in.get()
            await self.walk.pause()
            if connection is not self.connection:
                continue
            if isinstance(data, int):
                await self._lost(data)
                continue
            self.walk.say(self.person.name, "<", data)
            frame = json.loads(data)
            assert frame["t"] != "differs", "a copy differed at an equal version"
            async with self.lock:
                await self.device.frame(frame)
            if frame["t"] == "bye" and frame["reason"] == "upgrade":
                self.walk.counts["told to upgrade"] += 1
                self.refused = True
            self.push()

    # --- the device

    async def wish(self, name: str, args: dict[str, Any]) -> None:
        if self.app != "new" and is_later(name):
            return
        async with self.lock:
            self.wished.add(await self.device.command(name, args))
        self.push()

    async def tick(self, ms: int) -> None:
        async with self.lock:
            await self.device.tick(ms)
        self.push()

    async def again(self, app: str) -> None:
        """The device dies and starts from what it had stored, as this app, with its clock set anew."""
        await self.cut()
        self.draw(app)
        self.walk.say(self.person.name, "starts again:", app)
        async with self.lock:
            await self.device.again(self.schema, self.now)
            self.device.hangs_up = False
        self.refused = False
        self.walk.counts["device again"] += 1

    def check(self) -> None:
        """Raises what went wrong behind the walk's back."""
        for task in (self._carrying, self._delivering):
            if task.done():
                task.result()

    async def leave(self) -> None:
        await self.cut()
        tasks = (self._carrying, self._delivering)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        await self.device.end()
        for one in ended:
            if isinstance(one, BaseException) and not isinstance(one, asyncio.CancelledError):
                raise one
