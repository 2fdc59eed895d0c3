"""The service worker: every push shows something, whatever comes, and pressing it opens the right place (P8)."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.browser.conftest import NewDevice
from tests.browser.device import Device

SHOWN = "() => navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.length)"
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

    def _registered(self, event: dict[str, Any]) -> None:
        self._ids += [one["registrationId"] for one in event["registrations"] if not one["isDeleted"]]


def test_every_push_shows_something(new_device: NewDevice) -> None:
    _deliver_all(new_device, 20)


@pytest.mark.promise
def test_every_one_of_a_hundred_pushes_shows_something(new_device: NewDevice) -> None:
    _deliver_all(new_device, 100)


def test_pressing_a_reminder_opens_its_place_and_no_other_site(new_device: NewDevice) -> None:
    noor = new_device("noor", permissions=["notifications"]).open().worker()
    post = Deliverer(noor)
    for tag, address, opened in (("a", "/words", "/words"), ("b", "https://elsewhere.example.org/meetings", "/")):
        post.deliver(_push(tag, address))
        noor.until(lambda mark=tag: _tags(noor).count(mark) == 1, "it is shown")
        noor.context.service_workers[0].evaluate(PRESS, tag)
        noor.page.wait_for_url(f"{noor.origin}{opened}")


def _deliver_all(new_device: NewDevice, count: int) -> None:
    noor = new_device("noor", permissions=["notifications"]).open().worker()
    post = Deliverer(noor)
    chance = random.Random(8)
    for number in range(count):
        post.deliver(chance.choice(GARBAGE) if number % 2 else _push(f"tag-{number}", "/"))
    noor.until(lambda: noor.page.evaluate(SHOWN) == count, f"{count} are shown", 60)


def _push(tag: str, address: str) -> str:
    notice = {"title": "Samled", "body": "Du har något nytt.", "lang": "sv", "navigate": address, "tag": tag}
    return json.dumps({"web_push": 8030, "notification": notice, "id": tag})


def _tags(device: Device) -> list[str]:
    found: list[str] = device.page.evaluate(
        "() => navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.map((one) => one.tag))"
    )
    return found
