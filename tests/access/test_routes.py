"""P1: every route, with and without a session. A route that is not classified here fails."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from litestar.routes import WebSocketRoute

from server import app as composition
from server.auth.sessions import end_session, start_session
from tests.access.scene import NOBODY
from tests.site import Site, running_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN = {
    "GET /": 200,
    "GET /auth/me": 200,
    "GET /auth/ways": 200,
    "GET /auth/demo": 200,
    "GET /calendar/{name:str}": 404,
    "GET /calendar/meeting/{name:str}": 404,
    "GET /contract.json": 200,
    "GET /health/live": 200,
    "GET /health/ready": 200,
    "GET /health/startup": 200,
    "GET /integritet": 200,
    "GET /tillganglighet": 200,
    "GET /openapi": 200,
    "GET /openapi/openapi.json": 200,
    "GET /openapi/schema.json": 200,
    "GET /openapi/{path:str}": 404,
    "GET /openapi.json": 200,
    "GET /public/areas/{slug:str}": 404,
    "GET /push/key": 200,
}
"""Read by anybody, with the same answer to everybody (`GET /auth/me` says who asks, and 401 to nobody)."""
WITH_SECRET = {
    "POST /auth/demo": ({"persona": "nobody"}, 404),
    "POST /auth/invitation/redeem": ({"token": "x" * 32}, 404),
    "POST /auth/oidc/{key:str}/back-channel": ({}, 403),
    "GET /auth/oidc/{key:str}/callback": (None, 404),
    "POST /auth/oidc/{key:str}/start": ({}, 404),
    "POST /auth/passkey/begin": ({}, 200),
    "POST /auth/passkey/finish": ({}, 400),
    "POST /auth/passkeys/finish": ({}, 400),
    "POST /push/confirm": ({"token": "nothing-such"}, 204),
    "POST /push/seen": ({"id": NOBODY}, 204),
    "GET /metrics": (None, 200),
}
"""What is asked for is a secret in the request itself (or a loopback address); a session changes nothing."""
SESSION = {
    "POST /auth/seat": ({"seat": NOBODY}, 404),
    "POST /import/{kind:str}": ({}, 403),
    "GET /auth/sessions": (None, 200),
    "POST /auth/sessions/{session_id:str}/end": ({}, 404),
    "POST /calendar/meeting/{name:str}": ({}, 404),
    "POST /sync": ({"frames": []}, 400),
}
"""401 without a live session; else this, for an id that is not one's own."""
SIGN_OUT = {"POST /auth/sign-out"}
FILES = (
    "/assets/", "/icons/", "/manifest.webmanifest", "/robots.txt", "/sw.js", "/public/region.json", "/.well-known/"
)  # fmt: skip
"""The client's own files: the same bytes for everybody."""
REQUEST_ID = re.compile(rb'"request_id":"[0-9a-f]+"')
FILL = {
    "{name:str}": NOBODY,
    "{slug:str}": "nothing-such",
    "{path:str}": "nothing",
    "{key:str}": "nothing",
    "{session_id:str}": NOBODY,
    "{kind:str}": "people",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """One site with demonstration sign-in, so that its routes are there too."""
    folder: Path = tmp_path_factory.mktemp("routes")
    async with running_site(folder, demo=True) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cookies(site: Site) -> dict[str, dict[str, str]]:
    """Who asks: nobody, somebody whose device was forgotten, a stranger's token, a guardian, a professional."""
    found: dict[str, dict[str, str]] = {"nobody": {}, "stranger": {"sid": "x" * 43}}
    now = site.parts.house.clock.now()
    async with site.parts.engine.write() as tx:
        for who, name in (("guardian", "anna"), ("staff", "nils"), ("forgotten", "omar")):
            session = await start_session(tx, site.world[name].actor, "test", now)
            found[who] = {"sid": session.token}
        await end_session(tx, session.session_id, "wipe", now)
    return found


def routes(site: Site) -> set[str]:
    """`METHOD /path` of everything but the client's own files."""
    app: Any = composition.build_app(site.parts)
    found = set()
    for route in app.routes:
        if isinstance(route, WebSocketRoute):
            found.add(f"WS {route.path}")
        elif not route.path.startswith(FILES):
            found |= {f"{method} {route.path}" for method in route.methods - {"OPTIONS", "HEAD"}}
    return found


async def ask(site: Site, name: str, cookie: dict[str, str], body: Any, origin: str | None = None) -> tuple[int, bytes]:
    """The answer's status and body; `origin` is the site's own unless it is given."""
    method, path = name.split(" ")
    for key, value in FILL.items():
        path = path.replace(key, value)
    async with (
        aiohttp.ClientSession(cookies=cookie, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
        http.request(
            method,
            site.origin + path,
            json=body,
            headers={"Origin": site.origin if origin is None else origin},
            cookies=cookie,
            allow_redirects=False,
        ) as answer,
    ):
        return answer.status, REQUEST_ID.sub(b"", await answer.read())


async def test_every_route_is_classified(site: Site) -> None:
    known = {*OPEN, *WITH_SECRET, *SESSION, *SIGN_OUT, "WS /sync", *PASSKEYS}
    found = routes(site)
    assert found - known == set(), "write down who may ask for these routes"
    assert known - found == set()


PASSKEYS = {
    "POST /auth/passkeys/begin": {},
    "GET /auth/passkeys": None,
    "POST /auth/passkeys/{passkey_id:str}/remove": {},
}


@pytest.mark.parametrize("name", sorted(OPEN))
async def test_open_route_tells_everybody_the_same(site: Site, cookies: dict[str, dict[str, str]], name: str) -> None:
    answers = {who: await ask(site, name, cookie, None) for who, cookie in cookies.items()}
    if name == "GET /auth/me":
        assert {who: status for who, (status, _) in answers.items()} == {
            "nobody": 401, "stranger": 401, "forgotten": 401, "guardian": 200, "staff": 200,
        }  # fmt: skip
        return
    assert {status for status, _ in answers.values()} == {OPEN[name]}
    if OPEN[name] == 200 and not name.startswith("GET /health"):
        assert len({body for _, body in answers.values()}) == 1


@pytest.mark.parametrize("name", sorted({**WITH_SECRET}))
async def test_session_opens_nothing_where_a_secret_is_asked_for(
    site: Site, cookies: dict[str, dict[str, str]], name: str
) -> None:
    body, expected = WITH_SECRET[name]
    assert {who: (await ask(site, name, cookie, body))[0] for who, cookie in cookies.items()} == dict.fromkeys(
        cookies, expected
    )


@pytest.mark.parametrize("name", sorted({**SESSION, **PASSKEYS}))
async def test_route_with_session_says_401_to_everybody_else(
    site: Site, cookies: dict[str, dict[str, str]], name: str
) -> None:
    body = SESSION[name][0] if name in SESSION else PASSKEYS[name]
    answers = {
        who: await ask(site, name.replace("{passkey_id:str}", NOBODY), cookie, body) for who, cookie in cookies.items()
    }
    assert {answers[who][0] for who in ("nobody", "stranger", "forgotten")} == {401}
    assert answers["nobody"] == answers["stranger"]
    if name in SESSION:
        assert {answers[who][0] for who in ("guardian", "staff")} == {SESSION[name][1]}
    assert all(answers[who][0] < 500 for who in answers)


STABLE = (
    "/health/live", "/health/ready", "/metrics", "/contract.json", "/openapi.json", "/sync", "/auth/demo", "/auth/sign-out",
    "/public/region.json", "/public/areas/{slug}", "/calendar/{name}",
)  # fmt: skip
"""What outside clients rely on; with the client built, also its manifest and service worker."""


async def test_stable_addresses_are_described(site: Site) -> None:
    app = composition.build_app(site.parts)
    described = app.openapi_schema.to_schema()["paths"]
    built = {"/manifest.webmanifest", "/sw.js"} & {route.path for route in app.routes}
    assert {*STABLE, *built} - described.keys() == set()


async def test_other_peoples_session_and_no_session_are_answered_alike(
    site: Site, cookies: dict[str, dict[str, str]]
) -> None:
    async with site.parts.engine.read() as tx:
        other = await tx.fetch_value("SELECT id FROM session WHERE seat_id = $1", site.world["nils"].seat)
    ends = [await ask(site, f"POST /auth/sessions/{id}/end", cookies["guardian"], {}) for id in (other, NOBODY)]
    seats = [
        await ask(site, "POST /auth/seat", cookies["guardian"], {"seat": id})
        for id in (site.world["nils"].seat, NOBODY)
    ]
    assert ends[0] == ends[1] and seats[0] == seats[1]
