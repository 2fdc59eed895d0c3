"""A coordinator's day: a promise is closed by an answer, a yes is noted with few presses, and who is shut out is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import Family, family
from tests.browser.test_consents import asked
from tests.browser.words import text

PRESSES_FOR_TWO = 6
JONAS = "UPH Norra Skaraborg"


def invited(others: Others, child: str, *names: str, deputy: str = "johan") -> Family:
    """A child with these guardians, who have not joined."""
    made = family(others, child, deputy=deputy)
    for name in names:
        made.relations[name] = made.send("guardian.invite", child=made.child, name_shown=name)["relation"]
    return made


def test_a_promise_is_answered_only_after_the_question_how_it_went(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open()
    promise = maria.page.locator(".hero").first
    expect(promise).to_be_visible()
    who = promise.locator(".when").inner_text()
    clean(maria.press("I have called").sees("How did it go?"))
    maria.press("Not now")
    expect(promise.locator(".when")).to_have_text(who)
    maria.press("I have called").press("I tried, nobody answered")
    maria.sees("Saved: {what}", what=text("I tried, nobody answered"))
    expect(promise.locator(".when")).to_have_text(who)

    maria.led(maria.page.locator("[role='alert'] a[href^='/requests/']").click)
    for twice in ("I have called", "Open"):
        expect(maria.page.get_by_role("button", name=text(twice), exact=True)).to_have_count(0)
        expect(maria.page.get_by_role("link", name=text(twice), exact=True)).to_have_count(0)
    clean(maria.press("Save").sees("Choose how it went"))
    request = maria.page.url.rsplit("/", 1)[1]
    assert next(one for one in others.documents("maria", "contact_request") if one["id"] == request)["state"] == "open"


def test_two_answers_are_noted_in_six_presses_and_nothing_typed(new_device: NewDevice, others: Others) -> None:
    made = invited(others, "Tuva", "Bo", "Eva")
    maria = new_device("maria").open(f"/children/{made.child}")
    presses = 0

    def press(what: str, within: str = "") -> None:
        nonlocal presses
        place = maria.page.get_by_role("group", name=re.compile(re.escape(within))) if within else maria.page
        place.get_by_role("button", name=text(what), exact=True).first.click()
        presses += 1

    maria.follow("Note the family's answer")
    presses += 1
    # Nothing is chosen beforehand, and the order is the one in which it is asked.
    expect(maria.page.locator("main .chip[aria-pressed='true']")).to_have_count(1)
    clean(maria.press("Save what was said").sees("Choose what it is for"))
    links = [one.split("\n")[0] for one in maria.page.locator(".summary li").all_inner_texts()]
    wanted = ("Choose what it is for", "Choose at least one unit", "Note what at least one person said")
    assert links == [text(one) for one in wanted]
    press("Meet together")
    maria.choose_in("To whom?", "BUP Skaraborg")
    presses += 1
    for initial in ("B", "E"):
        press("Yes", f"{initial}, ")
    press("Save what was said")
    asked(maria)
    maria.sees("Everybody said yes")
    assert presses <= PRESSES_FOR_TWO, f"{presses} presses"


def test_the_answer_to_a_call_is_noted_from_the_promise_itself(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open().follow("Note the family's answer").sees("What for?")
    assert re.search(r"/children/[0-9a-f-]{36}/spoken$", maria.page.url)


def test_two_who_would_look_the_same_are_told_by_name_where_answers_are_noted(
    new_device: NewDevice, others: Others
) -> None:
    apart, alike = invited(others, "Juni", "Bo", "Eva"), invited(others, "Ture", "Agnes", "Axel")
    maria = new_device("maria").open(f"/children/{apart.child}/spoken")
    for one in ("B", "E"):
        called = text("{name}, {relation}", name=one, relation=text("Guardian").lower())
        maria.sees("What does {name} say?", name=called)
    assert not re.search("Bo|Eva|Juni", maria.words())
    maria.go(f"/children/{alike.child}/spoken")
    for one in ("Agnes", "Axel"):
        maria.sees("What does {name} say?", name=one)
    clean(maria.sees("The names are shown here, so that each answer stands by the right person."))

    rows = maria.go("/children").page.locator("main a.row[href^='/children/'] b")
    shown = [one.split(",")[0] for one in rows.all_inner_texts()]
    names = [one["display_name"] for one in others.documents("maria", "child")]
    assert len(set(shown)) == len(set(names)), sorted(shown)


def test_whose_consent_has_ended_stands_marked_at_the_child_and_at_the_meeting(
    new_device: NewDevice, others: Others
) -> None:
    made = invited(others, "Lova", "Bo")
    jonas = others.seat("jonas")
    unit = next(one["id"] for one in others.documents("maria", "unit") if one["name"] == JONAS)
    consent = made.send(
        "consent.record", child=made.child, purpose="meeting", information_kinds=["child", "meeting"],
        to_units=[unit], answers={made.relations["Bo"]: "yes"}, form="oral",
    )["consent"]  # fmt: skip
    made.send("seat.assign", child=made.child, person=jonas)
    starts = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT14:00}"
    meeting = made.send(
        "meeting.propose", child=made.child, kind="network", starts_local=starts,
        invited=[made.relations["Bo"]], staff=[jonas], invite=True,
    )["meeting"]  # fmt: skip
    maria = new_device("maria").open(f"/children/{made.child}").shows("Jonas Berg")
    ended = text("Sees nothing now")
    expect(maria.page.get_by_text(ended)).to_have_count(0)
    made.send("consent.withdraw", consent=consent)
    clean(maria.sees("Sees nothing now"))
    maria.sees("{names}: the yes has ended, does not see the meeting", names="Jonas Berg")
    maria.go(f"/meetings/{meeting}").sees("{names}: the yes has ended, does not see the meeting", names="Jonas Berg")
    clean(maria.sees("Ask the family anew, or change who comes."))
    maria.go(f"/children/{made.child}/people").sees("Sees nothing now: no yes from the family opens {unit}", unit=JONAS)


def test_a_time_on_another_day_stands_under_its_day(new_device: NewDevice, others: Others) -> None:
    elin: Device = new_device("elin").open()
    elin.sees("Your next times")
    days, lists = elin.page.locator("main .daylab"), elin.page.locator("main .sched")
    expect(lists.first).to_be_visible()
    assert days.count() == lists.count() > 0
    assert not elin.page.locator("main .sched [aria-current]").count()
    first = days.first.bounding_box(), lists.first.bounding_box()
    assert first[0] and first[1] and first[0]["y"] < first[1]["y"]
    assert not lists.first.locator(".muted", has_text=days.first.inner_text()).count()


def test_a_colleagues_question_is_the_units_promise(new_device: NewDevice, others: Others) -> None:
    requests = others.documents("maria", "contact_request")
    asked_of_all = next(one for one in requests if one["state"] == "open" and not one.get("child"))
    maria = new_device("maria").open(f"/requests/{asked_of_all['id']}")
    maria.shows(
        re.compile(re.escape(text("Your unit promised to be in touch by {day} {time}", day="", time="").strip()))
    )


def test_a_task_ticked_off_without_a_network_says_that_it_waits(new_device: NewDevice) -> None:
    maria = new_device("maria").open("/tasks").worker().offline()
    words = re.compile(re.escape(text("Done: {what}", what="")))
    maria.page.get_by_role("button", name=words).first.click()
    maria.sees("Will be sent when you are online")


def test_who_is_not_called_is_not_promised_a_reminder(new_device: NewDevice, others: Others) -> None:
    seat = others.seat("hanna")
    planned = [one for one in others.documents("hanna", "term_meeting") if one["state"] == "planned"]
    other = next(one for one in planned if seat not in [person["who"] for person in one["participants"]])
    hanna = new_device("hanna").open(f"/terms/{other['id']}").sees("Who comes")
    promised = text("You are reminded six weeks, two weeks, a day and an hour before")
    expect(hanna.page.get_by_text(promised)).to_have_count(0)


def test_a_page_that_was_never_ones_own_is_not_said_to_be_gone(new_device: NewDevice) -> None:
    new_device("outsider").open("/people").sees("There is no page here")
