"""Reminders as one meets them: asked at the right moment, chosen without a matrix, and mended when the phone says no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import PHONE, Device, said
from tests.browser.house import Others, Server, running_server
from tests.browser.unreached import miss
from tests.browser.words import text
from tests.push_keys import SUBSCRIBED

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
NO_PUSH = "delete globalThis.PushManager;"
ANSWERS = (
    SUBSCRIBED
    + """
if (isSecureContext && location.protocol !== "about:") {
  const kept = (name) => sessionStorage.getItem(name);
  Object.defineProperty(Notification, "permission", { get: () => kept("said") ?? "default" });
  Notification.requestPermission = async () => { sessionStorage.setItem("said", "%s"); return "%s"; };
}"""
)
"""A phone whose owner answers so. No browser without a screen asks anybody."""
QUESTION = "Shall we remind you the day before?"
MONTH_MS = 31 * 24 * 3600 * 1000


def asked(device: Device) -> Device:
    """Waits for the question."""
    expect(device.page.get_by_role("dialog").get_by_text(text(QUESTION))).to_be_visible()
    return device


def told(device: Device) -> list[dict[str, Any]]:
    """What the server was told in commands."""
    return [one["args"] for one in said(device, "command")]


def kinds(device: Device) -> dict[str, str]:
    """How the server was told to remind, by kind."""
    return {kind: way for one in told(device) for kind, way in one.get("kinds", {}).items()}


def at_meeting(device: Device, others: Others, persona: str) -> Device:
    """On the page of a meeting that can be answered."""
    open_ones = [one for one in others.documents(persona, "meeting") if one["state"] in ("invited", "confirmed")]
    return device.open().worker().go(f"/meetings/{open_ones[0]['id']}")


def say_yes(device: Device) -> None:
    """Answers with one of the ways of coming that is not chosen already."""
    device.page.locator("label.choice:not(:has(input:checked))").first.click()


def test_the_question_comes_after_a_yes_and_not_now_waits_thirty_days(new_device: NewDevice, others: Others) -> None:
    anna = new_device("anna")
    anna.context.add_init_script(ANSWERS % ("granted", "granted"))
    at_meeting(anna, others, "anna")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    say_yes(anna)
    asked(anna).sees("Also when {name} gets in touch", name="Maria").press("Not now")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    at_meeting(anna, others, "anna")
    say_yes(anna)
    anna.page.wait_for_timeout(400)
    expect(anna.page.get_by_role("dialog")).to_have_count(0)

    anna.page.evaluate("(ms) => localStorage.setItem('samled.push.later', String(Date.now() - ms))", MONTH_MS)
    at_meeting(anna, others, "anna")
    say_yes(anna)
    asked(anna).choose("Also when {name} gets in touch", name="Maria").press("Yes, remind me")
    anna.sees("Reminders are on")
    anna.until(
        lambda: "https://push.example.org/1" in [one.get("endpoint") for one in told(anna)], "the address is told"
    )
    anna.until(lambda: kinds(anna).get("message_new") == "in_app", "Maria's words wait in the list")


def test_a_no_to_the_phone_shows_how_to_change_it(new_device: NewDevice, others: Others) -> None:
    noor = new_device("noor")
    noor.context.add_init_script(ANSWERS % ("denied", "denied"))
    at_meeting(noor, others, "noor").led(noor.page.locator("main a[href^='/prepare/']").first.click)
    noor.choose("In the room").press("Send my answer")
    asked(noor).press("Yes, remind me")
    noor.sees("Samled cannot ask again. You can change it like this:")
    noor.open("/settings/reminders").sees("Samled cannot ask again. You can change it like this:")
    expect(noor.page.locator("ol.trail.num > li")).to_have_count(3)
    coming = {one["id"] for one in others.documents("noor", "meeting") if one["state"] == "invited"}
    for answer in [one for one in others.documents("noor", "voice") if one["meeting"] in coming]:
        others.send("noor", "voice.take_back", voice=answer["id"])


def test_an_iphone_is_shown_the_way_to_the_home_screen_first(new_device: NewDevice, others: Others) -> None:
    anna = new_device("anna", user_agent=IPHONE)
    anna.context.add_init_script(NO_PUSH)
    at_meeting(anna, others, "anna")
    say_yes(anna)
    asked(anna).sees("This phone sends reminders only to apps on the home screen.").follow("Show how")
    anna.page.wait_for_url("**/install")
    anna.sees("Press Share").sees("At the bottom of Safari").sees("Choose “Add to Home Screen”")
    for number in range(3):
        expect(anna.page.locator("svg.pic").nth(number)).to_be_visible()
    expect(anna.page.locator("svg.pic")).to_have_count(3)


@pytest.mark.parametrize("kind", ["meeting", "term_meeting"])
def test_a_professional_is_asked_after_a_yes_to_a_meeting_and_not_again(
    new_device: NewDevice, others: Others, kind: str
) -> None:
    """Not only after a booking: a meeting is what most of them say yes to first."""
    maria = new_device("maria")
    maria.context.add_init_script(ANSWERS % ("granted", "granted"))
    page, coming = ("meetings", ("invited", "confirmed")) if kind == "meeting" else ("terms", ("planned",))
    id = next(one["id"] for one in others.documents("maria", kind) if one["state"] in coming)
    maria.open().worker().go(f"/{page}/{id}")
    expect(maria.page.get_by_role("dialog")).to_have_count(0)
    say_yes(maria)
    asked(maria).press("Not now")
    maria.go("/").go(f"/{page}/{id}")
    say_yes(maria)
    maria.page.wait_for_timeout(400)
    expect(maria.page.get_by_role("dialog")).to_have_count(0)


def test_the_question_comes_after_a_first_booking(new_device: NewDevice) -> None:
    maria = new_device("maria")
    maria.context.add_init_script(ANSWERS % ("granted", "granted"))
    maria.open("/advice").page.get_by_role("button", name=re.compile(f"^{text('Choose')}")).first.click()
    form = maria.page.locator("form").filter(has=maria.page.locator("textarea"))
    expect(form.locator(".chips").first).to_be_visible()
    for group in form.locator(".chips").all():
        if group.locator("[aria-pressed='true']").count() == 0:
            group.locator("button").first.click()
    maria.press("Book the time")
    asked(maria).press("Yes, remind me").sees("Reminders are on")


def test_each_kind_opens_to_its_ways_and_what_was_chosen_stands_also_offline(new_device: NewDevice) -> None:
    omar = new_device("omar").open("/settings/reminders").worker()
    row = omar.page.locator("button.row", has_text=text("Meetings and changed times"))
    expect(row).to_contain_text(text("As a reminder"))
    row.click()
    omar.choose("Only in Samled").press("Done")
    expect(row).to_contain_text(text("Only in Samled"))
    omar.until(lambda: bool(kinds(omar)), "it is told")
    told_of = kinds(omar)
    assert told_of["meeting_day"] == told_of["meeting_moved"] == "in_app" and "message_new" not in told_of
    omar.offline().page.locator("button.row", has_text=text("While you wait")).click()
    omar.choose("Not at all").press("Done")
    expect(omar.page.locator("button.row", has_text=text("While you wait"))).to_contain_text(text("Not at all"))
    omar.sees("Saved on this device. It is sent when you are online.").offline(False)
    expect(omar.by_text("Saved on this device. It is sent when you are online.")).to_have_count(0)
    omar.open("/settings/reminders")
    expect(omar.page.locator("button.row", has_text=text("While you wait"))).to_contain_text(text("Not at all"))
    assert omar.page.get_by_role("checkbox").count() == 0, "no matrix of boxes"


@pytest.mark.parametrize(("persona", "kind", "is_quiet"), [("omar", None, False), ("maria", "staff", True)])
def test_quiet_times_are_kept_and_weekends_are_quiet_for_professionals(
    new_device: NewDevice, persona: str, kind: str | None, is_quiet: bool
) -> None:
    device = new_device(persona, kind).open("/settings/reminders")
    switch = device.page.get_by_role("switch", name=text("Quiet on days off"))
    expect(switch).to_be_checked(checked=is_quiet)
    expect(device.page.get_by_label(text("Quiet until"))).to_have_value("07:00")
    device.write("Quiet from", "19:30")
    switch.click()
    expect(switch).to_be_checked(checked=not is_quiet)
    device.until(lambda: {"quiet_from": "19:30"} in told(device), "it is kept")
    device.open("/settings/reminders")
    expect(device.page.get_by_label(text("Quiet from"))).to_have_value("19:30")
    expect(switch).to_be_checked(checked=not is_quiet)
    switch.click()


def test_an_address_of_ones_own_is_confirmed_with_a_code(new_device: NewDevice) -> None:
    omar = new_device("omar").open("/settings/reminders")
    row = omar.page.get_by_role("button", name=re.compile(f"^{text('E-mail')}"))
    expect(row).to_contain_text(text("Not given"))
    row.click()
    omar.write("Your e-mail address", "omar utan snabel-a").press("Send me a code")
    omar.sees("That does not look right. Look through what you wrote.")
    omar.write("Your e-mail address", "omar@example.org").press("Send me a code")
    omar.write("The code", "000000").press("Confirm")
    omar.shows(re.compile(text("That was not the code. {n} try is left.", n=4)))
    omar.write("The code", "123456").press("Confirm")
    omar.page.get_by_role("dialog").get_by_text(text("Confirmed"), exact=True).wait_for()
    omar.press("Done")
    expect(row).to_contain_text("omar@example.org")
    omar.page.locator("button.row", has_text=text("Questions about sharing")).click()
    omar.choose("By e-mail").press("Done")
    expect(omar.page.locator("button.row", has_text=text("Questions about sharing"))).to_contain_text(text("By e-mail"))
    row.click()
    omar.press("Take away")
    expect(row).to_contain_text(text("Not given"))


@pytest.fixture
def own_server(client_is_built: None, tmp_path: Path) -> Iterator[Server]:
    """A server that may be stopped."""
    with running_server(tmp_path) as running:
        yield running


def test_the_sender_sees_who_was_not_reached_until_somebody_has_called(chromium: Browser, own_server: Server) -> None:
    missed = miss(own_server)
    context = chromium.new_context(viewport=PHONE, locale="sv-SE")  # type: ignore[arg-type]
    maria = Device(context, own_server.origin).sign_in("maria").open(f"/n/{missed.notice}")
    maria.page.wait_for_url(f"**/meetings/{missed.meeting}")
    badge = maria.page.locator(".row .badge", has_text=text("Not reached"))
    expect(badge).to_have_count(1)
    maria.press("I have talked to them")
    expect(badge).to_have_count(0)
    expect(maria.button("I have talked to them")).to_have_count(0)
    maria.check()
    context.close()
