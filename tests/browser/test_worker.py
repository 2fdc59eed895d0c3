"""The service worker: every push shows something, whatever comes, and pressing it opens the right place (P8)."""

from __future__ import annotations

import json
import random
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from server.domain.instants import to_text
from server.storage.sqlite import FILE
from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Server
from tests.push_keys import SUBSCRIBED

COUNTED = """() => {
  const show = ServiceWorkerRegistration.prototype.showNotification;
  self.shown = 0;
  ServiceWorkerRegistration.prototype.showNotification = function (...all) {
    return show.apply(this, all).then(() => { self.shown += 1; });
  };
}"""
"""Counts what has been shown. Asking for the notices meanwhile would not do: Chromium forgets those it has noted down and
not put up yet when somebody asks which there are."""
GARBAGE: list[str] = [
    "",
    "{",
    "null",
    "[]",
    "42",
    '"text"',
    "\x00\x01\x02",
    "{}" * 50,
    '{"notification": null}',
    "Å" * 900,
]
PRESS = """async (tag) => {
  // A press by hand lets the worker raise a window; here nobody presses.
  WindowClient.prototype.focus = async function () { return this; };
  const [notification] = await registration.getNotifications({ tag });
  const event = new NotificationEvent("notificationclick", { notification });
  let work = Promise.resolve();
  Object.defineProperty(event, "waitUntil", { value: (promise) => { work = promise; } });
  dispatchEvent(event);
  await work;
}"""


class Deliverer:
    """Hands pushes to the worker of a device, as the browser does when its push service has one."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._cdp = device.context.new_cdp_session(device.page)
        self._ids: list[str] = []
        self._cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._cdp.send("ServiceWorker.enable")
        device.until(lambda: bool(self._ids), "the worker is registered")

    def deliver(self, data: str) -> None:
        message = {"origin": self._device.origin, "registrationId": self._ids[0], "data": data}
        self._cdp.send("ServiceWorker.deliverPushMessage", message)

    def sync(self, tag: str) -> None:
        """The browser wakes the worker because there is a network."""
        asked = {"origin": self._device.origin, "registrationId": self._ids[0], "tag": tag, "lastChance": False}
        self._cdp.send("ServiceWorker.dispatchSyncEvent", asked)

    def _registered(self, event: dict[str, Any]) -> None:
        self._ids += [one["registrationId"] for one in event["registrations"] if not one["isDeleted"]]


@pytest.fixture(scope="module")
def chromium(whole_chromium: Browser) -> Browser:
    """One that shows notifications."""
    return whole_chromium


def test_every_push_shows_something(new_device: NewDevice) -> None:
    _deliver_all(new_device, 20)


@pytest.mark.promise
def test_every_one_of_a_hundred_pushes_shows_something(new_device: NewDevice) -> None:
    _deliver_all(new_device, 100)


def test_pressing_a_reminder_opens_its_place_and_no_other_site(new_device: NewDevice) -> None:
    noor = new_device("noor", permissions=["notifications"]).open().worker()
    noor.context.service_workers[0].evaluate(COUNTED)
    post = Deliverer(noor)
    for tag, address, opened in (("a", "/words", "/words"), ("b", "https://elsewhere.example.org/meetings", "/")):
        before = _shown(noor)
        post.deliver(_push(tag, address))
        noor.until(lambda before=before: _shown(noor) > before, "it is shown")
        assert _tags(noor).count(tag) == 1
        noor.context.service_workers[0].evaluate(PRESS, tag)
        noor.page.wait_for_url(f"{noor.origin}{opened}")


def test_what_was_shown_without_a_network_is_told_when_there_is_one_again(
    new_device: NewDevice, server: Server
) -> None:
    """Else an e-mail follows, although the person has seen the notice."""
    noor = new_device("noor", permissions=["notifications"]).open("/words").worker()
    noor.page.goto(f"{noor.origin}/integritet")  # a page that is not the app: nobody but the worker tells
    post, ids = Deliverer(noor), [_sent(server) for _ in range(3)]
    noor.offline()
    post.deliver(_push(ids[0], "/"))
    post.deliver(_push(ids[1], "/"))
    noor.until(lambda: len(_untold(noor)) == 2, "they wait to be told")
    assert [_state(server, id) for id in ids] == ["sent"] * 3
    assert all(path.removeprefix("/kept/untold/") in ids for path in _untold(noor)), "ids, and nothing else"
    noor.offline(False)
    post.deliver(_push(ids[2], "/"))
    noor.until(lambda: [_state(server, id) for id in ids] == ["seen"] * 3, "the server has heard of all")
    noor.until(lambda: not _untold(noor), "nothing waits any more")

    late = _sent(server)
    noor.offline()
    post.deliver(_push(late, "/"))
    noor.until(lambda: len(_untold(noor)) == 1, "it waits to be told")
    noor.offline(False)
    post.sync("untold")
    noor.until(lambda: _state(server, late) == "seen", "the browser's own sync has told it")


def test_an_app_that_starts_has_the_worker_tell_what_waits(new_device: NewDevice, server: Server) -> None:
    noor = new_device("noor", permissions=["notifications"])
    noor.context.add_init_script(SUBSCRIBED)
    noor.open("/settings/reminders").worker().press("Turn on reminders here")
    noor.sees("Try it out")
    post, id = Deliverer(noor), _sent(server)
    noor.offline()
    post.deliver(_push(id, "/"))
    noor.until(lambda: len(_untold(noor)) == 1, "it waits to be told")
    assert _state(server, id) == "sent"
    noor.offline(False)
    noor.open("/words")
    noor.until(lambda: _state(server, id) == "seen", "the server has heard of it")


def _sent(server: Server) -> str:
    """A delivery that a push service has taken for a device that nobody owns; its id."""
    id, device = str(uuid.uuid4()), str(uuid.uuid4())
    now = to_text(datetime.now(UTC))
    with closing(sqlite3.connect(server.data / FILE, timeout=20, isolation_level=None)) as database:
        database.execute(
            "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang, created_at,"
            " confirm_token, confirmed_at, dead_at) VALUES (?1, ?1, ?1, ?1, 'https://push.example.org/' || ?1, 'p', 'a', 'sv',"
            " ?2, ?1, ?2, ?2)",
            (device, now),
        )
        database.execute(
            "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
            " VALUES (?1, ?1, ?2, 'sent', 1, ?3, ?3)",
            (id, device, now),
        )
    return id


def _state(server: Server, id: str) -> str:
    with closing(sqlite3.connect(server.data / FILE, timeout=20)) as database:
        return str(database.execute("SELECT state FROM delivery WHERE id = ?", (id,)).fetchone()[0])


def _untold(device: Device) -> list[str]:
    """The reports that the worker keeps."""
    return [path for path in device.kept("samled-shell-kept") if path.startswith("/kept/untold/")]


def _deliver_all(new_device: NewDevice, count: int) -> None:
    noor = new_device("noor", permissions=["notifications"]).open().worker()
    noor.context.service_workers[0].evaluate(COUNTED)
    post = Deliverer(noor)
    chance = random.Random(8)
    for number in range(count):
        post.deliver(chance.choice(GARBAGE) if number % 2 else _push(f"tag-{number}", "/"))
    noor.until(lambda: _shown(noor) == count, f"{count} are shown", 60)
    assert len(_tags(noor)) == count


def _push(tag: str, address: str) -> str:
    notice = {"title": "Samled", "body": "Du har något nytt.", "lang": "sv", "navigate": address, "tag": tag}
    return json.dumps({"web_push": 8030, "notification": notice, "id": tag})


def _shown(device: Device) -> int:
    count: int = device.context.service_workers[0].evaluate("() => self.shown")
    return count


def _tags(device: Device) -> list[str]:
    found: list[str] = device.page.evaluate(
        "() => navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.map((one) => one.tag))"
    )
    return found
