"""A guardian's days, on a phone of 360 by 640: who helps, by when, also without a connection."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others
from tests.browser.words import pattern, text

TAPS_TO_WITHDRAW = 4


def answered(others: Others, guardian: str, coordinator: str) -> None:
    """Nothing is asked for: what the guardian had asked is answered."""
    for one in others.documents(guardian, "contact_request"):
        if one["state"] == "open":
            others.send(coordinator, "contact.answer", contact_request=one["id"], outcome="talked")


def test_home_says_who_and_by_when_also_without_a_connection(new_device: NewDevice) -> None:
    anna = new_device("anna").open()
    anna.shows("Maria Ekdahl")
    anna.shows(
        re.compile(f"{text('{name} will be in touch by', name='Maria')}|{text('{name} answers within', name='Maria')}")
    )
    expect(anna.page.locator("a[href^='tel:']").first).to_be_visible()
    anna.worker().offline().again()
    anna.shows("Maria Ekdahl").shows(pattern("You are offline. Updated {time}"))
    expect(anna.page.locator("a[href^='tel:']").first).to_be_visible()
    anna.offline(False)


def test_wish_to_be_called_waits_visibly_offline_and_is_answered(new_device: NewDevice, others: Others) -> None:
    answered(others, "anna", "maria")
    anna = new_device("anna").open().worker()
    anna.sees("Ask {name} to call you", name="Maria").offline()
    anna.follow("Ask {name} to call you", name="Maria")
    anna.page.get_by_role("button", name=text("I am worried"), exact=True).click()
    anna.write("Your own words", "Hon vill inte gå till skolan i morgon.")
    anna.press("Ask {name} to call you", name="Maria")
    anna.sees("Will be sent when you are online")
    assert "skickat" not in anna.words().lower()
    anna.offline(False).sees("{name} will be in touch by", name="Maria")
    expect(anna.by_text("Will be sent when you are online")).to_have_count(0)

    asked = next(one for one in others.documents("anna", "contact_request") if one["state"] == "open")
    maria = new_device("maria").open(f"/requests/{asked['id']}")
    maria.shows("Hon vill inte gå till skolan i morgon.")
    maria.write("A few words to the one who asked", "Vi pratade. Jag ringer skolan.").press("Save")
    maria.sees("Said to the one who asked")
    anna.go("/coordinator").shows("Vi pratade. Jag ringer skolan.")


def test_meeting_is_answered_with_one_press_offline(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("anna", "meeting") if one["state"] == "invited")
    anna = new_device("anna").open().worker().go(f"/meetings/{meeting['id']}").offline()
    anna.choose("Yes, by link")
    anna.sees("Will be sent when you are online")
    anna.offline(False).sees("{name} has got your answer", name="Maria")
    seen = next(one for one in others.documents("maria", "meeting") if one["id"] == meeting["id"])
    assert any(one["answer"] == "digital" and one["kind"] == "guardian" for one in seen["answers"])


def test_worse_shows_numbers_at_once_and_tells_the_coordinator(new_device: NewDevice, others: Others) -> None:
    wait = next(one for one in others.documents("anna", "waiting") if one["state"] == "waiting")
    anna = new_device("anna").open().worker().go(f"/waiting/{wait['id']}").offline()
    anna.press("It has become worse")
    anna.page.get_by_role("button", name=text("Sleep"), exact=True).click()
    anna.press("Tell that it is worse")
    expect(anna.page.locator("dialog a[href='tel:112']")).to_be_visible()
    expect(anna.page.locator("dialog a[href='tel:116111']")).to_be_visible()
    anna.offline(False).sees("{name} has been told", name="Maria")
    reports = next(one for one in others.documents("maria", "waiting") if one["id"] == wait["id"])["worse_reports"]
    assert reports[-1]["what"] == ["sleep"]
    for persona, kind in (("maria", None), ("johan", "staff")):
        told = new_device(persona, kind).open()
        told.shows(pattern("The family says that it has become worse for {name}"))


def test_withdrawal_takes_a_few_presses_and_empties_the_other_screen(new_device: NewDevice, others: Others) -> None:
    child = others.documents("anna", "child")[0]["id"]
    jonas = new_device("jonas").open().show_names()
    lock(jonas, "135790")
    jonas.go(f"/children/{child}").shows("Elsa")
    assert child in [key for _, _, key in jonas.rows()]

    anna = new_device("anna").open()
    anna.page.locator(".tabbar a[href='/sharing']").click()
    anna.press("Take back").press("Yes, take it back")
    expect(jonas.page.get_by_text("Elsa")).to_have_count(0)
    jonas.until(lambda: child not in [key for _, _, key in jonas.rows()], "the disk is empty of it")
    anna.shows(re.compile(r"[Rr]aderat från alla enheter|enheter? har bekräftat"))


def lock(device: Device, code: str) -> None:
    """Sets a code for the app, so that a professional's copy is kept on the disk."""
    device.go("/settings").press("Choose a code")
    for _ in range(2):
        for digit in code:
            device.page.locator("dialog").get_by_role("button", name=digit, exact=True).click()
    device.sees("The lock is on.")
