"""P4 at home: what somebody wrote is there after any death of the app at any moment, in exactly one visible state."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.deaths import SENT, Born, arrived, births, live
from tests.browser.device import Device
from tests.browser.house import Others, Server
from tests.browser.lives import Form, Life
from tests.browser.words import text


@pytest.fixture
def born(playwright: Playwright, chromium_path: str, tmp_path: Path) -> Iterator[Born]:
    with births(playwright, chromium_path, tmp_path) as made:
        yield made


def test_nothing_a_family_wrote_is_lost_when_the_app_dies(born: Born, server: Server) -> None:
    plan = {"closed": 1, "crashed": 1, "worker": 1, "refused": 1, "emptied": 1}
    with Others(server.origin) as others:
        _family(born(server, "anna"), others, plan, each=2, seed=4)


@pytest.mark.promise(about_s=140)
@pytest.mark.timeout(900)
def test_nothing_of_four_hundred_is_lost_at_home(born: Born, server: Server) -> None:
    plan = {"closed": 10, "crashed": 10, "worker": 8, "process": 15, "signed_out": 3, "refused": 3, "emptied": 3}
    with Others(server.origin) as others:
        assert _family(born(server, "anna"), others, plan | {"full": 2}, each=8, seed=5) >= 400


def _family(life: Life, others: Others, plan: dict[str, int], each: int, seed: int) -> int:
    life.begin()
    meeting = next(
        one["id"] for one in others.documents(life.persona, "meeting") if one["state"] in ("invited", "confirmed")
    )
    thread = Form("/coordinator/messages", "/coordinator/messages", ".bubble", "main button.primary")
    note = Form(f"/meetings/{meeting}", "/coordinator/messages", ".bubble", "main .btns button.soft")
    written = live(life, [thread, note], plan, each, seed)
    arrived([str(one["text"]) for one in others.documents(life.persona, "message")], written)
    return len(written)


def test_what_waits_offline_is_not_called_sent(born: Born, server: Server) -> None:
    life = born(server, "anna")
    life.begin()
    device: Device = life.device.go("/coordinator/messages").offline()
    words = f"Skrivet utan nät {secrets.token_hex(3)}."
    life.write(
        thread := Form("/coordinator/messages", "/coordinator/messages", ".bubble", "main button.primary"), words
    )
    life.send(thread, words)
    bubble = device.page.locator(".bubble", has_text=words)
    expect(bubble.get_by_text(text("Not sent yet"), exact=True)).to_be_visible()
    expect(bubble.get_by_text(SENT, exact=True)).to_have_count(0)
    life.process()
    bubble = life.again("/coordinator/messages").page.locator(".bubble", has_text=words)
    expect(bubble.get_by_text(SENT, exact=True)).to_be_visible()
