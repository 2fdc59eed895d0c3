"""What waits to be said and sent, as figures for operators: no person, no unit, no kind."""

from __future__ import annotations

from datetime import datetime

from server.domain.instants import from_text, to_text
from server.storage.engine import Engine


async def gauges(engine: Engine, now: datetime) -> dict[str, float]:
    """`reminders_due`, `reminders_oldest_s`, `reminders_failed`, `deliveries_due`, `deliveries_oldest_s`.

    Seconds since the oldest was due; `failed` counts what was given up and needs a person to look.
    """
    at = to_text(now)
    async with engine.read() as tx:
        reminders = await tx.fetch_one(
            "SELECT count(*), min(due_at) FROM reminder WHERE state IN ('due', 'claimed') AND due_at <= $1", at
        )
        deliveries = await tx.fetch_one(
            "SELECT count(*), min(next_at) FROM delivery WHERE state IN ('due', 'claimed', 'paused') AND next_at <= $1",
            at,
        )
        failed = await tx.fetch_value("SELECT count(*) FROM reminder WHERE state = 'failed'")
    found = {"reminders_failed": float(failed)}
    for name, row in (("reminders", reminders), ("deliveries", deliveries)):
        count, oldest = row or (0, None)
        found[f"{name}_due"] = float(count)
        found[f"{name}_oldest_s"] = (now - from_text(oldest)).total_seconds() if oldest else 0.0
    return found
