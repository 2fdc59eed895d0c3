"""P5 and P3 at the wire itself: a socket torn in the middle of a message, a request and an answer that break off.

Half a command is no command; a whole one is applied once, however often its sender must ask what became of it. Of a socket
that was torn nothing is left at the server.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from server.auth.sessions import start_session
from server.domain.instants import to_text
from server.domain.version import SCHEMA
from server.ids import new_id
from server.sync.routes import SUBPROTOCOL
from tests.site import Site, running_site

TEARS = 3
DEVICES = 12
PATIENCE_S = 20.0
LONG = 126
END = b"\r\n\r\n"
Frame = dict[str, Any]


def message(frame: Frame) -> bytes:
    """A text message as a client sends it (RFC 6455 5.2); a mask of zeros leaves it as it reads."""
    data = json.dumps(frame).encode()
    size = bytes([0x80 | len(data)]) if len(data) < LONG else bytes([0x80 | LONG]) + struct.pack("!H", len(data))
    return b"\x81" + size + bytes(4) + data


class Sender:
    """A device whose connections break, somewhere between two bytes."""

    def __init__(self, site: Site, token: str, rng: random.Random) -> None:
        self.site, self.token, self.rng = site, token, rng
        self.replica = new_id(site.parts.house.clock.now())
        self.counts: Counter[str] = Counter()

    def hello(self) -> Frame:
        return {
            "t": "hello", "protocol": 1, "schema": SCHEMA, "seat": None, "replica": self.replica, "cursors": {},
            "epoch": None, "lang": "sv",
        }  # fmt: skip

    def command(self, n: int) -> Frame:
        now = self.site.parts.house.clock.now()
        args = {"child": self.site.world.elsa, "text": f"Hej {n}"}
        return {"t": "command", "id": new_id(now), "n": n, "name": "message.send", "args": args, "at": to_text(now)}

    async def send(self, n: int) -> None:
        """Until its answer has been read whole: the same id and number each time."""
        command, may_be_done = self.command(n), False
        for _ in range(self.rng.randint(0, TEARS)):
            way = self.rng.choice((self.message_cut, self.copy_cut, self.body_cut, self.answer_cut))
            may_be_done |= await way(command)
            self.counts[way.__name__.replace("_", " ")] += 1
        welcome, *answers = await self.post(self.hello(), command)
        assert welcome["last_n"] in ((n - 1, n) if may_be_done else (n - 1,)), "half a command was taken for one"
        self.counts["decided, and its sender did not know"] += welcome["last_n"] == n
        assert [(one["t"], one["n"]) for one in answers if one.get("id") == command["id"]] == [("ack", n)]

    async def message_cut(self, command: Frame) -> bool:
        whole = message(command)
        return await self.torn(await self.upgraded(), message(self.hello()), whole[: self.rng.randrange(1, len(whole))])

    async def copy_cut(self, command: Frame) -> bool:
        await self.torn(await self.upgraded(), message(self.hello()), message(command), read=self.rng.randint(1, 9_000))
        return True

    async def body_cut(self, command: Frame) -> bool:
        head, body = self.request(self.hello(), command)
        return await self.torn(await self.connected(), head, body[: self.rng.randrange(len(body))])

    async def answer_cut(self, command: Frame) -> bool:
        head, body = self.request(self.hello(), command)
        await self.torn(await self.connected(), head, body, read=self.rng.randint(1, 9_000))
        return True

    async def torn(self, way: tuple[Any, Any], *parts: bytes, read: int = 0) -> bool:
        reader, writer = way
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(self.rng.random() * 0.003)
        if read:
            await asyncio.wait({asyncio.ensure_future(reader.read(read))}, timeout=self.rng.random() * 0.05)
        writer.transport.abort()
        return False

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", int(self.site.origin.rpartition(":")[2]))

    async def upgraded(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await self.connected()
        key = base64.b64encode(os.urandom(16)).decode()
        more = (
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n"
        )
        writer.write(self.head("GET", more))
        answer = await reader.readuntil(END)
        assert b" 101 " in answer.partition(b"\r\n")[0], answer
        return reader, writer

    def head(self, method: str, more: str) -> bytes:
        host = self.site.origin.partition("//")[2]
        return (
            f"{method} /sync HTTP/1.1\r\nHost: {host}\r\nOrigin: {self.site.origin}\r\nCookie: sid={self.token}\r\n{more}"
        ).encode() + b"\r\n"

    def request(self, *frames: Frame) -> tuple[bytes, bytes]:
        body = json.dumps({"frames": frames}).encode()
        return self.head("POST", f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"), body

    async def post(self, *frames: Frame) -> list[Frame]:
        headers = {"Origin": self.site.origin, "Cookie": f"sid={self.token}"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.site.origin}/sync", json={"frames": frames}, headers=headers) as answer,
        ):
            found: list[Frame] = (await answer.json())["frames"]
            return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("commands", [40, pytest.param(500, marks=pytest.mark.promise(about_s=40))])
async def test_half_a_command_is_none_and_a_whole_one_is_applied_once(
    tmp_path: Any, commands: int, tell: Callable[[str], None]
) -> None:
    async with running_site(tmp_path) as site:
        async with site.parts.engine.write() as tx:
            now = site.parts.house.clock.now()
            session = await start_session(tx, site.world["anna"].actor, "test", now)
        sender = Sender(site, session.token, random.Random(5))
        for n in range(1, commands + 1):
            await sender.send(n)
        anna = await site.client("anna")
        held = Counter(
            json.loads(doc)["text"] if isinstance(doc, str | bytes) else doc["text"]
            for scope in anna.copy.scopes.values()
            for (entity, _), (_, doc) in scope.rows.items()
            if entity == "message"
        )
        assert held == {f"Hej {n}": 1 for n in range(1, commands + 1)}
    assert sender.counts["decided, and its sender did not know"] > commands / 10, sender.counts
    tell(", ".join(f"{what} {times}" for what, times in sorted(sender.counts.items())))


@pytest.mark.parametrize("half", [True, False])
async def test_a_torn_socket_leaves_nothing_behind(tmp_path: Any, half: bool) -> None:
    """Each of a device of its own, so that no other takes its place; torn in a command or after a whole one."""
    async with running_site(tmp_path) as site:
        async with site.parts.engine.write() as tx:
            session = await start_session(tx, site.world["anna"].actor, "test", site.parts.house.clock.now())
        anna = await site.client("anna")
        ways = []
        for n in range(DEVICES):
            sender = Sender(site, session.token, random.Random(n))
            way, whole = await sender.upgraded(), message(sender.command(1))
            way[1].write(message(sender.hello()))
            ways.append((way, whole[: sender.rng.randrange(1, len(whole))] if half else whole))
        await becomes(lambda: len(site.parts.hub.replicas) == 1 + DEVICES)
        for (_, writer), part in ways:
            writer.write(part)
            await writer.drain()
            writer.transport.abort()
        await becomes(lambda: site.parts.hub.sockets == len(site.parts.hub.replicas) == 1)
        assert (await anna.send("noop"))["ok"]


async def becomes(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)
