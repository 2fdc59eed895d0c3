"""What is SQLite's own: the file, its lock, its faults."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from server.storage.engine import TransientFault
from server.storage.sqlite import FILE, READERS, SqliteDatabase


async def test_sqlite_file_is_private_and_durable(sqlite_folder: Path, tmp_path: Path) -> None:
    engine = SqliteDatabase(tmp_path / "new" / "place")
    await engine.start()
    assert stat.S_IMODE(engine.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(engine.folder.stat().st_mode) == 0o700
    async with engine.write() as tx:
        assert await tx.fetch_value("pragma journal_mode") == "wal"
        assert await tx.fetch_value("pragma synchronous") == 2
        assert await tx.fetch_value("pragma foreign_keys") == 1
        await tx.execute("create table t (a bigint)")
    assert Path(f"{engine.file}-wal").stat().st_mode & 0o077 == 0
    await engine.close()


async def test_sqlite_waits_for_another_process_and_then_gives_up(
    sqlite_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = SqliteDatabase(sqlite_folder)
    await engine.start()
    other = sqlite3.connect(sqlite_folder / FILE, isolation_level=None)
    other.execute("begin immediate")
    asyncio.get_running_loop().call_later(0.1, other.execute, "commit")
    async with engine.write() as tx:
        assert await tx.fetch_value("select 1") == 1
    other.execute("begin immediate")
    monkeypatch.setattr("server.storage.sqlite.BUSY_S", 0.05)
    with pytest.raises(TransientFault):
        async with engine.write():
            pass
    other.execute("rollback")
    other.close()
    async with engine.write() as tx:
        assert await tx.fetch_value("select 1") == 1
    await engine.close()


async def test_sqlite_reader_that_never_comes_free_is_a_transient_fault(
    sqlite_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.sqlite.WAIT_S", 0.05)
    engine = SqliteDatabase(sqlite_folder)
    await engine.start()
    blocks = [engine.read() for _ in range(READERS)]

    async def hold(block: object, gate: asyncio.Event) -> None:
        async with block:  # type: ignore[attr-defined]
            await gate.wait()

    gate = asyncio.Event()
    holders = [asyncio.create_task(hold(block, gate)) for block in blocks]
    await asyncio.sleep(0.01)
    with pytest.raises(TransientFault):
        async with engine.read():
            pass
    gate.set()
    await asyncio.gather(*holders)
    async with engine.read() as tx:
        assert await tx.fetch_value("select 1") == 1
    await engine.close()


async def test_sqlite_statement_error_of_ours_is_not_a_fault(sqlite_folder: Path) -> None:
    engine = SqliteDatabase(sqlite_folder)
    await engine.start()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        async with engine.write() as tx:
            await tx.fetch("select * from nowhere")
    await engine.close()


async def test_sqlite_full_disk_is_a_transient_fault_and_nothing_is_written(sqlite_folder: Path) -> None:
    engine = SqliteDatabase(sqlite_folder)
    await engine.start()
    async with engine.write() as tx:
        await tx.execute("create table big (body text)")
        pages = await tx.fetch_value("pragma page_count")
        await tx.fetch(f"pragma max_page_count={pages + 4}")
    with pytest.raises(TransientFault):
        async with engine.write() as tx:
            await tx.execute("insert into big values ($1)", "x" * 200_000)
    async with engine.read() as tx:
        assert await tx.fetch_value("select count(*) from big") == 0
    await engine.close()
