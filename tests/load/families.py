"""Many families like one: every row of a child, its guardians and their devices, again with other ids."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.storage.engine import Engine, Tx

TOGETHER = 250
_TABLES = {
    "account": ("id", "id, name, language, created_at, ended_at"),
    "seat": ("account_id", "id, account_id, kind, unit_id, area_id, organisation_id, created_at, ended_at"),
    "aggregate": ("id", "id, kind, owner_unit, changed_at"),
    "record": ("aggregate_id", "id, entity, aggregate_id, owner_unit, body, updated_at"),
    "session": (
        "account_id",
        "id, token_hash, account_id, seat_id, assurance, label, created_at, seen_at, idle_until, absolute_until,"
        " ended_at, end_reason, previous_hash",
    ),
    "push_subscription": (
        "account_id",
        "id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang, created_at, confirm_token, confirmed_at,"
        " dead_at, last_ok_at",
    ),
    "reminder": (
        "aggregate_id",
        "id, aggregate_id, record_id, kind, account_id, due_at, state, claimed_until, attempts, sent_at, data",
    ),
}
_FEED = "scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at"
_GRANT = "seat_id, scope_id, aggregate_id, valid_until"


@dataclass
class _One:
    """The family to copy, as text in which ids can be replaced."""

    text: str
    ids: list[str]


async def multiply(engine: Engine, child: str, accounts: Sequence[str], copies: int) -> None:
    """Makes `copies` more of this child's family. Ids of colleagues and units stay."""
    async with engine.read() as tx:
        one = await _read(tx, [child, *accounts])
    for first in range(0, copies, TOGETHER):
        made = [_again(one, n) for n in range(first, min(copies, first + TOGETHER))]
        async with engine.write() as tx:
            await _write(tx, made)


async def _read(tx: Tx, of: list[str]) -> _One:
    found: dict[str, list[Any]] = {}
    for table, (key, columns) in _TABLES.items():
        found[table] = [list(row) for row in await tx.fetch(f"SELECT {columns} FROM {table} WHERE {key} = any($1)", of)]
    names = {
        id: row
        for id, *row in await tx.fetch(
            "SELECT id, name, version, holders_version, live, digest, horizon, store FROM scope WHERE id IN"
            " (SELECT scope_id FROM feed WHERE aggregate_id = any($1)"
            " UNION SELECT scope_id FROM grant_ WHERE aggregate_id = any($1))",
            of,
        )
    }
    found["scope"] = list(names.values())
    for table, columns, place in (("feed", _FEED, 0), ("grant_", _GRANT, 1)):
        rows = [list(row) for row in await tx.fetch(f"SELECT {columns} FROM {table} WHERE aggregate_id = any($1)", of)]
        for row in rows:
            row[place] = names[row[place]][0]
        found[table] = rows
    own = ("account", "seat", "aggregate", "record", "session", "push_subscription", "reminder")
    ids = sorted({row[0] for table in own for row in found[table]} | {row[1] for row in found["session"]})
    return _One(json.dumps(found), ids)


def _again(one: _One, n: int) -> dict[str, list[list[Any]]]:
    text = one.text
    for id in one.ids:
        hashed = hashlib.sha256(f"{id}/{n}".encode()).hexdigest()
        new = hashed[: len(id)] if "-" not in id else "-".join(
            (hashed[:8], hashed[8:12], f"7{hashed[13:16]}", f"8{hashed[17:20]}", hashed[20:32])
        )  # fmt: skip
        text = text.replace(id, new)
    made: dict[str, list[list[Any]]] = json.loads(text)
    for row in made["push_subscription"]:
        row[4], row[9] = f"{row[4]}-{n}", f"{row[9]}-{n}"
    return made


async def _write(tx: Tx, made: list[dict[str, list[list[Any]]]]) -> None:
    for table, (_, columns) in _TABLES.items():
        await _insert(tx, table, columns, [row for one in made for row in one[table]])
    scopes = {row[0]: row for one in made for row in one["scope"]}
    await tx.execute_many(
        "INSERT INTO scope (name, version, holders_version, live, digest, horizon, store)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING",
        list(scopes.values()),
    )
    ids = dict(await tx.fetch("SELECT name, id FROM scope WHERE name = any($1)", sorted(scopes)))
    for table, columns, place in (("feed", _FEED, 0), ("grant_", _GRANT, 1)):
        rows = [row for one in made for row in one[table]]
        for row in rows:
            row[place] = ids[row[place]]
        await _insert(tx, table, columns, rows)


async def _insert(tx: Tx, table: str, columns: str, rows: list[list[Any]]) -> None:
    values = ", ".join(f"${n}" for n in range(1, len(columns.split(",")) + 1))
    await tx.execute_many(f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING", rows)
