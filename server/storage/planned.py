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
from server.storage.engine import Tx, columns
from server.storage.stored import StoredReminder

ACT = "act:"


async def reconcile(
    tx: Tx,
    wanted: Mapping[str, Mapping[ReminderKey, str]],
    known: Mapping[tuple[str, ReminderKey], StoredReminder],
    now: str,
) -> None:
    """Plans what is new and supersedes what is no longer asked for, for these (locked) aggregates."""
    new = [
        (aggregate, key, data)
        for aggregate, reminders in sorted(wanted.items())
        for key, data in sorted(reminders.items())
        if (aggregate, key) not in known and (key[3] >= now or key[1].startswith(ACT))
    ]
    revived = [
        one.id
        for (aggregate, key), one in known.items()
        if one.state == "superseded" and key in wanted[aggregate] and key[3] > now
    ]
    superseded = [
        one.id
        for (aggregate, key), one in known.items()
        if one.state in ("due", "claimed") and key not in wanted[aggregate]
    ]
    if new:
        at = from_text(now)
        await tx.later(
            "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state, attempts, data)"
            " SELECT r.id, r.home, r.record, r.kind, r.account, r.due_at, 'due', 0, r.data"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])"
            " r (id, home, record, kind, account, due_at, data) WHERE true ON CONFLICT (id) DO NOTHING",
            *columns(
                (derived_id(at, f"{aggregate}/{'/'.join(key)}", 0), aggregate, *key, data)
                for aggregate, key, data in new
            ),
        )
    if revived:
        await tx.later("UPDATE reminder SET state = 'due', claimed_until = NULL WHERE id = any($1)", revived)
    if superseded:
        await tx.later("UPDATE reminder SET state = 'superseded' WHERE id = any($1)", superseded)
