"""P4: what is half written on any page outlives the page, and is said to be a draft; the pages are the app's own lists."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import routes
from tests.browser.conftest import NewDevice
from tests.browser.device import PHONE, USUAL, Device, without_faults
from tests.browser.house import Others, Server, running_server
from tests.browser.made import lock
from tests.browser.test_kept import answered
from tests.browser.words import text

CODE = "246813"
PEOPLE = [
    ("anna", routes.FAMILY),
    ("noor", routes.YOUTH),
    ("maria", routes.STAFF),
    ("jonas", routes.CONSULTANT),
    ("lena", routes.LEADER),
    ("per", routes.ADMIN),
]
NO_DRAFT = {
    "/settings": "a mail address or a number, which a code goes to at once",
    "/settings/reminders": "the same",
    "/people/leaders/.*": "words that are typed in full to be asked twice",
    "/children/[^/]+/protect": "another name for a child in danger: it stays on no device",
    "/slots": "the last way of opening times is filled in",
    "/meetings/[^/]+": "the name of a substitute, one word on a page of choices",
    "/terms/[^/]+": "the same",
}
"""Pages of professionals where nothing that is typed is kept, and why."""
SAME = {"/coordinator": "/coordinator/call"}
"""Pages with a form that stands on another page too, and where."""
FIELDS = "main :is(textarea, input:is([type=text], [type=tel], [type=url]):not([readonly], [disabled]))"
OPENED = "() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


@pytest.fixture(scope="module")
def filled(client_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Others]]:
    """A demonstration in which every page has something to show."""
    with running_server(tmp_path_factory.mktemp("drafts")) as running, Others(running.origin) as people:
        routes.prepare(people)
        yield running, people


@pytest.mark.parametrize(("persona", "pages"), PEOPLE, ids=[who for who, _ in PEOPLE])
def test_every_form_keeps_what_is_half_written(
    chromium: Browser, filled: tuple[Server, Others], persona: str, pages: routes.Pages
) -> None:
    server, others = filled
    options: dict[str, Any] = {**USUAL, "viewport": PHONE}
    with without_faults() as made:
        device = Device(chromium.new_context(**options), server.origin)
        made.append(device)
        device.sign_in(persona).open("/").worker()
        is_staff = pages not in (routes.FAMILY, routes.YOUTH)
        if is_staff:
            lock(device, CODE)
        written: dict[str, list[str]] = {}
        numbers = itertools.count(1000)
        for address in dict.fromkeys(routes.addresses(pages, others, persona)):
            if address in SAME or (is_staff and any(re.fullmatch(one, address) for one in NO_DRAFT)):
                continue
            device.go(address).asked(OPENED)
            # Some lead on to another page.
            address = device.page.url.removeprefix(device.origin)
            fields = device.page.locator(FIELDS).locator("visible=true")
            words = [f"Halvskrivet {next(numbers)}" for _ in range(fields.count())]
            for field, one in zip(fields.all(), words, strict=True):
                field.fill(one)
            if words:
                # Some fields take digits only.
                written[address] = [one for one in values(device) if set(one.split()) & set(" ".join(words).split())]
        assert written, "there is something to write"

        device.page.close()
        device.page = device.context.new_page()
        device.page.goto(device.origin, wait_until="commit")
        if is_staff:
            unlock(device)
        device.ready()
        for address, words in written.items():
            device.go(address).asked(OPENED)
            device.until(lambda wanted=set(words): wanted <= set(values(device)), f"{words} on {address}")  # type: ignore[misc]


def values(device: Device) -> list[str]:
    """What stands in the fields of the page."""
    found: list[str] = device.page.locator(FIELDS).evaluate_all("(all) => all.map((one) => one.value)")
    return found


def unlock(device: Device) -> None:
    for digit in CODE:
        device.page.get_by_role("button", name=digit, exact=True).click()


def test_a_draft_is_said_to_be_one_and_can_be_thrown_away(new_device: NewDevice, others: Others) -> None:
    answered(others, "omar")
    omar = new_device("omar").open("/coordinator/call")
    words = omar.page.locator("textarea")
    omar.drafts(lambda: words.fill("Jag ville fråga om"))
    expect(omar.by_text("Your draft is still here")).to_have_count(0)
    omar.again().go("/coordinator/call").sees("Your draft is still here")
    words = omar.page.locator("textarea")
    expect(words).to_have_value("Jag ville fråga om")
    omar.press("Throw the draft away")
    expect(words).to_have_value("")
    expect(omar.by_text("Your draft is still here")).to_have_count(0)
    omar.again().go("/coordinator/call")
    expect(omar.page.locator("textarea")).to_have_value("")
    assert text("Your draft is still here") not in omar.words()
