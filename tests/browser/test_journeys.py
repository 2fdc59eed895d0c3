"""A promise whose time passes, a conversation on three screens, and the door to a meeting: on phones of 360 by 640."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.at_work import Come
from tests.browser.house import Others
from tests.browser.later import HERE, LaterServer
from tests.browser.looks import clean
from tests.browser.words import pattern, text

LINK, NUMBER = "https://mote.example.org/elsa", "010-555 01 20"
A_QUARTER = timedelta(minutes=15)


def test_joins_by_link_and_by_phone_from_a_quarter_before_and_not_earlier(
    come: Come, away: Others, house: LaterServer
) -> None:
    child = away.documents("anna", "child")[0]["id"]
    around = next(one for one in away.documents("maria", "child") if one["id"] == child)
    starts = house.now().replace(second=0, microsecond=0) + timedelta(minutes=18)
    made = away.send(
        "maria", "meeting.propose", child=child, kind="network", minutes=30, join_url=LINK, phone_in=NUMBER,
        starts_local=f"{starts.astimezone(HERE):%Y-%m-%dT%H:%M}", invite=True,
        invited=[one["relation"] for one in around["people"] if one["kind"] == "guardian"],
    )  # fmt: skip
    page = f"/meetings/{made['result']['meeting']}"
    house.move_to(starts - timedelta(minutes=16))
    anna = come("anna").anew(page).shows(pattern("You can join from {when}."))
    expect(anna.page.locator(f"a[href='{LINK}'], main a[href^='tel:']")).to_have_count(0)

    house.move_to(starts - A_QUARTER)
    anna.anew(page).well()
    link = anna.page.get_by_role("link", name=text("Join by link"))
    expect(link).to_have_attribute("href", LINK)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(anna.page.locator("main a[href='tel:+46105550120']").first).to_be_visible()


def test_what_is_written_stands_on_every_screen_at_once_and_is_answered_from_another(come: Come, away: Others) -> None:
    child, mark = away.documents("anna", "child")[0]["id"], secrets.token_hex(3)
    around = next(one for one in away.documents("maria", "child") if one["id"] == child)
    thread = next(one["relation"] for one in around["people"] if one["name"] == "Anna")
    first, other = (come("anna").open("/coordinator/messages") for _ in range(2))
    maria = come("maria").open(f"/children/{child}/thread/{thread}").show_names()
    maria.page.locator("textarea").fill(f"Hur gick det i dag? {mark}")
    maria.page.locator("main button.primary").click()
    for anna in (first, other):
        expect(anna.page.locator(".bubble", has_text=f"Hur gick det i dag? {mark}")).to_have_count(1)
    other.page.locator("textarea").fill(f"Bättre än i går. {mark}")
    other.press("Send to {name}", name="Maria")
    for one in (first, maria):
        expect(one.page.get_by_text(f"Bättre än i går. {mark}")).to_have_count(1)
    clean(maria)
    clean(other)


def test_a_promise_whose_time_passes_is_said_to_the_family_and_to_three_who_answer_for_it(
    come: Come, away: Others, house: LaterServer
) -> None:
    for one in away.documents("anna", "contact_request"):
        if one["state"] == "open":
            away.send("maria", "contact.answer", contact_request=one["id"], outcome="talked")
    child = away.documents("anna", "child")[0]["id"]
    away.send("anna", "contact.request", child=child, reason="school", text="Det gäller morgonen.")
    promised = next(one for one in away.documents("anna", "contact_request") if one["state"] == "open")
    house.move_to(datetime.fromisoformat(promised["due_at"]) + timedelta(minutes=1))

    def told() -> list[str]:
        now = next(one for one in away.documents("anna", "contact_request") if one["id"] == promised["id"])
        return list(now.get("escalated_to") or [])

    maria = come("maria").open(f"/requests/{promised['id']}").show_names()
    maria.until(lambda: len(told()) > 1, "the deputy and the head have been told")
    anna = come("anna").sees("It is late")
    anna.shows(pattern("{names} now know that you have waited too long, and will be in touch."))
    for name in told():
        anna.shows(name)
    anna.well()
    maria.shows(pattern("Late. You promised to be in touch by {day} {time}")).well()
    johan = come("johan").open(f"/requests/{promised['id']}").show_names()
    johan.shows(pattern("You and {names} know that it is late. So does the one who asked.")).well()
    birgitta = come("birgitta").open(f"/requests/{promised['id']}").sees("A late promise")
    birgitta.shows("Maria Ekdahl").well()
    assert "Det gäller morgonen." not in birgitta.words()

    birgitta.choose_text("Elin Sand").press("Let {name} answer", name="Elin Sand").shows(
        re.compile("Specialpedagog · " + text("Stands in"))
    )
    elin = come("elin").open(f"/requests/{promised['id']}").show_names().shows("Det gäller morgonen.")
    elin.shows(pattern("Late. {name} promised to be in touch by {day} {time}")).well()
    assert "Det gäller morgonen." not in birgitta.words()
