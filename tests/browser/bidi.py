"""Firefox through WebDriver BiDi, spoken directly: no driver in between, nothing to install but Firefox itself."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.ports import free_port

QUIET = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "permissions.default.desktop-notification": 1,
}
FIREFOXES = ("firefox-esr", "firefox")
START_S = 90.0
STANDS = """[location.href, document.readyState, document.body.innerText, navigator.serviceWorker?.controller?.state,
  ...performance.getEntriesByType("resource").map((one) => `${Math.round(one.startTime)} ${Math.round(one.responseEnd)} ${one.name}`),
].join("\\n")"""
"""What the page shows and what it has asked for, in milliseconds, for a test that failed."""


class Asked(ABC):
    """A browser whose page is asked from outside."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Goes there; returns when the document is loaded."""

    @abstractmethod
    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript on the page, awaited. Raises: `RuntimeError`."""

    def wait(self, expression: str, timeout_s: float = 60.0) -> Any:
        """The first value that is not empty."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            with suppress(RuntimeError):
                if found := self.value(expression):
                    return found
            time.sleep(0.1)
        raise AssertionError(f"not within {timeout_s} s: {expression}\n{self.value(STANDS)}")


class Firefox(Asked):
    """A headless Firefox with a profile of its own in `folder`."""

    def __init__(self, folder: Path, preferences: Mapping[str, str | int] | None = None) -> None:
        binary = next(filter(None, map(shutil.which, FIREFOXES)), None)
        if binary is None:
            pytest.fail("there is no Firefox on this machine: run `tools/system --for-tests`")
        self._profile = folder / "profile"
        self._profile.mkdir()
        told = {**QUIET, **(preferences or {})}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in told.items()]
        (self._profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._folder, self._binary = folder, binary
        self._begin()

    def _begin(self) -> None:
        self._numbers = itertools.count(1)
        port = free_port()
        command = [self._binary, "--headless", "--no-remote", "--profile", str(self._profile)]
        with (self._folder / "firefox.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--remote-debugging-port", str(port), "about:blank"],
                stdout=log,
                stderr=log,
                env={**os.environ, "HOME": str(self._folder)},
                start_new_session=True,
            )
        self._closing = ExitStack()
        try:
            self._socket = self._connected(port)
            self.version = self.ask("session.new", capabilities={})["capabilities"]["browserVersion"]
            self._page = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._kill()
            raise

    def restart(self) -> None:
        """Ends it and starts it on the same profile: a cold start."""
        self._end()
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _end(self) -> None:
        with suppress(Exception):
            self.ask("browser.close", timeout_s=5)
        with suppress(Exception):
            self._closing.close()
        try:
            self._process.wait(8)
        except subprocess.TimeoutExpired:
            self._kill()

    def ask(self, method: str, timeout_s: float = 60.0, **params: Any) -> Any:
        """What Firefox answers. Raises: `RuntimeError` with its words."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        until = time.monotonic() + timeout_s
        while True:
            message = json.loads(self._socket.recv(timeout=max(0.1, until - time.monotonic())))
            if message.get("id") == number:
                break
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message'][:300]}")
        return message["result"]

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def value(self, expression: str) -> Any:
        answer = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self._page},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        text = answer["result"].get("value")
        return json.loads(text) if text else None

    def _connected(self, port: int) -> ClientConnection:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError):
                return self._closing.enter_context(connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None))
            time.sleep(0.1)
        raise RuntimeError("Firefox did not start")

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
