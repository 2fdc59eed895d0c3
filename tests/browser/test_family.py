"""A guardian's days, on a phone of 360 by 640: who helps, by when, also without a connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_MS, AT_ONCE_S
from tests.browser.house import Others
from tests.browser.made import lock
from tests.browser.words import pattern, text

TAPS_TO_WITHDRAW = 4
OVERLAPPING = """() => [...document.querySelectorAll("a.call")].filter((call) => {
  const words = [...call.querySelectorAll(".txt *")].map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect();
  });
  const number = call.querySelector(".no")?.getBoundingClientRect();
  return number && words.some((box) => box.left < number.right && number.left < box.right && box.top < number.bottom && number.top < box.bottom);
}).map((call) => call.innerText)"""
"""Numbers of help with words printed over them."""
COVERED = """() => [...document.querySelectorAll(".row")].filter((row) => {
  const end = row.querySelector(".badge, .end")?.getBoundingClientRect();
  return end && [...row.querySelectorAll(".txt *")].some((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return [...range.getClientRects()].some((box) => box.left < end.right - 1 && end.left < box.right - 1 && box.top < end.bottom - 1 && end.top < box.bottom - 1);
  });
}).map((row) => row.innerText)"""
"""Rows whose badge lies on the words beside it."""


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


@pytest.mark.parametrize("offline", [False, True])
def test_hide_in_the_sheet_of_numbers_leaves_nothing_to_go_back_to(new_device: NewDevice, offline: bool) -> None:
    anna = new_device("anna").open().worker().go("/meetings")
    weather = "https://www.smhi.se/"
    anna.context.route(f"{weather}**", lambda route: route.fulfill(content_type="text/html", body="<h1>Vädret</h1>"))
    anna.page.get_by_role("link", name=text("Help now"), exact=True).first.click()
    sheet = anna.page.locator("dialog[open]")
    expect(sheet).to_contain_text(text("You do not have to be alone with this"))
    anna.offline(offline)
    sheet.get_by_role("button", name=text("Hide"), exact=True).click()
    anna.page.wait_for_url("about:blank" if offline else weather)
    anna.page.go_back()
    anna.sees("Paused")
    expect(sheet).to_have_count(0)
    assert not [name for name in ("Maria", "Elsa") if name in anna.words()]


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
    maria.choose("We talked").write("A few words to the one who asked", "Vi pratade. Jag ringer skolan.").press("Save")
    maria.sees("Said to the one who asked")
    anna.go("/coordinator").shows("Vi pratade. Jag ringer skolan.")


def test_an_answer_takes_the_place_of_the_promise_on_the_home_page(new_device: NewDevice, others: Others) -> None:
    answered(others, "omar", "maria")
    child = others.documents("omar", "child")[0]["id"]
    others.send("omar", "contact.request", child=child, reason="question")
    omar = new_device("omar").open().sees("{name} will be in touch by", name="Maria")
    wish = next(one for one in others.documents("omar", "contact_request") if one["state"] == "open")
    others.send("maria", "contact.answer", contact_request=wish["id"], outcome="talked", note="Vi ses på torsdag.")
    omar.shows("Vi ses på torsdag.").sees("Ask {name} to call you", name="Maria")


def test_a_wish_is_taken_back_after_a_question_and_with_a_receipt(new_device: NewDevice, others: Others) -> None:
    answered(others, "omar", "maria")
    child = others.documents("omar", "child")[0]["id"]
    others.send("omar", "contact.request", child=child, reason="question", text="Kan du ringa på kvällen?")
    omar = new_device("omar").open("/coordinator").press("I no longer need a call")
    expect(omar.page.locator("dialog")).to_contain_text(text("Take back your wish to be called?"))
    omar.press("Keep as it is").shows("Kan du ringa på kvällen?")
    assert any(one["state"] == "open" for one in others.documents("omar", "contact_request"))
    omar.press("I no longer need a call").press("Yes, take it back")
    omar.sees("{name} knows that you no longer need a call", name="Maria")
    assert not any(one["state"] == "open" for one in others.documents("omar", "contact_request"))


def test_a_call_is_promised_for_no_day_that_is_over_and_by_whoever_stands_in(new_device: NewDevice) -> None:
    camilla = new_device("camilla").open("/coordinator/call")
    camilla.shows(pattern("{name} should have called by {date}")).sees("It is late")
    expect(camilla.page.get_by_text(pattern("{name} calls by {date}"))).to_have_count(0)
    tobias = new_device("tobias").open("/coordinator/call").shows(re.compile("^Maria ringer senast"))
    tobias.shows(pattern("{name} is away until {date}"))


def test_a_wish_that_waits_for_the_network_is_changed_and_not_asked_for_twice(
    new_device: NewDevice, others: Others
) -> None:
    emma = new_device("emma").open().worker().go("/coordinator/call").offline()
    emma.page.get_by_text(text("A question"), exact=True).click()
    emma.write("Your own words", "Kan Tuva få låna en dator?")
    emma.led(lambda: emma.press("Ask {name} to call you", name="Elin"))
    emma.go("/coordinator/call?reason=meeting").sees("Will be sent when you are online")
    expect(emma.button("Ask {name} to call you", name="Elin")).to_have_count(0)
    emma.go("/outbox").led(lambda: emma.press("Change"))
    words = emma.page.get_by_label(text("Your own words"))
    expect(words).to_have_value("Kan Tuva få låna en dator?")
    words.fill("Kan Tuva få låna en platta?")
    emma.led(lambda: emma.press("Ask {name} to call you", name="Elin")).offline(False)
    emma.shows(text("{name} will be in touch by", name="Elin"))
    asked = [one["text"] for one in others.documents("emma", "contact_request") if one["state"] == "open"]
    assert asked == ["Kan Tuva få låna en platta?"]


def test_an_answer_that_takes_its_buttons_away_leaves_the_focus_on_the_heading(
    new_device: NewDevice, others: Others
) -> None:
    asked = next(one for one in others.documents("omar", "consent") if one["state"] == "asked")
    omar = new_device("omar").open(f"/sharing/{asked['id']}")
    omar.button("Yes, but without name").press("Enter")
    omar.sees("Yes, without name")
    expect(omar.page.locator("main h1")).to_be_focused()


def test_home_says_that_the_network_is_gone_and_that_something_waits(new_device: NewDevice) -> None:
    omar = new_device("omar").open().worker().go("/coordinator/messages").offline()
    omar.write("Your message", "Vi hörs i morgon.").press("Send to {name}", name="Maria").sees("Not sent yet")
    omar.open("/").shows(pattern("You are offline. Updated {time}"))
    waits = omar.page.locator("a[href='/outbox']")
    expect(waits).to_contain_text(text("{n} thing has not been sent", n=1))
    omar.offline(False)
    expect(waits).to_have_count(0)


@pytest.mark.parametrize("lang", ["sv", "ar"])
def test_help_is_readable_and_can_be_left_without_signing_in(new_device: NewDevice, lang: str) -> None:
    nobody = new_device().open("/help")
    if lang != "sv":
        nobody.page.get_by_role("button", name="Svenska").click()
        nobody.page.locator(f"dialog [lang={lang}]").click()
        expect(nobody.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(nobody.page.get_by_role("button", name=text("Hide", lang), exact=True)).to_be_visible()
    assert nobody.asked(OVERLAPPING) == []
    nobody.page.set_viewport_size({"width": 390, "height": 844})
    assert nobody.asked(OVERLAPPING) == []


def test_meeting_is_answered_with_one_press_offline(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("anna", "meeting") if one["state"] == "invited")
    anna = new_device("anna").open().worker().go(f"/meetings/{meeting['id']}").offline()
    anna.choose("Yes, by link")
    anna.sees("Will be sent when you are online")
    # Reminders cannot be turned on without a connection, so they are not asked about here.
    expect(anna.page.locator("dialog")).to_have_count(0)
    anna.offline(False).sees("{name} has got your answer", name="Maria")
    seen = next(one for one in others.documents("maria", "meeting") if one["id"] == meeting["id"])
    assert any(one["answer"] == "digital" and one["kind"] == "guardian" for one in seen["answers"])


def test_what_one_wants_to_bring_up_is_not_called_arrived_before_it_is(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("anna", "meeting") if one["state"] == "invited")
    anna = new_device("anna").open().worker().go(f"/meetings/{meeting['id']}").offline()
    anna.page.locator("main textarea").fill("Kan vi ta med schema?")
    anna.press("Send to {name}", name="Maria").press("Change")
    expect(anna.page.locator("main textarea")).to_have_value("Kan vi ta med schema?")
    anna.page.locator("main textarea").fill("Kan vi ta med schemat?")
    anna.press("Send to {name}", name="Maria")
    anna.sees("Will be sent when you are online")
    expect(anna.by_text("It lies among your messages to {name}", name="Maria")).to_have_count(0)
    anna.offline(False).sees("It lies among your messages to {name}", name="Maria")
    said = [one["text"] for one in others.documents("maria", "message") if "schema" in one["text"]]
    assert said == ["Kan vi ta med schemat?"]


def test_a_wish_for_another_time_that_waits_is_changed(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("hodan", "meeting") if one["state"] == "invited")
    hodan = new_device("hodan").open().worker().go(f"/meetings/{meeting['id']}").offline()
    hodan.press("Ask for another time")
    words, send = hodan.page.locator("dialog textarea"), hodan.page.locator("dialog .btn.primary")
    words.fill("Torsdag efter 16")
    send.click()
    hodan.press("Change")
    expect(words).to_have_value("Torsdag efter 16")
    words.fill("Fredag efter 16")
    send.click()
    hodan.offline(False).shows(pattern("You have asked for another time"))
    asked = next(one for one in others.documents("maria", "meeting") if one["id"] == meeting["id"])
    assert "Fredag efter 16" in str(asked) and "Torsdag efter 16" not in str(asked)


def test_the_way_back_says_where_it_leads(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("anna", "meeting") if one["state"] == "invited")
    anna = new_device("anna").open()
    back = anna.page.locator("a.back")
    anna.led(anna.page.locator(f"main a[href='/meetings/{meeting['id']}']").first.click)
    expect(back).to_have_text(text("Home"))
    anna.led(back.click).go("/meetings").go(f"/meetings/{meeting['id']}")
    expect(back).to_have_text(text("Meetings"))
    anna.go("/coordinator/messages")
    expect(back).to_have_text(text("Back"))
    anna.open(f"/meetings/{meeting['id']}")
    expect(back).to_have_text(text("Meetings"))


def test_a_long_word_is_not_covered_by_the_badge_beside_it(new_device: NewDevice, others: Others) -> None:
    held = next(one for one in others.documents("anders", "meeting") if one["state"] == "held")
    assert any("ungdomsmottagningen" in one["what"] and one["done"] for one in held["decisions"])
    anders = new_device("anders").open(f"/meetings/{held['id']}")
    for width in (320, 360, 390, 412):
        anders.page.set_viewport_size({"width": width, "height": 800})
        assert anders.asked(COVERED) == [], width


def test_a_cancelled_meeting_is_taken_out_of_the_calendar_it_was_put_in(new_device: NewDevice, others: Others) -> None:
    meeting = next(one for one in others.documents("oksana", "meeting") if one["state"] == "invited")
    oksana = new_device("oksana").open(f"/meetings/{meeting['id']}")
    file = oksana.page.locator("a[download]")
    expect(file).to_have_text(text("Add to the calendar"))
    others.send("maria", "meeting.cancel", meeting=meeting["id"], reason="illness")
    expect(file).to_have_text(text("Take it out of the calendar"))
    assert file.get_attribute("href") == f"/calendar/meeting/{meeting['id']}.ics"
    gone = oksana.context.request.get(f"{oksana.origin}{file.get_attribute('href')}").text()
    assert "METHOD:CANCEL" in gone and f"UID:{meeting['id']}@samled" in gone
    oksana.sees("The meeting is cancelled")
    expect(oksana.by_text("How the meeting goes")).to_have_count(0)
    oksana.go("/meetings")
    ahead = oksana.page.locator("section", has=oksana.page.get_by_role("heading", name=text("Ahead"), exact=True))
    expect(ahead).to_contain_text(text("Cancelled"))
    oksana.sees("You have no meeting booked")


def test_worse_shows_numbers_at_once_and_tells_the_coordinator(new_device: NewDevice, others: Others) -> None:
    wait = next(one for one in others.documents("anna", "waiting") if one["state"] == "waiting")
    anna = new_device("anna").open().worker().go(f"/waiting/{wait['id']}").offline()
    anna.press("It has become worse")
    anna.page.get_by_role("button", name=text("Sleep"), exact=True).click()
    anna.press("Tell that it is worse")
    # The button pressed is gone: what is read next is what came in its place.
    expect(anna.page.locator("dialog h2")).to_be_focused()
    expect(anna.page.locator("dialog a[href='tel:112']")).to_be_visible()
    expect(anna.page.locator("dialog a[href='tel:116111']")).to_be_visible()
    anna.offline(False).sees("{name} has been told", name="Maria")
    reports = next(one for one in others.documents("maria", "waiting") if one["id"] == wait["id"])["worse_reports"]
    assert reports[-1]["what"] == ["sleep"]
    for persona, kind in (("maria", None), ("johan", "staff")):
        told = new_device(persona, kind).open()
        told.shows(pattern("The family says that it has become worse for {name}"))


@pytest.mark.alone
def test_withdrawal_takes_a_few_presses_and_empties_the_other_screen(new_device: NewDevice, others: Others) -> None:
    child = others.documents("anna", "child")[0]["id"]
    jonas = new_device("jonas").open().show_names()
    lock(jonas, "135790")
    jonas.go(f"/children/{child}").shows("Elsa")
    jonas.until(lambda: child in [key for _, _, key in jonas.rows()], "the disk has it")

    anna = new_device("anna").open()
    anna.page.locator(".tabbar a[href='/sharing']").click()
    anna.press("Take back").press("Yes, take it back")
    expect(jonas.page.get_by_text("Elsa")).to_have_count(0, timeout=AT_ONCE_MS)
    jonas.until(lambda: child not in [key for _, _, key in jonas.rows()], "the disk is empty of it", AT_ONCE_S)
    expect(anna.page.locator("main h1")).to_be_focused()
    anna.sees("You have taken back your yes").shows(re.compile(r"[Rr]aderat från alla enheter|enheter? har bekräftat"))
    meeting = next(one for one in others.documents("anna", "meeting") if one.get("left_out"))
    anna.go(f"/meetings/{meeting['id']}").sees(
        "{units} is not told of the meeting any more", units=meeting["left_out"][0]
    )
