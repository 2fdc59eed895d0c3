"""SMS: one short neutral text to a confirmed number, through a supplier's HTTP address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from server import metrics
from server.push import plan
from server.push.channels.fault import ChannelFault

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who delivers texts: an address that takes `{id, to, from, text}` as JSON with a bearer token."""

    url: str
    token: str = field(repr=False)
    sender: str


class HttpSms:
    """Hands texts to one supplier. Any 2xx means taken; 429 and 5xx are tried again."""

    def __init__(self, supplier: Supplier, now: Callable[[], datetime]) -> None:
        self._supplier, self._now = supplier, now
        self._http: aiohttp.ClientSession | None = None

    async def send(self, address: str, text: str, *, id: str, lang: str) -> None:
        """Returns when the supplier has taken it. Raises `ChannelFault`."""
        headers = {"authorization": f"Bearer {self._supplier.token}", "idempotency-key": id}
        sent = {"id": id, "to": address, "from": self._supplier.sender, "text": text}
        try:
            async with self._session().post(
                self._supplier.url,
                json=sent,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            ) as answer:
                status, retry_after = answer.status, answer.headers.get("retry-after")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            metrics.message("sms", "put_off")
            raise ChannelFault(permanent=False) from error
        fault = None if 200 <= status < 300 else plan.fault_of(status, retry_after, self._now())
        if fault is not None and status in (401, 403):
            # Our own right to send, not this number: it is mended by whoever runs the house.
            fault = ChannelFault(permanent=False, status=status)
        metrics.message("sms", "sent" if fault is None else "failed" if fault.permanent else "put_off")
        if fault is not None:
            raise fault

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._http
