"""Metrics are for this host or the token, and hold no word that came from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from prometheus_client import generate_latest

from server import metrics
from server.web.metrics import _may_read


async def gauges() -> Mapping[str, float]:
    return {"reminders_due": 3}


class _Request:
    def __init__(self, client: str, **headers: str) -> None:
        self.client = type("Address", (), {"host": client})()
        self.headers = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}


def _reads(client: str, token: str = "", **headers: str) -> bool:
    request: Any = _Request(client, **headers)
    return _may_read(request, token)


def test_only_this_host_or_the_token() -> None:
    assert _reads("127.0.0.1")
    assert _reads("::1")
    assert not _reads("10.0.0.5")
    assert not _reads("127.0.0.1", x_forwarded_for="10.0.0.5")
    assert not _reads("127.0.0.1", x_forwarded_host="samled.example")
    assert not _reads("127.0.0.1", host="rebound.example"), "a proxy that says nothing, or a page of another name"
    assert _reads("10.0.0.5", "t0ken", authorization="Bearer t0ken")
    assert not _reads("10.0.0.5", "t0ken", authorization="Bearer other")
    assert not _reads("10.0.0.5", "", authorization="Bearer ")


def test_scrape_with_token(make_client: Callable[..., TestClient[Litestar]]) -> None:
    client = make_client(metrics_token="t0ken", gauges=gauges)
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer t0ken"})
    assert 'samled_state{name="reminders_due"} 3.0' in answer.text


def test_labels_are_of_fixed_sets(client: TestClient[Litestar]) -> None:
    metrics.auth_failure("Kanariefagel")
    metrics.push(201)
    metrics.push(0)
    client.get("/Kanariefagel/1?name=Kanariefagel")
    client.request("KANARIEFAGEL", "/health/live")
    text = generate_latest(metrics.registry).decode()
    assert "kanariefagel" not in text.lower()
    assert 'samled_auth_failures_total{kind="door"}' in text
    assert 'samled_pushes_total{outcome="none"}' in text
