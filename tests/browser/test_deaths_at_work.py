"""P4 at work: what somebody wrote is there after any death of the app at any moment, in exactly one visible state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.deaths import Born, arrived, births, live
from tests.browser.house import Others, Server
from tests.browser.lives import Form, Life


@pytest.fixture
def born(playwright: Playwright, chromium_path: str, tmp_path: Path) -> Iterator[Born]:
    with births(playwright, chromium_path, tmp_path) as made:
        yield made


def test_nothing_a_professional_wrote_is_lost_when_the_browser_is_killed(born: Born, server: Server) -> None:
    with Others(server.origin) as others:
        _professional(born(server, "maria"), others, {"closed": 1, "process": 2, "refused": 1}, each=2, seed=6)


@pytest.mark.promise(about_s=140)
@pytest.mark.timeout(900)
def test_nothing_of_a_hundred_is_lost_at_work(born: Born, server: Server) -> None:
    plan = {"closed": 7, "crashed": 7, "worker": 6, "process": 10, "refused": 3, "emptied": 3}
    with Others(server.origin) as others:
        assert _professional(born(server, "maria"), others, plan, each=4, seed=7) >= 100


def _professional(life: Life, others: Others, plan: dict[str, int], each: int, seed: int) -> int:
    life.begin(with_code=True)
    child = next(
        one
        for one in others.documents(life.persona, "child")
        if one["state"] == "open"
        and any(who["kind"] == "guardian" and who["state"] != "invited" for who in one.get("people", ()))
    )
    who = next(one["relation"] for one in child["people"] if one["kind"] == "guardian" and one["state"] != "invited")
    card = next(
        one["id"]
        for one in others.documents(life.persona, "waiting")
        if one["state"] == "waiting" and one.get("next_check_in_on")
    )
    thread, check_in = f"/children/{child['id']}/thread/{who}", f"/waiting/{card}"
    forms = [
        Form("/tasks", "/tasks", ".row, .notice", field="main form input >> nth=0"),
        Form(
            f"/children/{child['id']}/measure",
            f"/children/{child['id']}",
            ".row, .notice",
            field="main form input >> nth=0",
            also=[("main form .card >> nth=1 >> input[type=text]", "Lunds brukshjälp")],
        ),
        Form(check_in, check_in, ".trail li, .notice", once=True),
        Form(thread, thread, "main > .card, main .card:not(form .card), .notice"),
    ]
    written = live(life, forms, plan, each, seed)
    found = {"task": "what", "support_measure": "title", "message": "text"}
    arrived(
        [str(one.get(name)) for kind, name in found.items() for one in others.documents(life.persona, kind)],
        written,
        forms[2],
    )
    return len(written)
