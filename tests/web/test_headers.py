"""The header set is on every answer, and says what the build allowed and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.web.headers import HeaderPolicy, SecureHeaders, read_csp_hashes
from server.web.pages import STYLE_HASH

PAGE = {"accept": "text/html"}
ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/assets/app-K3J2H1G0.js", 200),
    ("GET", "/somewhere/in/the/app", 200),
    ("GET", "/assets/none.js", 404),
    ("POST", "/nowhere", 404),
    ("DELETE", "/health/live", 405),
    ("GET", "/health/live", 200),
    ("GET", "/public/region.json", 200),
    ("GET", "/public/areas/norra-skaraborg", 200),
    ("GET", "/integritet", 200),
    ("GET", "/tillganglighet", 200),
    ("GET", f"/calendar/{'s' * 43}.ics", 200),
    ("GET", "/metrics", 404),
    ("GET", "/broken", 500),
    ("GET", "/busy", 503),
    ("GET", "/refused", 409),
    ("GET", "/slow-down", 429),
    ("GET", "/too-large", 413),
    ("GET", "/number/x", 404),
    ("GET", "/number/1", 400),
    ("POST", "/strict", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_headers_on_every_answer(client: TestClient[Litestar], method: str, path: str, status: int) -> None:
    accept = PAGE if path.startswith("/somewhere") else {}
    answer = client.request(method, path, headers=accept, content="{}" if method == "POST" else None)
    assert answer.status_code == status
    for name, value in HeaderPolicy("", ("sha256-" + "A" * 43 + "=", STYLE_HASH)).headers:
        assert answer.headers[name.decode()] == value.decode()
    assert "cache-control" in answer.headers
    assert len(answer.headers["x-request-id"]) == 16
    assert "strict-transport-security" not in answer.headers


def test_data_is_never_cached_unless_a_handler_says_so(client: TestClient[Litestar]) -> None:
    assert client.get("/health/live").headers["cache-control"] == "no-store"
    assert client.get("/broken").headers["cache-control"] == "no-store"


def test_https_origin_insists_on_https_and_names_its_socket(
    make_client: Callable[..., TestClient[Litestar]],
) -> None:
    answer = make_client(origin="https://samled.example").get("/nothing")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    policy = answer.headers["content-security-policy"]
    assert "connect-src 'self' wss://samled.example;" in policy
    assert policy.endswith("upgrade-insecure-requests")


def test_policy_lets_nothing_inline_through_but_hashes() -> None:
    policy = HeaderPolicy().csp()
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types samled",
    ):
        assert part in policy.split("; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("extensions", [{"websocket.http.response": {}}, {}])
async def test_refused_handshake_carries_the_set_where_the_server_lets_us(extensions: dict[str, object]) -> None:
    sent: list[Any] = []

    async def refuses(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 4401, "reason": "no"})

    async def send(message: Any) -> None:
        sent.append(message)

    app: Any = SecureHeaders(refuses, HeaderPolicy())
    await app({"type": "websocket", "extensions": extensions}, None, send)
    if not extensions:
        assert sent == [{"type": "websocket.close", "code": 4401, "reason": "no"}]
        return
    assert [message["type"] for message in sent] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert sent[0]["status"] == 403
    assert set(HeaderPolicy().headers) <= set(sent[0]["headers"])


async def test_open_socket_closes_as_the_handler_says() -> None:
    sent: list[Any] = []

    async def closes(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 4401, "reason": "signed out"})

    async def send(message: Any) -> None:
        sent.append(message)

    app: Any = SecureHeaders(closes, HeaderPolicy())
    await app({"type": "websocket", "extensions": {"websocket.http.response": {}}}, None, send)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]


def test_csp_json_that_is_no_hash_is_left_out(dist: Path) -> None:
    assert read_csp_hashes(dist) == (["sha256-" + "A" * 43 + "="], [])
    assert read_csp_hashes(dist / "none") == ([], [])
