"""Around one child: who somebody is, who coordinates and who stands in, who has looked, and waiting from begin to end."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_MS
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import HERE, family, known, passkeys
from tests.browser.words import pattern, text

WIDE = {"width": 1280, "height": 800}


def day(ahead: int) -> str:
    return (datetime.now(HERE).date() + timedelta(days=ahead)).isoformat()


@pytest.mark.alone
def test_a_guardian_shows_who_they_are_and_is_ended_at_once(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Signe")
    ylva = made.joins(new_device, "Ylva")
    passkeys(ylva)
    ylva.go("/settings").press("Make a passkey on this device").sees("Passkey")
    made.send(
        "consent.ask", child=made.child, purpose="meeting", information_kinds=["child", "meeting"],
        to_units=[unit(others, "BUP Skaraborg")],
    )  # fmt: skip
    ylva.go("/sharing").sees("Show who you are to see the rest")
    assert "BUP" not in ylva.words()
    ylva.go("/waiting").sees("Show who you are to see the rest")
    clean(ylva)

    maria = new_device("maria", viewport=WIDE).open(f"/children/{made.child}").show_names()
    maria.sees("To check").page.locator("a.row[href*='/family/']").first.click()
    maria.ready().press("I have seen the ID in person").press("Yes, in person")
    maria.sees("Joined, identity checked")
    ylva.go("/sharing").press("Sign in with passkey")
    ylva.sees("Yes, that is fine").shows("BUP Skaraborg")

    clean(ylva)
    clean(maria.press("End {name}'s access", name="Ylva")).press("Keep as it is")
    maria.press("End {name}'s access", name="Ylva").press("End it now")
    expect(ylva.page.get_by_text("BUP Skaraborg")).to_have_count(0, timeout=AT_ONCE_MS)
    maria.page.wait_for_url(f"**/children/{made.child}")
    ylva.until(lambda: ylva.databases() == [], "nothing is kept on the phone")
    assert "Signe" not in ylva.words()
    assert not of(others, made.child)["people"]


def test_deputy_new_coordinator_and_away_are_seen_by_the_family(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Alfons", deputy=None)
    moa = made.joins(new_device, "Moa").shows("Maria Ekdahl")
    maria = new_device("maria").open(f"/children/{made.child}/people").show_names()
    clean(maria).choose_in("Choose a deputy", "Elin Sand").press("Save the deputy")
    moa.go("/coordinator").shows("Elin Sand")

    maria.go("/away").write("Last day away", day(3)).choose_in("Who answers instead?", "Johan Nyström").press("Save")
    maria.shows(pattern("You are away until {day}"))
    moa.shows(pattern("{name} is away until {date}")).shows("Elin Sand")
    moa.offline().again().shows(pattern("{name} is away until {date}")).offline(False)
    maria.press("I am back")
    expect(moa.page.get_by_text(pattern("{name} is away until {date}"))).to_have_count(0)

    johan = new_device("johan", "staff", viewport=WIDE).open("/children").show_names()
    expect(johan.page.get_by_text("Alfons")).to_have_count(0)
    maria.go(f"/children/{made.child}/people").choose_in("Who takes over in your unit?", "Johan Nyström")
    maria.press("Change coordinator").press("Yes, change")
    johan.shows("Alfons")
    moa.shows("Johan Nyström").go("/").shows(pattern("New coordinator: {name}"))
    maria.until(lambda: made.child not in [key for _, _, key in maria.rows()], "Maria holds nothing of it any longer")


def test_who_has_looked_is_told_by_workplace(new_device: NewDevice, others: Others) -> None:
    made = known(others, "Maja")
    jonas = new_device("jonas").open().show_names().go(f"/children/{made.child}")
    jonas.sees("Shared with you")
    helena = new_device("helena").open("/sharing").follow("Who has looked")
    clean(helena.shows("UPH Norra Skaraborg").shows("Psykolog"))
    assert "Jonas" not in helena.words()


def test_a_wait_from_its_first_day_to_its_last(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Nils")
    maria = new_device("maria").open(f"/children/{made.child}/waiting").show_names()
    maria.write("Search for a unit", "BUP").choose_in("Which unit?", "BUP Skaraborg")
    maria.write("The wait began on", day(-40)).write("What the unit has said about the wait", "Kön är tio veckor.")
    maria.press("Save").page.wait_for_url(f"**/children/{made.child}")
    maria.ready().page.locator("a.row[href*='/waiting/']").click()
    clean(maria.ready().sees("The aim of 30 days has passed").shows("Kön är tio veckor."))

    maria.write("A few words to the family", "Vi hörs igen om två veckor.").offline().press("Save the check-in")
    maria.sees("Will be sent when you are online").offline(False)
    maria.shows("Vi hörs igen om två veckor.")
    maria.sees("You asked how it is")
    trail = maria.page.locator(".trail").first.inner_text()
    assert trail.index(text("The aim of 30 days has passed")) < trail.index(text("You asked how it is"))

    maria.press("They are offered a time").sees("A time is offered")
    maria.press("They said no to the time").press("It has started").sees("Has started")
    expect(maria.button("Save the check-in")).to_have_count(0)


def test_support_meanwhile_and_a_last_word(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Tyra")
    guardian = made.joins(new_device, "Sten")
    maria = new_device("maria").open(f"/children/{made.child}/measure").show_names()
    maria.press("Offer it").sees("Write what it is")
    maria.write("What is it?", "Lugn start på morgonen").write("Search for a unit", "elevhälsan")
    maria.choose_in("Which unit?", "Lillåns skola").press("Offer it").page.wait_for_url(f"**/children/{made.child}")
    maria.ready().page.locator("a.row[href*='/measures/']").click()
    clean(maria.ready().sees("Running")).choose("It is done").press("Save").sees("Done")

    maria.go(f"/children/{made.child}/close").press("Close the coordination").sees("Write a last word to the family")
    maria.write("Last word to the family", "Tack för att vi fick följa er.").press("Close the coordination")
    maria.press("Yes, close").sees("The coordination is closed")
    guardian.go("/").sees("This is ended")
    expect(maria.page.get_by_text(text("Plan a meeting"))).to_have_count(0)


def test_a_passed_aim_stands_before_today_in_the_order_of_days(new_device: NewDevice, others: Others) -> None:
    wait = next(one for one in others.documents("samira", "waiting") if one["target_on"] < day(0))
    assert wait["checked_in_on"] > wait["target_on"]
    anna = new_device("anna").open("/waiting")
    trail = anna.page.locator(".trail").first.inner_text()
    steps = [text(one) for one in ("The aim of 30 days has passed", "Your coordinator was in touch")]
    today = re.search(text("Today"), trail)
    assert today and trail.index(steps[0]) < trail.index(steps[1]) < today.start()


def unit(others: Others, name: str) -> str:
    return str(next(one["id"] for one in others.documents("maria", "unit") if one["name"] == name))


def of(others: Others, child: str, persona: str = "maria") -> dict[str, object]:
    return next(one for one in others.documents(persona, "child") if one["id"] == child)
