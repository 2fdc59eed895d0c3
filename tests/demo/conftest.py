"""The demonstration, made once on each engine; every test reads it through `Seen`."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from server.demo.build import build
from server.storage.engine import open_engine
from server.storage.sqlite import FILE
from tests.conftest import Place
from tests.demo.seen import Seen, house_on
from tests.postgres import Postgres

NOW = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
"""A Wednesday in term, half past one in Sweden."""


async def make(place: Place, now: datetime) -> None:
    """The demonstration on an empty, migrated database."""
    engine = open_engine(**place)
    await engine.start()
    try:
        await build(house_on(engine, now), now)
    finally:
        await engine.close()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def demonstration(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Where the demonstration of `NOW` stands, on each kind of engine."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        folder = tmp_path_factory.mktemp("demonstration")
        shutil.copyfile(template, folder / FILE)
        place = Place(data=folder, database_url=None)
        asyncio.run(make(place, NOW))
        yield place
        return
    server: Postgres = request.getfixturevalue("postgres")
    asyncio.run(
        _in_postgres(server, f"create database demonstration template {request.getfixturevalue('postgres_template')}")
    )
    place = Place(data=None, database_url=server.url("demonstration"))
    asyncio.run(make(place, NOW))
    yield place
    asyncio.run(_in_postgres(server, "drop database demonstration with (force)"))


@pytest.fixture
async def seen(demonstration: Place) -> AsyncIterator[Seen]:
    """What everybody sees in the demonstration."""
    engine = open_engine(**demonstration)
    await engine.start()
    yield await Seen.of(house_on(engine, NOW), NOW)
    await engine.close()


async def _in_postgres(server: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(server.url())
    await connection.execute(sql)
    await connection.close()
