"""One person's Chromium on a profile of its own, which dies in every way there is and begins again; and what they write."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Playwright

from tests.browser.device import PHONE, Device
from tests.browser.made import lock
from tests.conftest import FLAGS

CODE = "246813"
PLACES = """([fields, places, all]) => all.map((words) => [
  [...document.querySelectorAll(fields)].filter((field) => field.value === words).length,
  [...document.querySelectorAll(places)].filter((place) => place.textContent.includes(words)).length,
])"""
FIELDS = "main :is(textarea, input)"


@dataclass(frozen=True)
class Form:
    """Where something is written, and where it stands afterwards, whatever has become of it."""

    path: str
    """Of the form."""
    shown: str
    """Of the page that lists what was written."""
    places: str
    """What it stands in there."""
    button: str = "main form button[type=submit]"
    field: str = "main textarea"
    """Where the words are written; what else has to be filled in is `also`."""
    also: Sequence[tuple[str, str]] = ()
    once: bool = False
    """Only the latest is shown."""

    @property
    def leaves(self) -> bool:
        """Sending it leads to another page."""
        return self.path != self.shown


class Life:
    """`device` is the one that is alive. `locked`: a professional's, with a code."""

    def __init__(self, playwright: Playwright, chromium: str, folder: Path, origin: str, persona: str) -> None:
        self.playwright, self.chromium, self.folder, self.origin, self.persona = (
            playwright,
            chromium,
            folder,
            origin,
            persona,
        )
        self.locked = False
        self.faults: list[str] = []
        self.device = self._born()

    def begin(self, *, with_code: bool = False) -> None:
        """Signs in for the first time, with a code for the app if wanted, and fetches all that is needed offline."""
        self.device.sign_in(self.persona).open().worker()
        if with_code:
            lock(self.device, CODE)
            self.locked = True

    def _born(self) -> Device:
        context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.chromium,
            args=list(FLAGS),
            viewport=PHONE,  # type: ignore[arg-type]
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",
        )
        return Device(context, self.origin)

    # ---- ways to die

    def closed(self) -> None:
        """The tab."""
        self.device.page.close()

    def crashed(self) -> None:
        """The tab's process."""
        with suppress(Error):
            self.device.page.goto("chrome://crash", timeout=3000)
        self.device.page.close()

    def worker(self) -> None:
        """The service worker, and the tab after it."""
        cdp = self.device.context.new_cdp_session(self.device.page)
        cdp.send("ServiceWorker.enable")
        cdp.send("ServiceWorker.stopAllWorkers")
        self.device.page.close()

    def process(self) -> None:
        """The whole browser, at once and without a word."""
        pid = self._pid()
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists() and "Z" not in _state(pid):
            time.sleep(0.01)
        self._dead()

    def _dead(self) -> None:
        self.faults += self.device.faults
        with suppress(Error):
            self.device.context.close()

    def _pid(self) -> int:
        """Of the browser itself; the processes it has started say what they are for."""
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
                if f"--user-data-dir={self.folder}" in words and "--type=" not in words:
                    return int(folder.name)
        raise LookupError("the browser is not running")

    # ---- and to begin again

    def again(self, path: str, before: Callable[[Device], object] = lambda _: None) -> Device:
        """A cold start of the app, of the whole browser if it is gone, signed in. `before` it opens."""
        if not self.device.context.pages and self._is_gone():
            self.device = self._born()
        else:
            self.device.page = self.device.context.new_page()
            self.device.offline(False)
        if self.device.context.request.get(f"{self.origin}/auth/me").status != 200:
            self.device.sign_in(self.persona)
        before(self.device)
        return self.arrive(path)

    def arrive(self, path: str) -> Device:
        """Opens an address, and the lock."""
        self.device.page.goto(self.origin + path, wait_until="commit")
        if self.locked:
            for digit in CODE:
                self.device.page.get_by_role("button", name=digit, exact=True).click()
        return self.device.ready()

    def _is_gone(self) -> bool:
        try:
            self._pid()
        except LookupError:
            return True
        return False

    def end(self) -> None:
        self._dead()

    # ---- writing

    def write(self, form: Form, words: str) -> None:
        """The words first: what is on the disk after all of it has them."""
        self.device.page.locator(form.field).first.fill(words)
        for field, value in form.also:
            self.device.page.locator(field).first.fill(value)

    def press(self, form: Form) -> None:
        """Sends it, and waits for nothing."""
        self.device.page.locator(form.button).first.click(no_wait_after=True)

    def send(self, form: Form, words: str) -> None:
        """Sends what stands in the form, until the form is empty for the next."""
        self.press(form)
        if form.leaves:
            self.device.until(
                lambda: not self.device.page.url.endswith(form.path) or self.places(form, [words])[0][0] == 0,
                f"{words} has left the form",
            )
            self.device.ready().go(form.path)
        else:
            self.device.until(lambda: self.places(form, [words])[0] == (0, 1), f"{words} is on its way")

    def places(self, form: Form, words: Sequence[str]) -> list[tuple[int, int]]:
        """In how many fields, and in how many places that list what was written, each of them stands on this page."""
        found: list[Any] = self.device.asked(PLACES, [FIELDS, form.places, list(words)])
        return [(fields, listed) for fields, listed in found]


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return "Z"
