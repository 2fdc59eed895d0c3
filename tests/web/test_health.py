"""Health tells the truth, quickly, and needs no database to say that the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from litestar import Litestar
from litestar.testing import TestClient

from server.web.health import run_checks


async def well() -> bool:
    return True


async def unwell() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionError("host=db password=secret")


async def hanging() -> bool:
    await asyncio.sleep(60)
    return True


def test_ready_when_every_check_passes(make_client: Callable[..., TestClient[Litestar]]) -> None:
    answer = make_client(ready_checks={"database": well, "schema": well}).get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "schema": "ok"}}


def test_not_ready_names_the_check_and_nothing_else(make_client: Callable[..., TestClient[Litestar]]) -> None:
    client = make_client(ready_checks={"database": broken, "schema": unwell})
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "checks": {"database": "failed", "schema": "failed"}}
    assert client.get("/health/live").status_code == 200


async def test_a_hanging_check_is_left_behind() -> None:
    async with asyncio.timeout(20):
        assert await run_checks({"database": hanging, "schema": well}, timeout_s=0.05) == {
            "database": "slow",
            "schema": "ok",
        }


def test_startup_until_started(make_client: Callable[..., TestClient[Litestar]]) -> None:
    assert make_client(started=lambda: False).get("/health/startup").status_code == 503
    assert make_client().get("/health/startup").json() == {"status": "ok"}
