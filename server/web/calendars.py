"""Calendar files over HTTP. The callables decide who may have what; unknown and forbidden look alike."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.clock import Clock
from server.web.ics import CalendarEvent, render_calendar

_SECRET = re.compile(r"[A-Za-z0-9_-]{22,128}")
_ID = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True)
class CalendarFile:
    """The times somebody may have, and the language of their one word."""

    events: tuple[CalendarEvent, ...]
    lang: str = "sv"


FeedLookup = Callable[[str], Awaitable[CalendarFile | None]]
MeetingLookup = Callable[[Request[Any, Any, Any], str], Awaitable[CalendarFile | None]]


Mail = Callable[[Request[Any, Any, Any], str], Awaitable[None]]


def _stem(name: str, allowed: re.Pattern[str]) -> str:
    """The part before `.ics`. Raises: not found, for any other shape."""
    stem = name.removesuffix(".ics")
    if stem == name or not allowed.fullmatch(stem):
        raise NotFoundException()
    return stem


def _file(found: CalendarFile | None, clock: Clock, *, feed: bool) -> Response[bytes]:
    if found is None:
        raise NotFoundException()
    body = render_calendar(found.events, found.lang, clock.now(), feed=feed)
    headers = {"content-disposition": 'attachment; filename="tid.ics"', "cache-control": "private, no-store"}
    return Response(body, media_type="text/calendar", headers=headers)


def calendar_handlers(feed: FeedLookup, meeting: MeetingLookup, mail: Mail, clock: Clock) -> list[HTTPRouteHandler]:
    """`GET /calendar/{secret}.ics` (a subscription), `GET /calendar/meeting/{id}.ics` (one's own meeting).

    `POST /calendar/meeting/{id}.ics` mails the same file to the person themselves.
    """

    @get("/calendar/{name:str}", operation_id="calendar_feed")
    async def subscription(name: FromPath[str]) -> Response[bytes]:
        return _file(await feed(_stem(name, _SECRET)), clock, feed=True)

    @get("/calendar/meeting/{name:str}", include_in_schema=False)
    async def one_meeting(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return _file(await meeting(request, _stem(name, _ID)), clock, feed=False)

    @post("/calendar/meeting/{name:str}", include_in_schema=False, status_code=204)
    async def mailed(request: Request[Any, Any, Any], name: FromPath[str]) -> None:
        stem = name.removesuffix(".ics")
        await mail(request, stem if _ID.fullmatch(stem) else "")

    return [subscription, one_meeting, mailed]
