"""Accounts and seats: one account per person, one seat per capacity, and the actor that a session makes of
both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from server.domain.actors import PROFESSIONAL_SEATS, Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.ids import new_id
from server.storage.engine import Tx

_ACTOR = (
    "SELECT s.kind, s.unit_id, s.area_id, s.organisation_id, a.name, a.language "
    "FROM seat s JOIN account a ON a.id = s.account_id WHERE s.id = $1 AND s.account_id = $2"
)
_LIVE_SEATS = """
    SELECT s.id, s.kind, s.unit_id, s.area_id, s.organisation_id
    FROM seat s JOIN account a ON a.id = s.account_id
    WHERE s.account_id = $1 AND s.ended_at IS NULL AND a.ended_at IS NULL
    ORDER BY s.created_at, s.id
"""
_STAFF = "SELECT body FROM record WHERE entity = 'staff' AND id = $1"


@dataclass(frozen=True, slots=True)
class Seat:
    """A live seat, as the person who holds it sees it in the list to switch between."""

    id: str
    kind: SeatKind
    unit: str | None
    area: str | None
    organisation: str | None


async def load_actor(tx: Tx, account_id: str, seat_id: str, assurance: Assurance) -> Actor | None:
    """The actor of an account in a seat, ended or not; None when the seat is not the account's.

    Functions and the name at work come from the staff record, so that a change there counts at the next
    request.
    """
    row = await tx.fetch_one(_ACTOR, seat_id, account_id)
    if row is None:
        return None
    kind, unit, area, organisation, name, language = row
    body = await tx.fetch_value(_STAFF, seat_id) if kind in PROFESSIONAL_SEATS else None
    known = Actor(
        seat=seat_id,
        account=account_id,
        kind=SeatKind(kind),
        unit=unit,
        area=area,
        organisation=organisation,
        assurance=assurance,
        name=name,
        lang=language,
    )
    return at_work(known, body)


def at_work(actor: Actor, staff: str | None) -> Actor:
    """The actor with the functions and the name that the staff record (JSON text) has; unchanged without one."""
    if staff is None:
        return actor
    row = json.loads(staff)
    return replace(actor, functions=frozenset(row.get("functions") or ()), name=row.get("name") or actor.name)


async def live_seats(tx: Tx, account_id: str) -> list[Seat]:
    """The seats of a live account that have not ended, oldest first."""
    rows = await tx.fetch(
        _LIVE_SEATS,
        account_id,
    )
    return [Seat(id, SeatKind(kind), unit, area, organisation) for id, kind, unit, area, organisation in rows]


async def last_seat(tx: Tx, account_id: str) -> Seat | None:
    """The live seat to open at sign-in: the one used last, otherwise the oldest; None when the person has
    none.
    """
    seats = await live_seats(tx, account_id)
    used = await tx.fetch_value(
        "SELECT t.seat_id FROM session t JOIN seat s ON s.id = t.seat_id "
        "WHERE t.account_id = $1 AND s.ended_at IS NULL ORDER BY t.seen_at DESC, t.id DESC LIMIT 1",
        account_id,
    )
    return next((seat for seat in seats if seat.id == used), seats[0] if seats else None)


async def create_account(tx: Tx, account_id: str, name: str, language: str, now: datetime) -> None:
    """Makes an account with an id that the caller chose: what led to it is noted first."""
    await tx.execute(
        "INSERT INTO account (id, name, language, created_at) VALUES ($1, $2, $3, $4)",
        account_id,
        name,
        language,
        to_text(now),
    )


async def create_seat(
    tx: Tx,
    account_id: str,
    kind: SeatKind,
    now: datetime,
    *,
    unit: str | None = None,
    area: str | None = None,
    organisation: str | None = None,
) -> str:
    """Gives an account one more capacity to act in; returns the seat's id."""
    seat_id = new_id(now)
    await tx.execute(
        "INSERT INTO seat (id, account_id, kind, unit_id, area_id, organisation_id, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        seat_id,
        account_id,
        str(kind),
        unit,
        area,
        organisation,
        to_text(now),
    )
    return seat_id
