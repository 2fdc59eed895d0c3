"""P4: what a professional writes outlives a full device and a session that ends, in each of the long forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.at_work import AtWork, Come
from tests.browser.house import Others
from tests.browser.later import HERE, LaterServer
from tests.browser.lives import CODE
from tests.browser.made import known, lock
from tests.browser.test_drafts import OPENED, unlock
from tests.browser.test_kept import NO_ROOM
from tests.browser.words import text

PLACE = "Lillåns skola, biblioteket"
KEPT_NOT = "The phone is full. What you write now is not kept."


@dataclass(frozen=True)
class Writing:
    """Where something is written, into which field, what sends it, and where it stands on the server."""

    path: Callable[[LaterServer, Others], str]
    label: str
    button: str
    entity: str
    also: dict[str, str] = field(default_factory=dict)

    def fields(self, device: AtWork) -> Locator:
        return labelled(device, self.label)

    def begin(self, device: AtWork, words: str) -> None:
        for label, value in {**self.also, self.label: words}.items():
            device.asked(OPENED)
            labelled(device, label).fill(value)


def labelled(device: AtWork, msgid: str) -> Locator:
    """Not those whose label only has it inside another word."""
    return device.page.get_by_label(re.compile(f"^{re.escape(text(msgid))}")).first


def planned(_: LaterServer, away: Others) -> str:
    return f"/children/{known(away, 'Elsa').child}/meeting"


def over(house: LaterServer, away: Others) -> str:
    """A meeting that has just begun."""
    made, starts = known(away, "Elsa"), house.now() + timedelta(minutes=5)
    meeting = made.send(
        "meeting.propose", child=made.child, kind="network", starts_local=f"{starts.astimezone(HERE):%Y-%m-%dT%H:%M}",
        place=PLACE, invited=[made.relations["Anna"]], invite=True,
    )["meeting"]  # fmt: skip
    house.move_to(starts)
    return f"/meetings/{meeting}/hold"


def asked(_: LaterServer, away: Others) -> str:
    """Somebody elsewhere whom nothing has been asked yet."""
    before = {(one.get("unit"), one.get("function")) for one in away.documents("maria", "contact_request")}
    mine = next(one["unit"] for one in away.documents("maria", "staff") if one["id"] == away.seat("maria"))
    card = next(
        one
        for one in away.documents("maria", "function_contact")
        if one["unit"] != mine and one.get("holder") and (one["unit"], one["function"]) not in before
    )
    return f"/functions/{card['id']}/ask"


def waits(_: LaterServer, away: Others) -> str:
    card = next(
        one for one in away.documents("maria", "waiting") if one["state"] == "waiting" and one.get("next_check_in_on")
    )
    return f"/waiting/{card['id']}"


WRITINGS = {
    "meeting": Writing(planned, "Agenda", "Send the invitations", "meeting", {"Where": PLACE}),
    "minutes": Writing(over, "How was the child heard?", "Save and tell everybody", "meeting"),
    "question": Writing(asked, "Your question", "Ask them to get in touch", "contact_request"),
    "check-in": Writing(waits, "A few words to the family", "Save the check-in", "waiting"),
}
each_writing = pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)


@each_writing
def test_a_full_device_says_so_and_the_words_stay_until_they_can_be_sent(
    come: Come, house: LaterServer, away: Others, writing: Writing
) -> None:
    path = writing.path(house, away)
    maria, words = locked(come), f"Skrivet utan plats {len(away.documents('maria', writing.entity))}"
    maria.context.add_init_script(NO_ROOM)
    arrive(maria, path).worker().offline().page.evaluate("full = true")
    writing.begin(maria, words)
    maria.sees(KEPT_NOT).go("/").go(path).asked(OPENED)
    expect(writing.fields(maria)).to_have_value(words)
    maria.press(writing.button).sees("The phone is full. What you wrote could not be saved.")
    expect(writing.fields(maria)).to_have_value(words)
    maria.page.evaluate("full = false")
    maria.press(writing.button).sees("Will be sent when you are online")
    expect(maria.by_text(KEPT_NOT)).to_have_count(0)
    maria.offline(False)
    maria.until(lambda: count(away, writing, words) == 1, "it has arrived")


@each_writing
def test_what_is_half_written_is_there_after_signing_in_again_with_the_code(
    come: Come, house: LaterServer, away: Others, writing: Writing
) -> None:
    path = writing.path(house, away)
    maria, words = locked(come), "Halvfärdigt när sessionen tog slut"
    arrive(maria, path).drafts(lambda: writing.begin(maria, words))
    ended = maria.context.request.post(f"{maria.origin}/auth/sign-out", headers={"Origin": maria.origin})
    assert ended.ok, ended.text()
    maria.sees("You have been signed out")
    assert words not in maria.words()
    arrive(maria.sign_in("maria"), path).asked(OPENED)
    expect(writing.fields(maria)).to_have_value(words)


def locked(come: Come) -> AtWork:
    """Maria's own telephone, with a code, so that her copy is kept."""
    maria = come("maria")
    lock(maria, CODE)
    return maria


def arrive(device: AtWork, path: str) -> AtWork:
    device.page.goto(device.origin + path, wait_until="commit")
    unlock(device)
    return device.ready()


def count(away: Others, writing: Writing, words: str) -> int:
    return sum(words in json.dumps(one, ensure_ascii=False) for one in away.documents("maria", writing.entity))
