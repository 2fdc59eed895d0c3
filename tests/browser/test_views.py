"""Every page of every role: nothing for axe to find, nothing wider than the screen, no error and no telling title."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import routes
from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.looks import LOOKS, see, see_all

ROLES: list[tuple[str, str, Callable[[Others, str], list[str]]]] = [
    ("anna", "guardian", routes.of_family),
    ("noor", "young_person", routes.of_youth),
    ("maria", "staff", routes.of_staff),
    ("lena", "process_lead", routes.of_leader),
]
SELDOM = 3
"""On a quick run professionals' pages, which share most of their parts, are seen in a second look one in three."""


@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_both_languages_and_themes(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: Callable[[Others, str], list[str]]
) -> None:
    paths = pages(others, persona)
    see_all(new_device(persona, kind), [paths, paths[:: SELDOM if kind == "staff" else 1]])


@pytest.mark.promise
@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_every_look(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: Callable[[Others, str], list[str]]
) -> None:
    see_all(new_device(persona, kind), [pages(others, persona)] * len(LOOKS))


def test_pages_that_need_no_sign_in(new_device: NewDevice) -> None:
    see(new_device().open(), list(routes.OPEN))
