"""What a database must have before it is used: an epoch, which changes when it has been restored."""

from __future__ import annotations

from datetime import datetime

from server.ids import new_id
from server.storage.engine import Engine

EPOCH = "epoch"


async def prepare(engine: Engine, now: datetime) -> None:
    """Gives a new database its epoch; does nothing to one that has it."""
    async with engine.write() as tx:
        await tx.execute(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", EPOCH, new_id(now)
        )


async def new_epoch(engine: Engine, now: datetime) -> None:
    """After a restore: every client re-sends what it was promised since, and takes everything anew."""
    async with engine.write() as tx:
        await tx.execute("UPDATE meta SET value = $2 WHERE key = $1", EPOCH, new_id(now))
