"""`GET /metrics` for this host, or for whoever has the token; to anybody else it does not exist."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from server import metrics
from server.auth.guard import is_local_request

_TEXT = CONTENT_TYPE_LATEST.partition("; charset")[0]
"""Litestar adds the charset to every text."""


def _may_read(request: Request[Any, Any, Any], token: str) -> bool:
    """The token, or this host directly."""
    given = request.headers.get("authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return is_local_request(request.client.host if request.client else None, request.headers)


def metrics_handler(token: str, gauges: Callable[[], Awaitable[Mapping[str, float]]]) -> HTTPRouteHandler:
    """The route; `gauges` asks the store, under names fixed in code."""

    @get("/metrics", operation_id="metrics")
    async def scrape(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not _may_read(request, token):
            raise NotFoundException()
        metrics.state(await gauges())
        return Response(generate_latest(metrics.registry), media_type=_TEXT)

    return scrape
