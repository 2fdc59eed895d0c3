"""How a page looks and reads to everybody: what axe finds on it, what is wider than the screen, in each of its looks."""

from __future__ import annotations

from typing import TypeVar

from playwright.sync_api import expect

from tests.browser.device import PHONE, Device, said
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
LOOKS = [("sv", "light"), ("ar", "dark"), ("sv", "dark"), ("ar", "light")]
Looked = TypeVar("Looked", bound=Device)


def clean(device: Looked) -> Looked:
    """Nothing for axe to find on the page as it stands, and nothing wider than the screen."""
    faults = [*_axe(device), *_wider(device)]
    assert not faults, "\n".join([device.page.url, *faults])
    return device


def see_all(device: Device, pages: list[list[str]]) -> None:
    """Pages of the first look, of the second, and so on: nothing is wrong with them."""
    device.open()
    faults: list[str] = []
    for paths, (language, theme) in zip(pages, LOOKS, strict=False):
        _speak(device, language)
        device.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        faults += _see(device, paths, f"{language} {theme}", is_whole=(language, theme) == LOOKS[0])
    _speak(device, "sv")
    device.page.emulate_media(color_scheme="light")
    assert not faults, "\n".join(faults)


def see_in_all_looks(device: Device, pages: list[str]) -> None:
    """Nothing is wrong with these pages, where nobody is signed in whose settings say the language."""
    faults: list[str] = []
    for language, theme in LOOKS:
        device.page.evaluate("(language) => localStorage.setItem('samled.lang', language)", language)
        device.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        device.open()
        expect(device.page.locator("html")).to_have_attribute("lang", language)
        faults += _see(device, pages, f"{language} {theme}", is_whole=True)
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
        faults += [f"{look} {path} at {PHONE['width']}: {one}" for one in _wider(device)]
        if is_whole:
            page.set_viewport_size({"width": 320, "height": 640})
            faults += [f"{look} {path} at 320: {one}" for one in _wider(device)]
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 2 * STANDARD_PX}})
            faults += [f"{look} {path} with large text: {one}" for one in _wider(device)]
            cdp.send("Page.setFontSizes", {"fontSizes": {"standard": STANDARD_PX}})
        if page.title() != "Samled":
            faults.append(f"{look} {path}: the title is {page.title()!r}")
    return faults


def _wider(device: Device) -> list[str]:
    found: list[str] = device.page.evaluate(WIDER)
    return found


def _axe(device: Device) -> list[str]:
    if not device.page.evaluate("() => 'axe' in globalThis"):
        device.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = device.page.evaluate(RUN, RULES)
    return found
