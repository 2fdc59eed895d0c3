"""The same home in Firefox and in WebKit: there, and readable when the server is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.bidi import Firefox
from tests.browser.device import KEPT as CACHES
from tests.browser.device import ROLES, ROWS
from tests.browser.house import Server
from tests.browser.relay import Relay

FIREFOXES = ("firefox-esr", "firefox")
MINI_BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
SIGN_IN = """fetch("/auth/demo").then((answer) => answer.json()).then(({ personas }) => fetch("/auth/demo", {
  method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ persona: "anna", seat: personas.find((one) => one.key === "anna").seats[0].id, assurance: "eid" }),
})).then((answer) => answer.status)"""
HOME = "document.querySelector('main')?.innerText.includes('Maria Ekdahl') && document.querySelector('h1')?.textContent"
KEPT = f"({ROWS})().then((rows) => rows.some(([, entity]) => entity === 'coordinator'))"
CACHED = f"({CACHES})('').then((paths) => %s.every((one) => paths.includes(one)))"
CALL = "document.querySelector(\"a[href^='tel:']\")?.href"


def needed() -> str:
    """What a family's phone needs without a network, as JSON."""
    roles = json.loads(ROLES.read_text(encoding="utf-8"))["roles"]
    return json.dumps([*roles["family"], *roles["youth"]])


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    """The way to the server, which can be cut."""
    with Relay(server.port) as way:
        yield way


def test_firefox_opens_home_without_the_server(relay: Relay, tmp_path: Path) -> None:
    binary = next(filter(None, map(shutil.which, FIREFOXES)), None)
    if binary is None:
        pytest.fail("there is no Firefox on this machine: run `tools/system --for-tests`")
    with Firefox(binary, tmp_path) as firefox:
        firefox.open(f"{relay.origin}/help")
        assert firefox.value(SIGN_IN) == 204
        firefox.open(f"{relay.origin}/")
        assert firefox.wait(HOME) == "Hej Anna"
        firefox.wait("navigator.serviceWorker.controller !== null")
        firefox.wait(KEPT)
        firefox.wait(CACHED % needed())
        relay.cut()
        firefox.open(f"{relay.origin}/")
        assert firefox.wait(HOME) == "Hej Anna"
        assert firefox.wait(CALL).startswith("tel:+46")
        firefox.wait("document.querySelector('.sync')?.textContent.includes('Uppdaterat')")


@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
def test_webkit_opens_home_without_the_server(relay: Relay, tmp_path: Path) -> None:
    with WebKit(tmp_path) as webkit:
        webkit.open(f"{relay.origin}/help")
        assert webkit.value(SIGN_IN) == 204
        webkit.open(f"{relay.origin}/")
        assert webkit.wait(HOME) == "Hej Anna"
        webkit.wait("navigator.serviceWorker.controller !== null")
        webkit.wait(KEPT)
        webkit.wait(CACHED % needed())
        relay.cut()
        webkit.open(f"{relay.origin}/")
        assert webkit.wait(HOME) == "Hej Anna"
        assert webkit.wait(CALL).startswith("tel:+46")


class Screen:
    """A screen that nobody sees, for browsers that want one."""

    def __init__(self) -> None:
        if shutil.which("Xvfb") is None:
            pytest.fail("there is no screen and no Xvfb on this machine: run `tools/system --for-tests`")
        ours, theirs = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(theirs), "-nolisten", "tcp"], pass_fds=[theirs], stderr=subprocess.DEVNULL
        )
        os.close(theirs)
        with os.fdopen(ours) as told:
            self.name = f":{told.readline().strip()}"

    def end(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()


class WebKit:
    """WebKitGTK's small browser through its own driver."""

    def __init__(self, folder: Path) -> None:
        driver = shutil.which("WebKitWebDriver")
        browser = next(iter(sorted(Path("/").glob(MINI_BROWSERS), reverse=True)), None)
        if driver is None or browser is None:
            pytest.fail("there is no WebKitGTK with its driver on this machine: run `tools/system --for-tests`")
        options = Options()
        options.binary_location = str(browser)
        options.add_argument("--automation")
        self._screen = None if "DISPLAY" in os.environ else Screen()
        seen = {**os.environ, "HOME": str(folder)} | ({"DISPLAY": self._screen.name} if self._screen else {})
        service = Service(driver, log_output=str(folder / "webkit.log"), env=seen)
        self._driver = webdriver.WebKitGTK(options=options, service=service)
        self._driver.set_script_timeout(60)
        self._driver.set_page_load_timeout(60)

    def __enter__(self) -> WebKit:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(WebDriverException):
            self._driver.quit()
        if self._screen:
            self._screen.end()

    def open(self, address: str) -> None:
        """Goes there."""
        self._driver.get(address)

    def value(self, expression: str) -> Any:
        """The value of an expression on the page, awaited. Raises: `RuntimeError`."""
        answer = self._driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async () => {{ try {{ done(JSON.stringify({{ value: await ({expression}) }})); }}"
            " catch (error) { done(JSON.stringify({ error: String(error) })); } })();"
        )
        found = json.loads(answer)
        if "error" in found:
            raise RuntimeError(found["error"])
        return found.get("value")

    def wait(self, expression: str, timeout_s: float = 60.0) -> Any:
        """The first value that is not empty."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            with suppress(RuntimeError):
                if found := self.value(expression):
                    return found
            time.sleep(0.1)
        raise AssertionError(f"not within {timeout_s} s: {expression}")
