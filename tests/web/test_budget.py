"""The weight of what a phone fetches, as built and compressed (architecture.md 5)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from server.texts import ROOT

DIST = ROOT / "pwa" / "dist"
KB = 1000
GROUPS = ("coordinator", "consultant", "lead", "admin", "team", "directory")
"""Professionals' pages by what a seat is for (pwa/src/views/staff/index.ts)."""


def weight(*addresses: str) -> int:
    """Bytes on the wire with brotli."""
    return sum((DIST / f"{address.lstrip('/')}.br").stat().st_size for address in addresses)


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """What the build says of itself: the first screen's files, and all that each role ever fetches."""
    assert (DIST / "meta.json").is_file(), "build the client first: make build"
    found: dict[str, Any] = json.loads((DIST / "meta.json").read_text(encoding="utf-8"))
    return found


def test_first_screen_is_light(built: dict[str, Any]) -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    scripts = set(re.findall(r'(?:modulepreload" href|type="module" src)="(/assets/[^"]+\.js)"', page))
    styles = set(re.findall(r'href="(/assets/[^"]+\.css)"', page))
    assert scripts == set(built["first"])
    assert styles == set(built["css"])
    assert weight(*scripts) <= 45 * KB
    assert weight(*styles) <= 10 * KB


@pytest.mark.parametrize(("role", "most"), [("family", 85), ("youth", 85), ("staff", 110)])
def test_scripts_of_a_role_are_within_budget(built: dict[str, Any], role: str, most: int) -> None:
    """All that a person of the role ever fetches; of a professional what every seat has."""
    assert weight(*built["roles"][role]) <= most * KB


@pytest.mark.parametrize("group", GROUPS)
def test_scripts_of_a_professional_with_one_hat_are_within_budget(built: dict[str, Any], group: str) -> None:
    """All that somebody fetches who leads a child's case, gives advice, leads an area, looks after units and
    people, sits in a team, or keeps a row of the directory: the 110 kB of architecture.md. Somebody with several hats fetches several groups."""
    beside = set(built["groups"][group])
    assert beside
    assert not beside & {path for paths in built["roles"].values() for path in paths}
    assert weight(*built["roles"]["staff"], *beside) <= 110 * KB


def test_every_group_is_weighed(built: dict[str, Any]) -> None:
    assert set(built["groups"]) == set(GROUPS)


def test_families_never_fetch_the_pages_of_professionals(built: dict[str, Any]) -> None:
    worker = (DIST / "sw.js").read_text(encoding="utf-8")
    only_staff = {path for path in built["roles"]["staff"] if path not in built["roles"]["family"]}
    only_staff = only_staff.union(*built["groups"].values()) - set(built["roles"]["youth"])
    (at_once,) = [found for found in re.findall(r'\[(?:"[^"]*",?)+\]', worker) if '"/",' in found]
    fetched_at_once = set(json.loads(at_once)) | set(built["roles"]["family"])
    assert weight(*only_staff) > 30 * KB
    assert not fetched_at_once & only_staff


@pytest.mark.parametrize("lang", ["sv", "en", "ar"])
def test_a_language_is_light(lang: str) -> None:
    (core,) = [path.name for path in DIST.glob(f"assets/{lang}-*.json") if "-staff-" not in path.name]
    assert weight(f"/assets/{core}") <= 15 * KB
