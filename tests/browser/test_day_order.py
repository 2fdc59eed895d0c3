"""The order of a professional's day on a phone and on a desktop, by keys alone; what a unit's lead is told of a late promise."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from server.domain.instants import from_text
from tests.browser.at_work import AtWork, Come
from tests.browser.house import Others
from tests.browser.later import LaterServer
from tests.browser.test_slots import QUESTION, opened
from tests.browser.words import text

SECTIONS = """() => [...document.querySelectorAll("main .hero .when, main h2, main .notice b")]
  .map((one) => [one.innerText, one.getBoundingClientRect().top + scrollY])"""
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at?.closest("main") || at.tagName === "H1") return null;
  const box = at.getBoundingClientRect(), part = at.closest(".hero") ?? at.closest(".notice") ?? at.closest("section");
  const seen = box.top >= 0 && Math.floor(box.bottom) <= innerHeight && getComputedStyle(at).outlineStyle !== "none";
  return { part: part?.querySelector(".when, h2, b")?.innerText ?? "", seen, words: at.innerText };
}"""
ORDER = ("Promises ahead", "Today's times|Your next times", "Waits for you", "To do", "A time is kept for you until {until}",
         "What has happened")  # fmt: skip


def names(msgid: str) -> list[str]:
    """How a part of the page may begin."""
    return [text(one, until="") for one in msgid.split("|")]


def place(found: list[str], msgid: str) -> int:
    """Where this part stands among those."""
    at = [n for n, one in enumerate(found) if any(one.startswith(name.strip()) for name in names(msgid))]
    assert at, f"{msgid} is not among {found}"
    return at[0]


def offered(away: Others, house: LaterServer) -> None:
    """A freed time is kept for Maria, who waits for one."""
    (slot,) = opened(away, house, 300)
    booked = away.send("elin", "slot.book", slot=slot, topic="worry", age_band="10-12")
    away.send("maria", "slot.wish", topic="worry", age_band="10-12", question=QUESTION)
    away.send("elin", "slot.release", booking=booked["result"]["booking"])


@pytest.fixture(scope="module")
def day(house: LaterServer) -> None:
    """A day on which Maria has something of everything."""
    with Others(house.origin) as people:
        offered(people, house)


def wait(maria: AtWork) -> AtWork:
    maria.show_names()
    expect(maria.page.get_by_text(names(ORDER[4])[0].strip())).to_be_visible()
    return maria


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_promises_times_answers_tasks_and_freed_times_stand_in_that_order(come: Come, day: None, wide: bool) -> None:
    maria = wait(come("maria", wide=wide)).well()
    found = maria.page.evaluate(SECTIONS)
    parts = [str(words) for words, _ in found]
    places = [place(parts, one) for one in ORDER]
    assert places == sorted(places), parts
    assert places[0] > 0 and maria.page.locator(".hero").count() == 1
    if not wide:
        heights = [found[n][1] for n in places]
        assert heights == sorted(heights), found


def test_the_day_is_gone_through_with_tab_and_enter_alone(come: Come, day: None) -> None:
    maria = wait(come("maria", wide=True))
    maria.page.locator("h1").focus()
    seen: list[str] = []
    for _ in range(200):
        maria.page.keyboard.press("Tab")
        at = maria.page.evaluate(FOCUSED)
        if at is None:
            break
        assert at["seen"], at
        if at["part"] not in seen[-1:]:
            seen.append(at["part"])
    assert len(seen) == len(set(seen)), seen
    places = [place(seen, one) for one in ORDER]
    assert places == sorted(places), seen
    maria.page.locator("h1").focus()
    while "/wishes" not in (maria.page.evaluate("() => document.activeElement.getAttribute('href')") or ""):
        maria.page.keyboard.press("Tab")
    maria.led(lambda: maria.page.keyboard.press("Enter"))
    maria.sees("Do you want this time?")


def test_a_late_promise_stands_on_the_day_of_who_leads_the_unit_and_says_whom_to_call(
    come: Come, house: LaterServer
) -> None:
    with Others(house.origin) as people:
        late = [one for one in people.documents("birgitta", "contact_request") if one.get("owed_by")]
    assert late and all(from_text(one["due_at"]) < house.now() for one in late)
    birgitta = come("birgitta").sees("Late in your unit").well()
    name = late[0]["owed_by"][0]["name"]
    birgitta.led(birgitta.page.locator(f"main a[href='/requests/{late[0]['id']}']").click)
    birgitta.sees("A late promise").well()
    first = birgitta.page.locator(f"main a[href='tel:{late[0]['owed_by'][0]['phone']}']")
    expect(first.first).to_contain_text(text("Call {name}", name=name.split()[0]))
    expect(birgitta.button("Save")).to_have_count(0)
