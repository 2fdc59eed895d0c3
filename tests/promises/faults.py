"""Faults at the seam of the database: every transaction is delayed at random places. Seeded."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from server.storage.engine import Asked, Dialect, Engine, Tx


class Delayed:
    """A transaction whose statements may take a while."""

    def __init__(self, tx: Tx, pause: Callable[[], Any]) -> None:
        self._tx, self._pause = tx, pause
        self.dialect: Dialect = tx.dialect

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        await self._pause()
        return await self._tx.fetch(sql, *args)

    async def fetch_one(self, sql: str, *args: object) -> tuple[Any, ...] | None:
        await self._pause()
        return await self._tx.fetch_one(sql, *args)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        await self._pause()
        return await self._tx.fetch_value(sql, *args)

    async def fetch_all(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        await self._pause()
        return await self._tx.fetch_all(*asked)

    async def execute(self, sql: str, *args: object) -> int:
        await self._pause()
        return await self._tx.execute(sql, *args)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        await self._pause()
        await self._tx.execute_many(sql, rows)

    async def later(self, sql: str, *args: object) -> None:
        await self._pause()
        await self._tx.later(sql, *args)


class Delaying:
    """An engine that takes its time before, in and after transactions, as its random numbers say."""

    def __init__(self, engine: Engine, *, most_s: float = 0.01, share: float = 0.15) -> None:
        self._engine = engine
        self.dialect: Dialect = engine.dialect
        self.rng = random.Random(0)
        self.most_s, self.share = most_s, share
        self.on = False
        self.drop_notifications = 0.0

    async def _pause(self) -> None:
        if self.on and self.rng.random() < self.share:
            await asyncio.sleep(self.rng.random() * self.most_s)

    @asynccontextmanager
    async def _within(self, opened: AbstractAsyncContextManager[Tx]) -> AsyncIterator[Tx]:
        await self._pause()
        async with opened as tx:
            yield Delayed(tx, self._pause)  # type: ignore[misc]
            await self._pause()
        await self._pause()

    def write(self) -> AbstractAsyncContextManager[Tx]:
        return self._within(self._engine.write())

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self._within(self._engine.read())

    async def start(self) -> None:
        await self._engine.start()

    async def close(self) -> None:
        await self._engine.close()

    async def notify(self, payload: str) -> None:
        if self.rng.random() >= self.drop_notifications:
            await self._engine.notify(payload)

    async def listen(self, on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        await self._engine.listen(on_payload, on_lost)
