"""Copying a database: SQLite through its own online backup, PostgreSQL through pg_dump and pg_restore."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from server.cli.snapshot import EPOCH_OF, STEPS_OF, TABLES_OF, Described
from server.storage.engine import Engine
from server.storage.sqlite import FILE


class CopyFailed(Exception):
    """The copy was not made; the text says why."""


def copy_sqlite(source: Path, target: Path) -> None:
    """One consistent copy of a file that others may be writing to; writers are not held up. Raises `CopyFailed`."""
    reading = sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=10)
    try:
        reading.execute("pragma query_only=on")
        writing = sqlite3.connect(target)
        try:
            reading.backup(writing, pages=-1)  # in one step: one snapshot, whatever is committed meanwhile
            writing.execute("pragma journal_mode=delete")
            writing.execute("pragma synchronous=full")
            found = writing.execute("pragma integrity_check").fetchall()
        finally:
            writing.close()
    except sqlite3.Error as error:
        raise CopyFailed(str(error)) from error
    finally:
        reading.close()
    if found != [("ok",)]:
        raise CopyFailed(f"the copy is damaged: {found[:3]}")
    target.chmod(0o600)


def describe_sqlite(file: Path) -> Described:
    """What is in a database file that nobody else has open; it is left byte for byte as it is."""
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = [str(name) for (name,) in connection.execute(TABLES_OF["sqlite"])]
        epoch = connection.execute(EPOCH_OF).fetchone()
        return Described(
            str(epoch[0]) if epoch else "",
            tuple(str(name) for (name,) in connection.execute(STEPS_OF)),
            {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables},
        )
    except sqlite3.Error as error:
        raise CopyFailed(f"{file} is not a database of this house: {error}") from error
    finally:
        connection.close()


def close_log(file: Path) -> None:
    """Writes everything into the file itself, of a database that nobody has open. Raises `CopyFailed`."""
    try:
        connection = sqlite3.connect(file, timeout=1)
        try:
            # Leaving WAL is only possible for the one process that has the file open.
            mode = connection.execute("pragma journal_mode=delete").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CopyFailed(f"{file} is in use ({error}): stop `samled run` and `samled worker` first") from error
    if mode != "delete":
        raise CopyFailed(f"{file} is in use: stop `samled run` and `samled worker` first")


def set_aside(file: Path, name: str) -> Path:
    """Renames a database that nobody has open. Raises `CopyFailed`."""
    close_log(file)
    aside = file.with_name(name)
    file.rename(aside)
    return aside


def database_file(folder: Path) -> Path:
    """Where the embedded database lies."""
    return folder / FILE


def program(name: str) -> str:
    """The newest PostgreSQL program of this name. Raises `CopyFailed`."""
    versions = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    found = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    path = str(found) if found else shutil.which(name)
    if path is None:
        raise CopyFailed(f"{name} is not on this machine: install PostgreSQL's client programs")
    return path


async def dump_postgres(url: str, target: Path, snapshot: str) -> None:
    """The database as one file, as seen by an exported snapshot. Raises `CopyFailed`."""
    await _run(
        url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"
    )


async def load_postgres(url: str, source: Path) -> None:
    """Fills an empty database, all or nothing. Raises `CopyFailed`."""
    await _run(url, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", source)


async def _run(url: str, name: str, *args: str | Path) -> None:
    address, environment = without_secret(url)
    process = await asyncio.create_subprocess_exec(
        program(name),
        *map(str, args),
        f"--dbname={address}",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise CopyFailed(f"{name}: {said.decode(errors='replace').strip()[-400:]}")


def without_secret(url: str) -> tuple[str, Mapping[str, str]]:
    """(the address without its password, an environment that has it): others may read a command line."""
    parts = urlsplit(url)
    account, at, host = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    environment = {**os.environ, "PGAPPNAME": "samled-backup"}
    if password:
        environment["PGPASSWORD"] = unquote(password)
    return urlunsplit(("postgresql", user + at + host, parts.path, parts.query, "")), environment


async def is_empty(engine: Engine) -> bool:
    """True when a PostgreSQL database has no tables yet."""
    async with engine.read() as tx:
        return not await tx.fetch_value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")


async def others_connected(engine: Engine) -> int:
    """How many other connections of the house the database has."""
    async with engine.read() as tx:
        return int(
            await tx.fetch_value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'samled' AND pid <> pg_backend_pid()"
            )
        )


async def empty(engine: Engine) -> None:
    """Removes everything from a PostgreSQL database."""
    async with engine.write() as tx:
        await tx.execute("DROP SCHEMA public CASCADE")
        await tx.execute("CREATE SCHEMA public")


def into_place(fresh: Path, target: Path) -> None:
    """Makes a restored file the database, in one step that survives a power cut."""
    close_log(fresh)
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
