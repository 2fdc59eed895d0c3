"""P10: a page of another site can make no unsafe request and open no socket, on any route of the whole site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from server.auth.sessions import start_session
from server.sync.client import Ended
from tests.access.test_routes import FILL, ask, routes
from tests.site import Site, running_site

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAFE = ("GET ", "WS ")
WITHIN_S = 2.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """One site with demonstration sign-in, so that its routes are there too."""
    folder: Path = tmp_path_factory.mktemp("origins")
    async with running_site(folder, demo=True) as running:
        yield running


def hostile(origin: str) -> list[str]:
    """Twelve that are not this site, each like it in another way."""
    scheme, _, host = origin.partition("://")
    name, _, port = host.partition(":")
    return [
        "null",
        "",
        "https://evil.example",
        f"https://{host}",
        f"{scheme}://{name}:{int(port) + 1}",
        f"{scheme}://{name}",
        f"{scheme}://{name}.evil.example:{port}",
        f"{scheme}://evil{host}",
        f"{origin}/",
        f"{scheme}://{host.upper()}",
        f"{origin}, https://evil.example",
        f"{scheme}://{host}@evil.example",
    ]


async def cookie_of(site: Site, who: str) -> dict[str, str]:
    async with site.parts.engine.write() as tx:
        session = await start_session(tx, site.world[who].actor, "test", site.parts.house.clock.now())
    return {"sid": session.token}


async def test_no_route_of_the_site_takes_an_unsafe_request_from_another(site: Site) -> None:
    cookie = await cookie_of(site, "anna")
    unsafe = sorted(name for name in routes(site) if not name.startswith(SAFE))
    assert len(unsafe) > 15
    reached = []
    for name in unsafe:
        for origin in hostile(site.origin):
            status, body = await ask(site, name.replace("{passkey_id:str}", FILL["{name:str}"]), cookie, {}, origin)
            if status != 403 or b"not_allowed" not in body:
                reached.append((name, origin, status))
    assert reached == []


async def test_no_socket_opens_for_another_site(site: Site) -> None:
    cookie = await cookie_of(site, "anna")
    async with aiohttp.ClientSession(cookies=cookie, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        for origin in (*hostile(site.origin), None):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await http.ws_connect(
                    f"{site.origin}/sync",
                    protocols=["samled.sync.v1"],
                    headers={} if origin is None else {"Origin": origin},
                )
            assert refused.value.status == 403


async def test_signing_out_closes_the_sessions_socket_at_once(site: Site) -> None:
    client = await site.client("anna")
    other = await site.client("omar")
    with pytest.raises(Ended, match=r"^signed_out$"):
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(client.sign_out(), client.until(lambda: False))
    assert other.ended is None
