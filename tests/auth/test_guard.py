"""The gate: twelve hostile Origins against every unsafe route and the WebSocket handshake."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from server import metrics
from server.auth.guard import (
    PLAIN_CLIENT_PATHS,
    SiteGuard,
    allowed,
    allowed_socket,
    is_back_channel,
    is_local_request,
    is_loopback_host,
    is_own_host,
)
from server.auth.oidc import OidcProvider
from server.settings import OidcDoor
from server.storage.engine import Engine
from tests.auth.house import LOCAL, SITE, House
from tests.clock import FrozenClock

HOSTILE = [
    "null",
    "",
    "https://evil.example",
    "http://samled.example",
    "https://samled.example:8443",
    "https://samled.example.evil.example",
    "https://evilsamled.example",
    "https://www.samled.example",
    "https://samled.example/",
    "https://SAMLED.example",
    "https://samled.example, https://evil.example",
    "https://samled.example@evil.example",
]
UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "post", "QUERY"]


@pytest.mark.parametrize("origin", HOSTILE)
@pytest.mark.parametrize("method", UNSAFE)
def test_unsafe_request_from_hostile_origin_is_refused(method: str, origin: str) -> None:
    assert not allowed(method, origin, "same-origin", "samled.example", SITE, plain_client=True)


@pytest.mark.parametrize("origin", [*HOSTILE, None])
def test_socket_from_hostile_or_no_origin_is_refused(origin: str | None) -> None:
    assert not allowed_socket(origin, "samled.example", SITE)


def test_own_origin_passes() -> None:
    assert allowed("POST", SITE, None, "samled.example", SITE)
    assert allowed("POST", SITE, "cross-site", "samled.example", SITE), "a present Origin decides"
    assert allowed_socket(SITE, "samled.example:443", SITE)


@pytest.mark.parametrize(
    ("site", "expected"),
    [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False), ("", False)],
)
def test_sec_fetch_site_decides_only_when_origin_is_absent(site: str, expected: bool) -> None:
    assert allowed("POST", None, site, "samled.example", SITE) is expected
    assert allowed("POST", None, site, "samled.example", SITE, plain_client=True) is expected


def test_neither_header_passes_only_for_a_plain_client() -> None:
    assert not allowed("POST", None, None, "samled.example", SITE)
    assert allowed("POST", None, None, "samled.example", SITE, plain_client=True)
    assert not allowed("POST", None, None, "evil.example", SITE, plain_client=True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_method_passes_from_anywhere(method: str) -> None:
    assert allowed(method, "https://evil.example", "cross-site", "evil.example", SITE)


@pytest.mark.parametrize(
    ("host", "site", "own"),
    [
        ("samled.example", SITE, True),
        ("samled.example:443", SITE, True),
        ("SAMLED.example", SITE, True),
        ("samled.example:8443", SITE, False),
        ("evil.example", SITE, False),
        ("samled.example.evil.example", SITE, False),
        ("user@samled.example", SITE, False),
        ("samled.example/..", SITE, False),
        ("samled.example, evil.example", SITE, False),
        ("samled.example:x", SITE, False),
        ("[", SITE, False),
        ("", SITE, False),
        (None, SITE, False),
        ("localhost:8000", LOCAL, True),
        ("127.0.0.1:8000", LOCAL, True),
        ("[::1]:8000", LOCAL, True),
        ("127.0.0.1", LOCAL, False),
        ("rebound.example:8000", LOCAL, False),
        ("localhost", "http://localhost", True),
    ],
)
def test_host_must_be_the_sites(host: str | None, site: str, own: bool) -> None:
    assert is_own_host(host, site) is own


def test_loopback_host_is_by_name_only() -> None:
    assert is_loopback_host("localhost:1") and is_loopback_host("127.0.0.1") and is_loopback_host("[::1]:80")
    assert (
        not is_loopback_host("10.0.0.1")
        and not is_loopback_host(None)
        and not is_loopback_host("localhost.evil.example")
    )


def test_unknown_client_is_not_local() -> None:
    assert not is_local_request(None, {"host": "localhost"})
    assert not is_local_request("localhost", {"host": "localhost"})
    assert not is_local_request("127.0.0.1", {})
    assert is_local_request("127.0.0.1", {"host": "localhost"})


def test_back_channel_is_one_address_only() -> None:
    assert is_back_channel("/auth/oidc/bankid/back-channel")
    assert not is_back_channel("/auth/oidc/back-channel")
    assert not is_back_channel("/auth/oidc/bankid/callback")
    assert not is_back_channel("/auth/oidc/x/y/back-channel")


def _unsafe_routes(house: House) -> list[tuple[str, str]]:
    found = [
        (
            method,
            route.path.replace("{key:str}", "eid").replace("{session_id:str}", "x").replace("{passkey_id:str}", "x"),
        )
        for route in house.app.routes
        for method in getattr(route, "methods", ())
        if method not in ("GET", "HEAD", "OPTIONS")
    ]
    assert len(found) >= 11
    return found


def _house(engine: Engine, clock: FrozenClock, **more: Any) -> House:
    config = OidcDoor(key="eid", name="e-ID", issuer="https://idp.example", client_id="samled", acr_values=("loa3",))
    return House(engine, clock, doors={"eid": OidcProvider(config, redirect_uri=SITE)}, **more)


async def test_every_unsafe_route_refuses_every_hostile_origin(engine: Engine, clock: FrozenClock) -> None:
    house = _house(engine, clock, demo=True)
    routes = _unsafe_routes(house)
    async with house.browser(client="127.0.0.1") as browser:
        for (method, path), origin in itertools.product(routes, HOSTILE):
            answer = await browser.request(method, path, json={}, headers={"origin": origin})
            assert answer.status_code == 403, (path, origin)
            assert answer.json()["code"] == "not_allowed"
    for table in ("challenge", "guess", "session", "touched"):
        assert await house.value(f"SELECT count(*) FROM {table}") == 0


async def test_without_origin_only_stable_addresses_and_the_back_channel_answer(
    engine: Engine, clock: FrozenClock
) -> None:
    house = _house(engine, clock, origin=LOCAL, demo=True)
    async with house.browser(client="127.0.0.1") as browser:
        del browser.headers["origin"]
        for method, path in _unsafe_routes(house):
            answer = await browser.request(method, path, json={})
            reached = answer.status_code != 403
            assert reached == (path in PLAIN_CLIENT_PATHS or is_back_channel(path)), path


async def test_what_is_refused_is_counted_by_what_refused_it(engine: Engine, clock: FrozenClock) -> None:
    def counted() -> list[float]:
        name = "samled_auth_failures_total"
        return [metrics.registry.get_sample_value(name, {"kind": kind}) or 0 for kind in ("gate", "invitation", "door")]

    before = counted()
    async with _house(engine, clock).browser() as browser:
        await browser.post("/auth/sign-out", headers={"origin": HOSTILE[2]})
        await browser.post("/auth/invitation/redeem", json={"code": "00000-00000"})
        await browser.get("/auth/oidc/eid/callback?state=x")
    assert [after - earlier for after, earlier in zip(counted(), before, strict=True)] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_doubled_header_is_refused_before_the_handler(kind: str) -> None:
    reached: list[str] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def receive() -> Any:
        raise AssertionError("nothing is read")

    async def send(message: Any) -> None:
        sent.append(message)

    gate = SiteGuard(app, SITE)
    own = [(b"host", b"samled.example"), (b"origin", SITE.encode())]
    scope: Any = {"type": kind, "method": "POST", "path": "/sync", "headers": [*own, (b"origin", SITE.encode())]}
    await gate(scope, receive, send)
    assert not reached
    assert sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"
    plain: Any = {**scope, "headers": own}
    await gate(plain, receive, send)
    assert reached == [kind]


async def test_socket_is_answered_403_where_the_server_can(engine: Engine) -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("not reached")

    async def nothing() -> Any:
        raise AssertionError("nothing is read")

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "websocket", "path": "/sync", "headers": [(b"host", b"samled.example")],
        "extensions": {"websocket.http.response": {}},
    }  # fmt: skip
    await SiteGuard(app, SITE)(scope, nothing, send)
    assert [message["type"] for message in sent] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert sent[0]["status"] == 403
