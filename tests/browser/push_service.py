"""A push service as Mozilla's is, on this machine: Firefox keeps a socket to it, and takes what is posted to an address.

It carries sealed bytes and never opens them; the browser does. Spoken as in Mozilla's autopush: hello, register,
unregister, notification, ack, over one WebSocket.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import WSMsgType, web

T = TypeVar("T")


@dataclass
class Channel:
    """One subscription of the browser, and what it said of each message: 100 is shown to the worker, 102 unreadable."""

    id: str
    gone: bool = False
    sealed: list[bytes] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


class PushService:
    """Runs on a thread of its own from `with` to its end."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.port = 0
        self._browser = ""
        self._socket: web.WebSocketResponse | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def host(self) -> str:
        """As the server's list of push services names it."""
        return f"127.0.0.1:{self.port}"

    @property
    def preferences(self) -> dict[str, str | bool]:
        """What Firefox is told."""
        return {
            "dom.push.serverURL": f"ws://{self.host}/",
            "dom.push.testing.allowInsecureServerURL": True,
            "dom.push.connection.enabled": True,
        }

    @property
    def live(self) -> list[Channel]:
        """Subscriptions that have not been given up, oldest first."""
        return [one for one in self.channels.values() if not one.gone]

    def forget_browser(self) -> None:
        """As after a loss: the browser is told that it is a new one, and all its subscriptions are gone."""
        self._browser = ""
        for channel in self.channels.values():
            channel.gone = True
        assert self._socket is not None
        self._run(self._socket.close())

    def until(self, condition: Any, what: str, timeout_s: float = 60.0) -> None:
        """Waits. Raises: `AssertionError`."""
        until = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < until, f"not within {timeout_s} s: {what}"
            time.sleep(0.05)

    # ---- the browser's side

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        self._socket = socket
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            told = json.loads(message.data)
            answer = self._answer(told)
            if answer is not None:
                await socket.send_json(answer)
        return socket

    def _answer(self, told: dict[str, Any]) -> dict[str, Any] | None:
        kind = told.get("messageType")
        if kind == "hello":
            if not self._browser or told.get("uaid") != self._browser:
                self._browser = uuid.uuid4().hex
            return {"messageType": kind, "status": 200, "uaid": self._browser, "use_webpush": True, "broadcasts": {}}
        if kind == "register":
            id = told["channelID"]
            self.channels[id] = Channel(id)
            address = f"http://{self.host}/wpush/v2/{id}"
            return {"messageType": kind, "status": 200, "channelID": id, "pushEndpoint": address}
        if kind == "unregister":
            self.channels[told["channelID"]].gone = True
            return {"messageType": kind, "status": 200, "channelID": told["channelID"]}
        if kind == "ack":
            for update in told["updates"]:
                self.channels[update["channelID"]].codes[update["version"]] = update.get("code", 100)
        return {} if kind is None else None

    # ---- the sender's side

    async def _post(self, request: web.Request) -> web.Response:
        channel = self.channels.get(request.match_info["id"])
        if channel is None or channel.gone:
            return web.Response(status=410)
        sealed = await request.read()
        channel.sealed.append(sealed)
        await self._hand_over(channel, sealed)
        return web.Response(status=201)

    async def _hand_over(self, channel: Channel, sealed: bytes) -> None:
        assert self._socket is not None, "no browser is here"
        told = {"messageType": "notification", "channelID": channel.id, "version": f"v{len(channel.sealed)}"}
        data = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        with_data = {"data": data, "headers": {"encoding": "aes128gcm"}} if sealed else {}
        await self._socket.send_json({**told, **with_data})

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/", self._talk)
        app.router.add_post("/wpush/v2/{id}", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)
