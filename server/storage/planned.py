"""What is to be said or done later: kept equal to what the aggregate's rows ask for.

A reminder is known by (record, kind, account, due instant). One that is no longer asked for is superseded in the commit
that made it so; one that has been done is never planned again. Kinds that begin with `act:` are deeds of the house
itself and are planned also when their instant has passed; a notice that would come too late is not planned at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.domain.instants import from_text
from server.ids import derived_id
from server.storage.change import ReminderKey
from server.storage.engine import Tx

ACT = "act:"


async def reconcile(tx: Tx, wanted: Mapping[str, Mapping[ReminderKey, str]], now: str) -> None:
    """Plans what is new and supersedes what is no longer asked for, for these (locked) aggregates."""
    known: dict[tuple[str, ReminderKey], tuple[str, str]] = {
        (row[5], (row[0], row[1], row[2], row[3])): (row[4], row[6])
        for row in await tx.fetch(
            "SELECT record_id, kind, account_id, due_at, state, aggregate_id, id FROM reminder"
            " WHERE aggregate_id = any($1)",
            sorted(wanted),
        )
    }
    new = [
        (aggregate, key, data)
        for aggregate, reminders in sorted(wanted.items())
        for key, data in sorted(reminders.items())
        if (aggregate, key) not in known and (key[3] >= now or key[1].startswith(ACT))
    ]
    revived = [
        id
        for (aggregate, key), (state, id) in known.items()
        if state == "superseded" and key in wanted[aggregate] and key[3] > now
    ]
    superseded = [
        id
        for (aggregate, key), (state, id) in known.items()
        if state in ("due", "claimed") and key not in wanted[aggregate]
    ]
    if new:
        at = from_text(now)
        await tx.execute_many(
            "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state, attempts, data)"
            " VALUES ($1, $2, $3, $4, $5, $6, 'due', 0, $7) ON CONFLICT (id) DO NOTHING",
            [
                (derived_id(at, f"{aggregate}/{'/'.join(key)}", 0), aggregate, *key, data)
                for aggregate, key, data in new
            ],
        )
    if revived:
        await tx.execute("UPDATE reminder SET state = 'due', claimed_until = NULL WHERE id = any($1)", revived)
    if superseded:
        await tx.execute("UPDATE reminder SET state = 'superseded' WHERE id = any($1)", superseded)
