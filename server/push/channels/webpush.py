"""Web push: encrypted to the device, signed by us, posted once, never redirected, never to an inner address.

pywebpush encrypts and signs; the request is our own, because its sending follows redirects, has no time limit and a
lifetime of zero. Source: stack.md, promises.md P8.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from py_vapid import Vapid02
from pywebpush import WebPusher

from server import metrics
from server.push import plan
from server.push.channels.fault import ChannelFault
from server.push.keys import PushKey

TIMEOUT_S = 15.0
SIGNED_MOST = 256
"""Services whose signature is kept: an entry `*.name` of the allow-list lets devices name ever new ones."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where and to whom: a browser's subscription."""

    endpoint: str
    p256dh: str
    auth: str


Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def inner(ip: Address) -> Address:
    """The address that packets end up at: an IPv4 address may be wrapped in one of IPv6, and be anything."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only: a name of ours, or of the inner network, is never contacted."""

    def __init__(self, allow_loopback: bool) -> None:
        self._inner = ThreadedResolver()
        self._allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = [one for one in await self._inner.resolve(host, port, family) if self._is_public(one["host"])]
        if not found:
            raise OSError("no public address")
        return found

    def _is_public(self, address: str) -> bool:
        ip = inner(ipaddress.ip_address(address.partition("%")[0]))
        return (ip.is_global and not ip.is_multicast) or (self._allow_loopback and ip.is_loopback)

    async def close(self) -> None:
        await self._inner.close()


class WebPush:
    """Sends to browsers. `subject` is an address a push service may turn to."""

    def __init__(
        self, key: PushKey, *, hosts: tuple[str, ...], subject: str, local: bool, now: Callable[[], datetime]
    ) -> None:
        self._vapid = Vapid02.from_raw(key.private_text.encode())
        self._hosts, self._local, self._now = hosts, local, now
        # The signer takes only these two; a site without TLS is on this machine and has nobody to turn to.
        self._subject = subject if subject.startswith(("mailto:", "https://")) else "mailto:nobody@localhost"
        self._http: aiohttp.ClientSession | None = None
        self._signed: dict[str, tuple[float, str]] = {}

    def allows(self, endpoint: str) -> bool:
        return plan.allowed_endpoint(endpoint, self._hosts, local=self._local)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def send(
        self, device: Device, data: bytes, *, topic: str, ttl_s: int = plan.TTL_S, urgent: bool = False
    ) -> int:
        """The status of a service that took it. Raises `ChannelFault`."""
        if not self.allows(device.endpoint):
            raise ChannelFault(permanent=True)
        # Fifth of a millisecond: a thread costs as much again. Its turns are single, so nobody waits for hundreds.
        await asyncio.sleep(0)
        sealed, signature = self.sealed(device, data)
        headers = {
            "ttl": str(ttl_s),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "urgency": "high" if urgent else "normal",
            "topic": topic[:32],
            "authorization": signature,
        }
        try:
            async with self._session().post(
                device.endpoint,
                data=sealed,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            ) as answer:
                status, retry_after = answer.status, answer.headers.get("retry-after")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            metrics.push(0)
            raise ChannelFault(permanent=False) from error
        metrics.push(status)
        fault = plan.fault_of(status, retry_after, self._now())
        if fault is not None:
            raise fault
        return status

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            connector = aiohttp.TCPConnector(resolver=PublicResolver(self._local), limit=64, ttl_dns_cache=60)
            self._http = aiohttp.ClientSession(
                connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._http

    def sealed(self, device: Device, data: bytes) -> tuple[bytes, str]:
        """(encrypted to the device, the signature for its service). Raises `ChannelFault` for keys that are none."""
        try:
            keys = {"p256dh": device.p256dh, "auth": device.auth}
            sealed = WebPusher({"endpoint": device.endpoint, "keys": keys}).encode(data)["body"]
        except Exception as error:
            # Whatever a device gave us for a key: it can never be sent to.
            raise ChannelFault(permanent=True) from error
        return sealed, self._signature(device.endpoint)

    def _signature(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        now = self._now().timestamp()
        known = self._signed.get(audience)
        if known is None or known[0] < now + 3600:
            if len(self._signed) >= SIGNED_MOST:
                self._signed.clear()
            expires = now + 12 * 3600
            # A new dict each time: the signer writes into it.
            claims: dict[str, Any] = {"aud": audience, "sub": self._subject, "exp": int(expires)}
            known = self._signed[audience] = (expires, str(self._vapid.sign(claims)["Authorization"]))
        return known[1]
