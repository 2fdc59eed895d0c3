"""Schema steps: numbered, expand-only SQL files per engine, each applied once and never edited afterwards.

Expand-only: a step adds tables, columns and indexes, and never takes away what the version before it reads,
so that old and new processes run side by side during an upgrade. Every step is one transaction with its own
line in `schema_step`: killed at any point, the next start goes on from there.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.storage.engine import Dialect, Engine, Tx

FOLDER = Path(__file__).parent / "schema"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x5A4D4C44
"""Key of the advisory lock on PostgreSQL; any number that nothing else in the database uses."""


class SchemaMismatch(Exception):
    """The database and the step files do not belong together. Nothing has been changed; a person must
    look.
    """


@dataclass(frozen=True)
class Step:
    """One file: its number, name, statements and checksum."""

    number: int
    name: str
    sql: str
    checksum: str


def steps(dialect: Dialect, folder: Path = FOLDER) -> list[Step]:
    """The steps for `dialect`, in order. Raises: `SchemaMismatch` when the numbers are not 1, 2, 3 …"""
    found = []
    for path in sorted((folder / dialect).glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise SchemaMismatch(f"not a step: {path.name}")
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        found.append(Step(int(match[1]), path.stem, text, hashlib.sha256(text.encode()).hexdigest()))
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise SchemaMismatch(f"steps are not numbered without gaps: {[step.name for step in found]}")
    return found


async def migrate(engine: Engine, *, folder: Path = FOLDER) -> int:
    """Brings the schema up to date and says how many steps that took; 0 when there was nothing to do.

    Several processes may start at once: one applies, the others wait and find it done. On PostgreSQL a step
    gives up after 2 s behind somebody's lock rather than stop everybody who queues behind it; start again
    then.

    Raises: `SchemaMismatch` when an applied step's file has changed; `TransientFault`.
    """
    known = steps(engine.dialect, folder)
    async with engine.write() as tx:
        await _alone(tx)
        done = await _applied(tx)
    _compare(known, done)
    count = 0
    for step in known:
        if step.number not in done:
            async with engine.write() as tx:
                count += await _apply(tx, step)
    return count


async def _alone(tx: Tx) -> None:
    if tx.dialect == "postgres":
        await tx.execute("set local lock_timeout = '50s'")
        await tx.fetch_value("select pg_advisory_xact_lock($1)", _LOCK)
        await tx.execute("set local lock_timeout = '2s'")


async def _apply(tx: Tx, step: Step) -> bool:
    await _alone(tx)
    if step.number in await _applied(tx):
        return False  # another process was quicker
    for statement in _statements(step.sql, tx.dialect):
        await tx.execute(statement)
    await tx.execute(
        "insert into schema_step (number, name, checksum) values ($1, $2, $3)", step.number, step.name, step.checksum
    )
    return True


async def at_head(engine: Engine, *, folder: Path = FOLDER) -> bool:
    """True when every step we know has been applied."""
    async with engine.read() as tx:
        known = {int(number) for (number,) in await tx.fetch("select number from schema_step")}
    return {step.number for step in steps(engine.dialect, folder)} <= known


async def _applied(tx: Tx) -> dict[int, tuple[str, str]]:
    await tx.execute(
        "create table if not exists schema_step (number bigint primary key, name text not null, checksum text not null)"
    )
    rows = await tx.fetch("select number, name, checksum from schema_step")
    return {int(number): (str(name), str(checksum)) for number, name, checksum in rows}


def _compare(known: list[Step], done: dict[int, tuple[str, str]]) -> None:
    # Steps beyond ours are another process's newer version: expand-only, so we can still run beside it.
    for step in known:
        if step.number in done and done[step.number] != (step.name, step.checksum):
            raise SchemaMismatch(f"step {step.name} is not the one that was applied ({done[step.number][0]})")


def _statements(sql: str, dialect: Dialect) -> Iterator[str]:
    if dialect == "postgres":
        yield sql  # asyncpg sends a text without arguments as it is, all statements of it
        return
    # SQLite's own script call commits first; so statement by statement, in our transaction.
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
