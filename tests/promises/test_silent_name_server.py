"""P2, P20: a name server that never answers keeps the threads of those who ask it, and nobody's withdrawal or first copy.

Pushes go to services by name. Each that is looked up takes a thread of the loop's own for as long as the name server is
silent, however soon its sender gives up; there are few of them.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.auth.sessions import start_session
from server.domain import scopes
from server.push.channels.fault import ChannelFault
from server.push.channels.webpush import Device
from server.sync.routes import COMPRESSED_ASIDE_BYTES
from tests.push.service import Device as Phone
from tests.site import Site, running_site

THREADS = 3
PATIENCE_S = 20.0
A_WHILE_S = 0.2
MESSAGES = 170
TEXT = "Hej "


class Silent:
    """A name server that says nothing until `speak()`. `asked` is how many threads wait for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = threading.Semaphore(0)
        self._spoken = threading.Event()
        real = socket.getaddrinfo

        def ask(host: str, *args: Any, **more: Any) -> Any:
            if host == "localhost":
                return real(host, *args, **more)
            self.asked.release()
            self._spoken.wait()
            raise socket.gaierror("no such name")

        monkeypatch.setattr(socket, "getaddrinfo", ask)

    def speak(self) -> None:
        self._spoken.set()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A site whose loop has a few threads of its own."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    async with running_site(tmp_path) as site:
        yield site


async def keep_every_thread(site: Site, silent: Silent) -> list[asyncio.Task[int]]:
    """As many pushes as there are threads, each to a service that nobody has asked for yet."""
    keys = Phone("", "x").keys
    sending = [
        asyncio.create_task(site.parts.channel.send(Device(f"https://s{n}.push.apple.com/x", **keys), b"{}", topic="t"))
        for n in range(THREADS)
    ]
    async with asyncio.timeout(PATIENCE_S):
        for _ in sending:
            while not silent.asked.acquire(blocking=False):
                await asyncio.sleep(0.01)
    return sending


async def first_copy(site: Site, token: str) -> tuple[str, int]:
    """How an answer with everything is packed, and its length. By address, so that nothing is looked up for it."""
    port = site.origin.rpartition(":")[2]
    headers = {"Host": f"localhost:{port}", "Origin": site.origin, "Cookie": f"sid={token}", "Accept-Encoding": "br"}
    client = await site.client("anna", connect=False)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"http://127.0.0.1:{port}/sync", json={"frames": [client.hello()]}, headers=headers) as answer,
    ):
        body = await answer.read()
        assert b'"synced"' in body
        return answer.headers.get("Content-Encoding", ""), len(body)


async def test_a_silent_name_server_holds_up_no_withdrawal_and_no_first_copy(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = site.world
    for n in range(MESSAGES):
        await world.stage.act(world["anna"], "message.send", child=world.elsa, text=f"{n} {TEXT * 240}")
    maria, anna, jonas = [await site.client(who) for who in ("maria", "anna", "jonas")]
    terms = {
        "child": world.elsa, "purpose": "coordination", "information_kinds": ["child"], "form": "oral", "also_young": False,
        "to_units": [world.units["clinic"]], "people": [world["jonas"].seat],
        "answers": {world.relations[who]: "yes" for who in ("anna", "omar")},
    }  # fmt: skip
    consent = (await maria.send("consent.record", **terms))["result"]["consent"]
    room = scopes.consent(consent, world.units["clinic"])
    await jonas.until(lambda: room in jonas.copy.scopes)
    async with site.parts.engine.write() as tx:
        token = (await start_session(tx, world["anna"].actor, "test", site.parts.house.clock.now())).token

    silent = Silent(monkeypatch)
    sending = await keep_every_thread(site, silent)
    waiting = asyncio.create_task(asyncio.to_thread(lambda: None))
    try:
        await asyncio.wait({waiting}, timeout=A_WHILE_S)
        assert not waiting.done(), "there is a thread left"
        async with asyncio.timeout(PATIENCE_S):
            assert (await anna.send("consent.withdraw", consent=consent))["ok"]
            await jonas.until(lambda: room not in jonas.copy.scopes)
        assert consent in site.parts.settings.journal_path.read_text(encoding="utf-8")
        async with asyncio.timeout(PATIENCE_S):
            packed, length = await first_copy(site, token)
        assert packed == "br" and length > COMPRESSED_ASIDE_BYTES
        assert not waiting.done(), "the name server has spoken"
    finally:
        silent.speak()
        ended = await asyncio.gather(*sending, return_exceptions=True)
        await waiting
    assert [type(fault) for fault in ended] == [ChannelFault] * THREADS
