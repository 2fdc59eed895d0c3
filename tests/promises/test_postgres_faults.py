"""P3c: PostgreSQL loses backends, crashes, turns read-only. Nothing acknowledged is lost, and writing goes on by itself."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator

import asyncpg
import pytest

from server.storage.engine import TransientFault
from server.sync import push
from server.sync.frames import CommandFrame
from tests.postgres import Postgres, running_postgres
from tests.promises.whole import problems
from tests.sync.peer import Peer, Town, town_at

RESUME_S = 30.0
WRITERS = ("maria", "johan", "anna", "omar")


@pytest.fixture
def own() -> Iterator[Postgres]:
    """A cluster of this test's own."""
    with running_postgres() as server:
        yield server


class Writing:
    """Four devices that write for as long as they are let, each command until it is answered."""

    def __init__(self, town: Town, peers: list[Peer]) -> None:
        self.town, self.peers = town, peers
        self.acked = {peer.replica: 0 for peer in peers}
        self.last_s = time.monotonic()
        self.faults = 0
        self._on = True
        self.tasks = [asyncio.create_task(self._write(peer)) for peer in peers]

    async def _write(self, peer: Peer) -> None:
        replica = push.Replica(peer.replica, peer.session)
        n = 0
        while self._on:
            n += 1
            args = {"child": self.town.world.elsa, "display_name": f"{peer.person.name} {n}"}
            sent = CommandFrame(f"{peer.replica[:24]}{n:012x}", n, "child.rename", args, "2026-11-02T09:00:00Z")
            while True:
                try:
                    answer = await push.decide(self.town.house, peer.person.actor, replica, sent)
                    break
                except TransientFault:
                    self.faults += 1
                    await asyncio.sleep(0.05)
            assert answer.ok, answer.frame
            self.acked[peer.replica] = n
            self.last_s = time.monotonic()

    async def resumed(self) -> None:
        """Waits until something was acknowledged after now. Fails when that takes too long."""
        now = time.monotonic()
        while self.last_s <= now:
            assert time.monotonic() - now < RESUME_S, "writing has not resumed"
            for task in self.tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._on = False
        await asyncio.gather(*self.tasks)


async def backend_killed(own: Postgres, rng: random.Random) -> None:
    try:
        connection = await asyncpg.connect(own.url(), timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return
    pids = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = 'samled' ORDER BY pid")
    await connection.close()
    if pids:
        os.kill(rng.choice(pids)[0], signal.SIGKILL)


async def stopped_at_once(own: Postgres, rng: random.Random) -> None:
    await asyncio.to_thread(own.stop, signal.SIGQUIT)
    await asyncio.sleep(rng.random() * 0.3)
    await asyncio.to_thread(own.start)


async def read_only(own: Postgres, rng: random.Random) -> None:
    own.reload("default_transaction_read_only", "on")
    await asyncio.sleep(0.2 + rng.random() * 0.3)
    own.reload("default_transaction_read_only", "off")


async def trouble(own: Postgres, *, kills: int, stops: int, switches: int, seed: int) -> None:
    rng = random.Random(seed)
    kinds = [backend_killed] * kills + [stopped_at_once] * stops + [read_only] * switches
    rng.shuffle(kinds)
    async with town_at({"data": None, "database_url": own.url()}) as town:
        peers = [await town.peer(who) for who in WRITERS]
        writing = Writing(town, peers)
        for kind in kinds:
            await asyncio.sleep(rng.random() * 0.15)
            await kind(own, rng)
            await writing.resumed()
        await writing.stop()
        assert writing.faults > 0
        async with town.house.engine.read() as tx:
            for peer in peers:
                rows = await tx.fetch("SELECT count(*), max(n) FROM receipt WHERE replica_id = $1", peer.replica)
                assert rows[0] == (writing.acked[peer.replica], writing.acked[peer.replica])
            applied = await tx.fetch_value("SELECT count(*) FROM audit WHERE action = 'child.rename'")
            assert applied == sum(writing.acked.values())
        assert await problems(town.house.engine, town.now()) == []


@pytest.mark.timeout(110)
async def test_writing_goes_on_after_postgres_was_in_trouble(own: Postgres) -> None:
    await trouble(own, kills=2, stops=1, switches=1, seed=1)


@pytest.mark.promise(about_s=140)
@pytest.mark.timeout(1400)
async def test_writing_goes_on_after_postgres_was_in_trouble_140_times(own: Postgres) -> None:
    await trouble(own, kills=100, stops=20, switches=20, seed=2)
