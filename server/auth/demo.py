"""Demo sign-in: a row of invented people to choose from, without any proof. On this machine only.

Three things must all be true: the setting (which refuses to start on an open address), a client on loopback
that came without a proxy, and a Host header that names loopback, so that no page of another name reaches it
(DNS rebinding).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.auth.people import load_actor
from server.auth.sessions import NewSession, SignedIn, end_session, start_session
from server.domain.actors import Assurance
from server.storage.engine import Tx

PERSONAS_KEY = "demo_personas"


@dataclass(frozen=True, slots=True)
class DemoSeat:
    """A seat to choose. `label` tells seats of one persona apart."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented person with at least one seat; the first is the one opened unless another is asked for."""

    key: str
    name: str
    account: str
    seats: tuple[DemoSeat, ...]


async def read_personas(tx: Tx) -> list[Persona]:
    """The personas that the demo data set has; none before it is built."""
    text = await tx.fetch_value("SELECT value FROM meta WHERE key = $1", PERSONAS_KEY)
    known: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    return [
        Persona(
            key,
            person["name"],
            person["account"],
            tuple(DemoSeat(seat["id"], seat["kind"], seat.get("label", "")) for seat in person["seats"]),
        )
        for key, person in known.items()
    ]


async def sign_in_persona(
    tx: Tx,
    key: str,
    seat_id: str | None,
    assurance: Assurance,
    *,
    current: SignedIn | None,
    label: str,
    now: datetime,
) -> NewSession | None:
    """A new session for a persona, the browser's earlier one ended; None for an unknown persona or seat."""
    persona = next((persona for persona in await read_personas(tx) if persona.key == key), None)
    if persona is None:
        return None
    seat = next((seat for seat in persona.seats if seat_id in (None, seat.id)), None)
    actor = await load_actor(tx, persona.account, seat.id, assurance) if seat is not None else None
    if actor is None:
        return None
    if current is not None and current.ended is None:
        same = current.actor.account == persona.account
        await end_session(tx, current.session_id, "rotated" if same else "signed_out", now)
    return await start_session(tx, actor, label, now)
