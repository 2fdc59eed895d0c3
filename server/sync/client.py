"""A Python client: the protocol from the other side, for tests, load and operators. Keeps its copy in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from server.clock import Clock, SystemClock
from server.domain.version import PROTOCOL, SCHEMA
from server.ids import new_id
from server.sync.replica import Copy, Gap


class Refused(Exception):
    """The server said no; `nack` is the frame."""

    def __init__(self, nack: Mapping[str, Any]) -> None:
        super().__init__(nack["code"])
        self.nack = nack


class Ended(Exception):
    """The connection is over; `reason` is that of the goodbye, or empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Client:
    """One device: a session's cookie, one replica, one outbox counter."""

    def __init__(self, origin: str, *, clock: Clock | None = None) -> None:
        self.origin = origin
        self.copy = Copy()
        self.seat: str | None = None
        self.on_frame: Callable[[dict[str, Any]], None] | None = None
        self.ended: str | None = None
        self._clock = clock or SystemClock()
        self.replica = new_id(self._clock.now())
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._n = 0
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()

    async def sign_in(self, persona: str, *, seat: str | None = None, assurance: str = "eid") -> None:
        """Signs in as a persona of the demonstration."""
        body = {"persona": persona, "assurance": assurance} | ({"seat": seat} if seat else {})
        async with self._http.post(f"{self.origin}/auth/demo", json=body, headers={"Origin": self.origin}) as answer:
            if answer.status != 204:
                raise Ended(f"sign-in: {answer.status}")

    async def sign_out(self) -> None:
        """Ends the session, for this device."""
        async with self._http.post(f"{self.origin}/auth/sign-out", json={}, headers={"Origin": self.origin}) as answer:
            if answer.status != 204:
                raise Ended(f"sign-out: {answer.status}")

    def use_cookie(self, name: str, value: str) -> None:
        """Uses a session made elsewhere."""
        self._http.cookie_jar.update_cookies({name: value})

    async def connect(self) -> None:
        """Opens the socket, says hello and returns when everything is there. An older one is closed first, unheard."""
        await self.close()
        self.ended = None
        self.copy.synced = False
        self._socket = await self._http.ws_connect(
            f"{self.origin.replace('http', 'ws', 1)}/sync",
            protocols=["samled.sync.v1"],
            headers={"Origin": self.origin},
            max_msg_size=0,
        )
        await self._socket.send_str(json.dumps(self.hello()))
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.until(lambda: self.copy.synced)

    def hello(self) -> dict[str, Any]:
        """The first frame."""
        return {
            "t": "hello",
            "protocol": PROTOCOL,
            "schema": SCHEMA,
            "seat": self.seat,
            "replica": self.replica,
            "cursors": self.copy.cursors(),
            "epoch": self.copy.epoch,
            "lang": "sv",
        }

    async def post(self, *frames: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One `POST /sync`: its frames, applied."""
        async with self._http.post(
            f"{self.origin}/sync", json={"frames": [self.hello(), *frames]}, headers={"Origin": self.origin}
        ) as answer:
            got: list[dict[str, Any]] = (await answer.json())["frames"]
        for frame in got:
            self._take(frame)
        return got

    async def close(self) -> None:
        """Closes the socket; the copy stays."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._reader

    async def leave(self) -> None:
        """Closes everything."""
        await self.close()
        await self._http.close()

    def next_command(self, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """A command with the next number."""
        self._n = max(self._n, self.copy.last_n) + 1
        now = self._clock.now()
        at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"t": "command", "id": new_id(now), "n": self._n, "name": name, "args": dict(args), "at": at}

    async def send(self, name: str, **args: Any) -> dict[str, Any]:
        """Sends a command and returns its ack, once its effect is in the copy. Raises `Refused`, `Ended`."""
        ack = await self.deliver(self.next_command(name, args))
        await self.until(
            lambda: all(
                self.copy.scopes[scope].cursor >= version
                for scope, version in ack["at"].items()
                if scope in self.copy.scopes
            )
        )
        return ack

    async def deliver(self, frame: Mapping[str, Any]) -> dict[str, Any]:
        """Sends one command frame and waits for its answer. Raises `Refused`, `Ended`."""
        if self._socket is None or self.ended is not None:
            raise Ended(self.ended or "")
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[frame["id"]] = answer
        await self._socket.send_str(json.dumps(frame))
        got = await answer
        if got["t"] == "nack":
            raise Refused(got)
        return got

    async def tell(self, frame: Mapping[str, Any]) -> None:
        """Sends any other frame."""
        assert self._socket is not None
        await self._socket.send_str(json.dumps(frame))

    async def until(self, condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Waits until the copy satisfies `condition`. Raises `Ended` or TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                if self.ended is not None:
                    raise Ended(self.ended)
                self._changed.clear()
                await self._changed.wait()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        reason = ""
        try:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                frame = json.loads(message.data)
                if frame["t"] == "bye":
                    reason = frame["reason"]
                lost = self._take(frame)
                if lost:
                    await socket.send_str(json.dumps({"t": "dropped", "scopes": lost}))
        except (Gap, ConnectionError):
            await socket.close()
        finally:
            self.ended = reason
            self._changed.set()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Ended(reason))
            self._waiting.clear()

    def _take(self, frame: dict[str, Any]) -> list[str]:
        lost = self.copy.apply(frame)
        if frame["t"] in ("ack", "nack"):
            answer = self._waiting.pop(frame["id"], None)
            if answer is not None and not answer.done():
                answer.set_result(frame)
        if self.on_frame is not None:
            self.on_frame(frame)
        self._changed.set()
        return lost
