"""Schema steps are applied once, in order, whole or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.storage.engine import Engine, TransientFault, open_engine
from server.storage.migrate import FOLDER, SchemaMismatch, migrate, steps
from tests.postgres import Postgres

ONE = """-- people; and a semicolon in a comment
create table a (id text primary key, b text default ';');
create index a_b on a (b);
"""
TWO = "alter table a add column c bigint;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Steps of a house of its own."""
    made = tmp_path / "schema"
    for dialect in ("sqlite", "postgres"):
        (made / dialect).mkdir(parents=True)
        (made / dialect / "0001_people.sql").write_text(ONE)
    return made


def write(folder: Path, name: str, sql: str) -> None:
    for dialect in ("sqlite", "postgres"):
        (folder / dialect / name).write_text(sql)


@pytest.fixture(params=["sqlite", "postgres"])
def nowhere_yet(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Where a database without any step is."""
    if request.param == "sqlite":
        return {"data": tmp_path / "empty", "database_url": None}
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"empty_{time.monotonic_ns()}"
    asyncio.run(_make(postgres.url(), name))
    return {"data": None, "database_url": postgres.url(name)}


async def _make(url: str, name: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"create database {name}")
    await connection.close()


@pytest.fixture
async def empty(nowhere_yet: dict[str, Any]) -> AsyncIterator[Engine]:
    """A started engine on a database without any step."""
    opened = open_engine(**nowhere_yet)
    await opened.start()
    yield opened
    await opened.close()


async def columns(engine: Engine) -> int:
    async with engine.read() as tx:
        if engine.dialect == "sqlite":
            return len(await tx.fetch("select name from pragma_table_info('a')"))
        return int(await tx.fetch_value("select count(*) from information_schema.columns where table_name = 'a'"))


async def test_steps_are_applied_once_and_in_order(empty: Engine, folder: Path) -> None:
    assert await migrate(empty, folder=folder) == 1
    assert await migrate(empty, folder=folder) == 0
    write(folder, "0002_more.sql", TWO)
    assert await migrate(empty, folder=folder) == 1
    assert await columns(empty) == 3
    async with empty.read() as tx:
        assert await tx.fetch("select number, name from schema_step order by number") == [
            (1, "0001_people"),
            (2, "0002_more"),
        ]


async def test_changed_step_is_refused_and_nothing_is_done(empty: Engine, folder: Path) -> None:
    await migrate(empty, folder=folder)
    write(folder, "0001_people.sql", ONE + "-- edited\n")
    write(folder, "0002_more.sql", TWO)
    with pytest.raises(SchemaMismatch, match="0001_people"):
        await migrate(empty, folder=folder)
    assert await columns(empty) == 2


async def test_failing_step_leaves_nothing_of_itself(empty: Engine, folder: Path) -> None:
    write(folder, "0002_more.sql", TWO + "insert into nowhere values (1);\n")
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty, folder=folder)
    assert await columns(empty) == 2
    write(folder, "0002_more.sql", TWO)
    assert await migrate(empty, folder=folder) == 1
    assert await columns(empty) == 3


async def test_newer_steps_of_another_process_are_left_alone(empty: Engine, folder: Path) -> None:
    write(folder, "0002_more.sql", TWO)
    await migrate(empty, folder=folder)
    for dialect in ("sqlite", "postgres"):
        (folder / dialect / "0002_more.sql").unlink()
    assert await migrate(empty, folder=folder) == 0


async def test_processes_that_start_at_once_apply_each_step_once(empty: Engine, folder: Path) -> None:
    write(folder, "0002_more.sql", TWO)
    assert sum(await asyncio.gather(*(migrate(empty, folder=folder) for _ in range(5)))) == 2


async def test_postgres_step_does_not_queue_behind_a_long_transaction(postgres_url: str, folder: Path) -> None:
    engine = open_engine(data=None, database_url=postgres_url)
    await engine.start()
    async with engine.write() as tx:
        await tx.execute("drop table schema_step")
        await tx.execute("create table a (id text)")
    (folder / "postgres" / "0001_people.sql").write_text(TWO)
    gate = asyncio.Event()

    async def hold() -> None:
        async with engine.write() as tx:
            await tx.fetch("select * from a")
            await gate.wait()

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    with pytest.raises(TransientFault, match="55P03"):
        await migrate(engine, folder=folder)
    assert 1.5 < time.monotonic() - begun < 5
    gate.set()
    await holder
    assert await migrate(engine, folder=folder) == 1
    await engine.close()


def test_steps_must_be_numbered_without_gaps(folder: Path) -> None:
    write(folder, "0003_gap.sql", TWO)
    with pytest.raises(SchemaMismatch, match="gaps"):
        steps("sqlite", folder)
    write(folder, "notes.sql", TWO)
    with pytest.raises(SchemaMismatch, match="not a step"):
        steps("postgres", folder)


def test_both_engines_have_the_same_steps() -> None:
    assert [step.name for step in steps("sqlite")] == [step.name for step in steps("postgres")] != []
    assert steps("sqlite", FOLDER)[0].number == 1
