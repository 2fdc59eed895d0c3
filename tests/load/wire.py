"""A socket as lean as it gets, so that what is measured is the server: frames stay raw and come with their instant."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from server.domain.version import PROTOCOL, SCHEMA

Take = Callable[[bytes, float], None]
"""(a frame's payload, the instant it arrived in seconds)"""


class Wire(asyncio.Protocol):
    """One socket with its cookie and replica. `on_frame` sees each text frame; `received` counts bytes as they came."""

    def __init__(self, port: int, cookie: str, replica: str) -> None:
        self.port, self.cookie, self.replica = port, cookie, replica
        self.received = 0
        self.on_frame: Take | None = None
        self.cursors: dict[str, int] = {}
        self.epoch: str | None = None
        self._n = 0
        self._buffer = bytearray()
        self._open = False
        self._transport: asyncio.Transport | None = None
        self._lost: asyncio.Event | None = None
        self._opened: asyncio.Future[None] | None = None
        self._synced: asyncio.Future[float] | None = None
        self._answers: dict[str, asyncio.Future[tuple[dict[str, Any], float]]] = {}
        self.ended: str | None = None

    async def open(self, *, receive_buffer: int | None = None) -> None:
        """The handshake; with a small `receive_buffer` (bytes), whoever does not read is soon noticed."""
        loop = asyncio.get_running_loop()
        self._opened, self._lost = loop.create_future(), asyncio.Event()
        self._buffer.clear()
        self._open, self.ended = False, None
        own = socket.socket()
        own.setblocking(False)
        if receive_buffer is not None:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await loop.sock_connect(own, ("127.0.0.1", self.port))
        await loop.create_connection(lambda: self, sock=own)
        await self._opened

    def pause(self) -> None:
        """Takes nothing off the wire from now on."""
        assert self._transport is not None
        self._transport.pause_reading()

    def resume(self) -> None:
        assert self._transport is not None
        self._transport.resume_reading()

    async def hello(self) -> float:
        """Says hello with the cursors held; returns when `synced` came, as an instant."""
        self._synced = asyncio.get_running_loop().create_future()
        self.say(
            {
                "t": "hello",
                "protocol": PROTOCOL,
                "schema": SCHEMA,
                "seat": None,
                "replica": self.replica,
                "cursors": self.cursors,
                "epoch": self.epoch,
                "lang": "sv",
            }
        )
        return await self._synced

    async def command(self, id: str, name: str, args: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
        """(the answer, the instant it came)"""
        self._n += 1
        answer = self._answers[id] = asyncio.get_running_loop().create_future()
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.say({"t": "command", "id": id, "n": self._n, "name": name, "args": dict(args), "at": at})
        return await answer

    def say(self, frame: Mapping[str, Any]) -> None:
        """One text frame, masked with zeros."""
        data = json.dumps(frame, separators=(",", ":")).encode()
        size = len(data)
        head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + size.to_bytes(2, "big")
        assert self._transport is not None
        self._transport.write(head + b"\0\0\0\0" + data)

    async def close(self) -> None:
        """Ends the connection at once; another may be opened after it."""
        if self._transport is not None and self._lost is not None:
            self._transport.abort()
            await self._lost.wait()

    async def lost(self) -> None:
        """Returns when the connection is over."""
        assert self._lost is not None
        await self._lost.wait()

    # --- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (
                f"GET /sync HTTP/1.1\r\nHost: localhost:{self.port}\r\nOrigin: http://localhost:{self.port}\r\n"
                f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: samled.sync.v1\r\n"
                f"Cookie: sid={self.cookie}\r\n\r\n"
            ).encode()
        )

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self.received += len(data)
        self._buffer += data
        if not self._open and not self._handshake():
            return
        while (frame := self._next()) is not None:
            kind, payload = frame
            if kind == 9:
                assert self._transport is not None
                self._transport.write(bytes([0x8A, 0x80 | len(payload)]) + b"\0\0\0\0" + payload)
            elif kind == 1:
                self._take(payload, at)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = self.ended or ""
        if self._lost is not None:
            self._lost.set()
        for waiting in (self._opened, self._synced, *self._answers.values()):
            if waiting is not None and not waiting.done():
                waiting.set_exception(ConnectionError(self.ended))
        self._answers.clear()

    def _handshake(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        assert self._opened is not None
        if b" 101 " not in self._buffer[:20]:
            self._opened.set_exception(ConnectionError(bytes(self._buffer[:40])))
            return False
        del self._buffer[: end + 4]
        self._open = True
        self._opened.set_result(None)
        return True

    def _next(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < max(start, start + size):
            return None
        payload = bytes(buffer[start : start + size])
        kind = buffer[0] & 15
        del buffer[: start + size]
        return kind, payload

    def _take(self, payload: bytes, at: float) -> None:
        if self.on_frame is not None:
            self.on_frame(payload, at)
        kind = payload[6:12]
        if kind.startswith(b"synced"):
            if self._synced is not None and not self._synced.done():
                self._synced.set_result(at)
        elif kind.startswith(b"ack") or kind.startswith(b"nack"):
            answer = json.loads(payload)
            waiting = self._answers.pop(answer["id"], None)
            if waiting is not None:
                waiting.set_result((answer, at))
        elif kind.startswith(b"delta"):
            head = json.loads(payload[: payload.index(b',"rows":[')].replace(b',"rows":[', b"") + b"}")
            self.cursors[head["scope"]] = head["to"]
        elif kind.startswith(b"welco"):
            self.epoch = json.loads(payload)["epoch"]
        elif kind.startswith(b"bye"):
            self.ended = str(json.loads(payload)["reason"])
