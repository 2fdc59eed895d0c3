"""Coming in: an invitation that reaches somebody, one young person, showing who one is, and who can be asked to a meeting."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import HERE, family, passkeys
from tests.browser.words import pattern, text

CODE = re.compile(r"\b[0-9A-Z]{10}\b")
STANDING = "els => els.filter(el => el.checkVisibility()).map(el => el.innerText.trim()).filter(Boolean)"


def code_of(device: Device) -> str:
    found = CODE.search(device.page.locator(".print-card").inner_text())
    assert found
    return found.group()


def test_no_invitation_is_made_that_nobody_gets(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Ville")
    maria = new_device("maria").open(f"/children/{made.child}/invite").show_names().worker()
    maria.write("What shall we call them?", "Disa").offline()
    maria.sees("You need to be online")
    expect(maria.button("Make the invitation")).to_be_disabled()
    clean(maria).offline(False)
    expect(maria.button("Make the invitation")).to_be_enabled()
    assert not next(one for one in others.documents("maria", "child") if one["id"] == made.child)["people"]
    maria.press("Make the invitation").sees("Invitation to Samled")

    maria.page.emulate_media(media="print")
    standing = maria.page.locator("main > *").evaluate_all(STANDING)
    assert len(standing) == 1 and code_of(maria) in standing[0] and "Ville" not in standing[0]


def test_there_is_one_young_person_whatever_became_of_the_first_link(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Tindra", age=14)
    maria = new_device("maria").open(f"/children/{made.child}/invite").show_names()
    maria.choose("The young person").write("What shall we call them?", "Tindra").press("Make the invitation")
    first = code_of(maria.sees("Invitation to Samled"))
    maria.go(f"/children/{made.child}").page.locator("a.row[href*='/family/']").click()
    maria.ready().follow("Make a new invitation").press("Make the invitation")
    second = code_of(maria.sees("Invitation to Samled").sees("When they have joined you see it on the child's page."))
    maria.go(f"/children/{made.child}").sees("Invited")
    expect(maria.page.locator("a.row[href*='/family/']")).to_have_count(1)

    tindra = new_device().open().write("The code from the letter or the text message", first).press("Continue")
    tindra.sees("That did not work. Check what you wrote, or ask the person who invited you.")
    tindra.faults.clear()
    tindra.write("The code from the letter or the text message", second).press("Continue")
    tindra.shows("Hej Tindra")
    expect(maria.page.locator("a.row[href*='/family/']")).to_contain_text(text("Joined"))
    assert text("To check") not in maria.words()
    maria.page.locator("a.row[href*='/family/']").click()
    assert text("Joined, identity not checked") not in maria.ready().words()


def test_a_guardian_makes_a_passkey_where_it_is_needed(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Rut")
    petra = made.joins(new_device, "Petra")
    passkeys(petra)
    made.send("guardian.verify", relation=made.relations["Petra"], child=made.child)
    clean(petra.go("/sharing").sees("Show who you are to see the rest"))
    petra.press("Make a passkey on this device").sees("Nothing is shared with others")


def test_only_those_can_be_asked_who_may_see_the_meeting(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Egil", deputy=None)
    made.joins(new_device, "Vera")
    maria = new_device("maria").open(f"/children/{made.child}/meeting").show_names()
    asked = maria.page.locator("fieldset", has=maria.page.locator("legend", has_text=text("Professionals")))
    expect(asked.locator("label.choice")).to_have_count(1)
    clean(maria).follow("Choose a deputy").choose_in("Choose a deputy", "Johan Nyström").press("Save the deputy")
    expect(maria.page.get_by_text(text("Who shall have a seat?"))).to_have_count(0)
    maria.go(f"/children/{made.child}/meeting").choose_text("Johan Nyström").write("Where", "Rum 12")
    maria.press("Send the invitations").shows("Rum 12").shows("Johan Nyström")


def test_a_child_begun_without_a_network_waits_in_the_list(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open("/children/new").show_names().worker()
    maria.write("What shall we call the child here?", "Sixten").write("Birthday", "2015-05-09").offline()
    maria.press("Begin").sees("Begin for {name}", name="Sixten")
    clean(maria).offline(False)
    expect(maria.page.locator("a.row", has_text="Sixten")).to_have_count(1)
    expect(maria.page.get_by_text(text("Begin for {name}", name="Sixten"))).to_have_count(0)


def test_the_family_is_promised_by_the_one_who_answers(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Olle")
    moa = made.joins(new_device, "Moa")
    moa.go("/coordinator").shows(text("Call {name}", name="Maria"))
    others.send("maria", "coordinator.away", until=(datetime.now(HERE).date() + timedelta(days=3)).isoformat())
    try:
        moa.go("/").shows(pattern("{name} is away until {date}")).sees("{name} answers within", name="Johan")
    finally:
        others.send("maria", "coordinator.away")
    moa.sees("{name} answers within", name="Maria")


def test_an_invitation_opened_without_a_network_is_not_called_spent(new_device: NewDevice) -> None:
    nobody = new_device().open("/invitation#" + "A" * 43).offline().press("No, open Samled")
    nobody.sees("You are offline. Try again when you have a connection.")
    nobody.sees("The invitation is still here. Try again on this page.")
    nobody.offline(False).press("No, open Samled")
    nobody.sees("An invitation works once, for seven days. You can ask for a new one.")
    nobody.faults.clear()


def test_whoever_the_family_has_with_them_finds_no_page_of_sharing_or_waiting(new_device: NewDevice) -> None:
    leyla = new_device("leyla").open().shows("Maria Ekdahl")
    expect(leyla.by_text("Your coordinator")).to_have_count(0)
    for path in ("/sharing", "/sharing/seen", "/waiting"):
        leyla.go(path).sees("There is no page here")
