"""SQLite: one file, one writer, a few readers; for a single machine, demonstrations and tests.

Statements run on the event loop's own thread: they take some ten microseconds, and handing each to another
thread costs more than that and waits for the interpreter lock. Only COMMIT, which waits for the disk, goes to
the writer's thread. A statement that reads for long therefore belongs on PostgreSQL or in a command of its
own.

Piccolo's own engine opens a connection for each query and begins deferred: 490 of 500 concurrent transactions
that read and then wrote ended in "database is locked". Here writers queue for one connection and begin
immediately.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from piccolo.engine.base import BaseTransaction
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from server.storage.engine import (
    WAIT_S,
    Asked,
    BrokenTransaction,
    ConstraintFault,
    PiccoloSide,
    TransientFault,
    current,
    joined,
    run_to_end,
)
from server.storage.portable import bound, each, rewrite

FILE = "samled.sqlite3"
READERS = 4
BUSY_S = 5.0
"""How long to try for the file's lock when another process writes, in seconds."""

PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",  # the only setting under which an acknowledged commit survives a power cut
    "foreign_keys=on",
    "temp_store=memory",
    "cache_size=-32000",
    "wal_autocheckpoint=2000",
    "journal_size_limit=67108864",
)
_TRANSIENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}


def fault_of(error: sqlite3.Error) -> Exception | None:
    """The house's name for `error`, or None when it is a mistake in the program."""
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintFault(str(error))
    code = getattr(error, "sqlite_errorcode", None)
    return TransientFault(str(error)) if code is not None and code & 0xFF in _TRANSIENT else None


class SqliteTx(BaseTransaction):
    """One transaction on one connection; both the `async with` and the `Tx` it gives."""

    dialect: Final = "sqlite"

    def __init__(self, engine: SqliteDatabase, writes: bool) -> None:
        self.engine = engine
        self.writes = writes
        self.task: asyncio.Task[Any] | None = None
        self.done = False
        self._failed = False
        self._connection: sqlite3.Connection | None = None
        self._outer: Any = None

    async def __aenter__(self) -> Self:
        inside = joined()
        if inside is not None and inside.engine is self.engine:
            raise RuntimeError("a transaction is already open in this task: pass it on")
        self._connection = await self.engine.take(self.writes)
        try:
            await self._begin()
        except BaseException:
            self._give_back()
            raise
        self.task = asyncio.current_task()
        self._outer = current.get()
        current.set(self)
        return self

    async def _begin(self) -> None:
        assert self._connection is not None
        if not self.writes:
            self._connection.execute("begin deferred")
            return
        # Waiting inside SQLite would hold up the event loop; so the writer never waits there, and tries again
        # here.
        pause_s, left_s = 0.001, BUSY_S
        while True:
            try:
                self._connection.execute("begin immediate")
                return
            except sqlite3.Error as error:
                fault = fault_of(error)
                if fault is None:
                    raise
                if left_s <= 0 or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise fault from error
            await asyncio.sleep(pause_s)
            left_s -= pause_s
            pause_s = min(pause_s * 2, 0.02)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        current.set(self._outer)
        self.done = True
        assert self._connection is not None
        try:
            if error is None and self._failed:
                raise BrokenTransaction("a statement failed and the block went on: nothing is committed")
            if error is None:
                await run_to_end(self.engine.commit(self._connection, self.writes))
        finally:
            try:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
            finally:
                self._give_back()
        return False

    def _give_back(self) -> None:
        assert self._connection is not None
        connection, self._connection, self.done = self._connection, None, True
        self.engine.give_back(connection, self.writes)

    def run(self, sql: str, args: Sequence[object], *, many: bool = False) -> sqlite3.Cursor:
        """The cursor of `sql`, already in SQLite's words. Raises: `TransientFault`, `ConstraintFault`."""
        if self.done or self._failed or self._connection is None:
            raise BrokenTransaction("the transaction has ended" if self.done else "an earlier statement failed")
        try:
            return self._connection.executemany(sql, args) if many else self._connection.execute(sql, args)  # type: ignore[arg-type]
        except sqlite3.Error as error:
            self._failed = True
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from error

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        return self.run(rewrite(sql), bound(args)).fetchall()

    async def fetch_one(self, sql: str, *args: object) -> tuple[Any, ...] | None:
        rows = self.run(rewrite(sql), bound(args)).fetchall()
        return rows[0] if rows else None

    async def fetch_value(self, sql: str, *args: object) -> Any:
        rows = self.run(rewrite(sql), bound(args)).fetchall()
        return rows[0][0] if rows else None

    async def fetch_all(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        return [self.run(rewrite(sql), bound(args)).fetchall() for sql, args in asked]

    async def execute(self, sql: str, *args: object) -> int:
        cursor = self.run(rewrite(sql), bound(args))
        if cursor.description is not None:
            cursor.fetchall()  # a `returning` counts its rows only when it has been read to the end
        return max(cursor.rowcount, 0)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        self.run(rewrite(sql), [bound(row) for row in rows], many=True)

    async def later(self, sql: str, *args: object) -> None:
        if "unnest(" in sql:
            self.run(rewrite(sql), [bound(row) for row in each(args)], many=True)
        else:
            self.run(rewrite(sql), bound(args))

    def dicts(self, sql: str, args: Sequence[object]) -> list[dict[str, Any]]:
        """The rows as Piccolo wants them; `sql` has `?` placeholders."""
        cursor = self.run(sql, bound(args))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class SqliteDatabase(PiccoloSide, SQLiteEngine):
    """The engine over one file. Satisfies `server.storage.engine.Engine`."""

    dialect: Final = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self._writer: sqlite3.Connection | None = None
        self._all: list[sqlite3.Connection] = []
        self._listeners: list[Callable[[str], None]] = []
        super().__init__(path=str(self.file))

    async def check_version(self) -> None:
        if sqlite3.sqlite_version_info < (3, 35):
            raise RuntimeError("SQLite 3.35 or later is needed (returning)")

    async def start(self) -> None:
        if self._writer is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Created by us first: SQLite would let everybody on the machine read it.
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = asyncio.Lock()
        self._free: asyncio.Queue[sqlite3.Connection] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="samled-commit")
        try:
            self._writer = self._open("busy_timeout=0")
            for _ in range(READERS):
                self._free.put_nowait(self._open("query_only=on"))
        except sqlite3.Error as error:
            await self.close()
            raise fault_of(error) or error from error

    def _open(self, pragma: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.file, timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=1024
        )
        self._all.append(connection)
        for text in (*PRAGMAS, pragma):
            connection.execute(f"pragma {text}")
        return connection

    async def close(self) -> None:
        if self._writer is not None:
            self._writer = None  # from now on nobody begins; those who have begun may end
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WAIT_S):
                    await self._lock.acquire()
                    for _ in range(READERS):
                        await self._free.get()
        if self._all:
            self._thread.shutdown(wait=True)
        while self._all:
            self._all.pop().close()
        self._listeners.clear()

    async def take(self, writes: bool) -> sqlite3.Connection:
        """A connection that is nobody else's until `give_back`. Raises: `TransientFault`."""
        self._opened()
        try:
            async with asyncio.timeout(WAIT_S):
                if not writes:
                    return await self._free.get()
                await self._lock.acquire()
        except TimeoutError as error:
            raise TransientFault("no connection became free") from error
        try:
            return self._opened()
        except TransientFault:
            self._lock.release()
            raise

    def _opened(self) -> sqlite3.Connection:
        if self._writer is None:
            raise TransientFault("the database is closed")
        return self._writer

    def give_back(self, connection: sqlite3.Connection, writes: bool) -> None:
        """Lets the next transaction have `connection`."""
        if writes:
            self._lock.release()
        else:
            self._free.put_nowait(connection)

    async def commit(self, connection: sqlite3.Connection, writes: bool) -> None:
        """Commits; on disk when it returns. Raises: `TransientFault`."""
        if not writes:
            connection.execute("commit")
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, connection.execute, "commit")
        except sqlite3.Error as error:
            raise fault_of(error) or error from error

    def write(self) -> AbstractAsyncContextManager[SqliteTx]:
        return SqliteTx(self, writes=True)

    def read(self) -> AbstractAsyncContextManager[SqliteTx]:
        return SqliteTx(self, writes=False)

    async def notify(self, payload: str) -> None:
        for tell in list(self._listeners):
            tell(payload)

    async def listen(self, on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        self._listeners.append(on_payload)  # one process: nothing is ever lost

    # What Piccolo asks of an engine beside transactions.

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[dict[str, Any]]:
        return await self._run(ddl, ())

    async def _run(self, sql: str, args: Sequence[object]) -> list[dict[str, Any]]:
        tx = joined()
        if isinstance(tx, SqliteTx) and tx.engine is self:
            return tx.dicts(sql, args)
        reads = sql.lstrip()[:6].lower() == "select"
        async with SqliteTx(self, writes=not reads) as own:
            return own.dicts(sql, args)
