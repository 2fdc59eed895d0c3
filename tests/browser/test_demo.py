"""The people of the demonstration: found by what they are, where they work or which child they belong to."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.looks import clean
from tests.browser.words import text


def test_somebody_of_many_is_found_by_name_role_place_or_child(new_device: NewDevice) -> None:
    nobody = new_device().open("/demo")
    expect(who(nobody).first).to_be_visible()
    everybody = who(nobody).count()
    search = nobody.page.get_by_label(text("Find somebody by name, role, place or child"))
    for words, name in (
        ("nils", "Nils Åberg"),
        ("elsa", "Omar"),
        ("ADMINISTR", "Per Hammar"),
        ("skolkurator ekdahl", "Maria"),
    ):
        search.fill(words)
        expect(who(nobody).filter(has_text=name)).to_be_visible()
        assert 0 < who(nobody).count() < everybody, words
    clean(nobody)
    search.fill("qqq")
    clean(nobody.sees("Nobody fits. Try another word."))
    search.fill("")
    expect(who(nobody)).to_have_count(everybody)


def who(device: Device) -> Locator:
    """The people shown now."""
    return device.page.locator("main button.row:visible")
