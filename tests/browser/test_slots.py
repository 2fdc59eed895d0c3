"""Consultations as professionals use them: booked without a name, opened, given, withdrawn, waited for. Presses counted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from server.domain.calendar import public_holidays
from server.domain.instants import from_text
from tests.browser.at_work import Come, soonest
from tests.browser.house import Others
from tests.browser.later import LaterServer
from tests.browser.words import pattern, text

HERE = ZoneInfo("Europe/Stockholm")
QUESTION = "Eleven orkar inte med morgnarna. Hur börjar vi?"
LINK = "https://mote.example/rad"


def opened(away: Others, house: LaterServer, *after_min: int, who: str = "jonas", minutes: int = 10) -> list[str]:
    """Times of somebody's, so many minutes from now; their ids."""
    begins = [(house.now() + timedelta(minutes=n)).astimezone(HERE).replace(second=0) for n in after_min]
    made = away.send(
        who,
        "slot.publish",
        times=[{"starts_local": f"{one:%Y-%m-%dT%H:%M}", "minutes": minutes} for one in begins],
        mode="video",
        topics=["worry", "sleep"],
        join_url=LINK,
    )
    return list(made["result"]["slots"])


def free(away: Others, house: LaterServer) -> list[dict[str, Any]]:
    return [one for one in soonest(away.documents("maria", "slot")) if from_text(one["starts_at"]) > house.now()]


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_a_time_is_booked_in_four_presses_without_a_name(come: Come, wide: bool) -> None:
    maria = come("maria", wide=wide)
    maria.tab("Book advice" if wide else "Advice").well()
    maria.tap(maria.first("Choose")).well()
    expect(maria.page.locator(".chip[aria-pressed='true'] .ltr").first).to_be_visible()
    maria.pill("Sleep").write("What do you want advice about?", QUESTION)
    maria.pill("Book the time").counted(4)
    maria.shows(pattern("Booked: {what}")).well()


def test_filters_by_way_day_and_topic_and_says_when_nothing_fits(come: Come) -> None:
    maria = come("maria").tab("Advice").pill("More choices").well()
    rows = maria.page.locator(".slot")
    expect(rows.first).to_be_visible()
    every = rows.count()
    maria.pill("By phone").sees("No free times fit").pill("Show all times")
    expect(rows).to_have_count(every)
    maria.tap(maria.page.locator(".chips").nth(1).get_by_role("button").nth(1))
    maria.until(lambda: 0 < rows.count() < every, "only those of one day")
    expect(maria.page.locator(".daylab")).to_have_count(1)


@pytest.mark.parametrize(
    "written",
    ["Lova Ek sover inte.", "Elev på Lillåns skola", "150812-2388", "150872-2389", "20150812-K123", "Ring 070-174 06 05",
     "mejla nord@skog.se", "Bor på Storgatan 5"],
)  # fmt: skip
def test_the_device_warns_while_one_writes_and_holds_it_back(come: Come, written: str) -> None:
    maria = come("maria").tab("Advice")
    maria.tap(maria.first("Choose")).pill("Sleep").write("What do you want advice about?", written)
    maria.shows(pattern("It looks like {what}"))
    expect(maria.button("Book the time")).to_have_attribute("aria-disabled", "true")
    maria.tap(maria.page.locator(".notice .btns").get_by_role("button").first)
    expect(maria.button("Book the time")).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_offline_it_is_preliminary_and_a_lost_race_is_mended_in_one_press(
    come: Come, away: Others, house: LaterServer, wide: bool
) -> None:
    maria = come("maria", wide=wide).worker().tab("Book advice" if wide else "Advice")
    maria.tap(maria.first("Choose")).offline().sees("Book preliminarily").pill("Sleep")
    maria.write("What do you want advice about?", QUESTION).pill("Book preliminarily").well()
    maria.shows(pattern("Preliminary: {what}")).sees("Preliminary")
    assert text("Booked: {what}", what="") not in maria.words()
    maria.go("/").shows(pattern("Preliminary: {what}"))
    away.send("karin", "slot.book", slot=free(away, house)[0]["id"], topic="sleep", age_band="10-12")
    maria.go("/advice").offline(False).sees("Somebody else was first").well()
    others = maria.page.get_by_role("button", name=pattern("Book {day} {time}, {unit}"))
    expect(others).to_have_count(2)
    maria.taps = 0
    maria.tap(others.first).counted(1).shows(pattern("Booked: {what}"))
    mine = [one for one in away.documents("maria", "booking") if one.get("question") == QUESTION]
    assert mine and mine[-1]["state"] == "booked"


def test_one_that_goes_while_the_question_is_written_is_said_at_once(
    come: Come, away: Others, house: LaterServer
) -> None:
    maria = come("maria", wide=True).tab("Book advice")
    maria.tap(maria.first("Choose")).pill("Worry").write("What do you want advice about?", QUESTION)
    away.send("karin", "slot.book", slot=free(away, house)[0]["id"], topic="worry", age_band="10-12")
    maria.sees("Somebody else was first").well().taps = 0
    maria.tap(maria.page.get_by_role("button", name=pattern("Book {day} {time}, {unit}")).first).counted(1)
    maria.shows(pattern("Booked: {what}"))


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_a_weekly_pattern_is_open_in_four_presses(come: Come, away: Others, house: LaterServer, wide: bool) -> None:
    jonas = come("jonas", wide=wide)
    before = len(free(away, house))
    (jonas.tab("Our times for advice") if wide else jonas.link("Open times")).well()
    jonas.tap(jonas.page.locator(".week button:not(:disabled)").nth(-2 if wide else -1))
    jonas.pill("Every week for {n} weeks", n=4)
    jonas.tap(jonas.page.get_by_role("button", name=re.compile("i veckan i 4 veckor"))).counted(4)
    jonas.shows(re.compile(r"tid(er)? är öppn")).well()
    jonas.until(lambda: before < len(free(away, house)) <= before + 4, "the area sees them")
    expect(jonas.page.get_by_role("button", name=re.compile("^Samma som sist"))).to_have_count(0)
    jonas.pill("The week after")
    expect(jonas.page.locator(".week button:disabled").first).to_be_visible()


def test_a_day_off_is_grey_before_anything_is_pressed_and_says_why(come: Come, house: LaterServer) -> None:
    jonas = come("jonas", wide=True).go("/slots")
    today = house.now().astimezone(HERE).date()
    days = (today + timedelta(days=n) for n in range(1, 200))
    off = next(day for day in days if day.weekday() < 5 and day in public_holidays(day.year))
    week = jonas.page.locator(".week")
    for _ in range((off - today).days // 7 + 2):
        if text("public holiday") in week.inner_text():
            break
        jonas.pill("The week after")
    day = week.locator(".day").nth(off.weekday())
    expect(day.locator(".dh")).to_contain_text(str(off.day))
    for time in day.get_by_role("button").all():
        expect(time).to_be_disabled()
        expect(time).to_contain_text(text("public holiday"))
    jonas.well()


def test_ill_he_takes_back_several_and_whoever_had_booked_gets_the_next_two(
    come: Come, away: Others, house: LaterServer
) -> None:
    mine, other, *_ = opened(away, house, 95, 110, minutes=10)
    opened(away, house, 125, 140, who="sara")
    away.send("maria", "slot.book", slot=mine, topic="sleep", age_band="10-12", question=QUESTION)
    jonas = come("jonas").go("/slots/ill").well()
    expect(jonas.page.locator("label.choice").nth(1)).to_be_visible()
    jonas.tap(jonas.page.get_by_role("button", name=re.compile(r"^Ta tillbaka \d"))).counted(1)
    jonas.shows(re.compile("erbjuds de två nästa")).well()
    states = {one["id"]: one["state"] for one in away.documents("maria", "slot")}
    assert states[mine] == states[other] == "withdrawn"
    booking = next(one["id"] for one in away.documents("maria", "booking") if one["slot"] == mine)
    seen = come("maria").go(f"/bookings/{booking}").sees("The time was withdrawn").well()
    seen.tap(seen.page.get_by_role("button", name=pattern("Book {day} {time}, {unit}")).first).counted(1)
    seen.shows(pattern("Booked: {what}"))
    # Whoever had the time in a calendar of their own takes it out again.
    for device in (seen.anew(f"/bookings/{booking}"), jonas.go(f"/bookings/{booking}")):
        out = device.page.get_by_role("link", name=text("Take it out of the calendar"))
        expect(out).to_be_visible()
        file = device.context.request.get(device.origin + str(out.get_attribute("href")))
        assert file.ok and "METHOD:CANCEL" in file.text()
        device.well()


def test_the_one_who_leads_takes_back_an_ill_colleagues_times_and_nobody_elses(
    come: Come, away: Others, house: LaterServer
) -> None:
    (his,) = opened(away, house, 450)
    (hers,) = opened(away, house, 470, who="sara")
    sara = come("sara").go("/slots/ill").sees("Whose times?").well()
    sara.tap(sara.page.get_by_role("button", name="Jonas Berg"))
    sara.sees("Take back a colleague's times. Those who had booked are told at once.").well()
    sara.tap(sara.page.get_by_role("button", name=re.compile(r"^Ta tillbaka \d"))).counted(2)
    sara.shows(re.compile(r"är tillbakatag(en|na)$")).well()
    states = {one["id"]: one["state"] for one in away.documents("maria", "slot")}
    assert (states[his], states[hers]) == ("withdrawn", "open")


def test_taking_back_without_a_connection_is_pressed_once_and_has_its_receipt_when_it_is_done(
    come: Come, away: Others, house: LaterServer
) -> None:
    (mine,) = opened(away, house, 485)
    away.send("maria", "slot.book", slot=mine, topic="sleep", age_band="10-12", question=QUESTION)
    jonas = come("jonas").worker().go("/slots/ill").well().offline()
    again = jonas.page.get_by_role("button", name=re.compile(r"^Ta tillbaka \d"))
    jonas.tap(again).shows(re.compile("när du är online$")).sees("{n} person is told then", n=1).well()
    expect(again).to_have_count(0)
    jonas.go("/slots").go("/slots/ill").shows(re.compile("när du är online$"))
    expect(again).to_have_count(0)
    jonas.offline(False).shows(re.compile("erbjuds? de två nästa")).well()
    assert next(one["state"] for one in away.documents("maria", "slot") if one["id"] == mine) == "withdrawn"


def test_a_word_that_was_said_to_be_no_name_is_not_asked_about_again_when_another_time_is_chosen(
    come: Come, away: Others, house: LaterServer
) -> None:
    (mine,) = opened(away, house, 420, minutes=10)
    opened(away, house, 440, minutes=10, who="sara")
    asked = {"topic": "sleep", "age_band": "10-12", "question": "Vad gör vi när Anders inte sover?"}
    booked = away.send("maria", "slot.book", slot=mine, **asked, confirmed=["Anders"])
    away.send("jonas", "slot.withdraw", slot=mine)
    maria = come("maria").go(f"/bookings/{booked['result']['booking']}").sees("The time was withdrawn").well()
    maria.tap(maria.page.get_by_role("button", name=pattern("Book {day} {time}, {unit}")).first).counted(1)
    maria.shows(pattern("Booked: {what}"))


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_the_day_the_talk_and_what_came_of_it_in_three_presses(
    come: Come, away: Others, house: LaterServer, wide: bool
) -> None:
    (slot,) = opened(away, house, 200)
    booked = away.send("maria", "slot.book", slot=slot, topic="sleep", age_band="13-15", question=QUESTION)
    starts = from_text(next(one["starts_at"] for one in away.documents("maria", "slot") if one["id"] == slot))
    house.move_to(starts - timedelta(minutes=5))
    jonas = (
        come("jonas", wide=wide).shows(QUESTION).sees("{topic}, {ages} years", topic=text("Sleep"), ages="13–15").well()
    )
    number = away.documents("jonas", "booking")
    phone = next(one["booked_by"]["phone"] for one in number if one["slot"] == slot)
    expect(jonas.page.locator(f"a[href='{LINK}']")).to_be_visible()
    expect(jonas.page.locator(f"a[href='tel:{phone}']")).to_be_visible()
    house.move_to(starts + timedelta(minutes=6))
    jonas.anew().worker().offline().link("How did it go?").well()
    jonas.tap(jonas.page.locator("label.choice").first)
    jonas.tap(jonas.page.get_by_role("button", name=pattern("Save, and give feedback {day}"))).counted(3)
    jonas.sees("Will be sent when you are online").offline(False).shows(pattern("Feedback {day}")).well()
    held = next(one for one in away.documents("maria", "booking") if one["id"] == booked["result"]["booking"])
    assert (held["state"], held["outcome"]) == ("held", "advice")
    assert held["feedback_on"] > f"{datetime.now(HERE):%Y-%m-%d}"


def test_a_freed_time_goes_to_the_one_who_waits_and_has_a_deadline(
    come: Come, away: Others, house: LaterServer
) -> None:
    (slot,) = opened(away, house, 300)
    booked = away.send("maria", "slot.book", slot=slot, topic="worry", age_band="10-12")
    elin = come("elin").go("/wishes").well().pill("Worry").write("What do you want advice about?", QUESTION)
    if elin.page.locator(".chip[aria-pressed='true']").count() < 2:
        elin.tap(elin.page.get_by_role("button", name="10–12"))
    elin.pill("Stand in line").sees("You are first in line").well()
    away.send("maria", "slot.release", booking=booked["result"]["booking"])
    elin.sees("Do you want this time?").well()
    elin.go("/").shows(pattern("A time is kept for you until {until}")).link("Answer now")
    elin.pill("Yes, book it").shows(pattern("Booked: {what}")).well()
    got = next(one for one in away.documents("elin", "booking") if one["slot"] == slot)
    assert (got["state"], got["question"]) == ("booked", QUESTION)


def test_a_place_in_line_and_a_turn_in_the_open_hour(come: Come, away: Others, house: LaterServer) -> None:
    begins = (house.now() + timedelta(minutes=10)).astimezone(HERE)
    made = away.send(
        "jonas", "open_hour.open", weekday=begins.isoweekday(), at=f"{begins:%H:%M}", minutes=60, mode="phone",
        topics=["worry", "sleep"], phone="+46101740601",
    )  # fmt: skip
    hour = made["result"]["open_hour"]
    maria, karin = come("maria").tab("Advice").link("Open hours").well(), come("karin")
    for device in (maria, karin):
        device.go(f"/open-hours/{hour}").pill("Worry")
        if device.page.locator(".chip[aria-pressed='true']").count() < 2:
            device.tap(device.page.get_by_role("button", name="10–12"))
        device.pill("Join the line").shows(re.compile("före dig|näst på tur")).well()
        # The form is gone: what took its place has the focus.
        expect(device.page.locator("main :focus")).to_contain_text(re.compile("före dig|näst på tur"))
    jonas = come("jonas", wide=True).go(f"/open-hours/{hour}").well().pill("Call in the next one")
    jonas.sees("Talking now").well()
    maria.sees("It is your turn now").well()
    karin.sees("You are next")
    karin.go("/").sees("You are next").well()
    jonas.pill("Call in the next one")
    karin.sees("It is your turn now")
    expect(karin.page.locator("a[href='tel:+46101740601']").first).to_be_visible()


def test_another_unit_is_asked_and_answers_by_a_day(come: Come, away: Others) -> None:
    me = next(one for one in away.documents("jonas", "staff") if one["id"] == away.seat("jonas"))
    card = next(
        one for one in away.documents("maria", "function_contact")
        if one["unit"] == me["unit"] and one["function"] in me["functions"]
    )  # fmt: skip
    maria = come("maria").go(f"/functions/{card['id']}").link("Ask them to get in touch").well()
    maria.write("Your question", "Lova Ek mår sämre").shows(pattern("It looks like {what}"))
    # Without a connection what was written is shown, and can be changed before it leaves.
    maria.offline().write("Your question", "Vem ringer jag om sömn?").pill("Ask them to get in touch")
    maria.sees("Will be sent when you are online").shows("Vem ringer jag om sömn?").well().pill("Change")
    expect(maria.page.get_by_label(text("Your question"))).to_have_value("Vem ringer jag om sömn?")
    maria.write("Your question", QUESTION).pill("Ask them to get in touch")
    maria.sees("Will be sent when you are online").shows(QUESTION)
    expect(maria.page.get_by_text("Vem ringer jag om sömn?")).to_have_count(0)
    maria.offline(False).shows(pattern("They will be in touch by {day} {time}")).well()
    jonas = come("jonas").shows(re.compile("Maria Ekdahl")).well()
    requests = away.documents("jonas", "contact_request")
    (asked,) = (one for one in requests if one["text"] == QUESTION)
    assert not [one for one in requests if "Vem ringer" in (one["text"] or "")]
    jonas.go(f"/requests/{asked['id']}").choose("We talked")
    jonas.write("A few words to the one who asked", "Börja med en promenad.").press("Save")
    maria.shows("Börja med en promenad.")
    maria.go("/advice").sees("What you have asked others").go(f"/requests/{asked['id']}").shows(
        "Börja med en promenad."
    ).well()


def test_the_usual_age_stays_when_it_is_pressed(come: Come) -> None:
    """It is filled in. Whoever pressed it to be sure took it away, and was then told to choose one."""
    maria = come("maria").go("/wishes")
    age = maria.page.get_by_role("button", name="10–12")
    expect(age).to_have_attribute("aria-pressed", "true")
    maria.tap(age)
    expect(age).to_have_attribute("aria-pressed", "true")
