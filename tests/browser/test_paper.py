"""What a coordinator gives a family by hand: the card with a number to call, and the answers that are said aloud."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import Family, family
from tests.browser.words import text

IN_SIGHT = "(at) => { const box = at.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight - 64; }"


def stinas(others: Others) -> Family:
    """A child whose family has no phone of their own."""
    return family(others, "Vilgot")


def test_the_familys_card_is_printed_from_the_childs_page_without_the_childs_name(
    new_device: NewDevice, others: Others
) -> None:
    maria = new_device("maria").open(f"/children/{stinas(others).child}").show_names()
    maria.page.locator("summary", has_text=text("A card on paper for the family")).click()
    clean(maria.sees("Your coordinator"))
    maria.page.emulate_media(media="print")
    printed = maria.page.locator("body").inner_text()
    card = maria.page.locator(".print-card").inner_text()
    assert printed.split() == card.split()
    for one in ("Maria Ekdahl", "070-174 06 06", "Johan Nyström", "112"):
        assert one in printed, printed
    assert "Vilgot" not in printed


def test_what_a_family_says_is_noted_from_the_top_of_the_childs_page(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open(f"/children/{stinas(others).child}")
    note = maria.page.get_by_role("link", name=text("Note the family's answer"))
    expect(note).to_have_count(1)
    assert note.evaluate(IN_SIGHT)
    maria.follow("Note the family's answer").sees("What for?")


def test_a_code_is_shown_in_two_halves_and_copied_as_one(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open(f"/children/{stinas(others).child}/invite")
    maria.write("What shall we call them?", "Moster Leyla").press("Make the invitation").sees("Invitation to Samled")
    halves = maria.page.locator(".print-card .h1 span span")
    first, second = halves.nth(0).bounding_box(), halves.nth(1).bounding_box()
    assert first and second and second["x"] - first["x"] - first["width"] > 6
    code = halves.nth(0).inner_text() + halves.nth(1).inner_text()
    assert len(code) == 10 and code in maria.page.locator(".print-card").inner_text()
    leyla = new_device().open().write("The code from the letter or the text message", code).press("Continue")
    leyla.sees("Hi {name}", name="Moster Leyla")
