"""Another process of the same house: an engine of its own, a hub that hears no notification, and devices.

It looks more often than a server does, so that a thousand rounds take minutes; that a server's own second is short enough
is shown elsewhere, at its figure.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from server.demo.stage import Person, Stage
from server.features import load
from server.storage.engine import open_engine
from server.storage.journal import Journal
from server.sync import hub as hubs
from server.sync.house import House
from server.sync.hub import Hub
from tests.access.scene import effects
from tests.clock import FrozenClock
from tests.people import World
from tests.promises.faults import Delaying
from tests.push.crew import PRELOADED
from tests.sync.peer import Peer, Town

LOOK_EVERY_S = 0.03
WAIT_S = 2.0


@dataclass(frozen=True)
class Known:
    """What a process must know of the cast to let people in it act."""

    url: str
    now: datetime
    people: Mapping[str, Person]


class Beside:
    """The other process, seen from the test. It answers one thing at a time."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def connect(self, who: str) -> None:
        """A device of theirs, up to date."""
        await self._ask("connect", who)

    async def act(self, at_s: float, who: str, name: str, **args: Any) -> str:
        """They do something at this instant of `time.monotonic`; why it was refused, or an empty text."""
        return str(await self._ask("act", at_s, who, name, args))

    async def holds(self, who: str, scope: str) -> None:
        """Returns when their device holds it. Raises `AssertionError` when that takes too long."""
        await self._ask("holds", who, scope)

    async def holds_none(self, prefix: str) -> None:
        """Returns when no device holds any such scope."""
        await self._ask("holds_none", prefix)

    async def _ask(self, *asked: Any) -> Any:
        self._pipe.send(asked)
        answer, fault = await asyncio.to_thread(self._pipe.recv)
        assert fault is None, f"{asked}: {fault}"
        return answer


@asynccontextmanager
async def beside(known: Known) -> AsyncIterator[Beside]:
    """Such a process, for the length of the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(theirs, known), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Beside(ours)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _live(pipe: Connection, known: Known) -> None:
    hubs.LOOK_EVERY_S = LOOK_EVERY_S  # type: ignore[misc]
    asyncio.run(_serve(pipe, known))


async def _serve(pipe: Connection, known: Known) -> None:
    engine = Delaying(open_engine(data=None, database_url=known.url))
    engine.listen = _deaf  # type: ignore[method-assign]
    await engine.start()
    clock = FrozenClock(known.now)
    hub = Hub(engine, clock)
    house = House(
        engine=engine, clock=clock, registry=load(), journal=Journal(None), effects=effects(), wake=hub.wake
    )  # fmt: skip
    await hub.start()
    town = Town(house, hub, World(Stage(house, known.now), people=dict(known.people)))
    devices: dict[str, Peer] = {}
    while True:
        what, *asked = await asyncio.to_thread(pipe.recv)
        try:
            pipe.send((await _do(town, devices, what, asked), None))
        except Exception as fault:
            pipe.send((None, repr(fault)))


async def _do(town: Town, devices: dict[str, Peer], what: str, asked: list[Any]) -> str:
    if what == "connect":
        devices[asked[0]] = await town.peer(asked[0])
    elif what == "act":
        at_s, who, name, args = asked
        await asyncio.sleep(at_s - time.monotonic())
        try:
            await town.act(who, name, **args)
        except Exception as refused:
            return str(refused)
    elif what == "holds":
        who, scope = asked
        await devices[who].until(lambda: scope in devices[who].copy.scopes, WAIT_S)
    else:
        for device in devices.values():
            await device.until(
                lambda peer=device: not [one for one in peer.copy.scopes if one.startswith(asked[0])], WAIT_S
            )  # type: ignore[misc]
    return ""


async def _deaf(*_: object) -> None:
    """Hears nothing."""
