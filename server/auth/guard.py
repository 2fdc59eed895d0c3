"""The gate: which requests may carry a person's session, decided from Origin, Sec-Fetch-Site and Host alone.

Cookies travel with any request a browser makes, also one that another site made it send; Litestar checks
neither the Origin of a socket nor, for JSON, anything else. So every unsafe request and every socket passes
here first. Source: sync-protocol.md 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": 80, "https": 443}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

PLAIN_CLIENT_PATHS = frozenset({"/auth/demo", "/auth/sign-out"})
"""Stable addresses that a program without a browser may call with neither header. Every browser sends Origin
with a cross-site POST, so nobody else's page can be behind such a request; and demo is bound to this machine
anyway.
"""


def allowed(
    method: str,
    origin: str | None,
    sec_fetch_site: str | None,
    host: str | None,
    site_origin: str,
    *,
    plain_client: bool = False,
) -> bool:
    """True when a request may be acted on.

    Safe methods always pass: they change nothing. For the others a present Origin decides; only when it is
    absent does `Sec-Fetch-Site: same-origin`; when both are absent the request passes only where
    `plain_client` says so.
    """
    if method in SAFE_METHODS:
        return True
    if not is_own_host(host, site_origin):
        return False
    if origin is not None:
        return origin == site_origin
    if sec_fetch_site is not None:
        return sec_fetch_site == "same-origin"
    return plain_client


def allowed_socket(origin: str | None, host: str | None, site_origin: str) -> bool:
    """True when a WebSocket handshake may be accepted: it needs an Origin, and the right one."""
    return origin is not None and origin == site_origin and is_own_host(host, site_origin)


def is_own_host(host: str | None, site_origin: str) -> bool:
    """True when the Host header names this site.

    A page of another name that resolves to this address (DNS rebinding) is refused here. On loopback the
    machine's three names for itself are one, so that a local client may use 127.0.0.1 while the site is
    called localhost.
    """
    if not host:
        return False
    site = urlsplit(site_origin)
    named = _host_and_port(host, site.scheme)
    own = (site.hostname or "", site.port or DEFAULT_PORTS.get(site.scheme, 0))
    if named is None:
        return False
    if own[0] in LOOPBACK and named[0] in LOOPBACK:
        return named[1] == own[1]
    return named == own


def is_loopback_host(host: str | None) -> bool:
    """True when the Host header names this machine to itself."""
    named = _host_and_port(host or "", "http")
    return named is not None and named[0] in LOOPBACK


def is_local_request(client: str | None, headers: Mapping[str, str]) -> bool:
    """True for a request that came from this machine, directly, under one of this machine's own names.

    Behind a proxy everybody comes from this machine, and a page of any name may resolve to it: neither counts.
    """
    try:
        address = ip_address(client or "")
    except ValueError:
        return False
    forwarded = any(name in headers for name in _FORWARDED)
    return address.is_loopback and not forwarded and is_loopback_host(headers.get("host"))


def _host_and_port(host: str, scheme: str) -> tuple[str, int] | None:
    if any(sign in host for sign in "/\\@?# \t,"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (name, port or DEFAULT_PORTS.get(scheme, 0)) if name else None


class SiteGuard:
    """ASGI middleware around the whole site: refuses what `allowed` or `allowed_socket` refuses, before any
    handler.
    """

    def __init__(self, app: ASGIApp, site_origin: str) -> None:
        self.app = app
        self.site_origin = site_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = str(scope["type"])
        if kind not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers, doubled = _headers(scope)
        origin, host = headers.get("origin"), headers.get("host")
        if kind == "websocket":
            if doubled or not allowed_socket(origin, host, self.site_origin):
                metrics.auth_failure("gate")
                await _refuse_socket(scope, send)
                return
        elif not self._request_allowed(scope, headers, doubled):
            metrics.auth_failure("gate")
            await _refuse_request(send)
            return
        await self.app(scope, receive, send)

    def _request_allowed(self, scope: Scope, headers: dict[str, str], doubled: bool) -> bool:
        method = str(scope.get("method", ""))
        path = str(scope.get("path", ""))
        if method not in SAFE_METHODS and doubled:
            return False
        if is_back_channel(path):
            # The identity provider's own server calls here: no browser, no cookie; its signed token is the
            # proof.
            return "origin" not in headers and "sec-fetch-site" not in headers
        return allowed(
            method,
            headers.get("origin"),
            headers.get("sec-fetch-site"),
            headers.get("host"),
            self.site_origin,
            plain_client=path.rstrip("/") in PLAIN_CLIENT_PATHS,
        )


def install_guard(app: Litestar, site_origin: str) -> Litestar:
    """The same application behind the gate: nothing it serves can be reached around it."""
    app.asgi_handler = SiteGuard(app.asgi_handler, site_origin)
    return app


def is_back_channel(path: str) -> bool:
    """True for the address where an identity provider tells that somebody signed out there."""
    parts = path.rstrip("/").split("/")
    return len(parts) == 5 and parts[:3] == ["", "auth", "oidc"] and parts[4] == "back-channel"


def _headers(scope: Scope) -> tuple[dict[str, str], bool]:
    """The three headers that decide, and whether one of them came twice (then none of them can be
    believed).
    """
    found: dict[str, str] = {}
    doubled = False
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").lower()
        if name in ("origin", "host", "sec-fetch-site"):
            doubled = doubled or name in found
            found[name] = raw_value.decode("latin-1")
    return found, doubled


_REFUSAL = b'{"code":"not_allowed","fields":null}'
_REFUSAL_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"content-length", str(len(_REFUSAL)).encode()),
]


async def _refuse_request(send: Send) -> None:
    await _send(send, {"type": "http.response.start", "status": 403, "headers": _REFUSAL_HEADERS})
    await _send(send, {"type": "http.response.body", "body": _REFUSAL, "more_body": False})


async def _refuse_socket(scope: Scope, send: Send) -> None:
    """403 before the upgrade. Closing before accepting is answered as 403 by every ASGI server."""
    if "websocket.http.response" in (scope.get("extensions") or {}):
        await _send(send, {"type": "websocket.http.response.start", "status": 403, "headers": _REFUSAL_HEADERS})
        await _send(send, {"type": "websocket.http.response.body", "body": _REFUSAL, "more_body": False})
    else:
        await _send(send, {"type": "websocket.close", "code": 1008, "reason": ""})


async def _send(send: Send, message: dict[str, object]) -> None:
    await send(_as_message(message))


def _as_message(message: dict[str, object]) -> Message:
    return message  # type: ignore[return-value]
