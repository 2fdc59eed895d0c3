"""What every test may ask for: a clock, a fresh database on each engine, a PostgreSQL of our own."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypedDict

import asyncpg
import pytest

from server.storage.engine import Engine, open_engine
from server.storage.migrate import migrate
from server.storage.sqlite import FILE
from tests.clock import FrozenClock
from tests.postgres import Postgres, running_postgres

_numbers = itertools.count(1)


class Place(TypedDict):
    """What `open_engine` needs."""

    data: Path | None
    database_url: str | None


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still."""
    return FrozenClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL of this test run. A test that stops or spoils it starts one of its own:
    `running_postgres()`.
    """
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated database that no test connects to."""

    async def make() -> None:
        await _in_postgres(postgres, "create database template_migrated")
        await _migrated(open_engine(data=None, database_url=postgres.url("template_migrated")))

    asyncio.run(make())
    return "template_migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that no test opens."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    asyncio.run(_migrated(open_engine(data=folder, database_url=None)))
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return folder / FILE


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a fresh, migrated database, dropped after the test."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_in_postgres(postgres, f"create database {name} template {postgres_template}"))
    yield postgres.url(name)
    asyncio.run(_in_postgres(postgres, f"drop database {name} with (force)"))


@pytest.fixture
def sqlite_folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A folder with a fresh, migrated file."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / FILE)
    return folder


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """Where a fresh, migrated database is: `open_engine(**place)`; the test runs once on each kind."""
    if request.param == "sqlite":
        return {"data": request.getfixturevalue("sqlite_folder"), "database_url": None}
    return {"data": None, "database_url": request.getfixturevalue("postgres_url")}


@pytest.fixture
async def engine(place: Place) -> AsyncIterator[Engine]:
    """A started engine on a fresh, migrated database; the test runs once on each kind."""
    opened = open_engine(**place)
    await opened.start()
    yield opened
    await opened.close()


async def _migrated(engine: Engine) -> None:
    await engine.start()
    await migrate(engine)
    await engine.close()


async def _in_postgres(postgres: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(postgres.url())
    await connection.execute(sql)
    await connection.close()
