"""A push service of our own: real sockets, really decrypts (RFC 8188, 8291) and verifies who signed (RFC 8292).

Each device has its own address, key pair and a list of answers to give; when the list is empty, 201.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import http_ece
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from multidict import CIMultiDict

MOST_BYTES = 4096
RESET, HANG, REDIRECT = "reset", "hang", "redirect"
Answer = int | str | tuple[int, dict[str, str]]
"""A status, a status with headers, or one of the three misbehaviours."""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Got:
    """One post that arrived: everything a push service, and then the device, can see."""

    at: datetime
    status: int
    path: str
    headers: CIMultiDict[str]
    sealed: bytes
    payload: dict[str, Any] = field(default_factory=dict)
    asked_s: str = "0"
    """The pause that the answer asked for."""


class Device:
    """A browser's subscription, from its own side."""

    def __init__(self, origin: str, name: str) -> None:
        self.name = name
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.endpoint = f"{origin}/push/{name}"
        self.answers: list[Answer] = []
        self.under_way = self.at_once = 0
        """How many posts there are now, and have been at once."""
        self.got: list[Got] = []

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": b64(point), "auth": b64(self.secret)}

    def open(self, sealed: bytes) -> dict[str, Any]:
        """What the device reads."""
        plain = http_ece.decrypt(sealed, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(plain)
        return found

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The payloads that were accepted, without the confirmations."""
        return [got.payload for got in self.got if got.status == 201 and "confirm" not in got.payload]

    @property
    def tokens(self) -> list[str]:
        """The confirmations that were accepted."""
        return [got.payload["confirm"] for got in self.got if got.status == 201 and "confirm" in got.payload]


class PushService:
    """Where it answers, its devices, everything that came, and what was wrong with it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.origin = ""
        self.devices: dict[str, Device] = {}
        self.faults: list[str] = []
        self.connections = 0
        self.strangers: list[str] = []
        self._known: set[str] = set()
        self.when_taken: Callable[[str, dict[str, Any]], None] = lambda device, payload: None
        self.slow_s = 0.0
        self.opens = True
        """False: takes the bytes unread, for measuring."""
        self.count = 0
        self.under_way = 0
        """Posts that somebody waits for now."""

    def device(self, name: str = "", **more: Any) -> Device:
        """A new subscription."""
        made = Device(self.origin, name or f"d{len(self.devices)}")
        self.devices[made.name] = made
        return made

    async def take(self, request: web.Request) -> web.StreamResponse:
        sealed = await request.read()
        self.count += 1
        self.under_way += 1
        try:
            return await self._answer(request, sealed)
        finally:
            self.under_way -= 1

    async def _answer(self, request: web.Request, sealed: bytes) -> web.StreamResponse:
        device = self.devices.get(request.match_info["name"])
        if device is None:
            self.strangers.append(request.path)
            return web.Response(status=404)
        device.under_way += 1
        device.at_once = max(device.at_once, device.under_way)
        try:
            await asyncio.sleep(self.slow_s)
            return await self._take(device, request, sealed)
        finally:
            device.under_way -= 1

    async def _take(self, device: Device, request: web.Request, sealed: bytes) -> web.StreamResponse:
        try:
            self.verify(request.headers.get("authorization", ""))
            ttl = int(request.headers["ttl"])
            assert 0 < ttl <= 86_400 and request.headers["content-encoding"] == "aes128gcm"
            assert len(request.headers.get("topic", "")) <= 32
            payload = device.open(sealed) if self.opens else {}
        except (AssertionError, KeyError, ValueError, InvalidSignature, http_ece.ECEException) as fault:
            self.faults.append(repr(fault))
            return web.Response(status=400)
        answer: Answer = device.answers.pop(0) if device.answers else 201
        if len(sealed) > MOST_BYTES:
            answer = 413
        status, headers = (
            (answer if isinstance(answer, tuple) else (answer, {}))
            if answer
            not in (
                RESET,
                HANG,
                REDIRECT,
            )
            else (0, {})
        )
        got = Got(self.now(), int(status), request.path, CIMultiDict(request.headers), sealed, payload)
        got.asked_s = headers.get("retry-after", "0")
        device.got.append(got)
        if answer == 201:
            self.when_taken(device.name, payload)
        if answer == RESET:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        if answer == HANG:
            await asyncio.sleep(60)
            return web.Response(status=201)
        if answer == REDIRECT:
            got.status = 307
            return web.Response(status=307, headers={"location": f"{self.origin}/push/elsewhere"})
        return web.Response(status=int(status), headers=headers)

    def verify(self, header: str) -> None:
        """The signature names this service and ends within a day. Raises for anything else."""
        if header in self._known:
            return
        scheme, _, rest = header.partition(" ")
        assert scheme.lower() == "vapid", header
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = parts["t"].split(".")
        assert json.loads(unb64(head))["alg"] == "ES256"
        raw = unb64(signature)
        der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        told = json.loads(unb64(claims))
        assert told["aud"] == self.origin, told
        assert 0 < told["exp"] - self.now().timestamp() <= 86_400, told
        assert told["sub"].startswith(("mailto:", "https:")), told
        self._known.add(header)


@asynccontextmanager
async def push_service(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AsyncIterator[PushService]:
    """A running service on a free port of this machine."""
    service = PushService(now)

    @web.middleware
    async def counted(request: web.Request, handler: Any) -> web.StreamResponse:
        service.connections += 1
        answer: web.StreamResponse = await handler(request)
        return answer

    app = web.Application(client_max_size=1 << 20, middlewares=[counted])
    app.router.add_post("/push/{name}", service.take)
    # Whoever gives up or dies is not answered any more.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    service.origin = f"http://127.0.0.1:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
