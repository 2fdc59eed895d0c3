"""A meeting from its plan to a SIP, with people of another unit, on the coordinator's screen and the family's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.at_work import Come
from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.later import HERE, LaterServer
from tests.browser.looks import clean
from tests.browser.made import family, known
from tests.browser.test_child import day
from tests.browser.words import pattern, text

WIDE = {"width": 1280, "height": 800}
MEETING = re.compile(r"/meetings/([0-9a-f-]{36})$")


def test_planned_with_somebody_found_in_the_directory_and_moved(new_device: NewDevice, others: Others) -> None:
    """A yes that names the unit is enough: who works there is found by function, gets a seat and is invited."""
    made = known(others, "Elsa")
    listed = [one for one in others.documents("maria", "function_contact") if one["unit_name"] == "UPH Norra Skaraborg"]
    seated = {one["person"] for one in made.documents("coordinator")[0]["people"]}
    other = next(one for one in listed if one.get("holder") and one["holder"] not in seated)
    live = [one for one in made.documents("consent") if one["state"] == "complete"]
    if not any(unit["unit"] == other["unit"] for one in live for unit in one["to_units"]):
        made.send(
            "consent.record", child=made.child, purpose="coordination", information_kinds=["child", "meeting"],
            to_units=[other["unit"]], answers={made.relations[name]: "yes" for name in ("Anna", "Omar")}, form="oral",
        )  # fmt: skip
    maria = new_device("maria", viewport=WIDE).open(f"/children/{made.child}/meeting").show_names()
    maria.write("Somebody in another unit", other["name"])
    maria.page.locator("button.row", has_text=other["name"]).click()
    expect(maria.page.locator("label.choice", has_text=other["name"]).locator("input")).to_be_checked()
    clean(maria.write("Somebody in another unit", "BUP Skaraborg").sees("Ask the family first"))
    maria.write("Somebody in another unit", "").write("Where", "Lillåns skola, biblioteket")
    maria.press("Send the invitations").page.wait_for_url(MEETING)
    meeting = maria.ready().page.url.rsplit("/", 1)[1]
    maria.shows(other["name"])
    post = [one["person"] for one in made.documents("coordinator")[0]["people"]]
    assert other["holder"] in post

    anna = new_device("anna").open(f"/meetings/{meeting}").worker()
    anna.shows("Lillåns skola, biblioteket").offline().choose("Yes, I come")
    anna.sees("Will be sent when you are online")
    maria.follow("Move to another time").write("Day", day(20)).write("Begins at", "13:30").press("Move the meeting")
    maria.page.wait_for_url(MEETING)
    # A yes to the day before the move is no yes to the new one: she is asked again.
    anna.offline(False).shows("13.30–14.30").sees("This has changed since you wrote. Look at it and try again.")
    assert answer_of(others, meeting) == "none"
    anna.choose("No, the time does not suit").sees("{name} has got your answer", name="Maria")
    anna.choose("Yes, I come").until(lambda: answer_of(others, meeting) == "yes", "answered")
    anna.press("Ask for another time").write("When would suit you?", "Helst på förmiddagen.")
    anna.page.locator("dialog").get_by_role("button", name=text("Ask for another time"), exact=True).click()
    clean(anna.sees("You have asked for another time"))
    maria.shows("Helst på förmiddagen.")
    ics = anna.page.locator("a[href^='/calendar/meeting/']").get_attribute("href")
    calendar = anna.context.request.get(f"{anna.origin}{ics}").text()
    assert "BEGIN:VEVENT" in calendar and "Elsa" not in calendar and "Lillåns" not in calendar

    maria.press("Cancel the meeting").press("The family's wish").sees("The meeting is cancelled")
    seat = maria.go(f"/children/{made.child}/people").page.locator(".row", has_text=other["name"])
    seat.get_by_role("button", name=text("End"), exact=True).click()
    expect(seat).to_have_count(0)
    anna.sees("The meeting is cancelled")


def test_held_with_the_child_heard_and_made_a_sip(come: Come, house: LaterServer, away: Others) -> None:
    made = known(away, "Elsa")
    starts = house.now() + timedelta(hours=1)
    planned = made.send(
        "meeting.propose", child=made.child, kind="network", starts_local=f"{starts.astimezone(HERE):%Y-%m-%dT%H:%M}",
        place="Lillåns skola, biblioteket", invited=[made.relations[name] for name in ("Anna", "Omar")], invite=True,
    )  # fmt: skip
    meeting = planned["meeting"]
    house.move_to(starts)
    maria = come("maria").go(f"/meetings/{meeting}").show_names()
    maria.follow("Write what came out of the meeting").press("Save and tell everybody")
    maria.sees("Write how the child was heard. It is always needed.")
    maria.press("Write a decision").write("What was decided?", "Hembesök en eftermiddag")
    maria.page.get_by_role("button", name=text("The family"), exact=True).click()
    maria.write("How was the child heard?", "Berättade för sin lärare i förväg.")
    maria.go("/").go(f"/meetings/{meeting}/hold")
    expect(maria.page.get_by_label(text("How was the child heard?"))).to_have_value(
        "Berättade för sin lärare i förväg."
    )
    maria.offline().press("Save and tell everybody").sees("Will be sent when you are online").offline(False)
    maria.shows("Hembesök en eftermiddag").sees("Who was invited")

    maria.choose_text("Hembesök en eftermiddag")
    maria.press("Make it a SIP").press("Yes, make it a SIP").sees("Choose a unit")
    maria.write("Follow up on", day(45))
    maria.page.locator("dialog label.choice").first.click()
    maria.press("Yes, make it a SIP").shows(pattern("Follow up {day}"))
    seen = next(one for one in away.documents("maria", "meeting") if one["id"] == meeting)
    assert (seen["kind"], seen["decisions"][0]["done"]) == ("sip", True)
    clean(maria.go(f"/meetings/{meeting}/move").sees("The meeting has been held"))


def test_a_draft_invites_nobody_until_it_is_sent(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Love")
    guardian = made.joins(new_device, "Karl").go("/meetings").sees("You have no meeting booked")
    maria = new_device("maria").open(f"/children/{made.child}/meeting").show_names()
    maria.press("Save without inviting").sees("Write where you meet")
    maria.write("Where", "Lillåns skola, grupprummet").press("Save without inviting").page.wait_for_url(MEETING)
    maria.ready().sees("Nobody is invited yet")
    guardian.sees("You have no meeting booked")
    maria.follow("Send the invitations").press("Send the invitations").page.wait_for_url(MEETING)
    guardian.shows("Lillåns skola, grupprummet")


@pytest.mark.parametrize("wide", [False, True])
def test_a_meeting_planned_offline_and_refused_opens_in_its_form_with_all_that_was_written(
    new_device: NewDevice, others: Others, wide: bool
) -> None:
    """The family said no to the unit while she was without a network: what she wrote is not lost, and not sent for ever."""
    made = family(others, f"Ellinor{wide:d}")
    made.joins(new_device, "Karl")
    other = next(one for one in others.documents("maria", "function_contact") if one["unit_name"] == "BUP Skaraborg")
    yes = made.send(
        "consent.record", child=made.child, purpose="coordination", information_kinds=["child", "meeting"],
        to_units=[other["unit"]], answers={made.relations["Karl"]: "yes"}, form="oral",
    )  # fmt: skip
    made.send("seat.assign", child=made.child, person=other["holder"])
    maria = new_device("maria", **({"viewport": WIDE} if wide else {})).open(f"/children/{made.child}/meeting").worker()
    maria.show_names().until(lambda: other["name"] in maria.words(), "somebody of another unit")
    maria.offline().choose_text(other["name"]).write("Where", "Lillåns skola, musiksalen").write("Begins at", "09:20")
    maria.page.get_by_text(text("Title, agenda and interpreter")).click()
    maria.write("Title", "Om våren").write("Agenda", "Vad som är bra\nVad vi gör sen")
    maria.press("Send the invitations").sees("Will be sent when you are online")
    made.send("consent.withdraw", consent=yes["consent"])

    maria.offline(False).sees("It could not be sent").sees("The family has not said yes to this.")
    clean(maria)
    maria.press("Change")
    maria.page.wait_for_url(re.compile("/meeting[?]from="))
    for label, written in (
        ("Where", "Lillåns skola, musiksalen"),
        ("Begins at", "09:20"),
        ("Title", "Om våren"),
        ("Agenda", "Vad som är bra\nVad vi gör sen"),
    ):
        expect(maria.page.get_by_label(text(label)).first).to_have_value(written)
    maria.go("/").go(f"/children/{made.child}/meeting")
    expect(maria.page.get_by_label(text("Where")).first).to_have_value("Lillåns skola, musiksalen")
    maria.press("Send the invitations").sees("The family has not said yes to this")
    maria.choose_text(other["name"]).press("Send the invitations").page.wait_for_url(MEETING)
    maria.go("/outbox").sees("Everything has been sent")


def answer_of(others: Others, meeting: str) -> str:
    """What Anna has answered, as Maria sees it."""
    seen = next(one for one in others.documents("maria", "meeting") if one["id"] == meeting)
    return str(next(one["answer"] for one in seen["answers"] if one.get("name") == "Anna"))


def test_two_write_the_notes_at_the_same_time_and_no_word_is_lost(come: Come, house: LaterServer, away: Others) -> None:
    """Written without a net while the deputy wrote too: one's own opens again beside what stands there now."""
    made = family(away, "Signe", deputy="elin")
    guardian = made.send("guardian.invite", child=made.child, name_shown="Karl")["relation"]
    starts = house.now() + timedelta(hours=1)
    meeting = made.send(
        "meeting.propose", child=made.child, kind="network", starts_local=f"{starts.astimezone(HERE):%Y-%m-%dT%H:%M}",
        place="Lillåns skola, biblioteket", invited=[guardian], invite=True,
    )["meeting"]  # fmt: skip
    house.move_to(starts)
    maria = come("maria").go(f"/meetings/{meeting}/hold").show_names()
    heard = maria.page.get_by_label(text("How was the child heard?"))
    maria.write("How was the child heard?", "Var med och sa sitt.").press("Write a decision")
    maria.write("What was decided?", "Ny mentor efter lovet").offline().press("Save and tell everybody")
    maria.sees("Will be sent when you are online")
    theirs = {"child_heard": "Berättade för sin lärare.", "decisions": [{"what": "Hembesök en eftermiddag"}]}
    away.send("elin", "meeting.hold", meeting=meeting, **theirs)

    maria.offline(False).sees("It could not be sent")
    clean(maria.shows("Berättade för sin lärare.").shows(re.compile("Var med och sa sitt.")))
    maria.press("Change").sees("What stands there now").shows("Berättade för sin lärare.")
    clean(maria.shows("Hembesök en eftermiddag"))
    for _ in ("opened", "and after the page was left"):
        expect(heard).to_have_value("Var med och sa sitt.")
        expect(maria.page.get_by_label(text("What was decided?"))).to_have_value("Ny mentor efter lovet")
        maria.go("/").go(f"/meetings/{meeting}").follow("Change the notes").sees("What stands there now")
    maria.write("How was the child heard?", "Berättade för sin lärare, och sa sitt.").press("Save and tell everybody")
    maria.page.wait_for_url(MEETING)
    maria.shows("Berättade för sin lärare, och sa sitt.").shows("Ny mentor efter lovet").shows(
        "Hembesök en eftermiddag"
    )
    seen = next(one for one in away.documents("elin", "meeting") if one["id"] == meeting)
    assert seen["child_heard"] == "Berättade för sin lärare, och sa sitt."
    assert [one["what"] for one in seen["decisions"]] == ["Hembesök en eftermiddag", "Ny mentor efter lovet"]
