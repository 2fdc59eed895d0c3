"""The headers every response carries, errors included.

Wraps the whole application rather than a route, so that a page nobody thought of is covered too.
Nothing may run, load or be framed unless it comes from here; nothing is cached unless a handler said so.
Source: promises.md P10; OWASP ASVS 3.4.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_HASH = re.compile(r"'?(sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2})'?")
_PERMISSIONS = (
    *(
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
    ),
    *(
        "geolocation",
        "gyroscope",
        "hid",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
    ),
    *("usb", "xr-spatial-tracking"),
)
_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"origin-agent-cluster", b"?1"),
    (b"x-frame-options", b"DENY"),
    (
        b"permissions-policy",
        ", ".join(
            [
                *(f"{name}=()" for name in _PERMISSIONS),
                "publickey-credentials-get=(self)",
                "fullscreen=(self)",
            ]
        ).encode(),
    ),
)


def style_hash(css: str) -> str:
    """The source expression that allows exactly this inline style block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def read_csp_hashes(dist: Path) -> tuple[list[str], list[str]]:
    """(style, script) hashes the client's build wrote into `csp.json`; empty when there is none.

    The build is trusted, its bytes are not copied blindly: what is no hash is left out.
    """
    path = dist / "csp.json"
    if not path.is_file():
        return [], []
    document = json.loads(path.read_text(encoding="utf-8"))

    def hashes(key: str) -> list[str]:
        found = (_HASH.fullmatch(str(value)) for value in document.get(key, []))
        return [match.group(1) for match in found if match]

    return hashes("style"), hashes("script")


@dataclass(frozen=True)
class HeaderPolicy:
    """What goes into the set. `origin` is the public address (`https://…`), `""` while it is unknown."""

    origin: str = ""
    style_hashes: tuple[str, ...] = ()
    script_hashes: tuple[str, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = field(init=False)

    def __post_init__(self) -> None:
        fixed = [(b"content-security-policy", self.csp().encode()), *_FIXED]
        if self.is_https():
            fixed.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        object.__setattr__(self, "headers", tuple(fixed))

    def is_https(self) -> bool:
        """Whether the public address is https; only then may a browser be told to insist on it."""
        return self.origin.startswith("https://")

    def csp(self) -> str:
        """The content security policy."""
        style = " ".join(["'self'", *(f"'{value}'" for value in self.style_hashes)])
        script = " ".join(["'self'", *(f"'{value}'" for value in self.script_hashes)])
        connect = "'self'"
        if host := urlsplit(self.origin).netloc:
            # Older Safari does not count a socket to the own host as 'self'.
            connect += f" {'wss' if self.is_https() else 'ws'}://{host}"
        parts = [
            "default-src 'none'",
            f"script-src {script}",
            f"style-src {style}",
            "img-src 'self' data:",
            f"connect-src {connect}",
            "font-src 'none'",
            "object-src 'none'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types samled",
        ]
        return "; ".join([*parts, "upgrade-insecure-requests"] if self.is_https() else parts)


class SecureHeaders:
    """ASGI: adds the set to every response, a refused socket handshake included."""

    def __init__(self, app: ASGIApp, policy: HeaderPolicy) -> None:
        self.app = app
        self._headers = policy.headers
        self._names = frozenset(name for name, _ in policy.headers)

    def _added(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """A response's own headers and the set; what the set holds cannot be overruled."""
        own = [(name.lower(), value) for name, value in headers]
        kept = [pair for pair in own if pair[0] not in self._names and pair[0] != b"server"]
        if not any(name == b"cache-control" for name, _ in kept):
            kept.append((b"cache-control", b"no-store"))
        return [*kept, *self._headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        accepted = False

        async def with_headers(message: Message) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not accepted and "websocket.http.response" in extensions:
                # Left to itself the server would answer the handshake with a bare 403.
                refusal: Any = {"type": "websocket.http.response.start", "status": 403, "headers": self._added([])}
                await send(refusal)
                body: Any = {"type": "websocket.http.response.body", "body": b"", "more_body": False}
                await send(body)
                return
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                answer: Any = {**message, "headers": self._added(message.get("headers", ()))}
                await send(answer)
                return
            await send(message)

        extensions = scope.get("extensions") or {}
        await self.app(scope, receive, with_headers)


def install(app: Litestar, policy: HeaderPolicy) -> Litestar:
    """The same application with the set on all it answers, routing errors and failures included."""
    app.asgi_handler = SecureHeaders(app.asgi_handler, policy)
    return app
