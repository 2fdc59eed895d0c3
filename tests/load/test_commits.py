"""How many durable commits a second an engine makes, each with sixteen small statements."""

from __future__ import annotations

import asyncio
import time

import pytest

from server.storage.engine import Engine

FLOOR = {"sqlite": 150, "postgres": 200}
"""Commits a second on two cores (Source: stack.md, targets for the full product)."""
ROWS = 2000
STATEMENTS = 16


@pytest.mark.bench
@pytest.mark.parametrize("clients", [1, 8, 32])
async def test_commits_with_sixteen_statements(
    engine: Engine, clients: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with engine.write() as tx:
        await tx.execute("create table pace (id bigint primary key, body text not null, n bigint not null)")
        await tx.execute_many("insert into pace values ($1, $2, 0)", [(n, "x" * 200) for n in range(ROWS)])
    work = iter(range(1000))
    waits_s: list[float] = []

    async def client() -> None:
        for k in work:
            begun = time.perf_counter()
            first = k * 8 % ROWS
            async with engine.write() as tx:
                await tx.fetch_one("select id, n from pace where id = $1 for update", first)
                for row in range(first, first + 5):
                    await tx.fetch_value("select body from pace where id = $1", row)
                    await tx.execute("update pace set n = n + 1, body = $2 where id = $1", row, "y" * 200)
                    await tx.fetch("select id, n from pace where id = any($1)", [row, first])
            waits_s.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    rate = len(waits_s) / (time.perf_counter() - begun)
    waits_s.sort()
    p50_ms, p99_ms = (waits_s[int(len(waits_s) * part)] * 1000 for part in (0.5, 0.99))
    with capsys.disabled():
        print(f"\n{engine.dialect}, {clients} at once: {rate:.0f} commits/s, p50 {p50_ms:.2f} ms, p99 {p99_ms:.2f} ms")
    assert rate >= FLOOR[engine.dialect]
