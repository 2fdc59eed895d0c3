"""A young person's own pages: words that stay on the phone until they are let go of, and joining by link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.words import pattern, text

HERE = ZoneInfo("Europe/Stockholm")
SECRET = "Jag vill inte att pappa läser det här-7Q4"
ELSEWHERE = "https://www.smhi.se/"


def soon(others: Others, **where: str) -> str:
    """A talk Noor is invited to, in ten minutes; its id."""
    child = others.documents("noor", "child")[0]["id"]
    around = next(one for one in others.documents("maria", "child") if one["id"] == child)
    young = next(one["relation"] for one in around["people"] if one["kind"] == "young_person")
    before = {one["id"] for one in others.documents("noor", "meeting")}
    others.send(
        "maria",
        "meeting.propose",
        child=child,
        kind="young_talk",
        starts_local=f"{(datetime.now(UTC) + timedelta(minutes=10)).astimezone(HERE):%Y-%m-%dT%H:%M}",
        minutes=30,
        invited=[young],
        invite=True,
        **where,
    )
    return next(str(one["id"]) for one in others.documents("noor", "meeting") if one["id"] not in before)


def test_words_stay_on_the_phone_until_let_go_of_and_can_be_taken_back(new_device: NewDevice, others: Others) -> None:
    meeting = min((one for one in others.documents("noor", "meeting") if one["state"] == "invited"), key=by_start)
    noor = new_device("noor").open()
    noor.go(f"/prepare/{meeting['id']}").choose("In the room")
    noor.drafts(lambda: noor.page.locator("textarea:visible").first.fill(SECRET))
    noor.sees("Only you see this. Kept on this device.")
    noor.open(f"/prepare/{meeting['id']}")
    expect(noor.page.locator("textarea:visible").first).to_have_value(SECRET)
    assert not [frame for frame in noor.sent if "7Q4" in frame]

    readers = meeting["words_reach"]["coordinator"]
    names = " och ".join(readers)
    noor.choose("Only {name}", name="Maria").shows(readers[0])
    wider = meeting["words_reach"]["professionals"] != readers
    expect(noor.page.get_by_role("radio", name=text("Those who work with this"))).to_have_count(int(wider))
    noor.press("Let go of it to the meeting")
    expect(noor.page.locator("dialog")).to_contain_text(readers[0])
    noor.press("Yes, let go of them")
    noor.shows(text("{names} can see your words", names=names))
    noor.until(lambda: any(SECRET in str(one.get("say")) for one in others.documents("maria", "voice")), "Maria has it")

    expect(noor.by_text("Only you see this. Kept on this device.")).to_have_count(0)
    noor.go(f"/meetings/{meeting['id']}").sees("You have said that you take part this way.")
    expect(noor.by_text("Do you come, {name}?", name="Noor")).to_have_count(0)

    noor.open(f"/prepare/{meeting['id']}").press("Take back").press("Yes, take them back")
    noor.sees("Nobody else can see your words now")
    expect(noor.page.get_by_text(pattern("{names} can see your words"))).to_have_count(0)
    noor.until(lambda: not any(SECRET in str(one) for one in others.documents("maria", "voice")), "taken back")


def test_how_to_take_part_is_asked_in_one_place_and_answered_without_words(
    new_device: NewDevice, others: Others
) -> None:
    meeting = max((one for one in others.documents("noor", "meeting") if one["state"] == "invited"), key=by_start)
    noor = new_device("noor").open(f"/meetings/{meeting['id']}")
    expect(noor.by_text("Do you come, {name}?", name="Noor")).to_have_count(0)
    expect(noor.page.get_by_role("radio")).to_have_count(0)
    clean(noor).follow("Change it or prepare" if meeting["answer"] != "none" else "Answer and prepare")
    noor.choose("Only writing").sees("Only how you take part is sent. You can write first if you like.")
    clean(noor).button("Send my answer").press("Enter")
    noor.shows(pattern("{names} can see how you take part"))
    expect(noor.page.locator(".cta button")).to_be_focused()
    clean(noor).go(f"/meetings/{meeting['id']}").sees("You have said that you take part this way.")
    noor.until(lambda: answer_of(others, meeting["id"]) == "no", "the meeting has the answer")
    clean(noor).follow("Change it").press("Take back").press("Yes, take it back").sees("Your answer is taken back")
    noor.until(lambda: answer_of(others, meeting["id"]) == "none", "the answer is taken back")


def test_words_on_their_way_are_not_called_ones_own_alone(new_device: NewDevice, others: Others) -> None:
    meeting = min((one for one in others.documents("noor", "meeting") if one["state"] == "invited"), key=by_start)
    noor = new_device("noor").open().worker().go(f"/prepare/{meeting['id']}").offline().choose("Only writing")
    noor.drafts(lambda: noor.page.locator("textarea:visible").first.fill("Jag vill sitta nära dörren."))
    noor.go("/words").sees("Begun. Only you see it.")
    noor.go(f"/prepare/{meeting['id']}").choose("Everybody who is invited")
    noor.press("Let go of it to the meeting").press("Yes, let go of them")
    noor.go("/words").sees("Not sent yet")
    expect(noor.by_text("Begun. Only you see it.")).to_have_count(0)
    noor.go("/").sees("Write, or choose that somebody says it for you.")
    noor.go(f"/prepare/{meeting['id']}").press("Undo").go("/words").sees("Begun. Only you see it.").offline(False)


def test_taken_back_without_a_connection_is_said_to_be_seen_still(new_device: NewDevice, others: Others) -> None:
    meeting = min((one for one in others.documents("noor", "meeting") if one["state"] == "invited"), key=by_start)
    noor = (
        new_device("noor").open().worker().go(f"/prepare/{meeting['id']}").choose("{name} says it for me", name="Maria")
    )
    noor.page.locator("textarea:visible").first.fill("Jag vill äta lunch i biblioteket.")
    noor.choose("Only {name}", name="Maria").press("Let go of it to the meeting").press("Yes, let go of them")
    noor.shows(pattern("{names} can see your words")).open(f"/prepare/{meeting['id']}").offline()
    noor.press("Take back").press("Yes, take them back").sees("It can be seen until this has been sent.")
    expect(noor.by_text("Choose who may see it. Until then it stays on your phone.")).to_have_count(0)
    noor.offline(False).sees("Nobody else can see your words now")


def test_words_to_read_claim_no_way_that_was_not_chosen(new_device: NewDevice, others: Others) -> None:
    meeting = max((one for one in others.documents("noor", "meeting") if one["state"] == "invited"), key=by_start)
    noor = new_device("noor").open().go(f"/prepare/{meeting['id']}")
    noor.drafts(lambda: noor.page.locator("textarea:visible").first.fill(SECRET))
    noor.go(f"/words/{meeting['id']}").shows(SECRET)
    expect(noor.by_text("There in the room")).to_have_count(0)


def test_help_has_the_person_one_knows(new_device: NewDevice) -> None:
    person = new_device("noor").open("/help").page.locator("main a.call.pers")
    expect(person).to_contain_text("Maria Ekdahl")
    expect(person).to_contain_text(text("Your person"))


def answer_of(others: Others, meeting: str) -> str:
    """What the young person has answered, as they see it."""
    return str(next(one for one in others.documents("noor", "meeting") if one["id"] == meeting)["answer"])


def test_joins_by_link_from_a_quarter_before(new_device: NewDevice, others: Others) -> None:
    soon(others, join_url="https://mote.example.org/noor")
    noor = new_device("noor").open()
    noor.page.get_by_role("link", name=text("Join"), exact=True).first.click()
    link = noor.page.get_by_role("link", name=text("Join with sound only"))
    expect(link).to_have_attribute("href", "https://mote.example.org/noor")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_being_there_is_not_called_told_before_it_is(new_device: NewDevice, others: Others) -> None:
    meeting = soon(others, place="Lillåns skola, lilla rummet")
    noor = new_device("noor").open().worker().go(f"/meetings/{meeting}/join").choose("There in the room")
    noor.offline().press("I am here").sees("Will be sent when you are online")
    expect(noor.by_text("You have said that you are here.")).to_have_count(0)
    noor.offline(False).sees("You have said that you are here.")


def test_who_wrote_nothing_is_led_to_somebody_once_the_meeting_has_begun(new_device: NewDevice, others: Others) -> None:
    meeting = soon(others, place="Lillåns skola, stora rummet")
    noor = new_device("noor")
    noor.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=15))
    noor.open(f"/words/{meeting}").sees("Nothing is written")
    expect(noor.by_text("Write something")).to_have_count(0)
    noor.follow("Write to {name}", name="Maria").sees("Your message")


def test_hide_leaves_nothing_to_go_back_to(new_device: NewDevice) -> None:
    noor = new_device("noor").open().go("/words")
    noor.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(content_type="text/html", body="<h1>Vädret</h1>"))
    noor.press("Hide")
    noor.page.wait_for_url(ELSEWHERE)
    noor.page.go_back()
    noor.sees("Paused")
    assert not [name for name in ("Noor", "Maria", text("My words")) if name in noor.words()]


def by_start(meeting: dict[str, str]) -> str:
    return meeting["starts_at"]
