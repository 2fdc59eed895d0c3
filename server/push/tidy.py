"""Tidying: what nobody needs any more goes. Each part is safe at any time, twice, by several workers, or late.

How long each thing is kept is said in `docs/privacy.md`; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from server.auth.tidy import tidy_auth
from server.domain.instants import to_text
from server.push import health
from server.storage.engine import Tx
from server.storage.lock import for_update
from server.storage.touched import forget_before
from server.sync.house import House

AT_MOST: Final = 2_000
"""Rows of one kind in one transaction: nobody waits long behind it."""
KEPT: Final[Mapping[str, timedelta]] = {
    "touched": timedelta(hours=1),
    "delivery": timedelta(days=30),
    "push_subscription": timedelta(days=30),
    "receipt": timedelta(days=90),
    "tombstone": timedelta(days=90),
    "reminder": timedelta(days=90),
    "invitation": timedelta(days=90),
    "session": timedelta(days=90),
    "wiped session": timedelta(days=400),
    "replica": timedelta(days=400),
}
_OLD: Final[tuple[tuple[str, str, str], ...]] = (
    ("delivery", "id", "state NOT IN ('due', 'claimed', 'paused') AND at < $1"),
    ("push_subscription", "id", "(dead_at < $1 OR (confirmed_at IS NULL AND created_at < $1))"),
    ("receipt", "account_id, seat_id, replica_id, n", "decided_at < $1"),
    # What is planned and past is never planned again, except a deed, which stays known as long as its row is there.
    (
        "reminder",
        "id",
        # Each state by name: `NOT IN` would go through all that is planned, and hold up everybody for seconds.
        "state IN ('done', 'superseded', 'expired', 'failed') AND due_at < $1 AND"
        " (kind NOT LIKE 'act:%' OR NOT EXISTS (SELECT 1 FROM record r WHERE r.id = reminder.record_id))",
    ),
    ("invitation", "id", "coalesce(used_at, expires_at) < $1"),
    ("session", "id", "ended_at < $1 AND end_reason <> 'wipe'"),
    ("wiped session", "id", "ended_at < $1"),
    ("replica", "id", "seen_at < $1"),
)
"""(what, its key, which rows are old before $1)"""


async def tidy(house: House) -> int:
    """One round; returns how many rows it removed or changed. Run it every ten minutes."""
    now = house.clock.now()
    async with house.engine.write() as tx:
        changed = await tidy_auth(tx, now)
        await forget_before(tx, to_text(now - KEPT["touched"]))
    for what, key, old in _OLD:
        table = what.removeprefix("wiped ")
        async with house.engine.write() as tx:
            changed += await tx.execute(
                f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {old} ORDER BY {key} LIMIT $2)",
                to_text(now - KEPT[what]),
                AT_MOST,
            )
    async with house.engine.write() as tx:
        changed += await forget_tombstones(tx, now)
    return changed + await health.note_lost(house, now)


async def forget_tombstones(tx: Tx, now: datetime) -> int:
    """Removes what says that a document is gone; a device that has not come since takes the scope anew.

    The scope is locked first, as a commit does, and its horizon raised in the same transaction.
    """
    old = to_text(now - KEPT["tombstone"])
    rows = await tx.fetch(
        "SELECT DISTINCT scope_id FROM feed WHERE doc IS NULL AND changed_at < $1 ORDER BY scope_id LIMIT $2",
        old,
        AT_MOST,
    )
    ids = [scope for (scope,) in rows]
    if not ids:
        return 0
    await tx.fetch(f"SELECT id FROM scope WHERE id = any($1) ORDER BY id{for_update(tx)}", ids)
    horizons = await tx.fetch(
        "SELECT scope_id, max(version) FROM feed WHERE doc IS NULL AND changed_at < $1 AND scope_id = any($2)"
        " GROUP BY scope_id ORDER BY scope_id",
        old,
        ids,
    )
    await tx.execute_many("UPDATE scope SET horizon = $2 WHERE id = $1 AND horizon < $2", horizons)
    return await tx.execute("DELETE FROM feed WHERE doc IS NULL AND changed_at < $1 AND scope_id = any($2)", old, ids)
