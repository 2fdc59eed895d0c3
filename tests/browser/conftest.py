"""A server for each file and one Chromium for all; a context of its own for each person in each test.

The client is the one in `pwa/dist`, built by make. The fixtures end with this folder, so that the event loop Playwright
runs in this thread does not stand in the way of other tests.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.at_work import Come, people_at_work
from tests.browser.device import ALIVE, PHONE, USUAL, Device, without_faults
from tests.browser.house import RUNNING, Others, Server, running_server
from tests.browser.later import LaterServer, ordinary_morning, running_later
from tests.conftest import FLAGS
from tests.turns import turn

NewDevice = Callable[..., Device]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What measures a time waits, outside its own limit, until no other process of this run is at a test here."""
    with ExitStack() as stack:
        if hasattr(item.config, "workerinput"):
            stack.enter_context(turn(alone=item.get_closest_marker("alone") is not None))
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What failed says what went between each device and its server."""
    report = yield
    if report.failed and report.when == "call":
        for device in ALIVE:
            report.sections.append((f"device at {device.page.url}", "\n".join(device.seen)))
        for running in filter(Server.runs, RUNNING):
            report.sections.append((f"server on {running.port}", running.told()))
    return report


@pytest.fixture(scope="module")
def server(client_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server everybody in a file talks to: what one file leaves behind is never another's beginning."""
    with running_server(tmp_path_factory.mktemp("browser-server")) as running:
        yield running


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright without the browsers it would fetch."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright, chromium_path: str, windowless_path: str | None) -> Iterator[Browser]:
    """The one Chromium. It shows no notifications: what needs them asks for `whole_chromium`."""
    with playwright.chromium.launch(executable_path=windowless_path or chromium_path, args=list(FLAGS)) as browser:
        yield browser


@pytest.fixture(scope="module")
def whole_chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """One with all that stands around its pages."""
    with playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS)) as browser:
        yield browser


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


@pytest.fixture
def new_device(chromium: Browser, server: Server) -> Iterator[NewDevice]:
    """`new_device("anna")`: a phone in Swedish, signed in, nothing open yet; `None` for nobody. Checked at the end."""
    with without_faults() as made:

        def make(persona: str | None = None, seat: str | None = None, **options: Any) -> Device:
            device = Device(chromium.new_context(**{**USUAL, "viewport": PHONE, **options}), server.origin)
            made.append(device)
            return device.sign_in(persona, seat) if persona else device

        yield make
