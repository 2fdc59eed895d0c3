"""What the worker does for sign-in now and then. Each part is safe to run at any time, twice, or late."""

from __future__ import annotations

from datetime import datetime

from server.auth.challenges import forget_challenges
from server.auth.limits import forget_counts
from server.auth.sessions import end_expired
from server.storage.engine import Tx


async def tidy_auth(tx: Tx, now: datetime) -> int:
    """Ends sessions that ran out and forgets counts and challenges nobody needs; returns how many rows it
    changed.
    """
    return await end_expired(tx, now) + await forget_counts(tx, now) + await forget_challenges(tx, now)
