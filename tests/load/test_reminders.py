"""How many reminders a second: planned, said, encrypted and signed, sent; and a whole region's at eight o'clock."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.push import payload
from server.push.channels.webpush import Device, WebPush
from server.push.keys import PushKey
from tests.clock import FrozenClock
from tests.load.conftest import Note
from tests.load.families import multiply
from tests.push.crew import Crew, SharedClock
from tests.push.house import push_house
from tests.push.service import Device as Browser
from tests.push.test_saying import at as swedish

pytestmark = pytest.mark.bench
At = tuple[Path, str | None]
ALL_AT_ONCE = int(os.environ.get("SAMLED_BENCH_REMINDERS", "6000"))
"""60,000 is a region's morning; the default measures the same pace in a minute."""
REGION, WITHIN_S = 60_000, 120
PLANNED = 100


class Receiver(asyncio.Protocol):
    """Takes posts and answers 201 without looking at them."""

    count: Synchronized[int]

    def connection_made(self, transport: Any) -> None:
        self._transport, self._data = transport, b""

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            begins = head.index(b"content-length:") + 15
            whole = end + 4 + int(head[begins:].partition(b"\r\n")[0])
            if len(self._data) < whole:
                return
            self._data = self._data[whole:]
            with self.count.get_lock():
                self.count.value += 1
            self._transport.write(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")


def receive(count: Synchronized[int], port: Synchronized[int]) -> None:
    """The life of the receiver's process."""
    Receiver.count = count

    async def live() -> None:
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(live())


@contextlib.contextmanager
def receiver() -> Iterator[tuple[str, Synchronized[int]]]:
    """(host:port, how many came)"""
    context = multiprocessing.get_context("spawn")
    count, port = context.Value("q", 0), context.Value("q", 0)
    process = context.Process(target=receive, args=(count, port), daemon=True)
    process.start()
    try:
        while not port.value:
            time.sleep(0.02)
        yield f"127.0.0.1:{port.value}", count
    finally:
        process.kill()
        process.join()
        process.close()


def test_pace_of_encrypting_and_signing(note: Note) -> None:
    key = PushKey(ec.generate_private_key(ec.SECP256R1()))
    channel = WebPush(key, hosts=(), subject="mailto:a@b.se", local=True, now=FrozenClock().now)
    browser = Browser("http://127.0.0.1:1", "x")
    data = payload.body(id="i", notice="n", kind="meeting_day", lang="sv", origin="https://samled.example")
    device, rounds = Device(browser.endpoint, **browser.keys), 1000
    begun = time.process_time()
    for _ in range(rounds):
        channel.sealed(device, data)
    each_ms = (time.process_time() - begun) / rounds * 1e3
    note("reminders encrypted and signed, per core", "", 1e3 / each_ms, "/s", cpu_ms=each_ms)


async def test_pace_of_planning(at: At, clock: FrozenClock, note: Note, tmp_path: Path) -> None:
    async with push_house(at[0], at[1], clock) as house:
        begun, cpu = time.perf_counter(), time.process_time()
        for n in range(PLANNED):
            await house.meeting(f"2026-10-{1 + n % 28:02}T{9 + n % 8:02}:00")
        seconds, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
        async with house.parts.engine.read() as tx:
            planned = await tx.fetch_value("SELECT count(*) FROM reminder WHERE kind LIKE 'meeting_%'")
        dialect = house.parts.engine.dialect
        note("reminders planned (a meeting for two)", dialect, planned / seconds, "/s", cpu_ms=cpu_s / planned * 1e3)


@pytest.mark.timeout(1500)
async def test_a_morning_of_reminders_leaves_in_time(at: At, clock: FrozenClock, note: Note, tmp_path: Path) -> None:
    with receiver() as (host, count):
        async with push_house(at[0], at[1], clock) as house:
            for name in ("anna", "omar"):
                await house.device(name)
            await house.meeting("2026-09-21T13:00", staff=[])
            await house.through(swedish("2026-09-18 08:59"))
            async with house.parts.engine.write() as tx:
                await tx.execute("DELETE FROM delivery")
                await tx.execute("UPDATE push_subscription SET endpoint = $1 || '/push/' || id", f"http://{host}")
            accounts = [house.world[name].account for name in ("anna", "omar")]
            await multiply(house.parts.engine, house.world.elsa, accounts, ALL_AT_ONCE // 2 - 1)
            if house.parts.engine.dialect == "postgres":
                async with house.parts.engine.write() as tx:
                    await tx.execute("ANALYZE")
            SharedClock(tmp_path / "clock", swedish("2026-09-18 09:00"))
            workers = 2 if house.parts.engine.dialect == "postgres" else 1
            begun = time.perf_counter()
            settings = house.parts.settings
            there = (str(settings.data), settings.database_url, host, str(tmp_path / "clock"))
            crew = Crew(workers, tmp_path, *there, 7200, 15.0)
            try:
                while count.value < ALL_AT_ONCE and time.perf_counter() - begun < 1400:
                    await asyncio.sleep(0.05)
                seconds = time.perf_counter() - begun
                cpu_s = sum(crew.cpu_s())
            finally:
                crew.stop()
            assert count.value == ALL_AT_ONCE
            async with house.parts.engine.read() as tx:
                said = await tx.fetch_value(
                    "SELECT count(*) FROM reminder WHERE state = 'done' AND kind = 'meeting_day'"
                )
            assert said == ALL_AT_ONCE
            note(
                f"{REGION} reminders due at once have left ({workers} worker processes)",
                house.parts.engine.dialect,
                REGION * seconds / ALL_AT_ONCE,
                "s",
                WITHIN_S if workers > 1 else None,
                cpu_ms=cpu_s / ALL_AT_ONCE * 1e3,
                more=f"measured: {ALL_AT_ONCE} in {seconds:.1f} s, {ALL_AT_ONCE / seconds:.0f}/s",
            )
