"""Who runs the site, as they set it: on the statements, and in security.txt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from server import app as composition
from server.settings import Settings


async def test_whoever_runs_the_site_is_named_and_can_be_reached(sqlite_folder: Path) -> None:
    settings = Settings(
        data=sqlite_folder,
        operator_name="Kommunförbundet Exempel",
        operator_report_url="https://exempel.example/tyck",
        security_contact="mailto:sakerhet@exempel.example",
    )
    app: Any = composition.build_app(composition.build_parts(settings))
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        said = (await client.get("/tillganglighet", headers={"Accept-Language": "sv"})).text
        security = (await client.get("/.well-known/security.txt")).text
    assert "Kommunförbundet Exempel" in said and "https://exempel.example/tyck" in said
    assert "Contact: mailto:sakerhet@exempel.example" in security
