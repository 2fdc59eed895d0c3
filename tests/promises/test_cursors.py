"""P6: a cursor never skips a change, and never meets one out of order; nor does a process whose notifications are lost."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import Actor, Assurance, SeatKind
from server.errors import Refused
from server.storage import commit
from server.storage.change import Change, Publication
from server.storage.engine import Engine, Tx, open_engine
from server.storage.lock import create_aggregate, lock_aggregates
from server.sync import pull
from server.sync.hub import Hub
from server.sync.replica import Copy
from tests.clock import FrozenClock
from tests.conftest import Place
from tests.promises.beside import Known, beside
from tests.promises.faults import Delaying
from tests.sync.peer import Town, town_at

NOW = "2026-11-02T09:00:00.000Z"
WRITERS = 16
SCOPES = [f"area:a{n}:staff" for n in range(16)]
READER = Actor("reader", "reader", SeatKind.STAFF, assurance=Assurance.EID)


async def write(engine: Engine, rng: random.Random, n: int, *, most: int, delay_s: float) -> int:
    """One commit of a few scopes: numbered, then held back, then committed. Returns how many changes it holds."""
    scopes = rng.sample(SCOPES, rng.randint(1, 3))
    ids = [f"{n:08d}-{part}" for part in range(rng.randint(1, most))]
    docs = {(scope, "thing", id): f'{{"id":"{id}"}}' for scope in scopes for id in ids}
    async with engine.write() as tx:
        await create_aggregate(tx, f"x{n}", kind="x", owner_unit="u", now=NOW)
        await lock_aggregates(tx, [f"x{n}"])
        await commit.apply(tx, Change(published={f"x{n}": Publication(docs=docs)}), NOW)
        if rng.random() < 0.5:
            await asyncio.sleep(rng.random() * delay_s)
    return len(docs)


async def writers(engine: Engine, changes: int, seed: int, *, most: int, delay_s: float = 0.004) -> None:
    """At least so many changes, with at most so many documents in a commit."""
    left = changes

    async def one(first: int) -> None:
        nonlocal left
        rng = random.Random(f"{seed}/{first}")
        n = first
        while left > 0:
            written = await write(engine, rng, n, most=most, delay_s=delay_s)
            left -= written
            n += WRITERS

    await asyncio.gather(*(one(n) for n in range(WRITERS)))


async def hold(engine: Engine) -> None:
    """The reader's seat holds every scope."""
    grants = {(READER.seat, scope): "9999-12-31T00:00:00.000Z" for scope in SCOPES}
    async with engine.write() as tx:
        await create_aggregate(tx, "holder", kind="x", owner_unit="u", now=NOW)
        await commit.apply(tx, Change(published={"holder": Publication(grants=grants)}), NOW)


@dataclass
class Follower:
    """Who reads by cursor: a copy, and the order in which versions came."""

    copy: Copy = field(default_factory=Copy)
    at: dict[str, int] = field(default_factory=dict)

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "delta":
            # The same bytes go to everybody: rows a client has already are ignored (sync-protocol 5.3).
            known = self.copy.scopes[frame["scope"]].cursor
            for version in (row[2] for row in frame["rows"] if row[2] > known):
                assert version > self.at.get(frame["scope"], 0), "out of order"
                self.at[frame["scope"]] = version
            assert frame["to"] >= self.copy.scopes[frame["scope"]].cursor, "backwards"
        self.copy.apply(frame)

    def seen(self) -> dict[str, set[str]]:
        return {name: {id for _, id in held.rows} for name, held in self.copy.scopes.items()}


async def poll(engine: Engine, follower: Follower, done: asyncio.Event) -> None:
    """Reads from its cursors again and again, and once more at the end."""
    while True:
        last = done.is_set()
        since = {name: follower.copy.scopes[name].cursor for name in SCOPES}
        for part in await pull.lacking(engine, READER, since, datetime(2026, 11, 2, tzinfo=UTC)):
            for data in part.frames(READER):
                follower.take(msgspec.json.decode(data))
        if last:
            return
        await asyncio.sleep(0.001)


class Socket:
    """What the hub sends to: a connection without anything behind it."""

    replica = None
    session = "none"

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.actor = READER
        self.deciding = asyncio.Lock()

    def queue(self, data: bytes) -> None:
        self.follower.take(msgspec.json.decode(data))

    def close(self, reason: str, retry_after_ms: int | None = None) -> None:
        assert reason == "restart", reason

    def gained(self, scopes: Iterable[str]) -> None:
        return None

    def beat(self, at_s: float, now: datetime, still: bytes) -> bool:
        return False


async def join(engine: Engine, hub: Hub, socket: Socket) -> None:
    """Reads up to now and joins in one step, as a connection does."""
    hub.add(socket)
    waiting = {name: socket.follower.copy.scopes[name].cursor for name in SCOPES}
    while waiting:
        parts = await pull.lacking(engine, READER, waiting, datetime(2026, 11, 2, tzinfo=UTC))
        for part in parts:
            for data in part.frames(READER):
                socket.follower.take(msgspec.json.decode(data))
        waiting = {part.scope.name: part.to for part in parts if not hub.join(socket, part.scope, part.to)}


async def naive(engine: Engine, done: asyncio.Event) -> int:
    """Follows a database sequence instead: how many entries it never saw."""
    seen: set[int] = set()
    cursor = 0
    while True:
        last = done.is_set()
        async with engine.read() as tx:
            rows = await tx.fetch("SELECT seq FROM touched WHERE seq > $1 ORDER BY seq", cursor)
        for (seq,) in rows:
            seen.add(seq)
            cursor = seq
        if last:
            async with engine.read() as tx:
                return int(await tx.fetch_value("SELECT count(*) FROM touched")) - len(seen)
        await asyncio.sleep(0.001)


async def everything(tx: Tx) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in SCOPES}
    for name, id in await tx.fetch("SELECT s.name, f.doc_id FROM feed f JOIN scope s ON s.id = f.scope_id"):
        found[name].add(id)
    return found


async def follow(url: str, changes: int, seed: int, *, most: int = 1) -> int:
    """All readers see all changes in order; returns how many a sequence as cursor would have skipped."""
    engine = Delaying(open_engine(data=None, database_url=url, pool_size=28))
    engine.drop_notifications = 0.5
    await engine.start()
    await hold(engine)
    followers = [Follower() for _ in range(4)]
    for follower in followers:
        follower.copy.apply(
            {
                "t": "welcome",
                "epoch": "e",
                "last_n": 0,
                "scopes": [{"scope": name, "until": "", "store": "keep"} for name in SCOPES],
            }
        )
    hub = Hub(engine, FrozenClock(datetime(2026, 11, 2, tzinfo=UTC)))
    await hub.start()
    done = asyncio.Event()
    sockets = [Socket(follower) for follower in followers[:2]]
    reading = [asyncio.create_task(poll(engine, follower, done)) for follower in followers[2:]]
    skipping = asyncio.create_task(naive(engine, done))
    writing = asyncio.create_task(writers(engine, changes, seed, most=most))
    telling = asyncio.create_task(_tell(engine, writing))
    for socket in sockets:
        await asyncio.sleep(0.05)
        await join(engine, hub, socket)
    await writing
    done.set()
    await asyncio.gather(*reading, telling)
    skipped = await skipping
    async with engine.read() as tx:
        whole = await everything(tx)
    async with asyncio.timeout(20):
        while any(follower.seen() != whole for follower in followers):
            await asyncio.sleep(0.02)
    await hub.stop()
    await engine.close()
    return skipped


async def _tell(engine: Engine, writing: asyncio.Task[None]) -> None:
    while not writing.done():
        await engine.notify("")
        await asyncio.sleep(0.003)


@pytest.mark.timeout(60)
async def test_no_reader_skips_a_change_and_a_sequence_would(postgres_url: str) -> None:
    assert await follow(postgres_url, 1_600, 1) > 0, "the delays were too short to prove anything"


@pytest.mark.promise(about_s=120)
@pytest.mark.timeout(1200)
async def test_no_reader_skips_one_of_100_000_changes(postgres_url: str) -> None:
    assert await follow(postgres_url, 100_000, 2, most=5) > 0


@pytest.mark.timeout(60)
async def test_other_process_hears_of_change_and_revocation_without_notifications(postgres_url: str) -> None:
    place: Place = {"data": None, "database_url": postgres_url}
    async with town_at(place) as town:
        other = open_engine(**place)
        await other.start()
        there = Delaying(other)
        there.listen = _deaf  # type: ignore[method-assign]
        hub = Hub(there, town.world.stage.clock)
        await hub.start()
        far = Town(replace(town.house, engine=there, wake=lambda: None), hub, town.world)
        consent = await town.share()
        jonas = await far.peer("jonas")
        await town.act("anna", "child.rename", child=town.world.elsa, display_name="Elsie")
        await jonas.until(lambda: any(doc["display_name"] == "Elsie" for doc in jonas.copy.all("child")), 2.0)
        await town.act("anna", "consent.withdraw", consent=consent)
        await jonas.until(lambda: not list(jonas.copy.all("child")), 2.0)
        await jonas.cut()
        await hub.stop()
        await other.close()


async def _deaf(*_: object) -> None:
    """Hears nothing."""


async def orphans(url: str, times: int, seed: int) -> tuple[int, int]:
    """Withdrawal in one process against a new seat in another, at the same moment, so many times, with no notification
    heard between them. Devices in the other process lose what was shared each time.

    Returns how many grants were left behind, at the first of which it ends, and how often the new seat came first.
    """
    found = first = 0
    blocked: list[Delaying] = []

    def wrap(engine: Engine) -> Engine:
        blocked.append(Delaying(engine))
        blocked[0].drop_notifications = 1.0
        return blocked[0]

    async with town_at({"data": None, "database_url": url}, wrap) as town:
        rng = random.Random(seed)
        elsa, sara = town.world.elsa, town.world["sara"].seat
        withdraw, assign = ("anna", "consent.withdraw"), ("maria", "seat.assign")
        async with beside(Known(url, town.now(), town.world.people)) as there:
            await there.connect("jonas")
            await there.connect("sara")
            for _ in range(times):
                consent = await town.share()
                await there.holds("jonas", scopes.consent(consent, town.world.units["clinic"]))
                deeds = [(*withdraw, {"consent": consent}), (*assign, {"child": elsa, "person": sara})]
                rng.shuffle(deeds)
                start_s = time.monotonic() + 0.005
                ended = await asyncio.gather(
                    _act(town, start_s + rng.random() * 0.01, *deeds[0]),
                    there.act(start_s + rng.random() * 0.01, *deeds[1][:2], **deeds[1][2]),
                )
                refused = dict(zip((deed[1] for deed in deeds), ended, strict=True))
                assert refused["consent.withdraw"] == ""
                assert refused["seat.assign"] in ("", "consent_required"), refused
                first += not refused["seat.assign"]
                async with town.house.engine.read() as tx:
                    found += await tx.fetch_value(
                        "SELECT count(*) FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE s.name LIKE 'consent:%'"
                    )
                if found:
                    break
                await there.holds_none("consent:")
                if not refused["seat.assign"]:
                    await town.act("maria", "seat.end", child=elsa, person=sara)
    return found, first


async def _act(town: Town, at_s: float, who: str, name: str, args: Mapping[str, Any]) -> str:
    await asyncio.sleep(at_s - time.monotonic())
    try:
        await town.act(who, name, **args)
    except Refused as refused:
        return str(refused)
    return ""


async def test_withdrawal_beside_a_new_seat_leaves_no_grant(postgres_url: str) -> None:
    found, first = await orphans(postgres_url, 30, 1)
    assert found == 0 and 0 < first < 30, first


@pytest.mark.promise(about_s=12)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("tenth", range(10))
async def test_withdrawal_beside_a_new_seat_leaves_no_grant_in_1_000_times(postgres_url: str, tenth: int) -> None:
    found, first = await orphans(postgres_url, 100, tenth)
    assert found == 0 and 0 < first < 100, first
