"""P5: whatever the network does, every device ends up with what the server holds for it. Seeded walks.

Five devices, three with the Python core and two with the app's own, wish, lose their connection in the middle of things,
send again, ask for digests, die and start from what they had stored, with a clock that is wrong and an app from before;
frames come twice, a socket that was given up is read to its end while the next one says hello, and what it said arrives after
that, answers over HTTP break off or come too late, transactions take their time, the server is started anew. At the end the
faults stop, and each copy must equal the projection of its seat. On the way no newer connection is welcomed before the older
ones have decided what they had, and no device hears one that it has given up. See walk.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import Place
from tests.people import World
from tests.postgres import Postgres
from tests.promises.conftest import cast_at
from tests.promises.devices import nodes
from tests.promises.walk import Files, Walks

STEPS, ALL_STEPS, STEPS_ON_POSTGRES = 120, 300, 60


@dataclass(frozen=True)
class Databases:
    """PostgreSQL: copies of the database `template`."""

    world: World
    template: str
    postgres: Postgres

    @asynccontextmanager
    async def fresh(self, seed: int) -> AsyncIterator[Place]:
        name = f"{self.template}_{seed}"
        await self._do(f"create database {name} template {self.template}")
        try:
            yield {"data": None, "database_url": self.postgres.url(name)}
        finally:
            await self._do(f"drop database {name} with (force)")

    async def _do(self, sql: str) -> None:
        connection = await asyncpg.connect(self.postgres.url())
        await connection.execute(sql)
        await connection.close()


@pytest.fixture
def databases(postgres: Postgres, postgres_url: str) -> Databases:
    world = asyncio.run(cast_at({"data": None, "database_url": postgres_url}))
    return Databases(world, postgres_url.rpartition("/")[2], postgres)


@pytest.mark.timeout(100)
async def test_copies_converge(files: Files, core: Path) -> None:
    async with nodes(core) as kept:
        walks = Walks(files, kept, STEPS)
        await walks.each(range(8))
    assert walks.happened()


@pytest.mark.timeout(100)
async def test_the_apps_own_core_converges(files: Files, core: Path) -> None:
    async with nodes(core) as kept:
        walks = Walks(files, kept, STEPS, own_cores=5)
        await walks.each((500, 504, 507))
    assert walks.happened()


@pytest.mark.promise(about_s=100)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("tenth", range(10))
async def test_copies_converge_over_1_000_seeds(
    files: Files, core: Path, tell: Callable[[str], None], tenth: int
) -> None:
    first = 1_000 + 100 * tenth
    async with nodes(core) as kept:
        walks = Walks(files, kept, ALL_STEPS)
        await walks.each(range(first, first + 100))
    tell(walks.happened())


@pytest.mark.promise(about_s=60)
@pytest.mark.timeout(600)
async def test_copies_converge_over_100_seeds_on_postgresql(
    databases: Databases, core: Path, tell: Callable[[str], None]
) -> None:
    async with nodes(core) as kept:
        walks = Walks(databases, kept, STEPS_ON_POSTGRES)
        await walks.each(range(9_000, 9_100))
    tell(walks.happened())
