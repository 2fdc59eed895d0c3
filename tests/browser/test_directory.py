"""Whom do I reach, and when: found in three presses, also without a connection; confirmed with one; counted with two."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import PHONE
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.words import text

SIZES = [PHONE, {"width": 1280, "height": 800}]
IDS = ["360x640", "1280x800"]


TORN = """() => {
  const torn = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) for (const one of walk.currentNode.data.matchAll(/\\d[\\d.:]*–\\d[\\d.:]*/g)) {
    const range = document.createRange();
    range.setStart(walk.currentNode, one.index);
    range.setEnd(walk.currentNode, one.index + one[0].length);
    if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) torn.push(walk.currentNode.data);
  }
  return torn;
}"""
"""Texts with a range, such as 8–16, whose two ends stand on different lines."""


class Taps:
    """Presses, counted."""

    def __init__(self) -> None:
        self.n = 0

    def on(self, place: Locator) -> None:
        self.n += 1
        place.click()


def search(page: Page) -> Locator:
    return page.locator("input[type=search]")


@pytest.mark.parametrize("size", SIZES, ids=IDS)
def test_found_by_words_function_unit_or_place_within_three_presses_also_without_a_connection(
    new_device: NewDevice, size: dict[str, int]
) -> None:
    maria = new_device("maria", viewport=size).open().worker()
    for is_off in (False, True):
        maria.go("/").offline(is_off)
        taps = Taps()
        taps.on(maria.page.get_by_role("link", name=text("Contacts")).locator("visible=true").first)
        maria.ready()
        taps.on(search(maria.page))
        search(maria.page).fill("sömn")
        expect(maria.page.locator("main [role=status]").first).to_contain_text("sömn")
        call = maria.page.locator("main a[href^='tel:']").locator("visible=true").first
        expect(call).to_be_visible()
        assert taps.n + 1 <= 3, "the number is the third press"
        clean(maria)
        for words, expected in (("kurator lillån", "Lillåns skola"), ("töreboda", "Töreboda"), ("BUSE", "BUSE")):
            search(maria.page).fill(words)
            expect(maria.page.locator("main .row").first).to_be_visible()
            expect(maria.page.locator("main")).to_contain_text(expected, ignore_case=True)
    maria.offline(False)


def test_one_function_tells_everything_about_reaching_it(new_device: NewDevice, others: Others) -> None:
    contact = next(
        one for one in others.documents("maria", "function_contact")
        if one["function"] == "counsellor" and "Lillån" in one["unit_name"]
    )  # fmt: skip
    maria = new_device("maria").open().go(f"/functions/{contact['id']}")
    maria.shows(re.compile("Bekräftad för \\d+ dagar sedan")).sees("How families get there").shows(contact["how_to"])
    maria.shows(contact["deputy"]["name"])
    clean(maria)


@pytest.mark.parametrize("size", SIZES, ids=IDS)
def test_what_lacks_somebody_is_red_to_the_process_leader_and_to_nobody_else(
    new_device: NewDevice, size: dict[str, int]
) -> None:
    lena, maria = new_device("lena", viewport=size).open("/contacts"), new_device("maria", viewport=size)
    lena.page.get_by_text(re.compile(r"Något saknas \(\d+\)")).click()
    lena.shows("Ingen har den")
    expect(lena.page.locator("main .badge.bad, main .ic.bad, main .bad").first).to_be_visible()
    clean(lena)
    maria.open("/contacts")
    expect(maria.page.get_by_text(re.compile("Något saknas"))).to_have_count(0)
    search(maria.page).fill("specialpedagog hassel")
    maria.ready()
    expect(maria.page.get_by_text("Ingen har den")).to_have_count(0)


def test_a_row_that_is_old_is_confirmed_with_one_press_also_when_the_line_is_cut(
    new_device: NewDevice, others: Others
) -> None:
    today = datetime.now(UTC).date().isoformat()
    stale = [one for one in others.documents("lena", "function_contact") if one["check_after"] < today]
    contact = min(stale, key=lambda one: str(one["check_after"]))
    lena, desk = new_device("lena").open().worker(), new_device("lena", viewport=SIZES[1]).open()
    lena.go(f"/functions/{contact['id']}")
    clean(lena)
    lena.offline().press("Yes, everything is right")
    clean(lena)
    desk.go(f"/functions/{contact['id']}").shows(re.compile(r"Bekräftad för \d+ dagar sedan"))
    lena.offline(False)
    desk.sees("Confirmed today")
    lena.sees("Confirmed today")


def test_a_buse_counts_a_contact_with_two_presses_and_the_other_device_sees_it(
    new_device: NewDevice, others: Others
) -> None:
    own = next(one for one in others.documents("maria", "function_contact") if one.get("tally"))
    before = sum(week["count"] for week in own["tally"])
    maria, desk = new_device("maria").open().worker(), new_device("maria", viewport=SIZES[1]).open()
    desk.go(f"/functions/{own['id']}").sees("Contacts with you as BUSE")
    # From her own day, where she is when somebody has called.
    maria.offline().press("Count one contact")
    clean(maria)
    maria.press("Count it today")
    maria.offline(False)

    def counted() -> bool:
        now = next(one for one in others.documents("maria", "function_contact") if one["id"] == own["id"])
        return bool(sum(int(week["count"]) for week in now["tally"]) == before + 1)

    maria.until(counted, "the contact is counted once")
    clean(desk)


def test_a_unit_without_a_buse_says_so_to_those_who_keep_its_list_and_to_nobody_else(
    new_device: NewDevice, others: Others
) -> None:
    listed = others.documents("per", "function_contact")
    with_buse = {one["unit"] for one in listed if one.get("badge") == "buse"}
    lacks = next(one["unit"] for one in listed if one["unit"] not in with_buse)
    per, maria = new_device("per"), new_device("maria")
    clean(per.open(f"/contacts/{lacks}").sees("Nobody here is BUSE"))
    for device, unit in ((per, min(with_buse)), (maria, lacks)):
        device.open(f"/contacts/{unit}").sees("Functions here")
        expect(device.by_text("Nobody here is BUSE")).to_have_count(0)


def test_the_alphabet_ends_with_a_ring_a_dots_and_o_dots(new_device: NewDevice, others: Others) -> None:
    """Å, Ä and Ö are letters of their own: the chips of places stand as Swedish people expect."""
    maria = new_device("maria").open("/contacts")
    order = "abcdefghijklmnopqrstuvwxyzåäö"
    chips = maria.page.get_by_role("group", name=text("Place"), exact=True).get_by_role("button")
    expect(chips.filter(has_text="Töreboda")).to_be_visible()
    places = [one.strip().lower() for one in chips.all_inner_texts()]
    assert places == sorted(places, key=lambda name: [order.find(letter) for letter in name])
    search(maria.page).fill("gotene")
    # Without å, ä and ö on the keyboard.
    expect(maria.page.locator("main")).to_contain_text("Götene")


def test_everybody_may_look_at_the_areas_public_page(new_device: NewDevice, others: Others) -> None:
    area: dict[str, Any] = next(iter(others.documents("maria", "area")))
    somebody = new_device()
    somebody.page.goto(f"{somebody.origin}/public/areas/{area['slug']}")
    expect(somebody.page.get_by_role("heading", level=1)).to_have_text(area["name"])
    expect(somebody.page.locator("a[href^='tel:']").first).to_be_visible()
    assert not re.search("Maria Ekdahl|Jonas Berg", somebody.words())
    clean(somebody)


def test_hours_are_not_torn_where_a_row_breaks(new_device: NewDevice) -> None:
    """ "vardagar 8–" stood on one line and "16" on the next. Which row it was hung on the width and the letters."""
    maria = new_device("maria").open("/contacts").shows("8–16")
    for width in range(PHONE["width"], 440, 4):
        maria.page.set_viewport_size({"width": width, "height": 640})
        assert not maria.page.evaluate(TORN), width


def test_hours_read_from_left_to_right_in_arabic(new_device: NewDevice) -> None:
    lena = new_device("lena").open("/settings")
    lena.page.locator("button[lang='ar']").click()
    expect(lena.page.locator("html")).to_have_attribute("lang", "ar")
    whole = lena.go("/terms").page.locator(".row .ltr").filter(has_text="–")
    expect(whole.first).to_have_text(re.compile(r"^\d\d:\d\d–\d\d:\d\d$"))
    lena.go("/settings").page.locator("button[lang='sv']").click()
    expect(lena.page.locator("html")).to_have_attribute("lang", "sv")
