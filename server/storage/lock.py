"""Taking an aggregate for oneself: the first thing a write transaction does, before it reads what it decides from.

Without this lock a withdrawal and a new seat, each correct alone, leave a grant behind (seen on PostgreSQL at READ
COMMITTED). SQLite has one writer, so its transaction is the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


async def lock_users(tx: Tx, accounts: Iterable[str], now: str) -> dict[str, tuple[str, str]]:
    """The same for the aggregates of these accounts, made where absent."""
    wanted = sorted(set(accounts))
    locked = await lock_aggregates(tx, wanted)
    if len(locked) == len(wanted):
        return locked
    for account in wanted:
        if account not in locked:
            await create_aggregate(tx, account, kind="user", owner_unit="", now=now)
    return await lock_aggregates(tx, wanted)


@dataclass(frozen=True, slots=True)
class Home:
    """The aggregate something belongs to."""

    id: str
    kind: str
    owner_unit: str


async def lock_homes(tx: Tx, rows: Sequence[str], aggregates: Sequence[str]) -> dict[str, Home]:
    """{id: its aggregate} for rows and for aggregates themselves, locked in ascending order; unknown ids are absent.

    The aggregate of a row never changes, so it may be read in the statement that locks.
    """
    if not rows and not aggregates:
        return {}
    found = await tx.fetch(
        "WITH asked (id, home) AS (SELECT id, aggregate_id FROM record WHERE id = any($1)"
        " UNION ALL SELECT id, id FROM aggregate WHERE id = any($2)) SELECT n.id, a.id, a.kind, a.owner_unit"
        " FROM asked n JOIN aggregate a ON a.id = n.home ORDER BY a.id FOR UPDATE OF a",
        list(rows),
        list(aggregates),
    )
    return {asked: Home(id, kind, owner) for asked, id, kind, owner in found}
