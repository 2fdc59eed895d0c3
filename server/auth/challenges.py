"""Challenges: what was asked of a browser, to be answered once and soon.

For passkeys the value is the challenge itself; for e-ID it is the hash of a secret that only the asking
browser has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from server.domain.instants import to_text
from server.ids import new_id
from server.storage.engine import Tx

ChallengeKind = Literal["passkey_register", "passkey_sign_in", "door"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that has just been spent."""

    value: str
    account_id: str | None
    session_id: str | None
    data: dict[str, Any]


async def ask(
    tx: Tx,
    kind: ChallengeKind,
    value: str,
    now: datetime,
    *,
    lifetime: timedelta,
    account_id: str | None = None,
    session_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    """Keeps a challenge for `lifetime`; returns its id, which comes back with the answer."""
    id = new_id(now)
    await tx.execute(
        "INSERT INTO challenge (id, kind, value, account_id, session_id, created_at, expires_at, data) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        kind,
        value,
        account_id,
        session_id,
        to_text(now),
        to_text(now + lifetime),
        json.dumps(data or {}),
    )
    return id


async def spend(tx: Tx, kind: ChallengeKind, id: str, now: datetime) -> Challenge | None:
    """Takes a challenge out of use, in one statement, and returns it; None if unknown, spent or too old.

    Commit also when the answer turns out wrong: a challenge has one answer, not one right answer.
    """
    row = await tx.fetch_one(
        "UPDATE challenge SET used_at = $1 WHERE id = $2 AND kind = $3 AND used_at IS NULL "
        "AND expires_at > $1 RETURNING value, account_id, session_id, data",
        to_text(now),
        id,
        kind,
    )
    if row is None:
        return None
    value, account_id, session_id, data = row
    return Challenge(value, account_id, session_id, json.loads(data))


async def forget_challenges(tx: Tx, now: datetime) -> int:
    """Removes challenges that can no longer be answered; returns how many."""
    return await tx.execute("DELETE FROM challenge WHERE expires_at <= $1", to_text(now))
