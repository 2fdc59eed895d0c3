"""All that the web edge answers, put together from what the composition root hands over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from server.clock import Clock, SystemClock
from server.errors import Refused
from server.texts import ROOT
from server.web import headers, requests
from server.web.areas import AreaPage, area_handler
from server.web.calendars import CalendarFile, calendar_handlers
from server.web.client import client_handlers, shell_response
from server.web.errors import error_handlers
from server.web.health import Check, health_handlers
from server.web.metrics import metrics_handler
from server.web.pages import STYLE_HASH
from server.web.statements import Operator, statement_handlers
from server.web.static import Build, read_build


async def _nobody(*_: object) -> None:
    return None


async def _no_mail(*_: object) -> None:
    raise Refused("not_found")


async def _no_gauges() -> Mapping[str, float]:
    return {}


@dataclass(frozen=True)
class WebDeps:
    """What the web edge needs to know and whom it asks; every callable decides what may be seen."""

    dist: Path = ROOT / "pwa" / "dist"
    origin: str = ""
    clock: Clock = field(default_factory=SystemClock)
    ready_checks: Mapping[str, Check] = field(default_factory=dict)
    started: Callable[[], bool] = lambda: True
    gauges: Callable[[], Awaitable[Mapping[str, float]]] = _no_gauges
    metrics_token: str = ""
    area: Callable[[str], Awaitable[AreaPage | None]] = _nobody
    calendar_feed: Callable[[str], Awaitable[CalendarFile | None]] = _nobody
    calendar_meeting: Callable[[Request[Any, Any, Any], str], Awaitable[CalendarFile | None]] = _nobody
    calendar_mail: Callable[[Request[Any, Any, Any], str], Awaitable[None]] = _no_mail
    operator: Operator = field(default_factory=Operator)
    security_contact: str = ""
    transient: tuple[type[Exception], ...] = ()


@dataclass(frozen=True)
class WebEdge:
    """What Litestar takes: `handlers`, `exception_handlers`; `install` wraps the finished application."""

    deps: WebDeps
    build: Build
    handlers: list[HTTPRouteHandler]
    exception_handlers: ExceptionHandlersMap

    def install(self, app: Litestar) -> Litestar:
        """Adds the header set and the request line around everything the application answers."""
        style, script = headers.read_csp_hashes(self.deps.dist)
        policy = headers.HeaderPolicy(self.deps.origin, (*style, STYLE_HASH), tuple(script))
        return requests.install(headers.install(app, policy))


def web_handlers(deps: WebDeps, build: Build | None = None) -> list[HTTPRouteHandler]:
    """Every route of the web edge."""
    built = read_build(deps.dist) if build is None else build
    return [
        *client_handlers(built, security_contact=deps.security_contact, clock=deps.clock),
        *health_handlers(deps.ready_checks, deps.started),
        metrics_handler(deps.metrics_token, deps.gauges),
        area_handler(deps.area),
        *calendar_handlers(deps.calendar_feed, deps.calendar_meeting, deps.calendar_mail, deps.clock),
        *statement_handlers(deps.operator),
    ]


def web_edge(deps: WebDeps) -> WebEdge:
    """Reads the build once and puts the edge together."""
    build = read_build(deps.dist)
    handlers = error_handlers(lambda request: shell_response(build, request), transient=deps.transient)
    return WebEdge(deps, build, web_handlers(deps, build), handlers)
