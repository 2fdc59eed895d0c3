"""Every page of every role: nothing for axe to find, nothing wider than the screen, no error and no telling title."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import routes
from tests.browser.conftest import NewDevice
from tests.browser.house import Others, Server, running_server
from tests.browser.looks import LOOKS, see_all, see_in_all_looks
from tests.browser.made import lock

ROLES = [
    ("anna", "guardian", routes.FAMILY),
    ("noor", "young_person", routes.YOUTH),
    ("maja", "young_person", routes.YOUTH_WAITING),
    ("maria", "staff", routes.STAFF),
    ("jonas", "staff", routes.CONSULTANT),
    ("lena", "process_lead", routes.LEADER),
    ("per", "admin", routes.ADMIN),
]
SELDOM = 3
"""On a quick run professionals' pages, which share most of their parts, are seen in a second look one in three."""
OF_FAMILIES = ("guardian", "young_person")


@pytest.fixture(scope="module")
def server(client_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with somebody in every line and on the way in."""
    with running_server(tmp_path_factory.mktemp("views-server")) as running:
        with Others(running.origin) as people:
            routes.prepare(people)
        yield running


@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_both_languages_and_themes(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: routes.Pages
) -> None:
    paths = routes.addresses(pages, others, persona)
    see_all(new_device(persona, kind), [paths, paths[:: 1 if kind in OF_FAMILIES else SELDOM]])


@pytest.mark.promise
@pytest.mark.parametrize(("persona", "kind", "pages"), ROLES, ids=[role[0] for role in ROLES])
def test_every_page_in_every_look(
    new_device: NewDevice, others: Others, persona: str, kind: str, pages: routes.Pages
) -> None:
    see_all(new_device(persona, kind), [routes.addresses(pages, others, persona)] * len(LOOKS))


def test_pages_that_need_no_sign_in_in_every_look(new_device: NewDevice) -> None:
    see_in_all_looks(new_device().open(), list(routes.OPEN))


def test_the_lock_in_every_look(new_device: NewDevice) -> None:
    maria = new_device("maria").open()
    lock(maria, "135790")
    see_in_all_looks(maria.again().sees("Samled is locked"), ["/"])
