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
    found: dict[str, Home] = {}
    if rows:
        lock = " FOR UPDATE OF a" if for_update(tx) else ""
        for row, id, kind, owner in await tx.fetch(
            "SELECT r.id, a.id, a.kind, a.owner_unit FROM record r JOIN aggregate a ON a.id = r.aggregate_id"
            f" WHERE r.id = any($1) ORDER BY a.id{lock}",
            list(rows),
        ):
            found[row] = Home(id, kind, owner)
    for id, (kind, owner) in (await lock_aggregates(tx, aggregates)).items():
        found[id] = Home(id, kind, owner)
    return found
