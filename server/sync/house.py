"""House: what the engines share (database, clock, features, journal, effects). Wired once, in `server.app`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.clock import Clock
from server.domain.actors import Actor
from server.features import Registry
from server.storage.engine import Engine, Tx
from server.storage.journal import Journal

CarryOut = Callable[[Tx, Actor, Mapping[str, Any], str], Awaitable[Mapping[str, Any] | None]]
"""(transaction, actor, arguments, now) -> what the sender is told once, beside the stored result."""


@dataclass(frozen=True)
class House:
    """`effects` carries out, by name, what a decision asks for beyond its rows. `wake` is called after each commit."""

    engine: Engine
    clock: Clock
    registry: Registry
    journal: Journal
    effects: Mapping[str, CarryOut] = field(default_factory=dict)
    wake: Callable[[], None] = lambda: None

    async def committed(self) -> None:
        """Tells this process and the others that there is something to look at."""
        self.wake()
        await self.engine.notify("")
