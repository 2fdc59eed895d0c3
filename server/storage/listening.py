"""Listening on PostgreSQL: one connection that hears other processes, made anew for ever."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextvars import Context
from typing import Any

import asyncpg

CHANNEL = "samled"
HEARTBEAT_S = 15.0
"""How often the connection is tried, in seconds: a network that has died says nothing by itself."""
LONGEST_PAUSE_S = 5.0

_log = logging.getLogger(__name__)


class Listener:
    """Calls `on_payload` for each notification, and `on_lost` when some may have been missed.

    `on_lost` is called after listening has been resumed, so that what is read from then on misses nothing.
    """

    def __init__(self, config: dict[str, Any], on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        self._config = config
        self._on_payload = on_payload
        self._on_lost = on_lost
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listens from now on. Raises: what asyncpg raises when it cannot connect."""
        await self._connect()
        # An empty context: the task must not inherit a transaction that happens to be open here.
        self._task = asyncio.get_running_loop().create_task(self._keep(), context=Context())

    async def stop(self) -> None:
        """Hears no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _connect(self) -> None:
        self._gone = asyncio.Event()
        self._connection = await asyncpg.connect(**self._config)
        self._connection.add_termination_listener(lambda _connection: self._gone.set())
        await self._connection.add_listener(CHANNEL, self._heard)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        self._on_payload(payload)

    async def _keep(self) -> None:
        pause_s = 0.1
        try:
            while True:
                try:
                    if self._connection is None:
                        await self._connect()
                        self._on_lost()
                    pause_s = 0.1
                    await self._until_gone()
                except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    _log.warning("listening was interrupted: %s", type(error).__name__)
                self._drop()
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        finally:
            self._drop()

    async def _until_gone(self) -> None:
        while not self._connection.is_closed():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._gone.wait()
                    return
            await self._connection.execute("select 1")

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
