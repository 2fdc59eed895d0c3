"""P3a: the server is killed again and again while eight devices write. What was acknowledged is there, once."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server import app as composition
from server.auth.sessions import start_session
from server.settings import Settings
from server.storage import audit
from server.storage.engine import open_engine
from server.sync.client import Client, Ended, Refused
from server.sync.replica import Gap
from tests.answering import answers
from tests.people import make_world
from tests.ports import free_port
from tests.promises.forked import forked

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 8
UP_S = 60.0


@dataclass
class Device:
    """One client with a child of its own to rename, so that every command can be counted."""

    client: Client
    child: str
    wanted: int
    acked: int = 0
    ambiguous: int = 0
    retries: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    async def write(self, seed: int) -> None:
        """Every command until it is acknowledged: the same id and number each time."""
        frame: dict[str, Any] | None = None
        rng = random.Random(seed)
        while self.acked < self.wanted:
            try:
                if self.client.ended is not None or (frame is None and self.acked == 0):
                    await self._reach()
                if frame is None:
                    frame = self.client.next_command(
                        "child.rename", {"child": self.child, "display_name": f"N{self.acked}"}
                    )
                elif self.client.copy.last_n >= frame["n"]:
                    self.ambiguous += 1
                ack = await asyncio.wait_for(self.client.deliver(frame), 10)
                assert ack["n"] == frame["n"] and ack["ok"]
                self.acked, frame = self.acked + 1, None
            except Refused as refused:
                # All eight share a seat: at full speed they meet its limit, and the same number is sent again.
                assert refused.nack["code"] == "rate_limited", refused.nack
                await asyncio.sleep(refused.nack["data"]["retry_after_ms"] / 1000)
            except (Ended, Gap, aiohttp.ClientError, OSError, TimeoutError, ConnectionError):
                self.retries += 1
                self.client.ended = self.client.ended or ""
                await asyncio.sleep(rng.random() * 0.1)

    async def _reach(self) -> None:
        await self.client.close()
        await asyncio.wait_for(self.client.connect(), 10)


class Server:
    """The server on this data, in a process that can be killed."""

    def __init__(self, data: Path, port: int) -> None:
        self._settings = {"SAMLED_DATA": str(data), "SAMLED_PORT": str(port), "SAMLED_LOG_LEVEL": "error"}
        self._origin = f"http://localhost:{port}"
        self.process: subprocess.Popen[bytes] | BaseProcess | None = None

    async def start(self, *command: str) -> None:
        """Starts it, by `command` if there is one, and returns when it answers."""
        if command:
            kept = {key: value for key, value in os.environ.items() if not key.startswith("SAMLED_")}
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**kept, **self._settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        else:
            self.process = await asyncio.to_thread(forked, self._settings)
        await answers(f"{self._origin}/health/live", lambda: self.has_ended, UP_S)

    @property
    def has_ended(self) -> bool:
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll() is not None
        return self.process is None or not self.process.is_alive()

    async def kill(self) -> None:
        """At once, as the system does it (SIGKILL)."""
        assert self.process is not None
        self.process.kill()
        await self.ended()

    async def ended(self) -> None:
        """Waits for its end."""
        process = self.process
        assert process is not None
        await asyncio.to_thread(process.wait if isinstance(process, subprocess.Popen) else process.join, 20)
        assert self.has_ended


async def cast(data: Path, port: int, commands: int) -> list[Device]:
    """A house with eight children, and a device of the coordinator for each."""
    parts = composition.build_parts(Settings(data=data, port=port))
    devices = []
    async with composition.running(parts):
        world = await make_world(parts.house, parts.house.clock.now())
        for n in range(CLIENTS):
            opened = await world.stage.act(
                world["maria"], "child.open", display_name="B", turns_18_on="2044-01-01", person=world["maria"].seat
            )
            async with parts.engine.write() as tx:
                session = await start_session(tx, world["maria"].actor, "test", parts.house.clock.now())
            client = Client(parts.settings.origin)
            client.use_cookie("sid", session.token)
            devices.append(Device(client, str(opened["child"]), commands // CLIENTS + (n < commands % CLIENTS)))
    return devices


async def run(data: Path, *, kills: int, commands: int, seed: int) -> tuple[int, int]:
    """(ambiguous outcomes, retries) after so many kills; fails when anything was lost or done twice."""
    port = free_port()
    devices = await cast(data, port, commands)
    server, rng = Server(data, port), random.Random(seed)
    await server.start()
    writing = [asyncio.create_task(device.write(n)) for n, device in enumerate(devices)]
    killed = 0
    pause = 1.2 * commands / kills / 250
    while killed < kills and not all(task.done() for task in writing):
        await asyncio.sleep(rng.uniform(0.02, pause))
        await server.kill()
        killed += 1
        await server.start()
    await asyncio.gather(*writing)
    await server.kill()
    for device in devices:
        await device.client.leave()
    assert killed == kills, f"only {killed} kills before everything was written"
    await judge(data, devices)
    return sum(device.ambiguous for device in devices), sum(device.retries for device in devices)


async def judge(data: Path, devices: list[Device]) -> None:
    """Every command once in the audit chain and the receipts, none missing, the last one in force."""
    engine = open_engine(data=data, database_url=None)
    await engine.start()
    async with engine.read() as tx:
        assert await audit.verify(tx) == []
        for device in devices:
            applied = await tx.fetch_value(
                "SELECT count(*) FROM audit WHERE action = 'child.rename' AND outcome = 'applied' AND subject = $1",
                device.child,
            )
            receipts = await tx.fetch_value("SELECT count(*) FROM receipt WHERE replica_id = $1", device.client.replica)
            body = await tx.fetch_value("SELECT body FROM record WHERE id = $1", device.child)
            assert (applied, receipts) == (device.wanted, device.wanted)
            assert f'"N{device.wanted - 1}"' in body
    await engine.close()


@pytest.mark.timeout(120)
async def test_acknowledged_is_never_lost_nor_done_twice(tmp_path: Path) -> None:
    await run(tmp_path, kills=3, commands=150, seed=1)


@pytest.mark.promise(about_s=150)
@pytest.mark.timeout(1400)
async def test_acknowledged_is_never_lost_nor_done_twice_over_200_kills(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    ambiguous, retries = await run(tmp_path, kills=200, commands=10_000, seed=2)
    tell(f"{ambiguous} outcomes in doubt, {retries} tries again")
    assert ambiguous >= 20, "too few outcomes were in doubt for this to count"
