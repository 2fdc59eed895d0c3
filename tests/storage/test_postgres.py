"""What is PostgreSQL's own: the pool, lost connections, a primary that moves."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from server.storage.engine import ConstraintFault, Engine, TransientFault
from server.storage.postgres import PostgresDatabase
from tests.postgres import running_postgres


async def started(url: str, **options: int) -> PostgresDatabase:
    engine = PostgresDatabase(url, **options)
    await engine.start()
    return engine


async def test_postgres_failed_commit_gives_its_connection_back(postgres_url: str) -> None:
    engine = await started(postgres_url, pool_size=2)
    async with engine.write() as tx:
        await tx.execute("create table a (id text primary key)")
        await tx.execute("create table b (a text references a deferrable initially deferred)")
    for _ in range(5):
        with pytest.raises(ConstraintFault):
            async with engine.write() as tx:
                await tx.execute("insert into b values ('nobody')")
    async with asyncio.timeout(20), engine.write() as tx:
        assert await tx.fetch_value("select count(*) from b") == 0
    await engine.close()


async def test_postgres_killed_backend_is_transient_and_the_pool_recovers(postgres_url: str) -> None:
    engine = await started(postgres_url, pool_size=2)
    for _ in range(5):
        with pytest.raises(TransientFault):
            async with engine.write() as tx:
                await tx.fetch("select pg_terminate_backend(pg_backend_pid())")
    async with asyncio.timeout(20), engine.write() as tx:
        assert await tx.fetch_value("select 1") == 1
    await engine.close()


async def test_postgres_deadlock_is_transient(postgres_url: str) -> None:
    engine = await started(postgres_url)
    async with engine.write() as tx:
        await tx.execute("create table note (id text primary key, place bigint)")
        await tx.execute("insert into note values ('a', 0), ('b', 0)")
    both = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with engine.write() as tx:
            await tx.execute("set local deadlock_timeout = '50ms'")
            await tx.execute("update note set place = 1 where id = $1", first)
            await both.wait()
            await tx.execute("update note set place = 1 where id = $1", second)

    ends = await asyncio.gather(cross("a", "b"), cross("b", "a"), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [TransientFault]
    await engine.close()


async def test_postgres_pool_that_never_comes_free_is_a_transient_fault(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.postgres.WAIT_S", 0.1)
    engine = await started(postgres_url, pool_size=1)
    gate = asyncio.Event()

    async def hold() -> None:
        async with engine.write():
            await gate.wait()

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.05)
    with pytest.raises(TransientFault):
        async with engine.write():
            pass
    gate.set()
    await holder
    await engine.close()


async def test_postgres_crash_and_read_only_are_transient_and_writes_resume() -> None:
    with running_postgres() as server:
        engine = await started(server.url(), pool_size=3)
        lost: asyncio.Queue[str] = asyncio.Queue()
        await engine.listen(lost.put_nowait, lambda: lost.put_nowait("lost"))
        async with engine.write() as tx:
            await tx.execute("create table note (id text primary key, place bigint)")
        # 1. A crash in the middle of a transaction.
        with pytest.raises(TransientFault):
            async with engine.write() as tx:
                await tx.execute("insert into note values ('a', 1)")
                server.stop(signal.SIGQUIT)
                await tx.execute("insert into note values ('b', 1)")
        with pytest.raises(TransientFault):
            async with engine.write():
                pass
        await engine.notify("unheard")
        server.start()
        await _until_writable(engine)
        async with engine.read() as tx:
            assert await tx.fetch("select id from note") == [("x",)]
        async with asyncio.timeout(20):
            assert await lost.get() == "lost"
        # 2. The primary has become read-only, as after a switchover.
        server.reload("default_transaction_read_only", "on")
        await asyncio.sleep(0.3)
        with pytest.raises(TransientFault, match="25006"):
            async with engine.write() as tx:
                await tx.execute("insert into note values ('c', 1)")
        server.reload("default_transaction_read_only", "off")
        await _until_writable(engine)
        await engine.close()


async def _until_writable(engine: Engine) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            async with engine.write() as tx:
                await tx.execute("insert into note values ('x', 1) on conflict do nothing")
            return
        except TransientFault:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)


async def test_postgres_absent_at_start_is_waited_for_and_then_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.storage.postgres.START_S", 0.2)
    engine = PostgresDatabase("postgresql://samled@127.0.0.1:1/nothing")
    with pytest.raises(TransientFault):
        await engine.start()
    await engine.close()


async def test_postgres_payload_must_stay_a_hint(postgres_url: str) -> None:
    engine = await started(postgres_url)
    with pytest.raises(ValueError, match="hint"):
        await engine.notify("x" * 8_000)
    await engine.close()


async def test_postgres_of_several_hosts_takes_the_primary() -> None:
    several = PostgresDatabase("postgresql://samled@one:5432,two:5432/samled")
    assert several.config["target_session_attrs"] == "primary"
    assert "target_session_attrs" not in PostgresDatabase("postgresql://samled@one/samled").config
