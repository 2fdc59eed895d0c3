"""P18: a migration that is killed at any moment goes on at the next start, and ends in the schema of a
fresh one.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.storage.engine import open_engine
from server.storage.migrate import migrate
from tests.conftest import Place

KILLS = 50
STEPS = 10
PROGRAM = """
import asyncio, sys
from pathlib import Path
from server.storage.engine import open_engine
from server.storage.migrate import migrate

async def main(data, url, folder):
    engine = open_engine(data=Path(data) if data else None, database_url=url or None)
    await engine.start()
    print("begun", flush=True)
    await migrate(engine, folder=Path(folder))
    await engine.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.promise(about_s=40)
async def test_killed_migration_is_taken_up_again(place: Place, tmp_path: Path) -> None:
    seed = 20260901
    rng = random.Random(seed)
    folder = tmp_path / "schema"
    engine = open_engine(**place)
    (folder / engine.dialect).mkdir(parents=True)
    await engine.start()
    async with engine.write() as tx:
        await tx.execute("drop table schema_step")
    killed = 0
    for turn in range(KILLS):
        for n in range(1, STEPS + 1):
            number = turn * STEPS + n
            (folder / engine.dialect / f"{number:04d}_step.sql").write_text(
                f"create table killed_{number} (id text primary key);\n"
                f"alter table killed_{number} add column more bigint;\n"
                f"insert into killed_{number} values ('a', {number});\n"
            )
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(place["data"] or ""), place["database_url"] or "", str(folder)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(rng.uniform(0, 0.05))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
        await migrate(engine, folder=folder)
        assert await left(engine, "schema_step") == (turn + 1) * STEPS, f"seed {seed}, turn {turn}"
    assert killed >= KILLS // 2
    for number in range(1, KILLS * STEPS + 1):
        assert await left(engine, f"killed_{number}") == 1
    await engine.close()


async def left(engine: Any, table: str) -> int:
    async with engine.read() as tx:
        return int(await tx.fetch_value(f"select count(*) from {table}"))
