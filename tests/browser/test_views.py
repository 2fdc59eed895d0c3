"""Every page of every role: nothing for axe to find, nothing wider than the screen, no error and no telling title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import routes
from tests.browser.conftest import NewDevice
from tests.browser.device import PHONE, Device, said
from tests.browser.house import Others
from tests.browser.words import ROOT

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"], elementRef: true }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.filter((node) => node.element?.isConnected !== false)
    .map((node) => `${id}: ${node.target.join(" ")}  ${node.html.slice(0, 160)}`)))"""
"""What is no longer there when axe has looked went while it did."""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 60)}`);
}"""
STANDARD_PX = 16
"""A browser's letters, unless its owner wants them larger."""
ROLES: list[tuple[str, str, Callable[[Others, str], list[str]]]] = [
    ("anna", "guardian", routes.of_family),
    ("noor", "young_person", routes.of_youth),
    ("maria", "staff", routes.of_staff),
    ("lena", "process_lead", routes.of_leader),
]
LOOKS = [("sv", "light"), ("ar", "dark"), ("sv", "dark"), ("ar", "light")]
SELDOM = 3
"""On a quick run professionals' pages, which share most of their parts, are seen in a second look one in three."""


@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_both_languages_and_themes(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: Callable[[Others, str], list[str]]
) -> None:
    paths = pages(others, persona)
    _see_all(new_device(persona, kind), [paths, paths[:: SELDOM if kind == "staff" else 1]])


@pytest.mark.promise
@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_every_look(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: Callable[[Others, str], list[str]]
) -> None:
    _see_all(new_device(persona, kind), [pages(others, persona)] * len(LOOKS))


def test_pages_that_need_no_sign_in(new_device: NewDevice) -> None:
    somebody = new_device().open()
    faults = _see(somebody, list(routes.OPEN), "sv light", is_whole=True)
    assert not faults, "\n".join(faults)


def _see_all(device: Device, pages: list[list[str]]) -> None:
    """Pages of the first look, of the second, and so on."""
    device.open()
    faults: list[str] = []
    for paths, (language, theme) in zip(pages, LOOKS, strict=False):
        _speak(device, language)
        device.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        faults += _see(device, paths, f"{language} {theme}", is_whole=(language, theme) == LOOKS[0])
    _speak(device, "sv")
    assert not faults, "\n".join(faults)


def _speak(device: Device, language: str) -> None:
    if device.page.locator("html").get_attribute("lang") == language:
        return
    device.go("/settings").page.locator(f"button[lang='{language}']").click()
    expect(device.page.locator("html")).to_have_attribute("lang", language)
    device.until(
        lambda: {"language": language} in [one["args"] for one in said(device, "command")], "the language is kept"
    )


def _see(device: Device, pages: list[str], look: str, *, is_whole: bool) -> list[str]:
    """What is wrong, page by page; `is_whole` also at other widths and with large text."""
    page = device.page
    cdp = device.context.new_cdp_session(page)
    faults = []
    for path in pages:
        device.go(path)
        faults += [f"{look} {path}: {fault}" for fault in _axe(device)]
        faults += [f"{look} {path} at {PHONE['width']}: {one}" for one in page.evaluate(WIDER)]
        if is_whole:
            page.set_viewport_size({"width": 320, "height": 640})
            faults += [f"{look} {path} at 320: {one}" for one in page.evaluate(WIDER)]
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 2 * STANDARD_PX}})
            faults += [f"{look} {path} with large text: {one}" for one in page.evaluate(WIDER)]
            cdp.send("Page.setFontSizes", {"fontSizes": {"standard": STANDARD_PX}})
        if page.title() != "Samled":
            faults.append(f"{look} {path}: the title is {page.title()!r}")
    return faults


def _axe(device: Device) -> list[Any]:
    if not device.page.evaluate("() => 'axe' in globalThis"):
        device.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = device.page.evaluate(RUN, RULES)
    return found
