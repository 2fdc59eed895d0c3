"""Who runs the site, as they set it: on the statements, and in security.txt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from server import app as composition
from server.settings import Settings

PAGES = ("/integritet", "/tillganglighet")


async def pages(settings: Settings, *more: str) -> list[str]:
    """What these settings serve at the statements and the addresses given."""
    app: Any = composition.build_app(composition.build_parts(settings))
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        return [(await client.get(path, headers={"Accept-Language": "sv"})).text for path in (*PAGES, *more)]


async def test_whoever_runs_the_site_is_named_and_can_be_reached(sqlite_folder: Path) -> None:
    settings = Settings(
        data=sqlite_folder,
        operator_name="Kommunförbundet Exempel",
        operator_contact="Box 1, 540 00 Exempel, 0470-174 06 00",
        operator_report_url="https://exempel.example/tyck",
        security_contact="mailto:sakerhet@exempel.example",
    )
    privacy, accessibility, security = await pages(settings, "/.well-known/security.txt")
    assert "Kommunförbundet Exempel" in accessibility and "https://exempel.example/tyck" in accessibility
    assert "Kommunförbundet Exempel ansvarar för Samled." in privacy
    assert "Box 1, 540 00 Exempel, 0470-174 06 00" in privacy
    assert "Contact: mailto:sakerhet@exempel.example" in security


@pytest.mark.parametrize("demo", [True, False])
async def test_samled_is_never_said_to_run_itself(sqlite_folder: Path, demo: bool) -> None:
    said = await pages(Settings(data=sqlite_folder, demo=demo))
    for page in said:
        assert "Samled ansvarar" not in page and "Samled står bakom" not in page
        assert ("Det här är en demonstration" in page) is demo
    assert ("Vem som ansvarar" in said[0]) is demo, "no heading without anything under it"


async def test_a_page_names_only_ways_that_are_there(sqlite_folder: Path) -> None:
    _, silent = await pages(Settings(data=sqlite_folder))
    assert "per telefon" not in silent and "Rapportera" not in silent
    _, reached = await pages(Settings(data=sqlite_folder, operator_contact="0470-174 06 00"))
    assert "per telefon" in reached and "0470-174 06 00" in reached


async def test_the_day_of_the_check_is_said_in_words(sqlite_folder: Path) -> None:
    _, page = await pages(Settings(data=sqlite_folder))
    assert "själva 22 november 2026." in page
