"""A coordinator's work around a new child, from the first name to what may be shared."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.words import text

HERE = ZoneInfo("Europe/Stockholm")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}[- ]?[0-9A-HJKMNP-TV-Z]{5}\b")


def test_new_child_its_guardian_a_meeting_and_a_spoken_yes(new_device: NewDevice) -> None:
    maria = new_device("maria").open().show_names()
    child = opened(maria, "Tindra")

    maria.go(f"/children/{child}/invite").write("What shall we call them?", "Ylva").press("Make the invitation")
    maria.sees("Give this to {name}", name="Ylva")
    expect(maria.page.locator("img.qr")).to_be_visible()
    expect(maria.button("Copy the link")).to_be_visible()
    code = CODE.search(maria.page.locator(".print-card").inner_text())
    assert code

    ylva = new_device().open()
    ylva.write("The code from the letter or the text message", code[0].lower()).press("Continue")
    ylva.sees("Hi {name}", name="Ylva")

    maria.go(f"/children/{child}").page.locator("a.row[href*='/family/']").first.click()
    maria.ready().press("I have seen the ID in person").press("Yes, in person")
    expect(maria.button("I have seen the ID in person")).to_have_count(0)

    maria.go(f"/children/{child}/meeting")
    maria.write("Where", "Lillåns skola, biblioteket").press("Send the invitations")
    maria.page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}$"))
    ylva.shows("Lillåns skola, biblioteket")

    maria.go(f"/children/{child}/spoken")
    maria.page.get_by_role("button", name=text("Yes"), exact=True).first.click()
    maria.press("Meet together").write("Search for a unit", "UPH")
    maria.page.locator("label.choice", has_text="UPH").first.click()
    maria.press("Save what was said")
    maria.page.wait_for_url(re.compile(r"/consents/[0-9a-f-]{36}$"))


def opened(maria: Device, name: str) -> str:
    """Begins for a child of ten; its id."""
    year = datetime.now(HERE).year - 10
    maria.go("/children/new").write("What shall we call the child here?", name).write("Birthday", f"{year}-01-15")
    maria.press("Begin")
    maria.page.wait_for_url(re.compile(r"/children/[0-9a-f-]{36}$"))
    return maria.page.url.rsplit("/", 1)[1]
