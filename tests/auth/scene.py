"""A house with a door to an identity provider, for the tests of e-ID."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from pydantic import SecretStr

from server.auth.oidc import OidcProvider
from server.auth.setup import door_return
from server.domain.actors import SeatKind
from server.settings import OidcDoor
from server.storage.engine import Engine
from tests.auth.house import SITE, House
from tests.auth.issuer import CLIENT, SECRET, Issuer
from tests.clock import FrozenClock


@dataclass
class Scene:
    """A house with a door to a provider, and Anna, whom the provider knows."""

    house: House
    issuer: Issuer
    account: str
    seat: str
    opened: list[OidcProvider] = field(default_factory=list)

    def door(self, key: str, issuer: str, **more: Any) -> OidcProvider:
        """A door of the house to `issuer`."""
        config = OidcDoor(
            key=key, name="e-ID", issuer=issuer, client_id=CLIENT, client_secret=SecretStr(SECRET),
            acr_values=("loa3",), **more,
        )  # fmt: skip
        door = OidcProvider(config, redirect_uri=door_return(SITE, key), local=True)
        self.house.doors[key] = door
        self.opened.append(door)
        return door

    async def start(self, browser: httpx.AsyncClient, key: str = "eid", **body: Any) -> str:
        """The provider's address; the browser now holds the door's cookie."""
        answer = await browser.post(f"/auth/oidc/{key}/start", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["location"])

    async def visit(self, location: str) -> dict[str, str]:
        """What the provider sends the browser back with."""
        async with httpx.AsyncClient(trust_env=False, verify=False) as outside:
            answer = await outside.get(location)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def come_back(self, browser: httpx.AsyncClient, query: dict[str, str] | str, key: str = "eid") -> str:
        """Where the browser ends up: a path of the site."""
        text = query if isinstance(query, str) else urlencode(query)
        answer = await browser.get(f"/auth/oidc/{key}/callback?{text}", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 303, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["location"].startswith(SITE + "/")
        return str(answer.headers["location"]).removeprefix(SITE)

    async def whole_way(self, browser: httpx.AsyncClient, key: str = "eid", **body: Any) -> str:
        """There and back."""
        return await self.come_back(browser, await self.visit(await self.start(browser, key, **body)), key)

    async def signed_in(self, browser: httpx.AsyncClient) -> dict[str, Any] | None:
        """Who the browser is now."""
        answer = await browser.get("/auth/me")
        return answer.json() if answer.status_code == 200 else None


@asynccontextmanager
async def open_scene(engine: Engine, clock: FrozenClock, issuer: Issuer) -> AsyncIterator[Scene]:
    house = House(engine, clock)
    account, seats = await house.person(SeatKind.GUARDIAN)
    scene = Scene(house, issuer, account, seats[0])
    scene.door("eid", issuer.url)
    async with engine.write() as tx:
        await tx.execute(
            "INSERT INTO identity (issuer, subject, account_id) VALUES ($1, $2, $3) "
            # A later issuer of the same test may get the port of an earlier one.
            "ON CONFLICT (issuer, subject) DO UPDATE SET account_id = excluded.account_id",
            issuer.url,
            issuer.subject,
            account,
        )
    try:
        yield scene
    finally:
        for door in scene.opened:
            await door.close()
