"""Who may know: asked, answered by everybody, seen by exactly those, taken back from every screen, and the law's exceptions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_MS, AT_ONCE_S, Device
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import family, known, lock
from tests.browser.words import text

TAPS_TO_WITHDRAW = 4
WIDE = {"width": 1280, "height": 800}
CONSENT = re.compile(r"/consents/([0-9a-f-]{36})$")


def asked(maria: Device) -> str:
    """The consent whose page is open."""
    maria.page.wait_for_url(CONSENT)
    found = CONSENT.search(maria.ready().page.url)
    assert found
    return found[1]


@pytest.mark.alone
def test_asked_answered_by_both_seen_by_one_and_taken_back(new_device: NewDevice, others: Others) -> None:
    made = known(others, "Otto")
    maria = new_device("maria", viewport=WIDE).open(f"/children/{made.child}/consent").show_names()
    # A colleague is found by name; the unit is what is asked for.
    maria.write("Search for a unit", "Jonas").choose_in("To whom?", "UPH Norra Skaraborg")
    maria.choose_in("Who there?", "Jonas Berg")
    clean(maria).press("Ask the family")
    consent = asked(maria)
    maria.shows(re.compile("Erik.*Linnea"))

    erik, linnea = new_device("erik").open(f"/sharing/{consent}"), new_device("linnea").open(f"/sharing/{consent}")
    jonas = new_device("jonas").open("/children").show_names()
    lock(jonas, "135790")
    erik.press("Yes, that is fine").sees("Not shared")
    assert not linnea.page.get_by_text("Erik").count()
    linnea.worker().offline().press("Yes, that is fine")
    clean(linnea.sees("Will be sent when you are online").sees("Your answer: {answer}", answer="Ja"))
    jonas.go("/children")
    expect(jonas.page.get_by_text("Otto")).to_have_count(0, timeout=AT_ONCE_MS)
    linnea.offline(False)
    maria.sees("Everybody said yes")
    jonas.shows("Otto").page.locator("a.row", has_text="Otto").click()
    jonas.ready().sees("Shared with you")
    jonas.until(lambda: {"child", "consent"} <= {entity for _, entity, _ in jonas.rows()}, "on the disk")
    of_otto = {
        entity
        for entity in (
            "child",
            "coordinator",
            "consent",
            "meeting",
            "waiting",
            "support_measure",
            "message",
            "voice",
            "contact_request",
            "protection",
            "access_entry",
        )
        if made_of(others, made.child, entity)
    }
    assert of_otto <= {"child", "coordinator", "consent", "meeting"}

    presses = 0
    linnea.go("/")
    for press in (
        lambda: linnea.page.locator(".tabbar a[href='/sharing']").click(),
        lambda: (
            linnea.page.locator(".card", has_text="UPH Norra Skaraborg")
            .get_by_role("button", name=text("Take back"))
            .click()
        ),
        lambda: linnea.press("Yes, take it back"),
    ):
        press()
        presses += 1
    expect(jonas.page.get_by_text("Otto")).to_have_count(0, timeout=AT_ONCE_MS)
    assert presses <= TAPS_TO_WITHDRAW
    jonas.until(lambda: made.child not in [key for _, _, key in jonas.rows()], "the disk is empty of it", AT_ONCE_S)
    maria.shows(re.compile("|".join(re.escape(text("Erased on {n} device", n=n)) for n in (1, 2, 3))))
    linnea.shows(re.compile("raderat"))
    erik.go(f"/sharing/{consent}").sees("Not shared")
    assert not erik.page.get_by_text("Linnea").count()


def made_of(others: Others, child: str, entity: str) -> list[str]:
    """What Jonas's device holds of one entity about the child."""
    return [one["id"] for one in others.documents("jonas", entity) if child in (one["id"], one.get("child"))]


def test_any_no_refuses_and_a_yes_without_name_opens_nothing(new_device: NewDevice, others: Others) -> None:
    made = known(others, "Otto")
    maria = new_device("maria").open(f"/children/{made.child}/consent").show_names()
    maria.write("Search for a unit", "BUP").choose_in("To whom?", "BUP Skaraborg").press("Ask the family")
    first = asked(maria)
    erik, linnea = new_device("erik").open(f"/sharing/{first}"), new_device("linnea").open(f"/sharing/{first}")
    answers = [erik.button(one) for one in ("Yes, that is fine", "Yes, but without name", "No")]
    sizes = {(round(box["width"]), round(box["height"])) for box in (one.bounding_box() for one in answers) if box}
    assert len(sizes) == 1, f"the three answers differ in size: {sizes}"
    erik.press("No").sees("You said no.")
    maria.sees("Somebody said no")
    linnea.sees("Nothing is shared.")
    assert "Erik" not in linnea.words()

    maria.go(f"/children/{made.child}/consent")
    maria.write("Search for a unit", "BUP").choose_in("To whom?", "BUP Skaraborg").press("Ask the family")
    second = asked(maria)
    erik.go(f"/sharing/{second}").press("Yes, but without name")
    linnea.go(f"/sharing/{second}").press("Yes, that is fine")
    maria.sees("Yes, without the name")
    assert not [one for one in others.documents("jonas", "child") if one["id"] == made.child]


def test_a_spoken_yes_is_noted_on_one_screen(new_device: NewDevice, others: Others) -> None:
    made = known(others, "Stina")
    maria = new_device("maria").open(f"/children/{made.child}/spoken").show_names()
    said = maria.page.get_by_role("group", name=text("What does {name} say?", name="Gun-Britt"))
    said.get_by_role("button", name=text("Yes"), exact=True).click()
    maria.press("Meet together").write("Search for a unit", "UPH").choose_in("To whom?", "UPH").press(
        "Save what was said"
    )
    asked(maria)
    maria.sees("Everybody said yes").sees("Noted by {name}", name="Maria Ekdahl").sees("Spoken")


def test_who_cannot_answer_is_left_out_by_law(new_device: NewDevice, others: Others) -> None:
    made = known(others, "Otto")
    maria = new_device("maria", viewport=WIDE).open(f"/children/{made.child}/consent").show_names()
    maria.write("Search for a unit", "Habiliteringen").choose_in("To whom?", "Habiliteringen").press("Ask the family")
    consent = asked(maria)
    new_device("linnea").open(f"/sharing/{consent}").press("Yes, that is fine").sees("Not shared")
    row = maria.page.locator(".row", has_text="Erik")
    row.get_by_role("button", name=text("Exception")).click()
    clean(maria.press("Save the exception").sees("Write where the decision can be found"))
    maria.write("Where is it found?", "Akt 12, blad 3").press("Save the exception")
    maria.sees("Everybody said yes").sees("An exception is noted").sees("Not asked, see the exception")


def test_what_nobody_has_answered_can_be_taken_back(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Vega")
    guardian = made.joins(new_device, "Tom")
    maria = new_device("maria").open(f"/children/{made.child}/consent").show_names()
    maria.sees("Nobody can answer in Samled yet")
    maria.write("Search for a unit", "BUP").choose_in("To whom?", "BUP Skaraborg").press("Ask the family")
    asked(maria)
    maria.press("Take the question back").press("Take it back").sees("Withdrawn")
    guardian.go("/sharing").sees("Show who you are to see the rest")
