"""Signing in: what every door ends with, once it is certain which account stands in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from server.auth.people import last_seat, live_seats, load_actor
from server.auth.sessions import NewSession, SignedIn, end_session, hold, start_session, step_up
from server.domain.actors import Actor, Assurance
from server.errors import Refused
from server.storage.engine import Tx

IsVerified = Callable[[Tx, str], Awaitable[bool]]
"""(tx, seat id): has a member of staff checked, in person, who holds this seat?"""


async def sign_in(
    tx: Tx,
    *,
    account_id: str,
    seat_id: str | None,
    proved: Assurance,
    is_verified: IsVerified,
    current: SignedIn | None,
    label: str,
    now: datetime,
) -> NewSession | None:
    """A session for an account that has just proved itself at `proved`; always with a new token.

    The seat is the one asked for, else the current one, else the one used last. The browser's current session
    is stepped up when it is of the same seat, and ended otherwise. None when the account has no such live
    seat.
    """
    live = current if current is not None and current.ended is None else None
    same_person = live is not None and live.actor.account == account_id
    if seat_id is None and live is not None and same_person:
        seat_id = live.actor.seat
    actor = await _actor_in(tx, account_id, seat_id, proved, is_verified)
    if actor is None:
        return None
    if live is not None and same_person and live.actor.seat == actor.seat:
        return await step_up(tx, live, actor.assurance, now)
    if live is not None:
        await end_session(tx, live.session_id, "rotated" if same_person else "signed_out", now)
    return await start_session(tx, actor, label, now)


async def switch_seat(
    tx: Tx, current: SignedIn, seat_id: str, *, is_verified: IsVerified, label: str, now: datetime
) -> NewSession | None:
    """The same person in another of their seats: a new session, the old one ended, nothing prolonged.

    None when the seat is not a live one of this account. Switching to the current seat renews its token.
    Raises: Refused `not_signed_in` as `hold`.
    """
    await hold(tx, current)
    if seat_id == current.actor.seat:
        return await step_up(tx, current, Assurance.CODE, now)
    actor = await _actor_in(tx, current.actor.account, seat_id, current.actor.assurance, is_verified)
    if actor is None:
        return None
    await end_session(tx, current.session_id, "rotated", now)
    return await start_session(tx, actor, label, now, until=current.absolute_until)


async def level_in_seat(tx: Tx, actor: Actor, proved: Assurance, is_verified: IsVerified) -> Assurance:
    """What a proof is worth in a seat.

    A code and an e-ID are worth the same everywhere. A passkey says "the same device as before": for a
    professional that is `verified`, since the employer knows who got the invitation; for everybody else only
    once a member of staff has checked the person. Source: model.md 1.
    """
    if proved is Assurance.VERIFIED and not actor.is_professional and not await is_verified(tx, actor.seat):
        return Assurance.CODE
    return proved


async def may_add_proof(tx: Tx, signed_in: SignedIn) -> None:
    """Lets a session add a passkey or an identity to its account: the first with any session, more only with
    a proof.

    Raises: Refused `assurance_required`, since otherwise a stolen code would turn into lasting access;
    `not_signed_in` as `hold`.
    """
    await hold(tx, signed_in)
    if signed_in.actor.assurance is not Assurance.CODE:
        return
    account = signed_in.actor.account
    passkeys = await tx.fetch_value("SELECT count(*) FROM passkey WHERE account_id = $1", account)
    identities = await tx.fetch_value("SELECT count(*) FROM identity WHERE account_id = $1", account)
    if passkeys or identities:
        raise Refused("assurance_required")


async def _actor_in(
    tx: Tx, account_id: str, seat_id: str | None, proved: Assurance, is_verified: IsVerified
) -> Actor | None:
    if seat_id is None:
        seat = await last_seat(tx, account_id)
    else:
        seat = next((seat for seat in await live_seats(tx, account_id) if seat.id == seat_id), None)
    if seat is None:
        return None
    actor = await load_actor(tx, account_id, seat.id, proved)
    if actor is None:
        return None
    return replace(actor, assurance=await level_in_seat(tx, actor, proved, is_verified))
