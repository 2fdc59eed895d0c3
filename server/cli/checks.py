"""What `samled verify` looks at: does the database agree with itself, and with the rules as they are now?

Problems name tables, scopes and ids, never what is written in a row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

import msgspec

from server.cli.recompute import differences
from server.domain import digest
from server.features import Registry
from server.storage import audit
from server.storage.change import StoredRecord
from server.storage.engine import Tx
from server.storage.migrate import steps
from server.sync import load

MOST = 20
"""Problems of one check that are listed; the rest is counted."""
REFERENCES = (
    ("seat", "account_id", "account"),
    ("session", "account_id", "account"),
    ("session", "seat_id", "seat"),
    ("passkey", "account_id", "account"),
    ("identity", "account_id", "account"),
    ("record", "aggregate_id", "aggregate"),
    ("feed", "scope_id", "scope"),
    ("grant_", "scope_id", "scope"),
    ("grant_", "aggregate_id", "aggregate"),
    ("push_subscription", "account_id", "account"),
)
"""(table, column, the table it names), each with its own key `id`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how much it looked at, and what is wrong."""

    name: str
    looked_at: int
    problems: tuple[str, ...]


async def run(tx: Tx, registry: Registry, now: datetime) -> list[Check]:
    """All checks, in one snapshot. If the schema is not ours, nothing else is looked at."""
    schema = await _schema(tx)
    if schema.problems:
        return [schema]
    records = await _records(tx, registry)
    # What the rows would publish can only be told from rows that can be read.
    feed = [] if records.problems else [await _feed(tx, registry, now)]
    return [schema, await _file(tx), await _references(tx), records, *feed, await _digests(tx), await _audit(tx)]


def _check(name: str, looked_at: int, problems: list[str]) -> Check:
    more = len(problems) - MOST
    return Check(name, looked_at, (*problems[:MOST], *([f"{name}: {more} more"] if more > 0 else [])))


async def has_schema(tx: Tx) -> bool:
    """True when this database is one of the house."""
    sql = (
        "SELECT 1 FROM sqlite_master WHERE name = 'schema_step'"
        if tx.dialect == "sqlite"
        else "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 'schema_step'"
    )
    return await tx.fetch_value(sql) is not None


async def _schema(tx: Tx) -> Check:
    if not await has_schema(tx):
        return Check("schema", 0, ("schema: there are no tables; run `samled migrate`",))
    known = {step.number: (step.name, step.checksum) for step in steps(tx.dialect)}
    rows = await tx.fetch("SELECT number, name, checksum FROM schema_step")
    done = {int(number): (str(name), str(checksum)) for number, name, checksum in rows}
    problems = [f"schema: step {known[number][0]} is missing" for number in sorted(known.keys() - done.keys())]
    problems += [
        f"schema: step {done[number][0]} is not the one in this version"
        for number in sorted(known.keys() & done.keys())
        if known[number] != done[number]
    ]
    return _check("schema", len(done), problems)


async def _file(tx: Tx) -> Check:
    if tx.dialect != "sqlite":
        return Check("file", 0, ())
    lines = [str(line) for (line,) in await tx.fetch("pragma integrity_check")]
    broken = [f"file: {line}" for line in lines if line != "ok"]
    broken += [f"file: {row[0]} row {row[1]} names no {row[2]}" for row in await tx.fetch("pragma foreign_key_check")]
    return _check("file", 1, broken)


async def _references(tx: Tx) -> Check:
    problems: list[str] = []
    for table, column, named in REFERENCES:
        missing = await tx.fetch_value(
            f"SELECT count(*) FROM {table} t LEFT JOIN {named} n ON n.id = t.{column}"
            f" WHERE n.id IS NULL AND t.{column} IS NOT NULL"
        )
        if missing:
            problems.append(f"references: {missing} of {table}.{column} name no {named}")
    return _check("references", len(REFERENCES), problems)


async def _records(tx: Tx, registry: Registry) -> Check:
    problems: list[str] = []
    rows = await tx.fetch("SELECT id, entity, aggregate_id, owner_unit, body FROM record ORDER BY id")
    for row in rows:
        record = StoredRecord(*row)
        if record.entity not in registry.by_entity:
            problems.append(f"records: {record.id} is of an entity nobody knows")
            continue
        try:
            if load.decoded(registry, record).id != record.id:
                problems.append(f"records: {record.entity} {record.id} holds another id")
        except msgspec.MsgspecError:
            problems.append(f"records: {record.entity} {record.id} cannot be read")
    return _check("records", len(rows), problems)


async def _feed(tx: Tx, registry: Registry, now: datetime) -> Check:
    ids = [str(id) for (id,) in await tx.fetch("SELECT id FROM aggregate ORDER BY id")]
    problems = [found.text async for found in differences(tx, registry, ids, now)]
    orphans = await tx.fetch_value(
        "SELECT count(*) FROM feed f LEFT JOIN aggregate a ON a.id = f.aggregate_id"
        " WHERE f.doc IS NOT NULL AND a.id IS NULL"
    )
    if orphans:
        problems.append(f"feed: {orphans} documents belong to no aggregate")
    return _check("feed", len(ids), problems)


async def _digests(tx: Tx) -> Check:
    counts: Counter[int] = Counter()
    sums: defaultdict[int, int] = defaultdict(int)
    tops: defaultdict[int, int] = defaultdict(int)
    rows = await tx.fetch("SELECT scope_id, entity, doc_id, version, doc IS NULL FROM feed")
    for scope, entity, id, version, gone in rows:
        tops[scope] = max(tops[scope], version)
        if not gone:
            counts[scope] += 1
            sums[scope] += digest.share(entity, id, version)
    problems = []
    for scope, name, version, live, total in await tx.fetch("SELECT id, name, version, live, digest FROM scope"):
        if (live, total) != (counts[scope], sums[scope] % digest.MODULUS):
            problems.append(f"digests: scope {name} has another sum than its rows")
        if version < tops[scope]:
            problems.append(f"digests: scope {name} stands before its newest row")
    return _check("digests", len(rows), problems)


async def _audit(tx: Tx) -> Check:
    rows = int(await tx.fetch_value("SELECT count(*) FROM audit"))
    return _check("audit", rows, [f"audit: {problem}" for problem in await audit.verify(tx)])
