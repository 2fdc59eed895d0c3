"""Receipts: what each command was answered, kept with its effect, so that nothing is decided twice (PROTOCOL.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from server.auth.people import at_work
from server.domain import scopes
from server.domain.actors import Actor
from server.storage.change import Committed
from server.storage.engine import Tx
from server.storage.lock import for_update
from server.sync.frames import CommandFrame
from server.sync.pull import SessionOver

IMPLIED = ("user:", "region:")
"""Scopes everybody concerned holds without a grant."""


class OutOfStep(Exception):
    """The replica's counter and the server's disagree: `bye: resync`."""


@dataclass(frozen=True, slots=True)
class Replica:
    """The sender: one local store of one (account, seat), in one session."""

    id: str
    session: str


def own_name(seat: str, replica: str) -> str:
    """What a seat's replica is known by here when another seat's has the same id."""
    return str(uuid5(NAMESPACE_OID, f"{seat}/{replica}"))


async def take_replica(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame
) -> tuple[int, tuple[str, str] | None, Actor]:
    """(the last n decided, the stored answer to this id if there is one, the actor as they are now); locks the replica.

    A socket stays open for days: what somebody is at work may have changed since it was opened.
    """
    lock = " FOR UPDATE OF r" if for_update(tx) else ""
    row = await tx.fetch_one(
        "SELECT r.last_n, s.ended_at, c.answer, c.decided_at, s.end_reason, w.body"
        " FROM replica r JOIN session s ON s.id = $4"
        " LEFT JOIN record w ON w.id = r.seat_id AND w.entity = 'staff'"
        " LEFT JOIN receipt c ON c.account_id = r.account_id AND c.seat_id = r.seat_id AND c.command_id = $5"
        f" AND c.first = 1 WHERE r.id = $1 AND r.account_id = $2 AND r.seat_id = $3{lock}",
        replica.id,
        actor.account,
        actor.seat,
        replica.session,
        sent.id,
    )
    if row is None or row[1] is not None:
        raise SessionOver("wipe" if row is not None and row[4] == "wipe" else "signed_out")
    return int(row[0]), None if row[2] is None else (row[2], row[3]), at_work(actor, row[5])


async def repeated(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame, last_n: int, known: tuple[str, str] | None
) -> bytes | None:
    """The stored answer for this n or this id; a known id in a new place uses up its n."""
    if sent.n <= last_n:
        answer = await tx.fetch_value(
            "SELECT answer FROM receipt WHERE account_id = $1 AND seat_id = $2 AND replica_id = $3 AND n = $4",
            actor.account,
            actor.seat,
            replica.id,
            sent.n,
        )
        if answer is None:
            raise OutOfStep
        return str(answer).encode()
    if known is not None and sent.n == last_n + 1:
        await keep(tx, actor, replica, sent, known[0].encode(), known[1], first=0)
    return None if known is None else known[0].encode()


async def keep(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame, answer: bytes, now: str, *, first: int
) -> None:
    """Keeps the answer; the replica's counter is then `sent.n`. `first` is 0 when the command was answered before."""
    await tx.later(
        "INSERT INTO receipt (account_id, seat_id, replica_id, n, command_id, first, answer, decided_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        actor.account,
        actor.seat,
        replica.id,
        sent.n,
        sent.id,
        first,
        answer.decode(),
        now,
    )
    await tx.later("UPDATE replica SET last_n = $2 WHERE id = $1", replica.id, sent.n)


async def held(tx: Tx, actor: Actor, committed: Committed, now: str) -> dict[str, int]:
    """Of the versions a commit made, those of scopes the sender holds after it."""
    held = {scopes.user(actor.account), scopes.PUBLIC}
    held |= {name for name, seats in committed.holders.items() if actor.seat in seats}
    granted = (name for name in committed.versions if not name.startswith(IMPLIED))
    asked = [name for name in granted if name not in committed.holders]
    if asked:
        rows = await tx.fetch(
            "SELECT s.name FROM grant_ g JOIN scope s ON s.id = g.scope_id"
            " WHERE g.seat_id = $1 AND g.valid_until > $2 AND s.name = any($3)",
            actor.seat,
            now,
            asked,
        )
        held |= {name for (name,) in rows}
    return {name: version for name, version in sorted(committed.versions.items()) if name in held}
