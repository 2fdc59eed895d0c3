"""P4: what somebody wrote is there after the tab is killed at any moment, in exactly one visible state."""

from __future__ import annotations

import random
import secrets
from contextlib import suppress
from functools import partial

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.words import text

SENT = text("Sent")


def test_nothing_written_is_lost_when_the_tab_is_killed(new_device: NewDevice) -> None:
    _write_and_kill(new_device("omar"), rounds=4, each=6, seed=4)


@pytest.mark.promise
@pytest.mark.timeout(1500)
def test_nothing_of_five_hundred_is_lost(new_device: NewDevice) -> None:
    _write_and_kill(new_device("omar"), rounds=100, each=5, seed=5)


def _write_and_kill(device: Device, rounds: int, each: int, seed: int) -> None:
    chance, mark = random.Random(seed), secrets.token_hex(3)
    device.open("/coordinator/messages").worker()
    for number in range(rounds):
        written = [f"Mening {mark}-{number}-{one}." for one in range(each)]
        if chance.random() < 0.4:
            device.offline()
        box = device.page.locator("textarea")
        for words in written[:-1]:
            box.fill(words)
            device.page.locator("main button.primary").click()
            expect(device.page.locator(".bubble", has_text=words)).to_be_visible()
        device.drafts(partial(box.fill, written[-1]))
        device.page.locator("main button.primary").click(no_wait_after=True)
        device.page.wait_for_timeout(chance.random() ** 2 * 250)
        _kill(device, chance)
        device.offline(False)
        device.open("/coordinator/messages")
        for words in written:
            device.until(
                lambda wanted=words: _states(device, wanted) == 1,
                f"{words} is somewhere, once: {_states(device, words)}",
            )
        for words in written:
            _send_if_draft(device, words)
            expect(device.page.locator(".bubble", has_text=words).get_by_text(SENT, exact=True)).to_be_visible()


def _kill(device: Device, chance: random.Random) -> None:
    """The tab is closed, its process dies, or the service worker is stopped under it first."""
    death = chance.choice(("closed", "crashed", "worker"))
    if death == "worker":
        cdp = device.context.new_cdp_session(device.page)
        cdp.send("ServiceWorker.enable")
        cdp.send("ServiceWorker.stopAllWorkers")
    if death == "crashed":
        with suppress(Error):
            device.page.goto("chrome://crash", timeout=3000)
    device.page.close()
    device.page = device.context.new_page()


def _states(device: Device, words: str) -> int:
    """In how many places these words stand: as a bubble, or in the box to go on writing in."""
    bubbles = device.page.locator(".bubble", has_text=words).count()
    return bubbles + (device.page.locator("textarea").input_value() == words)


def _send_if_draft(device: Device, words: str) -> None:
    if device.page.locator("textarea").input_value() == words:
        device.page.locator("main button.primary").click()
