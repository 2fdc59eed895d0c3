"""PostgreSQL: a pool of connections, each transaction of which always gives its connection back.

Piccolo's own engine connects for each query when its pool is not started, and keeps a connection for ever
whose COMMIT failed: three failures exhausted a pool of three. Here a connection that cannot be rolled back is
thrown away.

Statements go straight to asyncpg and are prepared once per connection. Behind a pooler in transaction mode
that does not work; connect to the server itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

import asyncpg
from piccolo.engine.base import BaseTransaction
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from server.storage.engine import (
    WAIT_S,
    Asked,
    BrokenTransaction,
    PiccoloSide,
    TransientFault,
    current,
    joined,
    run_to_end,
)
from server.storage.listening import CHANNEL, Listener
from server.storage.portable import in_one_row, together
from server.storage.postgres_faults import fault_of, guard

NOTIFY_BYTES = 7_900
"""The longest payload: at 8,000 bytes PostgreSQL refuses it."""
START_S = 30.0
STATEMENT_S = 60.0
SERVER_SETTINGS = {
    "application_name": "samled",
    "synchronous_commit": "on",  # an acknowledged commit survives a power cut
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",  # it costs more than our short statements
}
_log = logging.getLogger(__name__)


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """Saves the round trip that clears session state: we keep none outside a transaction."""

    def get_reset_query(self) -> str:
        return ""


class PostgresTx(BaseTransaction):
    """One transaction on one connection of the pool; both the `async with` and the `Tx` it gives."""

    dialect: Final = "postgres"

    def __init__(self, engine: PostgresDatabase, writes: bool) -> None:
        self.engine = engine
        self.writes = writes
        self.task: asyncio.Task[Any] | None = None
        self.done = False
        self._pool: Any = None
        self._connection: Any = None
        self._outer: Any = None
        self._waiting: list[Asked] = []

    async def __aenter__(self) -> Self:
        inside = joined()
        if inside is not None and inside.engine is self.engine:
            raise RuntimeError("a transaction is already open in this task: pass it on")
        with guard:
            try:
                await self._begin()
            except (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, ConnectionError):
                # The server was restarted while the connection lay in the pool; nothing has been done on it
                # yet.
                await self._begin()
        self.task = asyncio.current_task()
        self._outer = current.get()
        current.set(self)
        return self

    async def _begin(self) -> None:
        self._pool = self.engine.pool
        if self._pool is None:
            raise TransientFault("the database is closed")
        async with asyncio.timeout(WAIT_S):  # `acquire(timeout=…)` would spend a task on it
            connection = await self._pool.acquire()
        try:
            isolation = "read committed" if self.writes else "repeatable read read only"
            await connection.execute(f"begin isolation level {isolation}")
        except BaseException:
            await run_to_end(self._free(connection, throw_away=True))
            raise
        self._connection = connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        current.set(self._outer)
        self.done = True
        connection, self._connection = self._connection, None
        failed = error
        if error is None:
            try:
                await self._send_waiting(connection)
            except BaseException as late:
                failed = late
        if isinstance(failed, TransientFault) and "25006" in str(failed):
            await self.engine.forget_connections()  # the primary has moved: connect anew to find it
        await run_to_end(self._end(connection, commit=failed is None))
        if failed is not None and failed is not error:
            raise failed
        return False

    async def _end(self, connection: Any, *, commit: bool) -> None:
        ended = False
        try:
            with guard:
                word = await connection.execute("commit" if commit else "rollback", timeout=STATEMENT_S)
            ended = True
            # After a failed statement PostgreSQL answers ROLLBACK to COMMIT, without an error.
            if commit and word != "COMMIT":
                raise BrokenTransaction("a statement failed and the block went on: nothing is committed")
        except (TransientFault, asyncpg.InterfaceError):
            if commit:
                raise
        finally:
            await self._free(connection, throw_away=not ended)

    async def _free(self, connection: Any, *, throw_away: bool) -> None:
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            if throw_away:
                connection.terminate()
            await self._pool.release(connection)

    async def _open(self) -> Any:
        """The connection, when what was to be done before has been done."""
        if self._connection is None:
            raise BrokenTransaction("the transaction has ended")
        if self._waiting:
            await self._send_waiting(self._connection)
        return self._connection

    async def _send_waiting(self, connection: Any) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        sql, args = waiting[0] if len(waiting) == 1 else together(waiting)
        with guard:
            await connection.execute(sql, *args)

    async def later(self, sql: str, *args: object) -> None:
        if self._connection is None:
            raise BrokenTransaction("the transaction has ended")
        if any(known == sql for known, _ in self._waiting):
            await self._open()  # it may be about the same rows, which one exchange can change only once
        self._waiting.append((sql, args))

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        connection = await self._open()
        with guard:
            return [tuple(row) for row in await connection.fetch(sql, *args)]

    async def fetch_one(self, sql: str, *args: object) -> tuple[Any, ...] | None:
        connection = await self._open()
        with guard:
            row = await connection.fetchrow(sql, *args)
        return None if row is None else tuple(row)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        connection = await self._open()
        with guard:
            return await connection.fetchval(sql, *args)

    async def fetch_all(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        sql, args = in_one_row(asked)
        row = await self.fetch_one(sql, *args)
        assert row is not None
        return [rows or [] for rows in row]

    async def execute(self, sql: str, *args: object) -> int:
        connection = await self._open()
        with guard:
            word = str(await connection.execute(sql, *args)).rpartition(" ")[2]
        return int(word) if word.isdigit() else 0

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        connection = await self._open()
        with guard:
            await connection.executemany(sql, rows)

    async def records(self, sql: str, args: Sequence[object]) -> list[Any]:
        """The rows as Piccolo wants them."""
        connection = await self._open()
        with guard:
            return list(await connection.fetch(sql, *args))


class PostgresDatabase(PiccoloSide, PostgresEngine):
    """The engine over a pool. Satisfies `server.storage.engine.Engine`."""

    dialect: Final = "postgres"

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        config: dict[str, Any] = {
            "dsn": url,
            "command_timeout": STATEMENT_S,
            "timeout": WAIT_S,
            "statement_cache_size": 512,
            "max_cached_statement_lifetime": 0,
            "server_settings": SERVER_SETTINGS,
        }
        address = urlsplit(url)
        if "," in address.netloc and "target_session_attrs" not in parse_qs(address.query):
            config["target_session_attrs"] = "primary"  # of several hosts, the one that may be written to
        self._pool_size = pool_size
        self._listeners: list[Listener] = []
        super().__init__(config=config)

    async def check_version(self) -> None:
        """Nothing: Piccolo would connect here, before anything has been started."""

    async def start(self) -> None:
        if self.pool is not None:
            return
        pause_s, left_s = 0.1, START_S
        while True:
            try:
                self.pool = await asyncpg.create_pool(
                    **self.config, min_size=1, max_size=self._pool_size, connection_class=_Connection
                )
                break
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                fault = fault_of(error)
                if fault is None:
                    raise
                if left_s <= 0:
                    raise fault from error
            await asyncio.sleep(pause_s)
            left_s -= pause_s
            pause_s = min(pause_s * 2, 2.0)

    async def close(self) -> None:
        while self._listeners:
            await self._listeners.pop().stop()
        pool, self.pool = self.pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(WAIT_S):
                await pool.close()  # waits for the transactions that are open
        except TimeoutError:
            pool.terminate()

    async def forget_connections(self) -> None:
        """Lets every connection be made anew at its next use."""
        if self.pool is not None:
            await self.pool.expire_connections()

    def write(self) -> AbstractAsyncContextManager[PostgresTx]:
        return PostgresTx(self, writes=True)

    def read(self) -> AbstractAsyncContextManager[PostgresTx]:
        return PostgresTx(self, writes=False)

    async def notify(self, payload: str) -> None:
        if len(payload.encode()) > NOTIFY_BYTES:
            raise ValueError("a payload is a hint, not the data")
        try:
            with guard:
                if self.pool is None:
                    raise TransientFault("the database is closed")
                async with self.pool.acquire(timeout=WAIT_S) as connection:
                    await connection.execute("select pg_notify($1, $2)", CHANNEL, payload)
        except TransientFault as fault:
            _log.warning("a notification was lost: %s", fault)

    async def listen(self, on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        listener = Listener(self.config, on_payload, on_lost)
        with guard:
            await listener.start()
        self._listeners.append(listener)

    # What Piccolo asks of an engine beside transactions.

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        return await self._run(ddl, ())

    async def _run(self, sql: str, args: Sequence[object]) -> list[Any]:
        tx = joined()
        if isinstance(tx, PostgresTx) and tx.engine is self:
            return await tx.records(sql, args)
        async with PostgresTx(self, writes=True) as own:
            return await own.records(sql, args)
