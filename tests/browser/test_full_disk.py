"""P4: what is written on a device whose disk is really full is told not to be kept, is sent, and is not lost with room again."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Playwright, expect

from tests.browser.device import Device
from tests.browser.house import Others, Server
from tests.browser.lives import CODE, Form, Life
from tests.browser.small_disk import NotPermitted, SmallDisk, small_disk
from tests.browser.test_kept import THREAD, bubble

KEPT_NOT = "The phone is full. What you write now is not kept."
REFUSED = "The phone is full. What you wrote could not be saved."
UNOPENED = "What is kept here cannot be opened right now"
FORM = Form(THREAD, THREAD, ".bubble", "main button.primary")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """For one profile."""
    try:
        with small_disk(tmp_path / "disk") as made:
            yield made
    except NotPermitted as why:
        pytest.skip(f"a disk of a few megabytes cannot be mounted here, so none can be full: {why}")


@pytest.fixture
def born(
    playwright: Playwright, chromium_path: str, server: Server, disk: SmallDisk
) -> Iterator[Callable[[str], Life]]:
    """Somebody's Chromium on that disk; nothing may have gone wrong in it in the end."""
    lives: list[Life] = []

    def make(persona: str) -> Life:
        lives.append(Life(playwright, chromium_path, disk.folder / "profile", server.origin, persona))
        return lives[-1]

    yield make
    disk.room()
    for life in lives:
        life.end()
    assert not [fault for life in lives for fault in life.faults]


def until_told(device: Device, write: Callable[[str], object], words: str) -> str:
    """Writes until the disk has refused some of it. What stands there then."""
    for number in range(50):
        write(latest := f"{words} ({number})")
        device.page.wait_for_timeout(200)
        if device.by_text(KEPT_NOT).is_visible():
            return latest
    pytest.fail("the disk takes everything")


def logs(disk: SmallDisk) -> set[Path]:
    """Of Chromium's databases. One that a full disk has torn makes it throw all of them away when it starts anew."""
    return set(disk.folder.glob("profile/*/IndexedDB/*/*.log"))


def stays_when_asked(device: Device) -> bool:
    """Closes the tab, and stays if the browser asks."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    device.page.once("dialog", stay)
    device.page.close(run_before_unload=True)
    device.page.wait_for_timeout(500)
    return asked == ["beforeunload"]


@pytest.mark.promise(about_s=40)
def test_a_family_on_a_full_disk_loses_nothing(born: Callable[[str], Life], disk: SmallDisk, server: Server) -> None:
    life, mark = born("anna"), secrets.token_hex(3)
    life.begin()
    before, after = f"Före {mark}", f"Utan nät och plats {mark}"
    device = life.device.go(THREAD).offline()
    life.write(FORM, before)
    life.send(FORM, before)
    bubble(device, before, "Not sent yet")

    disk.fill()
    box = device.page.locator("textarea")
    until_told(device, box.fill, f"Halvskrivet {mark}")
    box.fill(after)
    device.go("/").go(THREAD)
    expect(box).to_have_value(after)
    life.press(FORM)
    device.sees(REFUSED)
    expect(box).to_have_value(after)
    bubble(device, before, "Not sent yet")

    # With a connection what waited goes, and so does what there is no room for.
    device.offline(False)
    bubble(device, before, "Sent")
    life.press(FORM)
    bubble(device, after, "Sent")
    expect(box).to_have_value("")
    half = until_told(device, box.fill, f"Påbörjat {mark}")
    # Closed now, those words would be gone.
    assert stays_when_asked(device)
    expect(box).to_have_value(half)

    torn = logs(disk)
    disk.room()
    expect(device.by_text(KEPT_NOT)).to_have_count(0)
    device.until(lambda: not torn & logs(disk), "the torn log is gone")
    life.process()
    device = life.again(THREAD)
    expect(device.page.locator("textarea")).to_have_value(half)
    for words in (before, after):
        bubble(device, words, "Sent")
    with Others(server.origin) as others:
        there = Counter(str(one["text"]) for one in others.documents("anna", "message"))
    assert {words: there[words] for words in (before, after)} == {before: 1, after: 1}


@pytest.mark.promise(about_s=30)
def test_an_app_closed_on_a_full_disk_mends_what_that_has_torn_when_it_is_opened_with_room(
    born: Callable[[str], Life], disk: SmallDisk
) -> None:
    life, kept = born("anna"), f"Påbörjat {secrets.token_hex(3)}"
    life.begin()
    device = life.device.go(THREAD)
    device.drafts(lambda: device.page.locator("textarea").fill(kept))
    disk.fill()
    until_told(device, device.page.locator("textarea").fill, "Utan plats")
    torn = logs(disk)
    life.closed()
    disk.room()
    device = life.again(THREAD)
    # The last words may have found room after all.
    expect(device.page.locator("textarea")).to_have_value(re.compile(f"{kept}|Utan plats"))
    there = device.page.locator("textarea").input_value()
    device.until(lambda: not torn & logs(disk), "the torn log is gone")
    life.process()
    expect(life.again(THREAD).page.locator("textarea")).to_have_value(there)


@pytest.mark.promise(about_s=40)
def test_a_professional_on_a_full_disk_loses_nothing_and_is_asked_for_no_code_that_cannot_be_tried(
    born: Callable[[str], Life], disk: SmallDisk, server: Server
) -> None:
    life, mark = born("maria"), secrets.token_hex(3)
    life.begin(with_code=True)
    form = Form("/tasks", "/tasks", ".row, .notice", field="main form input >> nth=0")
    device = life.device.go(form.path)

    disk.fill()
    box = device.page.locator(form.field)
    sent = until_told(device, box.fill, f"Skickat utan plats {mark}")
    life.send(form, sent)
    half = until_told(device, box.fill, f"Halvskrivet {mark}")

    device.go("/settings").press("Lock now").sees(UNOPENED)
    assert mark not in device.words()
    device.press("Try again").sees(UNOPENED)

    torn = logs(disk)
    disk.room()
    device.press("Try again").sees("Write your code")
    for digit in CODE:
        device.page.get_by_role("button", name=digit, exact=True).click()
    device.ready().go(form.path)
    expect(box).to_have_value(half)
    device.drafts(lambda: box.fill(f"{half}!"))
    device.until(lambda: not torn & logs(disk), "the torn log is gone")
    life.process()
    device = life.again(form.path)
    expect(device.page.locator(form.field)).to_have_value(f"{half}!")
    with Others(server.origin) as others:
        there = Counter(str(one["what"]) for one in others.documents("maria", "task"))
    assert there[sent] == 1
