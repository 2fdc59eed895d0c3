"""A small house to sign in to: the routes of sign-in behind the gate, two families, two professionals."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from litestar import Litestar, Request, Response

from server.auth.door import Door
from server.auth.guard import install_guard
from server.auth.invitations import Invitation, NewInvitation, Subject, create_invitation
from server.auth.people import Seat, create_account, create_seat
from server.auth.routes import auth_routes
from server.auth.sessions import NewSession, start_session
from server.auth.setup import AuthSetup
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.ids import new_id
from server.storage.engine import Engine, Tx
from tests.clock import FrozenClock

SITE = "https://samled.example"
LOCAL = "http://localhost:8000"
UNIT = "01980000-0000-7000-8000-00000000000a"
AREA = "01980000-0000-7000-8000-00000000000b"
ORGANISATION = "01980000-0000-7000-8000-00000000000c"
CHILD = "01980000-0000-7000-8000-00000000000d"


@dataclass
class House:
    """The house under test, and what happened in it. `verified` holds seats a member of staff has checked."""

    engine: Engine
    clock: FrozenClock
    origin: str = SITE
    demo: bool = False
    doors: dict[str, Door] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    redeemed: list[tuple[str, str, str]] = field(default_factory=list)
    refuse_redemption: bool = False

    async def on_redeemed(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        """What follows in the child's rows, in a real house."""
        if self.refuse_redemption:
            raise Refused("conflict")
        self.redeemed.append((invitation.id, account, seat))

    async def seat_label(self, tx: Tx, seat: Seat) -> str:
        """What a seat is called in its person's list."""
        return f"label of {seat.kind}"

    async def is_verified(self, tx: Tx, seat: str) -> bool:
        """Whether a member of staff has checked the person."""
        return seat in self.verified

    @property
    def setup(self) -> AuthSetup:
        """What the routes are given."""
        return AuthSetup(
            engine=self.engine, clock=self.clock, origin=self.origin, secure=self.origin.startswith("https"),
            demo=self.demo, on_redeemed=self.on_redeemed, is_verified=self.is_verified, seat_label=self.seat_label,
             doors=self.doors,
        )  # fmt: skip

    @property
    def app(self) -> Litestar:
        """The application, behind its gate."""
        app = Litestar([auth_routes(self.setup)], exception_handlers={Refused: _refused})
        return install_guard(app, self.origin)

    @asynccontextmanager
    async def browser(
        self, *, client: str = "192.0.2.10", origin: str | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser on a page of the site (or of `origin`), from the address `client`."""
        transport = httpx.ASGITransport(app=cast(Any, self.app), client=(client, 40_000))
        headers = {"origin": self.origin if origin is None else origin}
        async with httpx.AsyncClient(
            transport=transport, base_url=self.origin, headers=headers, verify=False, trust_env=False
        ) as browser:
            yield browser

    async def person(
        self, *kinds: SeatKind, name: str = "Anna", unit: str | None = None, functions: tuple[str, ...] = ()
    ) -> tuple[str, list[str]]:
        """An account with one seat of each kind: (account id, seat ids)."""
        now = self.clock.now()
        account = new_id(now)
        async with self.engine.write() as tx:
            await create_account(tx, account, name, "sv", now)
            seats = [
                await create_seat(tx, account, kind, now + timedelta(milliseconds=n), unit=unit)
                for n, kind in enumerate(kinds)
            ]
            if functions:
                await tx.execute(
                    "INSERT INTO aggregate (id, kind, owner_unit, changed_at) VALUES ($1, 'unit', $1, $2) "
                    "ON CONFLICT (id) DO NOTHING", UNIT, to_text(now),
                )  # fmt: skip
                await tx.execute(
                    "INSERT INTO record (id, entity, aggregate_id, owner_unit, body, updated_at) "
                    "VALUES ($1, 'staff', $2, $2, $3, $4)",
                    seats[0], UNIT, json.dumps({"name": name + " at work", "functions": functions}), to_text(now),
                )  # fmt: skip
        return account, seats

    async def session(
        self, account: str, seat: str, kind: SeatKind, assurance: Assurance = Assurance.EID
    ) -> NewSession:
        """A session made directly."""
        async with self.engine.write() as tx:
            actor = Actor(seat=seat, account=account, kind=kind, assurance=assurance)
            return await start_session(tx, actor, "Firefox · Linux", self.clock.now())

    async def invitation(self, kind: SeatKind = SeatKind.GUARDIAN, **subject: Any) -> NewInvitation:
        """A live invitation."""
        async with self.engine.write() as tx:
            return await create_invitation(
                tx, kind, CHILD, Subject(**{"name": "Anna", "relation": new_id(self.clock.now()), **subject}),
                "maria", self.clock.now(),
            )  # fmt: skip

    async def value(self, sql: str, *args: object) -> Any:
        """One value of the database."""
        async with self.engine.read() as tx:
            return await tx.fetch_value(sql, *args)

    @property
    def cookie(self) -> str:
        """Name of the session's cookie here."""
        return "__Host-sid" if self.origin.startswith("https") else "sid"

    def hold(self, browser: httpx.AsyncClient, token: str) -> None:
        """Puts a session's token into the browser's jar."""
        browser.cookies.set(self.cookie, token, domain=urlsplit(self.origin).hostname or "", path="/")


def _refused(_request: Request[Any, Any, Any], error: Refused) -> Response[Any]:
    body = {"code": error.code, "fields": error.fields, "data": error.data}
    return Response(body, status_code=error.status, media_type="application/json")
