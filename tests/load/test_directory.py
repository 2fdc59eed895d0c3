"""How soon a directory of five thousand rows answers each letter, on a telephone four times slower than this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server import app as composition
from server.demo.build import build
from server.demo.stage import Stage
from server.domain.instants import local_date
from server.features.directory.rows import FunctionContactRow
from server.features.person import UnitRow
from server.settings import Settings
from tests.conftest import FLAGS
from tests.load.conftest import Note
from tests.load.figures import part
from tests.load.house import running_house
from tests.load.test_client import SLOWER

pytestmark = pytest.mark.bench
ROWS = 5000
AIM_MS = 50
AS_WRITTEN_MS, IN_A_HURRY_MS = 200, 60
"""Between two letters: as somebody writes who writes well, and faster than anybody does."""
WRITTEN = ("sömn", "kurator lillån", "gotene", "skoter mariestad")
FUNCTIONS = ("counsellor", "nurse", "doctor", "psychologist", "special_educator", "social_worker", "midwife", "intake")
OFFERS = (
    "Sömn, oro och ont i magen",
    "Skola som inte fungerar",
    "Mat och vikt",
    "Stöd till föräldrar",
    "Första samtalet",
)
LETTER = """async ([field, value]) => {
  const input = document.querySelector(field);
  const at = performance.now();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value);
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  }));
  return performance.now() - at;
}"""
"""From the letter to the end of the frame in which it is shown."""


async def seeded(data: Path) -> None:
    """The demonstration, and so many more rows in the north."""
    parts = composition.build_parts(Settings(data=data, demo=True))
    async with composition.running(parts):
        now = parts.house.clock.now()
        await build(parts.house, now)
        async with parts.engine.read() as tx:
            bodies = await tx.fetch("SELECT body FROM record WHERE entity = 'unit' ORDER BY id")
            slug = "%norra%"
            area = await tx.fetch_value("SELECT id FROM record WHERE entity = 'area' AND body LIKE $1", slug)
        units = [unit for (body,) in bodies if (unit := msgspec.json.decode(body, type=UnitRow)).area == area]
        stage, today = Stage(parts.house, now), local_date(now).isoformat()
        for n, unit in enumerate(units):
            rows = [
                FunctionContactRow(
                    id=stage.new_id(),
                    owner_unit=unit.id,
                    unit=unit.id,
                    function=FUNCTIONS[number % len(FUNCTIONS)],
                    name=f"Namn {number}",
                    phone="+46313900601",
                    hours="vardagar 8–9.30",
                    offers=f"{OFFERS[number % len(OFFERS)]}. Vi svarar samma dag, och hjälper er vidare om det behövs.",
                    how_to="Ring på telefontiden, eller skicka en fråga här.",
                    confirmed_on=today,
                )
                for number in range(n, ROWS, len(units))
            ]
            await stage.keep({unit.id: rows})


@pytest.mark.usefixtures("client_is_built")
async def test_each_letter_in_a_directory_of_five_thousand(tmp_path: Path, note: Note, chromium_path: str) -> None:
    from playwright.async_api import async_playwright

    await seeded(tmp_path / "data")
    async with running_house(tmp_path / "data", None, demo=True) as house, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        context = await browser.new_context(viewport={"width": 360, "height": 640}, locale="sv-SE")
        signed_in = await context.request.post(
            f"{house.origin}/auth/demo",
            data=json.dumps({"persona": "lena", "assurance": "eid"}),
            headers={"Origin": house.origin, "Content-Type": "application/json"},
        )
        assert signed_in.status == 204
        page = await context.new_page()
        await page.goto(f"{house.origin}/contacts")
        await page.wait_for_function(f"() => document.querySelectorAll('main .row').length > 20 && {COUNT} > {ROWS}")
        took = {pause_ms: await _letters(context, page, pause_ms) for pause_ms in (AS_WRITTEN_MS, IN_A_HURRY_MS)}
        await browser.close()
    for pause_ms, each in took.items():
        what = f"a letter in the directory's search, each {pause_ms} ms"
        more = f"CPU {SLOWER}x slower, {ROWS} rows, {len(each)} letters, max {max(each):.0f}"
        aim = AIM_MS if pause_ms == AS_WRITTEN_MS else None
        note(what, "chromium", part(each, 0.5), "ms p50", aim, more=more)
        note(what, "chromium", part(each, 0.95), "ms p95", aim)


COUNT = "Number((document.querySelector('main [role=status]')?.textContent ?? '').replace(/\\D/g, ''))"


async def _letters(context: Any, page: Any, pause_ms: int) -> list[float]:
    """Each word letter by letter, and taken away again."""
    slow = await context.new_cdp_session(page)
    await page.evaluate(LETTER, ["input[type=search]", "a"])
    await slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    took: list[float] = []
    for word in WRITTEN:
        for end in [*range(1, len(word) + 1), *range(len(word) - 1, -1, -1)]:
            took.append(await page.evaluate(LETTER, ["input[type=search]", word[:end]]))
            await page.wait_for_timeout(pause_ms)
    return took
