"""One server and one Chromium for all tests here; a context of its own for each person in each test.

The client is the one in `pwa/dist`, built by make. The fixtures end with this folder, so that the event loop Playwright
runs in this thread does not stand in the way of other tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.at_work import Come, people_at_work
from tests.browser.device import PHONE, USUAL, Device, without_faults
from tests.browser.house import Others, Server, running_server
from tests.browser.later import LaterServer, ordinary_morning, running_later
from tests.conftest import FLAGS

NewDevice = Callable[..., Device]


@dataclass(frozen=True)
class Planned:
    """A meeting, and when it begins."""

    meeting: str
    starts: datetime

    def wait(self) -> str:
        """Its id, when it has begun."""
        time.sleep(max(0.0, (self.starts - datetime.now(UTC)).total_seconds() + 0.2))
        return self.meeting


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def server(client_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server everybody here talks to."""
    with running_server(tmp_path_factory.mktemp("browser-server")) as running:
        yield running


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright without the browsers it would fetch."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """The one Chromium."""
    browser = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def others(server: Server) -> Iterator[Others]:
    """Those without a screen."""
    with Others(server.origin) as people:
        yield people


@pytest.fixture(scope="module")
def house(client_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaterServer]:
    """A working morning, half past eight, in a house of the file's own."""
    with running_later(tmp_path_factory.mktemp("house"), ordinary_morning()) as running:
        yield running


@pytest.fixture
def come(chromium: Browser, house: LaterServer) -> Iterator[Come]:
    """`come("maria")`: a professional's device in that house; see `people_at_work`."""
    with people_at_work(chromium, house) as made:
        yield made


@pytest.fixture
def away(house: LaterServer) -> Iterator[Others]:
    """Those without a screen in that house."""
    with Others(house.origin) as people:
        yield people


@pytest.fixture(scope="package")
def soon(server: Server) -> Planned:
    """A meeting of Maria's that begins with the next minute. Ask for it early; `soon.wait()` where it must have begun."""
    starts = (datetime.now(UTC) + timedelta(seconds=62)).replace(second=0, microsecond=0)
    with Others(server.origin) as people:
        child = next(one for one in people.documents("maria", "child") if one.get("people") and one["state"] == "open")
        ack = people.send(
            "maria",
            "meeting.propose",
            child=child["id"],
            kind="network",
            starts_local=f"{starts.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%dT%H:%M}",
            place="Lillåns skola, biblioteket",
            invited=[one["relation"] for one in child["people"] if one["kind"] == "guardian"],
            invite=True,
        )
    return Planned(ack["result"]["meeting"], starts)


@pytest.fixture
def new_device(chromium: Browser, server: Server) -> Iterator[NewDevice]:
    """`new_device("anna")`: a phone in Swedish, signed in, nothing open yet; `None` for nobody. Checked at the end."""
    with without_faults() as made:

        def make(persona: str | None = None, seat: str | None = None, **options: Any) -> Device:
            device = Device(chromium.new_context(**{**USUAL, "viewport": PHONE, **options}), server.origin)
            made.append(device)
            return device.sign_in(persona, seat) if persona else device

        yield make
