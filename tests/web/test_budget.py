"""The weight of what a phone fetches, as built and compressed (architecture.md 5)."""

from __future__ import annotations

import re

import pytest

from server.texts import ROOT

DIST = ROOT / "pwa" / "dist"
KB = 1024


def weight(*addresses: str) -> int:
    """Bytes on the wire with brotli."""
    return sum((DIST / f"{address.lstrip('/')}.br").stat().st_size for address in addresses)


@pytest.fixture(scope="module")
def page() -> str:
    assert (DIST / "index.html").is_file(), "build the client first: make build"
    return (DIST / "index.html").read_text(encoding="utf-8")


def test_first_screen_is_light(page: str) -> None:
    scripts = set(re.findall(r'(?:modulepreload" href|type="module" src)="(/assets/[^"]+\.js)"', page))
    styles = set(re.findall(r'href="(/assets/[^"]+\.css)"', page))
    assert scripts and styles
    assert weight(*scripts) <= 45 * KB
    assert weight(*styles) <= 10 * KB


def test_everything_a_family_fetches_is_within_budget(page: str) -> None:
    others = ("staff-", "youth-", "views-")
    scripts = [f"/assets/{path.name}" for path in DIST.glob("assets/*.js") if not path.name.startswith(others)]
    assert weight(*scripts) <= 110 * KB


@pytest.mark.parametrize("lang", ["sv", "en", "ar"])
def test_a_language_is_light(lang: str) -> None:
    (core,) = [path.name for path in DIST.glob(f"assets/{lang}-*.json") if "-staff-" not in path.name]
    assert weight(f"/assets/{core}") <= 15 * KB
