"""House: what the engines share (database, clock, features, journal, effects). Wired once, in `server.app`."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from server.clock import Clock
from server.domain.actors import Actor
from server.features import Registry
from server.storage.engine import Engine, Tx
from server.storage.journal import Journal

CarryOut = Callable[[Tx, Actor, Mapping[str, Any], str], Awaitable[Mapping[str, Any] | None]]
"""(transaction, actor, arguments, now) -> what the sender is told once, beside the stored result."""


_PROCESS = secrets.token_hex(8)


def name_of(engine: Engine) -> str:
    """What this engine's commits are announced under: no other process, and no other engine here, has it."""
    return f"{_PROCESS}-{os.getpid()}-{id(engine):x}"


class Announcer:
    """Tells other processes of commits, one notification at a time: it covers whatever was committed before it."""

    def __init__(self) -> None:
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def soon(self, engine: Engine) -> None:
        """Tells them; nobody waits for it."""
        self._wanted = True
        if self._task is None or self._task.done():
            # An empty context: the task must not inherit a transaction.
            self._task = asyncio.get_running_loop().create_task(self._tell(engine), context=Context())

    async def _tell(self, engine: Engine) -> None:
        while self._wanted:
            self._wanted = False
            await engine.notify(name_of(engine))


@dataclass(frozen=True)
class House:
    """`effects` carries out, by name, what a decision asks for beyond its rows. `wake` is called after each commit."""

    engine: Engine
    clock: Clock
    registry: Registry
    journal: Journal
    effects: Mapping[str, CarryOut] = field(default_factory=dict)
    wake: Callable[[], None] = lambda: None
    announcer: Announcer = field(default_factory=Announcer)

    async def committed(self) -> None:
        """Tells this process and the others that there is something to look at."""
        self.wake()
        self.announcer.soon(self.engine)
