"""Reminders that really arrive (P8): encrypted all the way to Firefox, and pressed on a desktop in Chromium."""

from __future__ import annotations

import json
import os
import random
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect
from pywebpush import WebPusher

from tests.browser.bidi import Firefox
from tests.browser.desktop import Desktop
from tests.browser.device import PHONE, Device
from tests.browser.house import Others, Server, running_server
from tests.browser.push_service import PushService
from tests.browser.test_other_browsers import SIGN_IN
from tests.browser.test_worker import GARBAGE, Deliverer
from tests.browser.words import text
from tests.conftest import FLAGS

TAGS = "navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.map((one) => one.tag))"
SUBSCRIPTION = (
    "navigator.serviceWorker.ready.then((one) => one.pushManager.getSubscription()).then((one) => one?.toJSON())"
)
ASKED = ("You have been signed out", "Have you got an invitation?")
HEADLESS_NOTICES = {"alerts.useSystemBackend": False}
"""Firefox draws notices itself: there is no desktop."""


# ---- Firefox, a push service, and everything between them


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    """The push service."""
    with PushService() as running:
        yield running


@pytest.fixture(scope="module")
def own_server(
    client_is_built: None, service: PushService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that knows this push service."""
    with running_server(tmp_path_factory.mktemp("push-server"), SAMLED_PUSH_HOSTS=service.host) as running:
        yield running


@pytest.fixture
def firefox(service: PushService, own_server: Server, tmp_path: Path) -> Iterator[Firefox]:
    """Anna's Firefox with reminders on, and the first of them shown."""
    service.channels.clear()
    with Firefox(tmp_path, {**service.preferences, **HEADLESS_NOTICES}) as browser:
        browser.open(f"{own_server.origin}/help")
        assert browser.value(SIGN_IN) == 204
        browser.open(f"{own_server.origin}/settings/reminders")
        browser.wait("navigator.serviceWorker.controller !== null")
        press(browser, "Turn on reminders here")
        sees(browser, "Reminders work")
        browser.wait(f"{TAGS}.then((tags) => tags.includes('on'))")
        yield browser


def test_firefox_shows_what_is_sent_to_it(firefox: Firefox, service: PushService) -> None:
    _send_all(firefox, service, 20)


@pytest.mark.promise
def test_firefox_shows_every_one_of_a_hundred(firefox: Firefox, service: PushService) -> None:
    _send_all(firefox, service, 100)


def test_a_test_notice_says_that_it_arrived(firefox: Firefox, service: PushService) -> None:
    (channel,) = service.live
    before = len(channel.sealed)
    press(firefox, "Try it out")
    sees(firefox, "It arrived")
    assert len(channel.sealed) == before + 1
    firefox.wait(f"document.querySelector('main').innerText.includes({json.dumps(_beginning('Last arrived {when}'))})")


def test_a_dead_subscription_is_found_and_mended(firefox: Firefox, service: PushService) -> None:
    (dead,) = service.live
    dead.gone = True
    press(firefox, "Try it out")
    service.until(lambda: bool(service.live and service.live[0].codes), "there is another, and it has answered")
    sees(firefox, "Reminders work")
    assert firefox.value(SUBSCRIPTION)["endpoint"].endswith(service.live[0].id)


def test_a_subscription_the_browser_dropped_is_mended_at_the_next_start(firefox: Firefox, service: PushService) -> None:
    (dropped,) = service.live
    firefox.value(f"{SUBSCRIPTION.replace('one?.toJSON()', 'one.unsubscribe()')}")
    service.until(lambda: dropped.gone, "the browser has dropped it")
    firefox.open(firefox.value("location.origin") + "/")
    service.until(lambda: bool(service.live and service.live[0].codes), "there is another, and it has answered")


def test_a_changed_subscription_is_told_while_the_app_is_open(firefox: Firefox, service: PushService) -> None:
    (old,) = service.live
    service.forget_browser()
    service.until(lambda: bool(service.live and service.live[-1].codes), "there is another, and it has answered", 60)
    assert service.live[-1] is not old


def _send_all(firefox: Firefox, service: PushService, count: int) -> None:
    """Sealed as our own sender does it, every other one with nothing sensible in it."""
    (channel,) = service.live
    subscription, chance = firefox.value(SUBSCRIPTION), random.Random(8)
    for number in range(count):
        notice = {"title": "Samled", "body": "Du har något nytt.", "tag": f"t{number}", "navigate": "/"}
        sensible = json.dumps({"web_push": 8030, "id": f"t{number}", "notification": notice})
        data = chance.choice(GARBAGE) if number % 2 else sensible
        # A push may also come without anything in it.
        sealed = WebPusher(subscription).encode(data.encode())["body"] if data else b""
        request = urllib.request.Request(subscription["endpoint"], sealed, {"TTL": "60"}, method="POST")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201
    service.until(lambda: len(channel.codes) >= count, "the browser has taken them")
    assert set(channel.codes.values()) == {100}, "the browser could read every one"
    # The one that said that reminders are on is there too.
    firefox.wait(f"{TAGS}.then((tags) => tags.length === {count + 1})")


def press(firefox: Firefox, msgid: str) -> None:
    """Presses a button when it is there."""
    words = json.dumps(text(msgid))
    firefox.wait(
        f"[...document.querySelectorAll('button')].filter((one) => one.textContent.trim() === {words})"
        ".map((one) => { one.click(); return true; })[0]"
    )


def sees(firefox: Firefox, msgid: str) -> None:
    """Waits until the text is on the page."""
    firefox.wait(f"document.querySelector('main')?.innerText.includes({json.dumps(text(msgid))})")


def _beginning(msgid: str) -> str:
    return text(msgid).partition("{")[0].strip()


# ---- Chromium on a desktop: presses that come from outside the browser


class Phone(Device):
    """A browser with a profile on a desktop, whose notices somebody can press."""

    def __init__(self, context: Any, origin: str, desktop: Desktop) -> None:
        super().__init__(context, origin)
        self.desktop = desktop

    def remind(self, address: str, tag: str) -> None:
        """A reminder of `address` is shown, and pressed."""
        notice = {"title": "Samled", "body": "Du har något nytt.", "lang": "sv", "navigate": address, "tag": tag}
        before = len(self.desktop.shown)
        Deliverer(self).deliver(json.dumps({"web_push": 8030, "id": tag, "notification": notice}))
        self._tag = tag
        self.shown = self.desktop.wait(before + 1)

    def press_notice(self) -> None:
        self.desktop.press(self.shown)

    @property
    def windows(self) -> list[str]:
        """The app's windows."""
        return [page.url for page in self.context.pages if page.url.startswith(self.origin)]


@pytest.fixture
def phone(playwright: Playwright, chromium_path: str, server: Server, tmp_path: Path) -> Iterator[Phone]:
    """Noor's, with the app open."""
    with Desktop() as desktop:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium_path,
            args=list(FLAGS),
            env={**os.environ, **desktop.environment},
            viewport=PHONE,  # type: ignore[arg-type]
            locale="sv-SE",
            permissions=["notifications"],
        )
        device = Phone(context, server.origin, desktop).sign_in("noor").open().worker()
        yield device
        context.close()
        device.check()


@pytest.fixture
def meeting(others: Others, phone: Phone) -> tuple[str, str]:
    """(the address of a notice, the page it leads to)."""
    notices = [one for one in others.documents("noor", "notice") if one["about"] == "meeting"]
    known = {one["id"] for one in others.documents("noor", "meeting")}
    found = next(one for one in notices if one["doc"] in known)
    return f"{phone.origin}/n/{found['id']}", f"{phone.origin}/meetings/{found['doc']}"


def test_a_press_leads_the_open_app_there(phone: Phone, meeting: tuple[str, str]) -> None:
    address, page = meeting
    phone.go("/words")
    phone.remind(address, "open")
    phone.press_notice()
    phone.page.wait_for_url(page)
    assert phone.windows == [page], "in the window that was open"


def test_a_press_opens_a_closed_app_there(phone: Phone, meeting: tuple[str, str]) -> None:
    address, page = meeting
    phone.remind(address, "closed")
    phone.page.close()
    assert phone.windows == []
    with phone.context.expect_page() as opened:
        phone.press_notice()
    opened.value.wait_for_url(page)
    assert phone.windows == [page]


def test_a_press_on_a_signed_out_device_asks_who_it_is_and_then_leads_there(
    phone: Phone, meeting: tuple[str, str]
) -> None:
    address, page = meeting
    ended = phone.context.request.post(f"{phone.origin}/auth/sign-out", headers={"Origin": phone.origin})
    assert ended.ok, ended.text()
    # A device that has its copy still could know by itself where a notice leads.
    phone.sees("You have been signed out").until(lambda: phone.databases() == [], "nothing is kept")
    phone.remind(address, "out")
    phone.page.close()
    with phone.context.expect_page() as opened:
        phone.press_notice()
    phone.page = opened.value
    phone.shows(re.compile("|".join(map(re.escape, map(text, ASKED)))))
    assert phone.page.url == address, "what it leads to is told to nobody but Noor"
    phone.sign_in("noor").page.goto(address)
    phone.page.wait_for_url(page)


def test_a_press_beside_a_page_that_is_not_the_app(phone: Phone, meeting: tuple[str, str]) -> None:
    address, page = meeting
    phone.remind(address, "beside")
    phone.page.goto(f"{phone.origin}/integritet")
    phone.press_notice()
    phone.until(lambda: page in phone.windows, "the page is open")


def test_a_notice_says_nothing_but_the_neutral_words(phone: Phone, meeting: tuple[str, str]) -> None:
    Deliverer(phone).deliver("{")
    shown = phone.desktop.wait()
    assert shown.title == "Samled"
    assert shown.body.split("\n")[-1] == text("You have something new to read.")
    expect(phone.page).to_have_title("Samled")
