"""A device's line in a walk: its session, the network between it and the house, and what goes wrong with all three.

Frames of one socket keep their order. What may overtake one another are the ways: a socket that the device has given up is
still read at the server while the next says hello, what it said still arrives at the device, and a request over HTTP that
nobody waits for any more is still decided.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from server.demo.stage import Person
from server.domain.version import SCHEMA
from server.sync import frames
from server.sync.connection import Connection
from tests.promises.devices import OLDER, Device, is_later

if TYPE_CHECKING:
    from tests.promises.walk import Walk

TWICE = 0.05
"""How often a frame arrives twice."""
LATE = 0.6
"""How often the server goes on reading a socket that its device has given up."""
CUT = 0.5
"""How often an answer over HTTP breaks off: what is not whole is no answer."""
IMPATIENT = 0.15
"""How often a device does not wait for an answer over HTTP."""
POSTS = 3
TOO_OLD = "too old"
WELCOME = b'{"t":"welcome"'


class Wire:
    """One socket, read at the server frame by frame as long as there is anything in it."""

    def __init__(self, line: Line, connection: Connection) -> None:
        self.line, self.connection = line, connection
        self.number = 0
        """Which opening of the device's this is, since it began."""
        self.is_over = False
        """The device knows that it has ended."""
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (data := await self.queue.get()) is not None:
            await self.line.walk.pause()
            self.line.walk.say(self.line.person.name, ">", data)
            await self.connection.receive(data)
        self.close()

    def hang_up(self, *, late: bool) -> None:
        """The device has gone. What is still under way is lost, unless the server hears of it `late`."""
        if not late:
            while not self.queue.empty():
                self.queue.get_nowait()
        # As at the server's own sockets: the frame that is being handled is handled to its end.
        self.queue.put_nowait(None)

    def close(self) -> None:
        self.connection.close("")
        self.connection.finish()

    def amiss(self) -> str:
        """When this one is being welcomed: what is wrong with those its replica had before. All must be closed and decide
        nothing any more.
        """
        older = [wire.connection for wire in self.line.given_up if wire is not self and wire.connection.replica]
        if self.connection.goodbye is not None:
            return ""
        if any(one.goodbye is None for one in older):
            return "a socket that was given up is read on"
        return "a socket that was given up still decides" if any(one.deciding.locked() for one in older) else ""


class Line:
    """One device and all that carries its frames. `app` is how old it is: `new`, `older` or `too old` to be served."""

    def __init__(self, walk: Walk, person: Person, session: str) -> None:
        self.walk, self.person, self.session = walk, person, session
        self.device: Device
        self.app = "new"
        self.off = timedelta()
        self.wire: Wire | None = None
        self.refused = False
        self.wished: set[str] = set()
        self.given_up: list[Wire] = []
        self._openings = 0
        """Of the device's, since it began, by either way."""
        self._posted: asyncio.Task[None] | None = None
        self._left = asyncio.Event()
        """The device waits for its answer over HTTP no longer."""
        self._asked: set[asyncio.Task[list[bytes]]] = set()
        """What the server decides over HTTP."""
        self._faults: list[BaseException] = []
        """Of what nobody waits for."""
        self._in: asyncio.Queue[tuple[Wire, bytes | int]] = asyncio.Queue()
        """Frames, and the code that ends a connection after them."""
        self.lock = asyncio.Lock()
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

    @property
    def is_away(self) -> bool:
        return self.wire is None and self._posted is None

    async def connect(self) -> None:
        """Opens a socket; the device says hello."""
        if not self.is_away or self.refused:
            return

        async def send(data: bytes) -> None:
            if data.startswith(WELCOME) and (wrong := wire.amiss()):
                self._faults.append(AssertionError(wrong))
            if self.wire is wire or self.walk.faults:
                await self._in.put((wire, data))
                if self.walk.faults and self.walk.chance.random() < TWICE:
                    self.walk.counts["down twice"] += 1
                    await self._in.put((wire, data))

        async def end(code: int) -> None:
            await self._in.put((wire, code))

        wire = Wire(self, self._connection(send, end))
        self.wire = wire
        async with self.lock:
            await self._open(wire)
        self.push()

    async def _open(self, wire: Wire | None) -> None:
        self._openings += 1
        if wire is not None:
            wire.number = self._openings
        await self.device.opened()

    def _connection(self, send: Any, end: Any) -> Connection:
        return Connection(
            self.walk.house, self.walk.hub, self.walk.rate, actor=self.person.actor, session_id=self.session, seats=1,
            send=send, end=end,
        )  # fmt: skip

    async def cut(self) -> None:
        """The network drops what is under way, or the device gives up before the server hears of it."""
        if self._posted is not None:
            self._left.set()
            await self._posted
        elif self._hang_up():
            await self._lost(1006)

    async def unplugged(self) -> None:
        """The server is gone, in the middle of what it was doing."""
        wires = [*self.given_up, *([self.wire] if self.wire else [])]
        tasks = [*(wire.reading for wire in wires), *self._asked]
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for wire in wires:
            wire.close()
        self.given_up.clear()
        _raise(ended)
        await self.cut()

    def _hang_up(self) -> bool:
        wire, self.wire = self.wire, None
        if wire is None:
            return False
        late = self.walk.faults and self.walk.chance.random() < LATE
        self.walk.counts["given up, still read"] += late
        wire.hang_up(late=late)
        self.given_up.append(wire)
        return True

    async def _lost(self, code: int) -> None:
        if self.wire is not None:
            self.given_up.append(self.wire)
            self.wire.hang_up(late=False)
            self.wire = None
        async with self.lock:
            self.device.sends.clear()
            await self.device.closed(code)
            self._know()

    def push(self) -> None:
        """What the device wants sent goes onto the wire, unless it ends the connection itself."""
        if self._posted is not None:
            return
        sends, self.device.sends[:] = list(self.device.sends), []
        if self.wire is not None:
            for frame in sends:
                self._put(self.wire, json.dumps(self._as_this_app(frame)).encode(), again=frame["t"] != "hello")
        if self.device.hangs_up:
            self.device.hangs_up = False
            self._hang_up()
            self._know()

    def _know(self) -> None:
        """The device knows that what has been given up has ended."""
        for wire in self.given_up:
            wire.is_over = True

    def _as_this_app(self, frame: dict[str, Any]) -> dict[str, Any]:
        if frame["t"] != "hello":
            return frame
        self.walk.counts[f"hello of the {self.app} app"] += 1
        # An app that is too old to be served says so here; the rest of it is the same.
        return {**frame, "protocol": 0} if self.app == TOO_OLD else frame

    def _put(self, wire: Wire, data: bytes, *, again: bool) -> None:
        """A hello is never said twice: that is no fault of a network but a client that breaks the protocol."""
        wire.queue.put_nowait(data)
        if again and self.walk.faults and self.walk.chance.random() < TWICE:
            self.walk.counts["up twice"] += 1
            wire.queue.put_nowait(data)

    async def _deliver(self) -> None:
        while True:
            wire, data = await self._in.get()
            await self.walk.pause()
            if wire is not self.wire:
                await self._late(wire, data)
                continue
            if isinstance(data, int):
                await self._lost(data)
                continue
            await self._hear(data)
            self.push()

    async def _late(self, wire: Wire, data: bytes | int) -> None:
        async with self.lock:
            if wire.is_over and wire.number and isinstance(data, bytes):
                self.walk.say(self.person.name, "< of a socket that was given up", data)
                self.walk.counts["given up, still heard"] += 1
                await self.device.late(json.loads(data), self._openings - wire.number)

    async def _hear(self, data: bytes) -> None:
        self.walk.say(self.person.name, "<", data)
        frame = json.loads(data)
        assert frame["t"] != "differs", "a copy differed at an equal version"
        async with self.lock:
            await self.device.frame(frame)
        if frame["t"] == "bye" and frame["reason"] == "upgrade":
            self.walk.counts["told to upgrade"] += 1
            self.refused = True

    # --- over HTTP

    async def post(self) -> None:
        """Asks over HTTP instead of opening a socket, until it has no more to say."""
        if not self.is_away or self.refused:
            return
        self._left.clear()
        self._posted = asyncio.create_task(self._post())
        self._posted.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (fault := task.exception()):
            self._faults.append(fault)

    async def _post(self) -> None:
        left = asyncio.create_task(self._left.wait())
        try:
            async with self.lock:
                await self._open(None)
                hello = self.device.sends.pop(0)
            for _ in range(POSTS):
                async with self.lock:
                    sends, self.device.sends[:] = list(self.device.sends), []
                answer = await self._answered([self._as_this_app(hello), *sends], left)
                if answer is None:
                    break
                for data in answer:
                    await self._hear(data)
                if not self.device.sends or self.device.hangs_up or self.refused:
                    break
                async with self.lock:
                    cursors = {name: cursor for name, (cursor, _) in (await self.device.scopes()).items()}
                hello = {**hello, "cursors": cursors, "epoch": json.loads(answer[0])["epoch"]}
        finally:
            left.cancel()
            self.device.hangs_up = False
            self._posted = None
            await self._lost(1006)

    async def _answered(self, sent: list[dict[str, Any]], left: asyncio.Task[bool]) -> list[bytes] | None:
        """None when the device left before, or the answer broke off. The server decides it all the same."""
        self.walk.counts["posted"] += 1
        asked = asyncio.create_task(self._ask(sent))
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        asked.add_done_callback(self._done)
        if self.walk.faults and self.walk.chance.random() < IMPATIENT:
            await asyncio.sleep(self.walk.chance.random() * 0.002)
            self._left.set()
        await asyncio.wait({asked, left}, return_when=asyncio.FIRST_COMPLETED)
        if self._left.is_set() or asked.cancelled():
            self.walk.counts["answer nobody waited for"] += 1
            return None
        if self.walk.faults and self.walk.chance.random() < CUT:
            self.walk.counts["answer broke off"] += 1
            return None
        return asked.result()

    async def _ask(self, sent: list[dict[str, Any]]) -> list[bytes]:
        async def nowhere(_: object) -> None:
            return None

        await self.walk.pause()
        self.walk.say(self.person.name, "> over HTTP", sent)
        return await self._connection(nowhere, nowhere).exchange([frames.from_value(one) for one in sent])

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
            self._openings = 0
            for wire in self.given_up:
                wire.number = 0
        self.refused = False
        self.walk.counts["device again"] += 1

    async def rest(self) -> None:
        """Returns when the server has nothing of this device under way that the device has given up."""
        if self._posted is not None:
            await self._posted
        _raise(await asyncio.gather(*self._asked, *(wire.reading for wire in self.given_up), return_exceptions=True))
        self.given_up.clear()

    def check(self) -> None:
        """Raises what went wrong behind the walk's back."""
        _raise(self._faults)
        for task in (self._delivering, *([self.wire.reading] if self.wire else [])):
            if task.done():
                task.result()

    async def leave(self) -> None:
        await self.cut()
        self._delivering.cancel()
        ended = await asyncio.gather(self._delivering, return_exceptions=True)
        await self.rest()
        await self.device.end()
        _raise([*ended, *self._faults])


def _raise(ended: Sequence[object]) -> None:
    for one in ended:
        if isinstance(one, BaseException) and not isinstance(one, asyncio.CancelledError):
            raise one
