"""Taking an aggregate for oneself: the first thing a write transaction does, before it reads what it decides from.

Without this lock a withdrawal and a new seat, each correct alone, leave a grant behind (seen on PostgreSQL at READ
COMMITTED). SQLite has one writer, so its transaction is the lock.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.storage.engine import Tx


def for_update(tx: Tx) -> str:
    """The row-lock clause of this engine; empty on SQLite."""
    return " FOR UPDATE" if tx.dialect == "postgres" else ""


async def create_aggregate(tx: Tx, id: str, *, kind: str, owner_unit: str, now: str) -> None:
    """Makes the aggregate if it is not there yet."""
    await tx.execute(
        "INSERT INTO aggregate (id, kind, owner_unit, changed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        id,
        kind,
        owner_unit,
        now,
    )


async def lock_aggregates(tx: Tx, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """{id: (kind, owner unit)} of those that exist, locked in ascending id order until the transaction ends."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await tx.fetch(
        f"SELECT id, kind, owner_unit FROM aggregate WHERE id = any($1) ORDER BY id{for_update(tx)}", wanted
    )
    return {id: (kind, owner) for id, kind, owner in rows}
