"""A small built client and the web edge around it, with a door to each kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, get, post
from litestar.exceptions import HTTPException, TooManyRequestsException
from litestar.params import FromPath, FromQuery
from litestar.testing import TestClient
from pydantic import BaseModel, ConfigDict

from server.errors import Refused
from server.web.areas import AreaContact, AreaPage
from server.web.calendars import CalendarFile
from server.web.ics import CalendarEvent
from server.web.routes import WebDeps, web_edge

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MEETING = "01930000-0000-7000-8000-000000000001"
SECRET = "s" * 43
CANARY = "Kanariefagel"


class Frozen:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


class Form(BaseModel):
    """What the strict route takes."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    age: int


class Busy(Exception):
    """Stands for the storage's transient fault."""


@post("/strict", status_code=204)
async def strict(request: Request[Any, Any, Any]) -> None:
    Form.model_validate_json(await request.body())


@get("/broken", sync_to_thread=False)
def broken() -> None:
    raise RuntimeError(f"secret {CANARY}")


@get("/refused", sync_to_thread=False)
def refused() -> None:
    raise Refused("taken", data={"alternatives": []})


@get("/busy", sync_to_thread=False)
def busy() -> None:
    raise Busy(CANARY)


@get("/slow-down", sync_to_thread=False)
def slow_down() -> None:
    raise TooManyRequestsException(detail=CANARY)


@get("/too-large", sync_to_thread=False)
def too_large() -> None:
    raise HTTPException(status_code=413, detail=CANARY)


@get("/number/{value:int}", sync_to_thread=False)
def number(value: FromPath[int], limit: FromQuery[int]) -> dict[str, int]:
    return {"value": value + limit}


async def area(slug: str) -> AreaPage | None:
    if slug != "norra-skaraborg":
        return None
    nurse = AreaContact("school_health", "Lillåns <b> skola", "070-174 06 21", "Mån–fre 8–15", is_stale=True)
    links = (("BUP", "https://www.bup.se/"), ("fel", "javascript:alert(1)"))
    return AreaPage(slug, "Norra Skaraborg", "Hit kan du vända dig.", (nurse,), links, date(2026, 11, 1))


async def feed(secret: str) -> CalendarFile | None:
    event = CalendarEvent(MEETING, datetime(2026, 12, 2, 15, 0), 45, 3)
    return CalendarFile((event,)) if secret == SECRET else None


async def meeting(request: Request[Any, Any, Any], meeting_id: str) -> CalendarFile | None:
    event = CalendarEvent(MEETING, datetime(2026, 12, 2, 15, 0), 45, 4, cancelled=True)
    signed_in = request.headers.get("x-test-person") == "anna"
    return CalendarFile((event,), "ar") if signed_in and meeting_id == MEETING else None


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A client as the build leaves it, and a secret beside it that must never be served."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Samled</title>" + "x" * 300)
    (folder / "assets" / "app-K3J2H1G0.js").write_text("export const a = 1;" * 50)
    (folder / "assets" / "app-K3J2H1G0.js.br").write_bytes(b"ready made")
    (folder / "assets" / "icon.png").write_bytes(b"\x89PNG")
    (folder / "sw.js").write_text("self;" * 100)
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "csp.json").write_text('{"style": ["sha256-' + "A" * 43 + '="], "script": ["\'; script-src *"]}')
    (folder / ".hidden").write_text(CANARY)
    (tmp_path / "secret.txt").write_text(CANARY)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def make_client(dist: Path) -> Iterator[Callable[..., TestClient[Litestar]]]:
    """Makes a client for an edge with other dependencies."""
    opened = ExitStack()

    def make(**changes: Any) -> TestClient[Litestar]:
        deps = WebDeps(
            **{
                "dist": dist,
                "clock": Frozen(),
                "area": area,
                "calendar_feed": feed,
                "calendar_meeting": meeting,
                "security_contact": "mailto:security@example.org",
                "transient": (Busy,),
                **changes,
            }
        )
        edge = web_edge(deps)
        app = Litestar(
            [*edge.handlers, strict, broken, refused, busy, slow_down, too_large, number],
            exception_handlers=edge.exception_handlers,
            logging_config=None,
            openapi_config=None,
        )
        return opened.enter_context(TestClient(edge.install(app), raise_server_exceptions=False))

    with opened:
        yield make


@pytest.fixture
def client(make_client: Callable[..., TestClient[Litestar]]) -> TestClient[Litestar]:
    """The edge as it usually is."""
    return make_client()
