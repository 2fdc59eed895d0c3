"""Only an empty database gets the demonstration, and one that was interrupted is emptied again.

Invented people are never put beside real ones. A mark stands in the database from the first row to the last, so that
two processes do not make it at once, and a half-made one is never taken for whole.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.storage.engine import Engine, Tx

BEGUN = "demo_begun"
LAST = ("seat", "account", "aggregate", "scope")
"""Tables that others refer to are emptied last, in this order."""
KEPT = frozenset({"meta", "schema_step", "sqlite_sequence"})


class NotEmpty(Exception):
    """There is data already, or somebody else is making the demonstration, or was stopped while doing so."""


@asynccontextmanager
async def filling(engine: Engine) -> AsyncIterator[None]:
    """An empty database while it is filled; emptied again when that fails. Raises `NotEmpty`."""
    async with engine.write() as tx:
        if await tx.fetch_value("SELECT 1 FROM meta WHERE key = $1", BEGUN) is not None:
            raise NotEmpty("the demonstration is being made, or was stopped halfway: start with an empty data folder")
        if await tx.fetch_value("SELECT 1 FROM account LIMIT 1") is not None:
            raise NotEmpty("this database has data of its own: the demonstration needs an empty one")
        await tx.execute("INSERT INTO meta (key, value) VALUES ($1, '')", BEGUN)
    try:
        yield
    except BaseException:
        async with engine.write() as tx:
            for table in await _tables(tx):
                await tx.execute(f"DELETE FROM {table}")
            await tx.execute("DELETE FROM meta WHERE key = $1", BEGUN)
        raise
    async with engine.write() as tx:
        await tx.execute("DELETE FROM meta WHERE key = $1", BEGUN)


async def _tables(tx: Tx) -> list[str]:
    if tx.dialect == "postgres":
        rows = await tx.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    else:
        rows = await tx.fetch("SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted({name for (name,) in rows} - KEPT, key=lambda name: LAST.index(name) if name in LAST else -1)
