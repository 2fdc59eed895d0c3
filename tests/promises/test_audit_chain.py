"""P15: whatever is done to the log afterwards, it shows; and the first wrong row is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from server.storage import audit
from server.storage.change import AuditEntry
from server.storage.engine import Engine, Tx
from tests.access.scene import Undone

ROWS = 40
COLUMNS = ("at", "seat_id", "action", "subject", "outcome", "detail", "previous", "hash")


async def chains(engine: Engine) -> None:
    """Three organisations' logs."""
    async with engine.write() as tx:
        for n in range(ROWS):
            entries = [AuditEntry(f"org{n % 3}", f"seat{n}", "child.rename", f"child{n}", "applied", f"d{n}")]
            await audit.append(tx, entries, f"2026-11-02T09:00:{n:02d}.000Z")


async def whole_tail(tx: Tx, org: str, after: int, rng: random.Random) -> None:
    """The rows after `after` are written anew, hashes and all, as somebody who knows the rule would."""
    previous = await tx.fetch_value("SELECT hash FROM audit WHERE organisation_id = $1 AND seq = $2", org, after)
    previous = previous or audit.GENESIS
    rows = await tx.fetch(
        "SELECT seq, at, seat_id, action, subject, outcome, detail FROM audit WHERE organisation_id = $1 AND seq > $2"
        " ORDER BY seq",
        org,
        after,
    )
    for seq, at, _seat, action, subject, outcome, detail in rows:
        hashed = audit.chained(previous, org, seq, at, "forged", action, subject, outcome, detail)
        await tx.execute(
            "UPDATE audit SET seat_id = 'forged', previous = $3, hash = $4 WHERE organisation_id = $1 AND seq = $2",
            org,
            seq,
            previous,
            hashed,
        )
        previous = hashed


async def edit(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    column = rng.choice(COLUMNS)
    await tx.execute(f"UPDATE audit SET {column} = {column} || 'x' WHERE organisation_id = $1 AND seq = $2", org, seq)
    return seq


async def delete(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    await tx.execute("DELETE FROM audit WHERE organisation_id = $1 AND seq = $2", org, seq)
    return seq + 1 if seq < last else seq - 1


async def insert(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    await tx.execute(
        "INSERT INTO audit SELECT organisation_id, $2, at, seat_id, action, subject, outcome, detail, previous, hash"
        " FROM audit WHERE organisation_id = $1 AND seq = $3",
        org,
        last + 1,
        seq,
    )
    return last + 1


async def swap(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    other = seq % last + 1
    for a, b in ((seq, -1), (other, seq), (-1, other)):
        await tx.execute("UPDATE audit SET seq = $3 WHERE organisation_id = $1 AND seq = $2", org, a, b)
    return min(seq, other)


async def cut(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    await tx.execute("DELETE FROM audit WHERE organisation_id = $1 AND seq >= $2", org, seq)
    return seq - 1


async def forge(tx: Tx, org: str, seq: int, last: int, rng: random.Random) -> int:
    await whole_tail(tx, org, seq - 1, rng)
    return last


KINDS: tuple[Callable[[Tx, str, int, int, random.Random], Any], ...] = (edit, delete, insert, swap, cut, forge)


async def tamper(engine: Engine, times: int, seed: int) -> None:
    rng = random.Random(seed)
    await chains(engine)
    async with engine.read() as tx:
        assert await audit.verify(tx) == []
        heads = dict(await tx.fetch("SELECT organisation_id, seq FROM audit_head"))
    for turn in range(times):
        org = rng.choice(sorted(heads))
        seq, kind = rng.randint(1, heads[org]), rng.choice(KINDS)
        try:
            async with engine.write() as tx:
                first = await kind(tx, org, seq, heads[org], rng)
                problems = await audit.verify(tx)
                raise Undone
        except Undone:
            pass
        where = f"seed {seed}, turn {turn}: {kind.__name__} {org} {seq}"
        assert problems, where
        assert all(problem.startswith(f"{org}: ") for problem in problems), where
        assert f" {first}" in problems[0].replace(",", ""), (where, first, problems)


async def test_every_tampering_is_found(engine: Engine) -> None:
    await tamper(engine, 50, 1)


@pytest.mark.promise(about_s=20)
@pytest.mark.timeout(600)
async def test_every_one_of_1_000_tamperings_is_found(engine: Engine) -> None:
    await tamper(engine, 1_000, 2)
