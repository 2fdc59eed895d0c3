"""What the app weighs for each role, and how soon it shows something on a slow telephone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.texts import ROOT
from tests.conftest import FLAGS
from tests.load.conftest import Note
from tests.load.figures import part
from tests.load.house import House, running_house

pytestmark = pytest.mark.bench
ASSETS = ROOT / "pwa" / "dist" / "assets"
ROLES = ("family", "youth", "staff")
GROUPS = ("coordinator", "consultant", "lead", "admin", "team", "directory")
AT_ONCE = re.compile(r"""(?:from|import)\s*["']\./([\w-]+\.js)["']""")
LATER = re.compile(r"""import\(\s*["']\./([\w-]+\.js)["']""")
SLOWER = 4
STARTS = 5
SHOWN = "() => document.querySelector('main h1, main h2')?.textContent?.trim().length > 0"
PAINTED = "() => performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint')?.startTime"


@pytest.mark.usefixtures("client_is_built")
def test_weight_for_each_role(note: Note) -> None:
    page = (ASSETS.parent / "index.html").read_text()
    linked = re.findall(r'(?:href|src)="/assets/([^"]+)"', page)
    first = closure([name for name in linked if name.endswith(".js")])
    style, texts = (next(name for name in linked if name.endswith(end)) for end in (".css", ".json"))
    note("first screen, script", "br", weight(first), "kB", 45)
    note("first screen, style", "br", weight([style]), "kB", 10)
    note("texts in Swedish, everybody", "br", weight([texts]), "kB")
    built = json.loads((ASSETS.parent / "meta.json").read_text(encoding="utf-8"))
    for role in ROLES:
        note(f"{role}: all that one ever fetches", "br", weight(names_of(built["roles"][role])), "kB", 110)
    for group in GROUPS:
        hat = [*built["roles"]["staff"], *built["groups"][group]]
        note(f"staff with {group}: all that one ever fetches", "br", weight(names_of(hat)), "kB", 110)
    entries = {name.partition("-")[0]: name for name in sorted(file.name for file in ASSETS.glob("*.js"))}
    for role in ROLES:
        if role in entries:
            at_once = closure([entries[role]]) - first
            everything = closure([entries[role]], later=True) - first
            more = f"with what is fetched later {weight(everything):.1f} kB; {len(everything)} files"
            note(f"{role}: beside the first screen", "br", weight(at_once), "kB", more=more)


def names_of(addresses: list[str]) -> list[str]:
    """File names of what is served under `addresses`."""
    return [address.rpartition("/")[2] for address in addresses]


def closure(names: list[str], *, later: bool = False) -> set[str]:
    """These scripts and all that they need at once (or ever)."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        source = (ASSETS / name).read_text()
        waiting += AT_ONCE.findall(source) + (LATER.findall(source) if later else [])
    return found


def weight(names: Iterator[str] | list[str] | set[str]) -> float:
    """Kilobytes on the wire."""
    return sum((ASSETS / f"{name}.br").stat().st_size for name in names) / 1000


@pytest.mark.usefixtures("client_is_built")
async def test_first_paint_and_offline_start(tmp_path: Path, note: Note, chromium_path: str) -> None:
    async with running_house(tmp_path / "data", None, demo=True) as house:
        await _starts(house, note, chromium_path)


async def _starts(house: House, note: Note, chromium: str) -> None:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        paints: list[float] = []
        shown: list[float] = []
        offline: list[float] = []
        for _ in range(STARTS):
            context = await browser.new_context(viewport={"width": 360, "height": 640}, locale="sv-SE")
            await context.request.post(
                f"{house.origin}/auth/demo",
                data={"persona": "anna", "assurance": "eid"},
                headers={"Origin": house.origin},
            )
            page = await context.new_page()
            slow = await context.new_cdp_session(page)
            await slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            await page.goto(house.origin)
            await page.wait_for_function(SHOWN)
            shown.append(await page.evaluate("() => performance.now()"))
            paints.append(await page.evaluate(PAINTED))
            await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            await page.wait_for_timeout(1500)
            await context.set_offline(True)
            await page.goto(house.origin)
            await page.wait_for_function(SHOWN)
            offline.append(await page.evaluate("() => performance.now()"))
            await context.close()
        await browser.close()
    more = f"CPU {SLOWER}x slower, network of this machine"
    note("first paint, first visit", "chromium", part(paints, 0.5), "ms p50", more=more)
    note("first words of the own page, first visit", "chromium", part(shown, 0.5), "ms p50", more=more)
    note(
        "offline start, to the own page", "chromium", part(offline, 0.5), "ms p50", 2500, more=f"max {max(offline):.0f}"
    )
