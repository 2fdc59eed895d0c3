"""P3b: an acknowledgement leaves the house only after its commit is on disk, and a torn log opens as a prefix."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from server.domain.instants import to_text
from server.storage import audit
from server.storage.engine import open_engine
from server.storage.sqlite import FILE
from server.sync import push
from server.sync.frames import CommandFrame
from tests.access.scene import Scene, build, house_on
from tests.ports import free_port
from tests.promises.test_killed import Server, cast

ACKS = 40
CALLS = "trace=fdatasync,fsync,sendto,write,writev,sendmsg"


@pytest.mark.timeout(100)
async def test_every_acknowledgement_follows_its_sync(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.fail("there is no strace on this machine: run `tools/system --for-tests`, or install the package strace")
    port = free_port()
    device, *others = await cast(tmp_path, port, 8)
    server = Server(tmp_path, port)
    trace = tmp_path / "trace"
    traced = ("strace", "-f", "-y", "-s", "200", "-e", CALLS, "-o", str(trace))
    await server.start(*traced, sys.executable, "-m", "server", "run")
    await device.client.connect()
    for n in range(ACKS):
        await device.client.deliver(
            device.client.next_command("child.rename", {"child": device.child, "display_name": f"N{n}"})
        )
    for one in (device, *others):
        await one.client.leave()
    assert server.process is not None
    pid = server.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)  # strace ends with what it traces
    await server.ended()
    after = before = 0
    synced = False
    for line in trace.read_text(errors="replace").splitlines():
        if re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            synced = True
        elif r"\"t\":\"ack\"" in line:
            after, before = after + synced, before + (not synced)
            synced = False
    assert (after, before) == (ACKS, 0)


async def written(folder: Path, commands: int) -> tuple[Scene, list[int]]:
    """A file and a log that was never folded into it; the log's size after each acknowledged command."""
    engine = open_engine(data=folder, database_url=None)
    await engine.start()
    async with house_on(engine) as house:
        scene = await build(house)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    holding = sqlite3.connect(folder / FILE)  # a reader that keeps the log from being folded in
    holding.execute("begin")
    holding.execute("select count(*) from record").fetchone()
    sizes = []
    for n in range(1, commands + 1):
        args = {"child": scene.world.elsa, "display_name": f"N{n}"}
        sent = CommandFrame(
            f"00000000-0000-7000-8000-{n:012x}", n, "child.rename", args, to_text(scene.world.stage.clock.now())
        )
        await push.decide(scene.house, scene.actor("maria"), scene.replica("maria"), sent)
        sizes.append((folder / f"{FILE}-wal").stat().st_size)
    for name in (FILE, f"{FILE}-wal"):
        shutil.copyfile(folder / name, folder / f"kept-{name}")
    holding.close()
    await engine.close()
    return scene, sizes


async def opened(folder: Path, file: bytes, log: bytes) -> tuple[int, str]:
    """(last command that is there, what the child is called) of a damaged copy, which must be whole in itself."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / FILE).write_bytes(file)
    (folder / f"{FILE}-wal").write_bytes(log)
    engine = open_engine(data=folder, database_url=None)
    await engine.start()
    try:
        async with engine.read() as tx:
            assert await audit.verify(tx) == []
            count, most = (await tx.fetch("SELECT count(*), coalesce(max(n), 0) FROM receipt"))[0]
            body = await tx.fetch_value('SELECT body FROM record WHERE body LIKE \'%"display_name":"N%\'')
            last = await tx.fetch_value("SELECT max(last_n) FROM replica")
            assert (await tx.fetch_value("pragma integrity_check")) == "ok"
        assert count == most == last
        return int(most), str(body or "")
    finally:
        await engine.close()


async def torn(folder: Path, times: int, seed: int) -> None:
    made = folder / "made"
    made.mkdir()
    _, sizes = await written(made, 60)
    file, log = (made / f"kept-{FILE}").read_bytes(), (made / f"kept-{FILE}-wal").read_bytes()
    rng = random.Random(seed)
    for turn in range(times):
        cut = rng.randrange(len(log) + 1)
        damaged, whole = bytearray(log[:cut]), cut
        if turn % 2 and cut > 100:
            at = rng.randrange(cut)
            damaged[at] ^= 0xFF
            whole = at
        durable = sum(size <= whole for size in sizes)
        last, body = await opened(folder / "torn", file, bytes(damaged))
        assert last >= durable, f"seed {seed}, turn {turn}: acknowledged and gone"
        assert last == 0 or f'"N{last}"' in body, f"seed {seed}, turn {turn}"


@pytest.mark.timeout(100)
async def test_torn_log_opens_as_a_prefix(tmp_path: Path) -> None:
    await torn(tmp_path, 50, 1)


@pytest.mark.promise(about_s=20)
@pytest.mark.timeout(900)
async def test_1_000_torn_logs_open_as_a_prefix(tmp_path: Path) -> None:
    await torn(tmp_path, 1_000, 2)
