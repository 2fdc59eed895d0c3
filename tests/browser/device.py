"""A person's browser: signed in, watched for everything that should not happen, and read from outside the app."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    WebSocket,
    expect,
)

from tests.browser.words import ROOT, text

PATIENCE_MS = 20_000
AT_ONCE_S = 2.0
"""Within this, what was taken back has left a connected screen and its disk (promise P2)."""
AT_ONCE_MS = AT_ONCE_S * 1000
expect.set_options(timeout=PATIENCE_MS)
PHONE = {"width": 360, "height": 640}
USUAL = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}
"""What every device is set to, unless it says otherwise."""
BREAKS_OF_THE_CSP = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
NO_NETWORK = re.compile(
    r"ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|NETWORK_CHANGED|ABORTED|FAILED)|WebSocket connection"
    # Chromium's words when the network goes while it looks for a newer service worker.
    r"|unknown error occurred when fetching the script"
)

DATABASES = """Promise.race([indexedDB.databases(), new Promise((done) => setTimeout(() => done([{ name: "samled?" }]), 2000))])"""
"""Chromium never answers when the storage is emptied meanwhile; whoever waits for something asks again."""
NAMES = f"() => {DATABASES}.then((all) => all.map((one) => one.name).filter((name) => name.startsWith('samled')))"
OPENED = """async (kind, read) => {
  const found = [];
  for (const { name } of await ALL) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      // Taken away meanwhile: it must not be made anew in this way, without what the app keeps in it.
      asked.onupgradeneeded = () => asked.transaction.abort();
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    });
    if (!db) continue;
    const got = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => done([]); });
    try {
      if (db.objectStoreNames.contains(kind)) found.push(...await read(name, db.transaction(kind).objectStore(kind), got));
    } catch (fault) {
      if (fault.name !== "InvalidStateError") throw fault;
    }
    db.close();
  }
  return found;
}""".replace("ALL", DATABASES)
ROWS = f"""() => ({OPENED})("rows", (_, store, got) => got(store.getAllKeys()))"""
DRAFTS = f"""() => ({OPENED})("small", async (name, store, got) => {{
  const range = IDBKeyRange.bound("d:", "d:\uffff");
  const [keys, values] = await Promise.all([got(store.getAllKeys(range)), got(store.getAll(range))]);
  return keys.map((key, n) => `${{name}} ${{key}} ${{values[n].iv}}`);
}})"""
KEPT = """async (name) => {
  const names = (await caches.keys()).filter((one) => name ? one === name : !one.endsWith("kept"));
  const found = await Promise.all(names.map(async (one) => (await (await caches.open(one)).keys()).map((request) => new URL(request.url).pathname)));
  return found.flat();
}"""
VISIT = "() => history.state?.key ?? performance.timeOrigin"
"""What is another with every page one goes to."""
LEFT = re.compile("Execution context was destroyed|Cannot find context|because of a navigation")
ROLES = ROOT / "pwa" / "dist" / "meta.json"
KEPT_GROUPS = """async () => {
  const kept = await (await caches.open("samled-shell-kept")).match("/kept/staff");
  return kept ? await kept.json() : null;
}"""
"""Which groups of pages the worker keeps for the professionals here; null before it has been told of any."""


ALIVE: WeakSet[Device] = WeakSet()
"""Those whose test has not ended."""


class Device:
    """One context with a page. `faults` must be empty in the end: errors, violations, titles that tell too much."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context, self.origin = context, origin
        self.faults: list[str] = []
        self.sent: list[str] = []
        """What left by a socket or in the body of a request."""
        self.seen: deque[str] = deque(maxlen=40)
        """The last that happened between the pages and the server, for a test that failed."""
        ALIVE.add(self)
        context.add_init_script(BREAKS_OF_THE_CSP)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._watch)
        self.page = context.new_page()

    # ---- coming and going

    def sign_in(self, persona: str, kind: str | None = None) -> Self:
        """As a persona of the demonstration, in its first seat or the first of that kind. Opens nothing."""
        personas = self.context.request.get(f"{self.origin}/auth/demo").json()["personas"]
        found = next(one for one in personas if one["key"] == persona)
        seat = next(one["id"] for one in found["seats"] if kind in (None, one["kind"]))
        answer = self.context.request.post(
            f"{self.origin}/auth/demo",
            data={"persona": persona, "seat": seat, "assurance": "eid"},
            headers={"Origin": self.origin},
        )
        assert answer.status == 204, answer.text()
        return self

    def open(self, path: str = "/") -> Self:
        """Opens an address anew and waits for its heading."""
        try:
            self.page.goto(self.origin + path, wait_until="commit")
        except Error as fault:
            # The app was on its way to another page itself, and Chromium gave up the older of the two.
            if "ERR_ABORTED" not in fault.message:
                raise
            self.page.goto(self.origin + path, wait_until="commit")
        return self.ready()

    def go(self, path: str) -> Self:
        """Goes there inside the app, as a press on a link does."""
        press = """(path) => {
          const link = Object.assign(document.createElement("a"), { href: path, textContent: "." });
          document.body.append(link);
          link.click();
          link.remove();
        }"""
        return self.led(lambda: self.page.evaluate(press, path))

    def led(self, act: Callable[[], object]) -> Self:
        """Does what leads to another page of the app, and waits for that page."""
        before = self.asked(VISIT)
        act()
        self.page.wait_for_function(f"(before) => ({VISIT})() !== before", arg=before)
        return self.ready()

    def ready(self) -> Self:
        """Waits until the page is not busy and has its heading."""
        self.page.wait_for_function(
            """() => document.querySelector("main:not([aria-busy]) h1, main:not([aria-busy]) .kicker")
              && !document.querySelector("html.hidden")"""
        )
        return self

    def worker(self) -> Self:
        """Waits until the service worker stands in front of this page and has all that is needed here offline."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        meta = json.loads(ROLES.read_text(encoding="utf-8"))
        roles = meta["roles"]
        staff = self.page.locator(".frame.staff").count() > 0

        def has_all() -> bool:
            groups = self.asked(KEPT_GROUPS) if staff else []
            wanted = set(roles["staff"] if staff else [*roles["family"], *roles["youth"]])
            return groups is not None and wanted.union(*(meta["groups"][group] for group in groups)) <= self.kept()

        self.until(has_all, "the worker has what is needed without a network", 60)
        return self

    def again(self) -> Self:
        """Closes the page and opens another one: a cold start of the app."""
        self.page.close()
        self.page = self.context.new_page()
        return self.open("/")

    def offline(self, is_off: bool = True) -> Self:
        """No network, or network again."""
        if not is_off and not self.page.url.startswith(self.origin):
            # Playwright tells the worker too and waits for its answer. One that was stopped gives it when it runs again,
            # and no page of the app is here to begin it.
            cdp = self.context.new_cdp_session(self.page)
            cdp.send("ServiceWorker.enable")
            cdp.send("ServiceWorker.startWorker", {"scopeURL": f"{self.origin}/"})
        self.context.set_offline(is_off)
        return self

    # ---- doing

    def show_names(self) -> Self:
        """A professional's screen hides names until asked."""
        self.page.locator(".top button[aria-pressed='true']").click()
        return self

    def by_text(self, msgid: str, **values: object) -> Locator:
        return self.page.get_by_text(text(msgid, **values)).first

    def button(self, msgid: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=text(msgid, **values), exact=True).first

    def press(self, msgid: str, **values: object) -> Self:
        """Presses a button."""
        self.button(msgid, **values).click()
        return self

    def follow(self, msgid: str, **values: object) -> Self:
        """Presses a link."""
        return self.led(self.page.get_by_role("link", name=text(msgid, **values)).first.click)

    def choose(self, msgid: str, **values: object) -> Self:
        """Chooses an answer: the card of a radio or a checkbox."""
        self.page.locator("label.choice", has_text=text(msgid, **values)).first.click()
        return self

    def choose_in(self, legend: str, words: str) -> Self:
        """Chooses the answer with these words under one question."""
        group = self.page.locator("fieldset", has=self.page.locator("legend", has_text=text(legend))).first
        group.locator("label.choice", has_text=words).first.click()
        return self

    def choose_text(self, words: str) -> Self:
        """Chooses the card with these words, which are somebody's and no text of the app."""
        self.page.locator("label.choice", has_text=words).first.click()
        return self

    def write(self, msgid: str, value: str) -> Self:
        """Writes in the field with this label."""
        self.page.get_by_label(text(msgid)).first.fill(value)
        return self

    def drafts(self, write: Callable[[], object]) -> Self:
        """Writes something that is kept as a draft, and waits until it is on the disk."""
        before = set(self.asked(DRAFTS))
        write()
        self.until(lambda: bool(set(self.asked(DRAFTS)) - before), "the draft is kept")
        return self

    def sees(self, msgid: str, **values: object) -> Self:
        """Waits until the text is on the screen."""
        expect(self.by_text(msgid, **values)).to_be_visible()
        return self

    def shows(self, words: str | re.Pattern[str]) -> Self:
        """Waits until these words are on the screen."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        return self

    def until(self, condition: Callable[[], bool], what: str, timeout_s: float = PATIENCE_MS / 1000) -> None:
        """Waits for something outside the page while the page goes on."""
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
            self.page.wait_for_timeout(50)

    # ---- reading from outside

    def asked(self, script: str, argument: object = None) -> Any:
        """What the page answers; asked again when it was just leaving for another."""
        while True:
            try:
                return self.page.evaluate(script, argument)
            except Error as fault:
                if not LEFT.search(fault.message):
                    raise
                self.page.wait_for_load_state()

    def words(self) -> str:
        """All text on the screen."""
        return self.page.locator("body").inner_text()

    def databases(self) -> list[str]:
        """Names of the app's databases."""
        found: list[str] = self.asked(NAMES)
        return found

    def rows(self) -> list[list[str]]:
        """[scope, entity, id] of every document on the disk; what they say is encrypted."""
        found: list[list[str]] = self.asked(ROWS)
        return found

    def kept(self, cache: str = "") -> set[str]:
        """Paths of what the worker keeps, in all its caches or in this one."""
        return set(self.asked(KEPT, cache))

    def caches(self) -> list[str]:
        """Names of caches."""
        found: list[str] = self.asked("() => caches.keys()")
        return found

    def check(self) -> None:
        """Nothing went wrong, and no title told anything."""
        assert not self.faults, "\n".join(self.faults)

    def picture(self, path: Path) -> None:
        """For somebody who wants to look."""
        self.page.screenshot(path=path)

    # ---- watching

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("websocket", self._socket)
        page.on("request", self._asked)
        page.on("requestfailed", lambda request: self._note(f"{request.method} {request.url}: {request.failure}"))
        page.on("response", self._answered)

    def _note(self, what: str) -> None:
        self.seen.append(f"{time.strftime('%H:%M:%S')} {what.replace(self.origin, '')}")

    def _answered(self, answer: Response) -> None:
        if (
            answer.status >= HTTPStatus.BAD_REQUEST
            or answer.request.method == "POST"
            or answer.request.is_navigation_request()
        ):
            self._note(f"{answer.request.method} {answer.url}: {answer.status}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or NO_NETWORK.search(message.text):
            return
        address = message.location.get("url", "")
        # Asking who is signed in, when nobody is, is answered with 401: the browser says so by itself.
        if "status of 401" in message.text and "/auth/me" in address:
            return
        self.faults.append(f"{message.type}: {message.text} ({address})")

    def _socket(self, socket: WebSocket) -> None:
        self._note("socket: made")
        socket.on("framesent", lambda frame: self.sent.append(str(frame)))
        socket.on("close", lambda _: self._note("socket: closed"))
        socket.on("socketerror", lambda error: self._note(f"socket: {error}"))

    def _asked(self, request: Request) -> None:
        body = request.post_data_buffer
        if body:
            self.sent.append(body.decode("utf-8", "replace"))


def said(device: Device, of: str) -> list[dict[str, Any]]:
    """Frames of one kind that left, by a socket or several in one request."""
    sent = [json.loads(one) for one in device.sent if one.startswith("{")]
    return [frame for one in sent for frame in one.get("frames", [one]) if frame.get("t") == of]


@contextmanager
def without_faults() -> Iterator[list[Device]]:
    """The devices that are put in here are closed in the end, and nothing may have gone wrong on any of them."""
    made: list[Device] = []
    yield made
    faults = [fault for device in made for fault in device.faults]
    for device in made:
        ALIVE.discard(device)
        device.context.close()
    assert not faults, "\n".join(faults)
