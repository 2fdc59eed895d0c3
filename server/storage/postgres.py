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
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

import asyncpg
from piccolo.engine.base import BaseTransaction
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from server.storage.engine import (
    WAIT_S,
    BrokenTransaction,
    ConstraintFault,
    TransientFault,
    current,
    joined,
    run_to_end,
)
from server.storage.listening import CHANNEL, Listener

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
_TRANSIENT_STATES = ("08", "25006", "40", "53", "55P03", "57P", "57014", "58", "25P03", "25P04")
_CONSTRAINT_STATES = "23"
_log = logging.getLogger(__name__)


def fault_of(error: BaseException) -> Exception | None:
    """The house's name for `error` (of asyncpg or the network), or None when it is a mistake in the
    program.
    """
    if isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError)):
        state = str(getattr(error, "sqlstate", None) or "")
        if state.startswith(_TRANSIENT_STATES) or isinstance(error, asyncpg.InvalidCachedStatementError):
            return TransientFault(f"{state} {type(error).__name__}")
        if state.startswith(_CONSTRAINT_STATES):
            return ConstraintFault(f"{state} {getattr(error, 'constraint_name', None) or error}")
        if isinstance(error, asyncpg.InFailedSQLTransactionError):
            return BrokenTransaction("an earlier statement failed")
        # A connection that dies is taken back by the pool while we still hold it ("released").
        gone = isinstance(error, asyncpg.InterfaceError) and any(
            word in str(error) for word in ("closed", "closing", "released")
        )
        return TransientFault(str(error)) if gone else None
    if isinstance(error, (OSError, TimeoutError, asyncpg.TargetServerAttributeNotMatched)):
        return TransientFault(f"{type(error).__name__}: {error}")
    return None


class _Guard:
    """Turns the driver's errors into the house's; one object for all, it holds nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            fault = fault_of(error)
            if fault is not None:
                raise fault from error


_guard = _Guard()


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

    async def __aenter__(self) -> Self:
        inside = joined()
        if inside is not None and inside.engine is self.engine:
            raise RuntimeError("a transaction is already open in this task: pass it on")
        with _guard:
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
        connection = await self._pool.acquire(timeout=WAIT_S)
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
        if isinstance(error, TransientFault) and "25006" in str(error):
            await self.engine.forget_connections()  # the primary has moved: connect anew to find it
        await run_to_end(self._end(connection, commit=error is None))
        return False

    async def _end(self, connection: Any, *, commit: bool) -> None:
        ended = False
        try:
            with _guard:
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

    def _open(self) -> Any:
        if self._connection is None:
            raise BrokenTransaction("the transaction has ended")
        return self._connection

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        with _guard:
            return [tuple(row) for row in await self._open().fetch(sql, *args)]

    async def fetch_one(self, sql: str, *args: object) -> tuple[Any, ...] | None:
        with _guard:
            row = await self._open().fetchrow(sql, *args)
        return None if row is None else tuple(row)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        with _guard:
            return await self._open().fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        with _guard:
            word = str(await self._open().execute(sql, *args)).rpartition(" ")[2]
        return int(word) if word.isdigit() else 0

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        with _guard:
            await self._open().executemany(sql, rows)

    async def records(self, sql: str, args: Sequence[object]) -> list[Any]:
        """The rows as Piccolo wants them."""
        with _guard:
            return list(await self._open().fetch(sql, *args))


class PostgresDatabase(PostgresEngine):
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
            with _guard:
                if self.pool is None:
                    raise TransientFault("the database is closed")
                async with self.pool.acquire(timeout=WAIT_S) as connection:
                    await connection.execute("select pg_notify($1, $2)", CHANNEL, payload)
        except TransientFault as fault:
            _log.warning("a notification was lost: %s", fault)

    async def listen(self, on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        listener = Listener(self.config, on_payload, on_lost)
        with _guard:
            await listener.start()
        self._listeners.append(listener)

    # What Piccolo asks of an engine.

    async def start_connection_pool(self, **_kwargs: Any) -> None:
        await self.start()

    async def close_connection_pool(self) -> None:
        await self.close()

    def transaction_exists(self) -> bool:
        tx = joined()
        return tx is not None and tx.engine is self

    def transaction(self, *_args: Any, **_kwargs: Any) -> Any:
        tx = joined()
        return nullcontext(tx) if tx is not None and tx.engine is self else self.write()

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
