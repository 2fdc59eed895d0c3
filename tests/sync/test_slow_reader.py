"""A reader that does not read: closed at a bounded queue, delaying nobody, and caught up afterwards (PROTOCOL.md 8)."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from server.domain import scopes
from server.domain.instants import to_text
from server.ids import new_id
from server.sync import hub, outgoing, pull
from tests.load.wire import Wire
from tests.site import Site

DOCUMENT_BYTES = 30_000
LARGE = "01a0ccbd-1999-7a56-a911-dc4a3b2eee21"
CHANGES = 240
"""More than the system's own buffers on both sides take, and the bound of the queue on top of it."""


class Reader:
    """A device of Maria's and the last version it has of her child's scope."""

    def __init__(self, wire: Wire, scope: str) -> None:
        self.wire, self.scope = wire, scope
        self.ended: str | None = None
        wire.on_frame = self._take

    def _take(self, payload: bytes, _at: float) -> None:
        if payload.startswith(b'{"t":"bye"'):
            self.ended = json.loads(payload)["reason"]

    def has(self, version: int) -> bool:
        return self.cursor >= version

    @property
    def cursor(self) -> int:
        return self.wire.cursors.get(self.scope, 0)


async def reader(site: Site, scope: str) -> Reader:
    client = await site.client("maria", connect=False)
    (cookie,) = [one.value for one in client._http.cookie_jar]
    wire = Wire(int(site.origin.rpartition(":")[2]), cookie, client.replica)
    return Reader(wire, scope)


async def changed(site: Site, scope: str) -> int:
    """The scope's next version: one large document anew, announced like any other commit."""
    house = site.parts.house
    now = to_text(house.clock.now())
    async with house.engine.write() as tx:
        id, version = await _raised(tx, scope)
        await tx.execute(
            "INSERT INTO feed (scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at)"
            " VALUES ($1, 'message', $2, $3, $4, '', 'slow', $5) ON CONFLICT (scope_id, entity, doc_id)"
            " DO UPDATE SET version = excluded.version, doc = excluded.doc",
            id,
            LARGE,
            version,
            json.dumps({"id": LARGE, "text": "x" * DOCUMENT_BYTES}, separators=(",", ":")),
            now,
        )
        await tx.execute("INSERT INTO touched (scope_id, at) VALUES ($1, $2)", id, now)
    await house.committed()
    return version


async def _raised(tx: Any, scope: str) -> tuple[int, int]:
    await tx.execute("UPDATE scope SET version = version + 1 WHERE name = $1", scope)
    row = await tx.fetch_one("SELECT id, version FROM scope WHERE name = $1", scope)
    return int(row[0]), int(row[1])


async def until(what: Any, within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while not what():
            await asyncio.sleep(0.01)


async def both(site: Site) -> tuple[Reader, Reader, str]:
    """(one who reads, one who has stopped reading, their scope)"""
    scope = scopes.coordinator(site.world.elsa, site.world.units["school"])
    quick, slow = await reader(site, scope), await reader(site, scope)
    await quick.wire.open()
    await quick.wire.hello()
    await slow.wire.open(receive_buffer=4096)
    await slow.wire.hello()
    slow.wire.pause()
    return quick, slow, scope


async def test_slow_reader_is_closed_at_a_bounded_queue_and_delays_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "GOODBYE_S", 0.5)
    quick, slow, scope = await both(site)
    (stuck,) = [one for one in site.parts.hub.everybody() if one.session != _session_of(site, quick)]
    most, version = 0, 0
    for _ in range(CHANGES):
        version = await changed(site, scope)
        most = max(most, stuck._bytes)  # type: ignore[attr-defined]
        await until(partial(quick.has, version))
    await until(lambda: site.parts.hub.sockets == 1)
    assert most <= outgoing.MOST_LIVE_BYTES + outgoing.PACED_BYTES + 2 * DOCUMENT_BYTES
    slow.wire.resume()
    await asyncio.wait_for(slow.wire.lost(), 20)
    assert slow.cursor < version and slow.ended in (None, "too_slow")
    await slow.wire.open()
    await slow.wire.hello()
    assert slow.cursor == quick.cursor == version
    for one in (quick, slow):
        await one.wire.close()


async def test_reader_that_takes_nothing_for_long_is_cut_without_an_overflow(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "NOTHING_TAKEN_S", 2.0)
    monkeypatch.setattr(outgoing, "MOST_LIVE_BYTES", 1 << 30)
    monkeypatch.setattr(outgoing, "MOST_LIVE_FRAMES", 1 << 30)
    quick, slow, scope = await both(site)
    for _ in range(CHANGES):
        version = await changed(site, scope)
    await until(partial(quick.has, version))
    await until(lambda: site.parts.hub.sockets == 1)
    slow.wire.resume()
    await asyncio.wait_for(slow.wire.lost(), 20)
    await quick.wire.close()


def _session_of(site: Site, one: Reader) -> str:
    hub = site.parts.hub
    listener = hub.replicas[one.wire.replica]
    return listener.session


async def test_everybody_back_at_once_is_admitted_a_few_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = most = 0
    read = pull.held_scopes

    async def counted(*args: Any, **more: Any) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            await asyncio.sleep(0.01)
            return await read(*args, **more)
        finally:
            inside -= 1

    monkeypatch.setattr(pull, "held_scopes", counted)
    client = await site.client("maria", connect=False)
    (cookie,) = [one.value for one in client._http.cookie_jar]
    port, now = int(site.origin.rpartition(":")[2]), site.parts.house.clock.now()
    wires = [Wire(port, cookie, new_id(now)) for _ in range(60)]

    async def back(wire: Wire) -> None:
        await wire.open()
        await wire.hello()

    await asyncio.wait_for(asyncio.gather(*map(back, wires)), 60)
    assert site.parts.hub.sockets == len(wires) and 1 < most <= hub.AT_ONCE
    for wire in wires:
        await wire.close()
    await until(lambda: site.parts.hub.sockets == 0)
