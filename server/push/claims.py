"""Claims: which worker does what. One statement takes due work; whoever took it has it until its claim runs out.

A claim is known by its end. Work that was taken over by another worker meanwhile has another end, so the first worker
finds out before it does anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.instants import to_text
from server.storage.engine import Engine, Tx
from server.storage.lock import for_update

REMINDER_FOR = timedelta(seconds=20)
"""Long enough for a batch of them: each takes some ten milliseconds."""
DELIVERY_FOR = timedelta(seconds=30)
"""Twice as long as a push service may take to answer."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of work that is ours until `until` (instant text). `what`: a reminder's kind, or an endpoint."""

    id: str
    until: str
    what: str


async def reminders(engine: Engine, now: datetime, at_most: int) -> list[Claim]:
    """Due reminders, soonest due first, and those whose worker has not come back."""
    at, until = to_text(now), to_text(now + REMINDER_FOR)
    due = "(state = 'due' AND due_at <= $1) OR (state = 'claimed' AND claimed_until <= $1)"
    async with engine.read() as tx:  # nothing to do is the usual case: no writer is needed to see it
        if not await tx.fetch(f"SELECT 1 FROM reminder WHERE {due} LIMIT 1", at):
            return []
    async with engine.write() as tx:
        rows = await tx.fetch(
            "UPDATE reminder SET state = 'claimed', claimed_until = $2, attempts = attempts + 1 WHERE id IN ("
            f"SELECT id FROM reminder WHERE {due} ORDER BY due_at LIMIT $3{skipping(tx)}) RETURNING id, kind, due_at",
            at,
            until,
            at_most,
        )
    return [Claim(id, until, kind) for id, kind, _ in sorted(rows, key=lambda row: (str(row[2]), str(row[0])))]


async def deliveries(engine: Engine, now: datetime, at_most: int, full: Sequence[str]) -> list[Claim]:
    """Due deliveries, soonest first, but none to the services (origins) that are `full`."""
    at, until = to_text(now), to_text(now + DELIVERY_FOR)
    elsewhere = "".join(
        f" AND substr(s.endpoint, 1, {len(origin) + 1}) <> ${n}" for n, origin in enumerate(full, start=2)
    )
    due = (
        "SELECT d.id FROM delivery d LEFT JOIN push_subscription s ON s.id = d.subscription_id"
        f" WHERE d.state = 'due' AND d.next_at <= $1 AND (s.id IS NULL OR (TRUE{elsewhere}))"
        " ORDER BY d.next_at"
    )
    args = (at, *(f"{origin}/" for origin in full))
    async with engine.read() as tx:
        ids = [str(id) for (id,) in await tx.fetch(f"{due} LIMIT {at_most}", *args)]
    if not ids:
        return []
    async with engine.write() as tx:
        taken = await tx.fetch(
            "UPDATE delivery SET attempts = attempts + 1, next_at = $2 WHERE id IN ("
            f"SELECT id FROM delivery WHERE id = any($3) AND state = 'due' AND next_at <= $1{skipping(tx)})"
            " RETURNING id, subscription_id",
            at,
            until,
            ids,
        )
        where = dict(
            await tx.fetch(
                "SELECT id, endpoint FROM push_subscription WHERE id = any($1)", sorted({row[1] for row in taken})
            )
        )
    return [Claim(id, until, where.get(subscription, "")) for id, subscription in taken]


async def give_back(tx: Tx, delivery: str, at: str) -> None:
    """A delivery that was taken and not tried: due again at `at`, as if it had not been taken."""
    await tx.execute(
        "UPDATE delivery SET attempts = attempts - 1, next_at = $2 WHERE id = $1 AND state = 'due'", delivery, at
    )


def skipping(tx: Tx) -> str:
    """Rows that another worker is taking at this moment are its own; SQLite has one writer."""
    lock = for_update(tx)
    return f"{lock} SKIP LOCKED" if lock else ""
