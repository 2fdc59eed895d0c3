"""Invitations: how somebody without an account comes in, once, within seven days.

An invitation is a link (256 bits, also as a QR code) and a typed code (50 bits, guessing limited in
`limits`). Both are kept as hashes, both are spent by one atomic UPDATE, and whoever redeems gets a seat and a
session of level `code`: enough for a contact card and a meeting's time and place, nothing more until e-ID or
a check in person. Unknown, used and expired are the same answer after the same statements. Source:
promises.md P9, model.md 1.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from server.auth.limits import Place, may_guess
from server.auth.people import create_account, create_seat, live_seats
from server.auth.sessions import NewSession, SignedIn, end_session, hold, start_session, step_up
from server.auth.tokens import hash_code, hash_token, new_code, new_token, read_code
from server.domain.actors import PROFESSIONAL_SEATS, Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.ids import new_id
from server.storage.engine import Tx

LIFETIME = timedelta(days=7)


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom an invitation is for. `relation` is the row in the aggregate that gets the account when it is
    redeemed.
    """

    name: str
    language: str = "sv"
    relation: str | None = None
    unit: str | None = None
    area: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made. `token` and `code` can be shown now and never again."""

    id: str
    token: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it stood when it was redeemed."""

    id: str
    kind: SeatKind
    aggregate_id: str
    subject: Subject
    created_by: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The outcome of a redemption: a session, or None; `retry_after_s` above 0 when guessing must pause."""

    session: NewSession | None = None
    retry_after_s: int = 0


OnRedeemed = Callable[[Tx, Invitation, str, str, datetime], Awaitable[None]]
"""(tx, invitation, account_id, seat_id, now): what follows in the aggregate, in the same transaction. May
raise Refused.
"""


async def create_invitation(
    tx: Tx,
    kind: SeatKind,
    aggregate_id: str,
    subject: Subject,
    created_by: str,
    now: datetime,
    *,
    lifetime: timedelta = LIFETIME,
) -> NewInvitation:
    """Makes an invitation; live ones for the same relation end. Raises `ValueError` for a lifetime over seven
    days.
    """
    if not timedelta() < lifetime <= LIFETIME:
        raise ValueError("an invitation lives for seven days at most")
    if subject.relation is not None:
        await cancel_invitations(tx, aggregate_id, subject.relation, now)
    made = NewInvitation(new_id(now), new_token(), new_code(), now + lifetime)
    await tx.execute(
        "INSERT INTO invitation (id, token_hash, code_hash, kind, aggregate_id, subject, created_by, "
        "created_at, expires_at, tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
        made.id,
        hash_token(made.token),
        hash_code(made.code),
        str(kind),
        aggregate_id,
        msgspec.json.encode(subject).decode(),
        created_by,
        to_text(now),
        to_text(made.expires_at),
    )
    return made


async def cancel_invitations(tx: Tx, aggregate_id: str, relation: str, now: datetime) -> int:
    """Ends the live invitations for one relation: a new one was made, or it went to the wrong family."""
    rows = await tx.fetch(
        "SELECT id, subject FROM invitation WHERE aggregate_id = $1 AND used_at IS NULL "
        "AND expires_at > $2 ORDER BY id",
        aggregate_id,
        to_text(now),
    )
    ended = [id for id, subject in rows if msgspec.json.decode(subject, type=Subject).relation == relation]
    if not ended:
        return 0
    return await tx.execute(
        "UPDATE invitation SET expires_at = $1 WHERE id = any($2) AND used_at IS NULL", to_text(now), ended
    )


async def redeem(
    tx: Tx,
    *,
    token: str | None = None,
    code: str | None = None,
    place: Place,
    label: str,
    now: datetime,
    on_redeemed: OnRedeemed,
    joining: SignedIn | None = None,
    replaced: SignedIn | None = None,
) -> Redeemed:
    """Spends an invitation, by link token or typed code, and signs its person in.

    Without `joining` a new account is made; with it, that person's account gets the seat (a professional who is
    a parent), unless it has just that one: a guardian of two children has one seat for the family, and goes on in
    the same session. `replaced` is the session this browser held before: otherwise it ends. Commit also when
    nothing was redeemed: the try is counted in this transaction.
    Raises: whatever `on_redeemed` raises, and Refused `not_signed_in` as `hold`; the invitation is then unspent.
    """
    meant = read_code(code) if code is not None else None
    # A code that cannot be one is looked up all the same, so that it costs what any other costs.
    by_code = hash_code(meant if meant is not None else "")
    if token is None:
        wait = await may_guess(tx, place, by_code, now)
        if wait:
            return Redeemed(retry_after_s=wait)
    account_id = joining.actor.account if joining else new_id(now)
    row = await tx.fetch_one(
        "UPDATE invitation SET tries = tries + 1, used_at = $1, used_by = $2 "
        f"WHERE {'token_hash' if token is not None else 'code_hash'} = $3 AND used_at IS NULL "
        "AND expires_at > $1 RETURNING id, kind, aggregate_id, subject, created_by",
        to_text(now),
        account_id,
        hash_token(token) if token is not None else by_code,
    )
    if row is None:
        return Redeemed()
    id, kind, aggregate_id, subject, created_by = row
    invitation = Invitation(id, SeatKind(kind), aggregate_id, msgspec.json.decode(subject, type=Subject), created_by)
    session = await _sign_in(tx, invitation, account_id, label, now, joining)
    await on_redeemed(tx, invitation, session.actor.account, session.actor.seat, now)
    if joining is not None:
        await hold(tx, joining)  # after the aggregates: whoever ends sessions locks those first
    if replaced is not None and replaced.ended is None and replaced.session_id != session.new.session_id:
        await end_session(tx, replaced.session_id, "rotated" if joining else "signed_out", now)
    return Redeemed(session.new)


@dataclass(frozen=True, slots=True)
class _Entered:
    actor: Actor
    new: NewSession


async def _sign_in(
    tx: Tx, invitation: Invitation, account_id: str, label: str, now: datetime, joining: SignedIn | None
) -> _Entered:
    subject = invitation.subject
    if joining is None:
        await create_account(tx, account_id, subject.name, subject.language, now)
    held = await _same_seat(tx, account_id, invitation) if joining is not None else None
    if joining is not None and held == joining.actor.seat:
        # The session goes on with a new token: what the device has, and has not sent yet, stays where it is.
        renewed = await step_up(tx, joining, Assurance.CODE, now)
        if renewed is None:
            raise Refused("not_signed_in")
        return _Entered(joining.actor, renewed)
    seat_id = held or await create_seat(
        tx,
        account_id,
        invitation.kind,
        now,
        unit=subject.unit,
        area=subject.area,
        organisation=subject.organisation,
    )
    # e-ID says who the person is, in whatever seat; "verified" was said of one seat and does not carry over to
    # another. In the same seat it still holds for the child it was said of (`belonging.as_known`).
    proved = Assurance.EID if joining is not None and joining.actor.assurance is Assurance.EID else Assurance.CODE
    actor = Actor(
        seat=seat_id,
        account=account_id,
        kind=invitation.kind,
        unit=subject.unit,
        area=subject.area,
        organisation=subject.organisation,
        assurance=proved,
        name=subject.name,
        lang=subject.language,
    )
    return _Entered(actor, await start_session(tx, actor, label, now))


async def _same_seat(tx: Tx, account_id: str, invitation: Invitation) -> str | None:
    """The live seat of the account that the invitation would only repeat."""
    subject, kind = invitation.subject, invitation.kind
    for seat in await live_seats(tx, account_id):
        place = (seat.unit, seat.area, seat.organisation) == (subject.unit, subject.area, subject.organisation)
        if seat.kind is kind and (kind is SeatKind.GUARDIAN or (kind in PROFESSIONAL_SEATS and place)):
            return seat.id
    return None


def refuse_unredeemed(outcome: Redeemed) -> NewSession:
    """The session of a redemption. Raises: Refused `rate_limited` (with `retry_after_ms`), or `not_found` for
    every other reason alike. Call it after the transaction has been committed."""
    if outcome.retry_after_s:
        raise Refused("rate_limited", data={"retry_after_ms": outcome.retry_after_s * 1000})
    if outcome.session is None:
        raise Refused("not_found")
    return outcome.session
