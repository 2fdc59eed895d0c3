"""After a database was restored, and before anybody may use it: what must not come back does not.

1. The schema is brought up to date.
2. A new epoch: every client takes everything anew, and sends again what it was promised after the backup.
3. Every session and every unused invitation ends: either may have been revoked, or used, after the backup.
4. The journal of revocations is replayed from the instant of the backup: what was withdrawn stays withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.auth.effects import AuthEffects
from server.domain.actors import SYSTEM
from server.domain.instants import to_text
from server.features.rows import RelationRow
from server.features.shape import Row
from server.storage import commit
from server.storage.change import NO_ORGANISATION, AuditEntry, Change, StoredRecord
from server.storage.engine import Tx
from server.storage.journal import Journal
from server.storage.migrate import migrate
from server.storage.start import new_epoch, prepare
from server.sync import load
from server.sync.house import House
from server.sync.keep import keep_rows

RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done. `skipped` revocations concern what began after the backup and is therefore not there."""

    sessions: int
    invitations: int
    replayed: int
    skipped: int


async def settle(house: House, journal: Journal, taken_at: str) -> Settled:
    """Makes a restored database fit for use. May be run again when it was interrupted."""
    now = house.clock.now()
    await migrate(house.engine)
    await prepare(house.engine, now)
    await new_epoch(house.engine, now)
    async with house.engine.write() as tx:
        sessions = await tx.execute(
            "UPDATE session SET ended_at = $1, end_reason = 'signed_out' WHERE ended_at IS NULL", to_text(now)
        )
        invitations = await tx.execute(
            "UPDATE invitation SET expires_at = $1 WHERE used_at IS NULL AND expires_at > $1", to_text(now)
        )
        await tx.execute("DELETE FROM push_subscription")
        await tx.execute("DELETE FROM delivery WHERE state IN ('due', 'claimed', 'paused')")
        await tx.execute("DELETE FROM touched")
        entry = AuditEntry(NO_ORGANISATION, RESTORE, "restore.sessions_ended", taken_at, "applied")
        await commit.apply(tx, Change(audit=(entry,)), to_text(now))
    replayed, skipped = await replay(house, journal, taken_at)
    return Settled(sessions, invitations, replayed, skipped)


async def replay(house: House, journal: Journal, taken_at: str) -> tuple[int, int]:
    """(rows kept anew, rows left out) of the journal's entries from `taken_at` on; the last one of a row counts."""
    latest: dict[str, StoredRecord] = {row.id: row for at, row in journal.entries() if at >= taken_at}
    by_aggregate: dict[str, list[StoredRecord]] = {}
    for row in latest.values():
        by_aggregate.setdefault(row.aggregate_id, []).append(row)
    replayed = 0
    for aggregate, records in sorted(by_aggregate.items()):
        async with house.engine.write() as tx:
            if await tx.fetch_value("SELECT 1 FROM aggregate WHERE id = $1", aggregate) is None:
                continue
            rows = [load.decoded(house.registry, record) for record in records]
            why = AuditEntry(NO_ORGANISATION, RESTORE, "restore.replayed", aggregate, "applied")
            await keep_rows(house, tx, {aggregate: rows}, why)
            await _end_seats(house, tx, aggregate, rows)
            replayed += len(rows)
    return replayed, len(latest) - replayed


async def _end_seats(house: House, tx: Tx, aggregate: str, rows: Sequence[Row]) -> None:
    """A relation that ended takes its invitations along, and its seat when that holds nothing else."""
    ending = AuthEffects("").end_relation
    for row in rows:
        if isinstance(row, RelationRow) and row.ended_at is not None:
            args = {"aggregate": aggregate, "relation": row.id, "seat": row.seat}
            await ending(tx, SYSTEM, args, to_text(house.clock.now()))


def newest(journal: Journal) -> str | None:
    """The instant of the last entry, None when there is none."""
    return max((at for at, _ in journal.entries()), default=None)


def as_dict(settled: Settled) -> dict[str, int]:
    """For an answer."""
    return {
        "sessions ended": settled.sessions,
        "invitations ended": settled.invitations,
        "revocations replayed": settled.replayed,
        "revocations of what began later": settled.skipped,
    }
