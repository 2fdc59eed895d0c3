"""One id and one line per request: route template, status and time taken; nothing a person typed.

The id is made here, never taken from the caller, so that nobody can write into our logs. It goes back as
`X-Request-Id` and into every line logged meanwhile.
"""

from __future__ import annotations

import asyncio
import secrets

import structlog
from litestar import Litestar
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics
from server.logs import get_logger

_QUIET = frozenset({"/health/live", "/health/ready", "/health/startup", "/metrics"})


class RequestLog:
    """ASGI: binds the request id, measures, writes one line when the answer has been sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        loop = asyncio.get_running_loop()
        began = loop.time()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = str(scope.get("path_template") or "unmatched")
            seconds = loop.time() - began
            method = str(scope.get("method", "WS"))
            if status:
                metrics.request(method, route, status, seconds)
            if route not in _QUIET:
                get_logger().info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def install(app: Litestar) -> Litestar:
    """The same application with an id and a line for all it answers."""
    app.asgi_handler = RequestLog(app.asgi_handler)
    return app


def request_id(scope: Scope) -> str:
    """The id of this request; `"-"` outside one."""
    return str(scope.get("state", {}).get("request_id", "-"))
