"""The same home in Firefox and in WebKit: there, and readable when the server is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.bidi import Asked, Firefox
from tests.browser.device import KEPT as CACHES
from tests.browser.device import ROLES, ROWS
from tests.browser.house import Others, Server
from tests.browser.relay import Relay
from tests.browser.words import text

MINI_BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
SIGN_IN = """fetch("/auth/demo").then((answer) => answer.json()).then(({ personas }) => fetch("/auth/demo", {
  method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ persona: "anna", seat: personas.find((one) => one.key === "anna").seats[0].id, assurance: "eid" }),
})).then((answer) => answer.status)"""
NOBODY = (
    """performance.getEntriesByType("resource").some((one) => one.name.includes("/auth/me") && one.responseEnd > 0)"""
)
"""The app knows that nobody is signed in: one that asks later opens a copy on the disk, and is left while it does."""
HOME = "document.querySelector('main')?.innerText.includes('Maria Ekdahl') && document.querySelector('h1')?.textContent"
KEPT = f"({ROWS})().then((rows) => rows.some(([, entity]) => entity === 'coordinator'))"
CACHED = f"({CACHES})('').then((paths) => %s.every((one) => paths.includes(one)))"
UPDATED = "document.querySelector('.sync')?.textContent.includes('Uppdaterat')"
SAYS = "document.querySelector('main')?.innerText.includes(%s)"
PRESS = """(() => {
  const label = [...document.querySelectorAll("label.choice")].find((one) => one.textContent.includes(%s));
  label?.click();
  return label !== undefined;
})()"""
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


def home_without_the_server(browser: Asked, relay: Relay) -> None:
    """Signed in, and opened anew when the way to the server is cut."""
    browser.open(f"{relay.origin}/help")
    browser.wait(NOBODY)
    assert browser.value(SIGN_IN) == 204
    browser.open(f"{relay.origin}/")
    assert browser.wait(HOME) == "Hej Anna"
    browser.wait("navigator.serviceWorker.controller !== null")
    browser.wait(KEPT)
    browser.wait(CACHED % needed())
    relay.cut()
    browser.open(f"{relay.origin}/")
    assert browser.wait(HOME) == "Hej Anna"
    assert browser.wait(CALL).startswith("tel:+46")
    browser.wait(UPDATED)


def test_firefox_opens_home_without_the_server_and_keeps_an_answer_over_a_cold_start(
    relay: Relay, others: Others, tmp_path: Path
) -> None:
    meeting = next(one for one in others.documents("anna", "meeting") if one["state"] == "invited")
    with Firefox(tmp_path) as firefox:
        home_without_the_server(firefox, relay)
        firefox.open(f"{relay.origin}/meetings/{meeting['id']}")
        firefox.wait(PRESS % json.dumps(text("No, the time does not suit")))
        firefox.wait(SAYS % json.dumps(text("Will be sent when you are online")))
        firefox.restart()
        firefox.open(f"{relay.origin}/")
        assert firefox.wait(HOME) == "Hej Anna", "after a cold start"
        firefox.wait(UPDATED)
        firefox.open(f"{relay.origin}/meetings/{meeting['id']}")
        firefox.wait(SAYS % json.dumps(text("Will be sent when you are online")))
        relay.mend()
        firefox.wait(SAYS % json.dumps(text("{name} has got your answer", name="Maria")))
    seen = next(one for one in others.documents("maria", "meeting") if one["id"] == meeting["id"])
    assert any(one["answer"] == "no" and one["name"] == "Anna" for one in seen["answers"])


@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
def test_webkit_opens_home_without_the_server(relay: Relay, tmp_path: Path) -> None:
    with WebKit(tmp_path) as webkit:
        home_without_the_server(webkit, relay)


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


class WebKit(Asked):
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
        self._driver.get(address)

    def value(self, expression: str) -> Any:
        answer = self._driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async () => {{ try {{ done(JSON.stringify({{ value: await ({expression}) }})); }}"
            " catch (error) { done(JSON.stringify({ error: String(error) })); } })();"
        )
        found = json.loads(answer)
        if "error" in found:
            raise RuntimeError(found["error"])
        return found.get("value")
