"""No page ships unseen: every path of the app's lists stands in a list of those that are looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser import routes

VIEWS = Path(__file__).resolve().parent.parent / "pwa" / "src" / "views"
LISTS = {
    "family": ["family/index.ts"],
    "youth": ["youth/index.ts"],
    "staff": ["staff/index.ts", "professional/routes.ts"],
}
ROUTE = re.compile(r'\{ path: "([^"]+)", view:')
SHELL = re.compile(r'path === "([^"]+)"')


@pytest.mark.parametrize("role", LISTS)
def test_every_page_of_a_role_is_looked_at(role: str) -> None:
    offered = {path for file in LISTS[role] for path in ROUTE.findall((VIEWS / file).read_text(encoding="utf-8"))}
    seen = {path for pages in routes.BY_ROLE[role] for path in pages}
    unseen = {name.partition(" ")[2] for name in routes.UNSEEN if name.startswith(f"{role} ")}
    assert len(offered) > 10
    assert offered - seen - unseen == set(), "put these pages in a list of tests/browser/routes.py"
    assert seen - offered - set(routes.SHARED) == set(), "the app has these no more"
    assert unseen <= offered - seen


def test_every_page_of_the_shell_is_looked_at() -> None:
    offered = set(SHELL.findall((VIEWS / "shell.tsx").read_text(encoding="utf-8")))
    assert offered - {*routes.SHARED, *routes.OPEN} == set()


def test_every_list_of_routes_is_read() -> None:
    named = {file for files in LISTS.values() for file in files}
    found = {
        str(one.relative_to(VIEWS)) for one in VIEWS.rglob("*.ts*") if ROUTE.search(one.read_text(encoding="utf-8"))
    }
    assert found == named
