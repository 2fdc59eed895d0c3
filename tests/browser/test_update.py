"""A new version of the app waits until it is asked for, and what was written and waits outlives it (P4, P18)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.device import PHONE, Device
from tests.browser.house import Server
from tests.browser.words import ROOT, text
from tests.ports import free_port

VERSION = re.compile(rb"samled-shell-[0-9a-f]{12}")
LOOK = "() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => undefined)"


@pytest.fixture
def own_server(client_is_built: None, tmp_path: Path) -> Iterator[Server]:
    """A server on a copy of the tree, whose client can be replaced."""
    root = tmp_path / "tree"
    for part in ("server", "locales", "pwa/dist"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    server = Server(tmp_path / "data", free_port(), root)
    try:
        yield server.start()
    finally:
        server.stop()


def publish(server: Server) -> None:
    """A next version: the same files under another name, as a new build would be."""
    worker = server.root / "pwa" / "dist" / "sw.js"
    changed, count = VERSION.subn(b"samled-shell-0123456789ab", worker.read_bytes())
    assert count == 1
    worker.write_bytes(changed)
    for packed in worker.parent.glob("sw.js.*"):
        packed.unlink()
    server.stop()
    server.start()


@pytest.mark.promise
def test_what_waits_outlives_a_new_version(chromium: Browser, own_server: Server) -> None:
    device = Device(chromium.new_context(viewport=PHONE, locale="sv-SE"), own_server.origin)  # type: ignore[arg-type]
    anna = device.sign_in("anna").open("/coordinator/messages").worker().offline()
    anna.page.locator("textarea").fill("Skrivet före den nya versionen")
    anna.page.locator("main button.primary").click()
    bubble = anna.page.locator(".bubble", has_text="Skrivet före den nya versionen")
    expect(bubble).to_be_visible()

    # The files come, but nothing of what is written gets through.
    anna.page.route_web_socket("**/sync", lambda socket: socket.close())
    anna.context.route("**/sync", lambda route: route.abort())
    publish(own_server)
    anna.offline(False).page.evaluate(LOOK)
    anna.sees("There is a new version")
    assert anna.caches().count("samled-shell-0123456789ab") == 1, "it is fetched, and the old one is still used"
    anna.drafts(lambda: anna.page.locator("textarea").fill("Halvskrivet när den kom"))
    with anna.page.expect_event("load"):
        anna.press("Update")
    anna.ready()
    expect(anna.page.locator("textarea")).to_have_value("Halvskrivet när den kom")
    anna.until(
        lambda: [one for one in anna.caches() if one != "samled-shell-kept"] == ["samled-shell-0123456789ab"], "new"
    )
    expect(bubble).to_be_visible()
    anna.context.unroute("**/sync")
    anna.again().go("/coordinator/messages")
    bubble = anna.page.locator(".bubble", has_text="Skrivet före den nya versionen")
    expect(bubble.get_by_text(text("Sent"), exact=True)).to_be_visible(timeout=30_000)
    device.check()
    device.context.close()
