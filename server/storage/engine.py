"""Engine: where rows are kept (SQLite in one file, or PostgreSQL), behind one small face.

A transaction is opened with `engine.write()` or `engine.read()` and gives a `Tx`. SQL is written once for
both engines: lower-case keywords, `$1` placeholders, `= any($1)` for a list. Only text and integers are
stored. Piccolo's queries, awaited by the same task inside the `async with`, join the transaction.

Knows no feature and decides no permission.
"""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from piccolo.engine.base import Engine as PiccoloEngine

Dialect = Literal["sqlite", "postgres"]
Asked = tuple[str, Sequence[object]]
"""A statement and its arguments."""
T = TypeVar("T")

WAIT_S = 10.0
"""How long a transaction waits for its connection, in seconds, before it is a `TransientFault`."""


class TransientFault(Exception):
    """The database could not do it now: busy, lost, read-only, deadlock, out of connections. Never a refusal.

    The transaction is not committed, or (a connection lost during COMMIT) nobody knows. Try again as a whole.
    """


class ConstraintFault(Exception):
    """A unique key, reference, NOT NULL or CHECK said no. The transaction is broken and must be left."""


class BrokenTransaction(RuntimeError):
    """A statement was given to a transaction that has failed or ended, or such a transaction was to be
    committed.
    """


class Tx(Protocol):
    """One transaction. Statements run one at a time; after one has raised, only leaving is possible."""

    @property
    def dialect(self) -> Dialect:
        """Which engine this is, for the few statements that cannot be written once."""
        ...

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        """All rows, each a tuple in column order."""
        ...

    async def fetch_one(self, sql: str, *args: object) -> tuple[Any, ...] | None:
        """The first row, or None."""
        ...

    async def fetch_value(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        ...

    async def fetch_all(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """The rows of each statement, asked in this order and in one exchange with the database. For few rows.

        On PostgreSQL all of them see what was there when the exchange began: read what a lock guards in a later one.
        """
        ...

    async def execute(self, sql: str, *args: object) -> int:
        """The number of rows inserted, changed or deleted."""
        ...

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """The statement once for each row of arguments, in one exchange with the database."""
        ...

    async def later(self, sql: str, *args: object) -> None:
        """Done before whatever is asked next, at the latest before the commit; its fault comes then.

        Several such go to PostgreSQL in one exchange, each seeing what was there before all of them: none may build
        on another. `unnest($1::text[], $2::bigint[]) r (a, b)` is a table of rows, each of its arguments a column;
        what stands beside it (`$3`) is the same for every row.
        """
        ...


class Engine(Protocol):
    """A database. `start` before, `close` after; both in the event loop that uses it."""

    @property
    def dialect(self) -> Dialect:
        """`sqlite` or `postgres`."""
        ...

    async def start(self) -> None:
        """Opens connections. Raises: `TransientFault` when the database does not answer for 30 s."""
        ...

    async def close(self) -> None:
        """Closes everything; what was committed stays. May be called twice."""
        ...

    def write(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that may write. Durable when the block has been left cleanly; undone if it raises.

        SQLite: the one writer. PostgreSQL: READ COMMITTED, so lock what you decide on before reading it.
        Raises: `RuntimeError` inside another transaction of the same task; `TransientFault`.
        """
        ...

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A read-only transaction: one snapshot, taken by its first statement."""
        ...

    async def notify(self, payload: str) -> None:
        """Tells every process that listens, after a commit. A hint: it may be lost, and never raises for
        that.
        """
        ...

    async def listen(self, on_payload: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        """Hears what `notify` says, until `close`. Returns at once when listening has begun.

        `on_lost` means hints may have been missed: it is called when listening has been resumed, so that what
        is read from then on misses nothing.
        """
        ...


def open_engine(*, data: Path | None, database_url: str | None, pool_size: int = 8) -> Engine:
    """The engine for `database_url` (postgresql://…), otherwise SQLite in the folder `data`. Connects at
    `start`.

    Also becomes the engine of Piccolo's tables. Raises: `ValueError` when neither is given.
    """
    # Imported here because both modules build on this one.
    from server.storage.postgres import PostgresDatabase
    from server.storage.sqlite import SqliteDatabase

    engine: Engine
    if database_url:
        engine = PostgresDatabase(database_url, pool_size=pool_size)
    elif data is not None:
        engine = SqliteDatabase(data)
    else:
        raise ValueError("either a folder or a database address is needed")
    tables_engine.opened(engine)
    return engine


class Joinable(Protocol):
    """What an engine leaves in the context while one of its transactions is open."""

    engine: Any
    task: asyncio.Task[Any] | None
    done: bool


current: ContextVar[Joinable | None] = ContextVar("current_transaction", default=None)
"""The innermost open transaction. Read it through `joined`: a spawned task inherits a copy that is not
its own.
"""


def joined() -> Joinable | None:
    """The transaction that the running task itself has open, or None.

    A task spawned inside a transaction inherits its context; to join would interleave two tasks in one
    transaction, or write after it has ended.
    """
    tx = current.get()
    return tx if tx is not None and not tx.done and tx.task is asyncio.current_task() else None


class PiccoloSide(ABC):
    """What Piccolo asks of an engine beside its statements: its transactions are ours."""

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[Tx]: ...

    async def start_connection_pool(self, **_kwargs: Any) -> None:
        await self.start()

    async def close_connection_pool(self) -> None:
        await self.close()

    def transaction_exists(self) -> bool:
        tx = joined()
        return tx is not None and tx.engine is self

    def transaction(self, *_args: Any, **_kwargs: Any) -> Any:
        return nullcontext(joined()) if self.transaction_exists() else self.write()


class TablesEngine:
    """What Piccolo's tables take for their engine: that of the open transaction, else the last one opened.

    Two engines in one process (two servers in one simulation) thus never mix.
    """

    def __init__(self) -> None:
        self._last: Any = None

    def opened(self, engine: Engine) -> None:
        """Makes `engine` the one for queries outside a transaction."""
        self._last = engine

    def __getattr__(self, name: str) -> Any:
        tx = joined()
        chosen = self._last if tx is None else tx.engine
        if chosen is None:
            raise AttributeError(name)
        return getattr(chosen, name)


tables_engine = TablesEngine()
DB = tables_engine
PiccoloEngine.register(TablesEngine)
os.environ["PICCOLO_CONF"] = __name__  # where Piccolo looks for `DB` when a table is first used


def columns(rows: Iterable[Sequence[object]]) -> tuple[list[object], ...]:
    """These rows (one at least, all of one width) as `Tx.later` takes them."""
    return tuple(list(column) for column in zip(*rows, strict=True))


async def run_to_end(work: Awaitable[T]) -> T:
    """The result of `work`, which is always finished: a cancellation is passed on only afterwards.

    For COMMIT, ROLLBACK and giving connections back: left halfway they would leave a connection that nobody
    owns.
    """
    future = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait({future})  # unlike awaiting it, does not cancel it
        except asyncio.CancelledError as reason:
            cancelled = reason
    if cancelled is not None and not future.cancelled():
        future.exception()  # seen, so that the loop does not complain of it
        raise cancelled
    return future.result()
