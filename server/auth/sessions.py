"""Sessions: one person, in one seat, on one device, for a limited time.

The token lives in the cookie and nowhere else; the row holds its hash. Every sign-in makes a new session and
every step-up a new token, at once and without grace, so that a token somebody planted or saw is worth nothing
afterwards.

Limits. *Idle* equals the longest lease of what the seat reads offline (14 days; 3 days for professionals,
whose leases around a child are 3 days): a session never runs out on a device that may still show its replica,
and nobody is locked out of it while offline, since the server is not asked. *Absolute* bounds how long one
sign-in lasts: 90 days with passkey or e-ID, 14 days for professionals. With a code alone it is 180 days,
because that person cannot renew it: it opens little, and its end needs a new invitation. The screen lock
after five minutes is the client's. Source: promises.md P10, sync-protocol.md 2, model.md 2 (leases).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from server.auth.people import load_actor
from server.auth.tokens import hash_token, new_token
from server.domain.actors import Actor, Assurance
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.ids import new_id
from server.storage.engine import Engine, Tx
from server.storage.lock import for_update
from server.storage.touched import session_ended

Ended = Literal["signed_out", "wipe"]
EndReason = Literal["signed_out", "wipe", "rotated", "expired"]

FAMILY_IDLE = timedelta(days=14)
PROFESSIONAL_IDLE = timedelta(days=3)
FAMILY_ABSOLUTE = timedelta(days=90)
CODE_ABSOLUTE = timedelta(days=180)
PROFESSIONAL_ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)

_TOUCH = """
    UPDATE session SET seen_at = $1,
        idle_until = CASE WHEN absolute_until < $2 THEN absolute_until ELSE $2 END
    WHERE id = $3 AND ended_at IS NULL AND seen_at <= $4
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose request this is. `ended` is None while the session lives, else what the device must be told.

    `touch_due` asks the caller to `touch` in a write transaction: the session was last seen over five minutes
    ago.
    """

    actor: Actor
    session_id: str
    ended: Ended | None = None
    touch_due: bool = False
    absolute_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just made or given a new token. `token` goes into the cookie and is not kept anywhere
    else.
    """

    token: str
    session_id: str
    absolute_until: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """One live session of an account, for the person's own list."""

    id: str
    label: str
    seat: str
    assurance: str
    created_at: str
    seen_at: str


def idle_limit(actor: Actor) -> timedelta:
    """How long a session of this actor lives without being seen."""
    return PROFESSIONAL_IDLE if actor.is_professional else FAMILY_IDLE


def absolute_limit(actor: Actor) -> timedelta:
    """How long a session of this actor lives at most."""
    if actor.is_professional:
        return PROFESSIONAL_ABSOLUTE
    return CODE_ABSOLUTE if actor.assurance is Assurance.CODE else FAMILY_ABSOLUTE


async def start_session(
    tx: Tx, actor: Actor, label: str, now: datetime, *, until: datetime | None = None
) -> NewSession:
    """Makes a session with a fresh token. `until` caps its absolute limit (a switch of seats prolongs
    nothing).
    """
    token = new_token()
    session_id = new_id(now)
    absolute = now + absolute_limit(actor)
    if until is not None:
        absolute = min(absolute, until)
    idle = min(now + idle_limit(actor), absolute)
    await tx.execute(
        "INSERT INTO session (id, token_hash, account_id, seat_id, assurance, label, created_at, seen_at, "
        "idle_until, absolute_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)",
        session_id,
        hash_token(token),
        actor.account,
        actor.seat,
        actor.assurance.text,
        label,
        to_text(now),
        to_text(idle),
        to_text(absolute),
    )
    return NewSession(token, session_id, absolute)


async def step_up(tx: Tx, signed_in: SignedIn, assurance: Assurance, now: datetime) -> NewSession | None:
    """Gives a live session a new token at `assurance`, which counts from now; its old token is dead with the
    commit.

    A weaker proof than the session already has keeps its level and its absolute limit: it opens the lock
    again, and prolongs nothing. The session keeps its id, and with it sockets, replica and subscriptions.
    None when it ended or was stepped up elsewhere meanwhile.
    """
    token = new_token()
    actor = replace(signed_in.actor, assurance=max(assurance, signed_in.actor.assurance))
    absolute = now + absolute_limit(actor)
    if assurance < signed_in.actor.assurance and signed_in.absolute_until is not None:
        absolute = signed_in.absolute_until
    changed = await tx.execute(
        "UPDATE session SET previous_hash = token_hash, token_hash = $1, assurance = $2, seen_at = $3, "
        "idle_until = $4, absolute_until = $5 WHERE id = $6 AND ended_at IS NULL AND assurance = $7",
        hash_token(token),
        actor.assurance.text,
        to_text(now),
        to_text(min(now + idle_limit(actor), absolute)),
        to_text(absolute),
        signed_in.session_id,
        signed_in.actor.assurance.text,
    )
    return NewSession(token, signed_in.session_id, absolute) if changed else None


async def authenticate(tx: Tx, token: str | None, now: datetime) -> SignedIn | None:
    """Who holds this token; only reads. None for a token never given out or rotated away.

    A session that was ended, or ran out, is returned with `ended` set: over the socket the device is told so.
    An ended seat or account is a `wipe`, whatever the session's own row says.
    """
    if not token:
        return None
    row = await tx.fetch_one(
        "SELECT t.id, t.account_id, t.seat_id, t.assurance, t.seen_at, t.idle_until, t.absolute_until, "
        "t.ended_at, t.end_reason, s.ended_at, a.ended_at FROM session t JOIN seat s ON s.id = t.seat_id "
        "JOIN account a ON a.id = t.account_id WHERE t.token_hash = $1",
        hash_token(token),
    )
    if row is None:
        return None
    (
        session_id,
        account,
        seat,
        assurance,
        seen,
        idle,
        absolute,
        ended_at,
        reason,
        seat_ended,
        account_ended,
    ) = row
    actor = await load_actor(tx, account, seat, Assurance.from_text(assurance))
    if actor is None:
        return None
    at = to_text(now)
    ended: Ended | None = None
    if reason == "wipe" or seat_ended is not None or account_ended is not None:
        ended = "wipe"
    elif ended_at is not None or idle <= at or absolute <= at:
        ended = "signed_out"
    due = ended is None and seen <= to_text(now - SEEN_EVERY)
    return SignedIn(actor, session_id, ended, due, from_text(absolute))


async def signed_in(engine: Engine, token: str | None, now: datetime) -> SignedIn | None:
    """As `authenticate`, in a transaction of its own; notes that the session was seen when that is due."""
    async with engine.read() as tx:
        found = await authenticate(tx, token, now)
    if found is not None and found.touch_due:
        async with engine.write() as tx:
            await touch(tx, found, now)
    return found


async def touch(tx: Tx, signed_in: SignedIn, now: datetime) -> None:
    """Notes that a session is in use, at most every five minutes, and moves its idle limit with it.

    Call it for a socket that stays open too: nothing else tells that its person is still there.
    """
    idle = to_text(now + idle_limit(signed_in.actor))
    await tx.execute(
        _TOUCH,
        to_text(now),
        idle,
        signed_in.session_id,
        to_text(now - SEEN_EVERY),
    )


async def hold(tx: Tx, signed_in: SignedIn) -> None:
    """Keeps the session from ending before this transaction does, for a deed whose effect outlives it.

    The cookie was read earlier: a device that was forgotten since then leaves nothing behind.
    Raises: Refused `not_signed_in`.
    """
    live = f"SELECT id FROM session WHERE id = $1 AND ended_at IS NULL{for_update(tx)}"
    if await tx.fetch_value(live, signed_in.session_id) is None:
        raise Refused("not_signed_in")


async def devices(tx: Tx, account_id: str, now: datetime) -> list[Device]:
    """The live sessions of an account, the one seen last first."""
    rows = await tx.fetch(
        "SELECT id, label, seat_id, assurance, created_at, seen_at FROM session WHERE account_id = $1 "
        "AND ended_at IS NULL AND idle_until > $2 AND absolute_until > $2 ORDER BY seen_at DESC, id DESC",
        account_id,
        to_text(now),
    )
    return [Device(*row) for row in rows]


async def end_session(tx: Tx, session_id: str, reason: EndReason, now: datetime) -> bool:
    """Ends a session, with its push subscriptions; its sockets close within two seconds. False when it had
    ended.

    `wipe` also holds against a session that was signed out before: a device that turns up later erases its
    outbox too.
    """
    at = to_text(now)
    ended = await tx.execute(
        "UPDATE session SET ended_at = $1, end_reason = $2 WHERE id = $3 AND ended_at IS NULL",
        at,
        reason,
        session_id,
    )
    if not ended and reason == "wipe":
        ended = await tx.execute(
            "UPDATE session SET end_reason = 'wipe' WHERE id = $1 AND end_reason <> 'wipe'", session_id
        )
    if not ended:
        return False
    if reason != "expired":
        # Who has only been away still wants to be reminded; a notice says nothing that needs a session.
        await tx.execute("DELETE FROM push_subscription WHERE session_id = $1", session_id)
    await session_ended(tx, session_id, at)
    return True


async def end_sessions_of_seat(tx: Tx, seat_id: str, reason: EndReason, now: datetime) -> int:
    """Ends every live session of a seat: a link to a family, or a post, has ended; returns how many."""
    rows = await tx.fetch("SELECT id FROM session WHERE seat_id = $1 AND ended_at IS NULL ORDER BY id", seat_id)
    return sum([await end_session(tx, id, reason, now) for (id,) in rows])


async def end_expired(tx: Tx, now: datetime, *, at_most: int = 500) -> int:
    """Marks sessions that ran out, so that their subscriptions and sockets go too. Run it now and then; safe
    twice.
    """
    rows = await tx.fetch(
        "SELECT id FROM session WHERE ended_at IS NULL AND (idle_until <= $1 OR absolute_until <= $1) "
        "ORDER BY id LIMIT $2",
        to_text(now),
        at_most,
    )
    return sum([await end_session(tx, id, "expired", now) for (id,) in rows])
