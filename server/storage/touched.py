"""The log that tells every process which scopes a commit touched and which sessions ended.

It is only ever a hint "look there": what is sent is read from the feed. On PostgreSQL a reader asks again for all
transactions that were still running at its last look (`xid >= xmin`), so a commit that became visible late is never
skipped; on SQLite there is one writer and the running number is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Touched:
    """What changed since the last look; `mark` is where the next look starts."""

    scopes: frozenset[int]
    sessions: frozenset[str]
    mark: int


async def scopes_touched(tx: Tx, scope_ids: Iterable[int], now: str) -> None:
    """Notes, in the transaction of the change, that these scopes have a new version."""
    await tx.later(
        "INSERT INTO touched (scope_id, at) SELECT r.id, $2 FROM unnest($1::bigint[]) r (id)", sorted(scope_ids), now
    )


async def session_ended(tx: Tx, session_id: str, now_text: str) -> None:
    """Notes, in the transaction that ends it, that a session is over: its sockets close within two seconds."""
    await tx.execute("INSERT INTO touched (session_id, at) VALUES ($1, $2)", session_id, now_text)


async def start_mark(tx: Tx) -> int:
    """Where a process that starts now begins to look."""
    if tx.dialect == "postgres":
        return int(await tx.fetch_value("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return int(await tx.fetch_value("SELECT coalesce(max(seq), 0) FROM touched"))


async def look(tx: Tx, mark: int) -> Touched:
    """All that was touched at or after `mark`; the same entry may be seen twice, none is missed."""
    if tx.dialect == "postgres":
        found = await tx.fetch(
            "SELECT t.scope_id, t.session_id, o.following"
            " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS following) o"
            " LEFT JOIN touched t ON t.xid >= $1",
            mark,
        )
        following, rows = found[0][2], [row[:2] for row in found]
    else:
        rows = await tx.fetch("SELECT seq, scope_id, session_id FROM touched WHERE seq > $1", mark)
        following = max((row[0] for row in rows), default=mark)
        rows = [row[1:] for row in rows]
    return Touched(
        frozenset(scope for scope, _ in rows if scope is not None),
        frozenset(session for _, session in rows if session is not None),
        following,
    )


async def forget_before(tx: Tx, instant: str) -> None:
    """Removes entries older than `instant`; every process has looked many times since."""
    await tx.execute(
        "DELETE FROM touched WHERE seq < (SELECT seq FROM touched WHERE at >= $1 ORDER BY seq LIMIT 1)", instant
    )
