"""The command line against a small world, on each engine."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from click.testing import CliRunner, Result

from server import app as composition
from server.cli import main
from server.settings import Settings
from server.storage.sqlite import FILE
from tests.conftest import Place
from tests.people import World, make_world
from tests.postgres import Postgres

T = TypeVar("T")
_numbers = itertools.count(1)


@dataclass
class Line:
    """A command line with its own settings: `line("verify", "--json")`."""

    data: Path
    url: str | None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(data=self.data, database_url=self.url)

    def __call__(self, *args: str | Path, **more: str) -> Result:
        env = {"SAMLED_DATA": str(self.data), **self.env, **more}
        if self.url:
            env["SAMLED_DATABASE_URL"] = self.url
        return CliRunner().invoke(main, list(map(str, args)), env=env, prog_name="samled")

    def well(self, *args: str | Path, **more: str) -> Any:
        """The answer of a command that ends with 0, read as JSON."""
        result = self(*args, "--json", **more)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    @asynccontextmanager
    async def parts(self) -> AsyncIterator[composition.Parts]:
        """The house itself, open."""
        parts = composition.build_parts(self.settings)
        async with composition.running(parts):
            yield parts

    def do(self, work: Callable[[composition.Parts], Awaitable[T]]) -> T:
        """Something done to the house, from outside any loop."""

        async def inside() -> T:
            async with self.parts() as parts:
                return await work(parts)

        return asyncio.run(inside())


@pytest.fixture
def line(place: Place, tmp_path: Path) -> Line:
    """The command line of a fresh, migrated house."""
    return Line(place["data"] or tmp_path / "data", place["database_url"])


@pytest.fixture
def elsewhere(line: Line, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Line]:
    """Another machine: an empty folder, and with PostgreSQL an empty database."""
    if line.url is None:
        yield Line(tmp_path / "elsewhere", None)
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"elsewhere_{next(_numbers)}"
    asyncio.run(_run(server, f"create database {name}"))
    yield Line(tmp_path / "elsewhere", server.url(name))
    asyncio.run(_run(server, f"drop database {name} with (force)"))


@pytest.fixture
def world(line: Line) -> World:
    """The cast, two hours ago."""
    return line.do(lambda parts: make_world(parts.house, datetime.now(UTC) - timedelta(hours=2)))


def damage(line: Line, *statements: str) -> None:
    """Changes the database behind the house's back."""
    if line.url is None:
        import sqlite3

        with sqlite3.connect(line.data / FILE) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0
        connection.close()
    else:
        url = line.url

        async def change() -> None:
            connection = await asyncpg.connect(url)
            for statement in statements:
                assert not (await connection.execute(statement)).endswith(" 0")
            await connection.close()

        asyncio.run(change())


async def _run(server: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(server.url())
    await connection.execute(sql)
    await connection.close()
