"""P4: what somebody wrote is there after any death of the app at any moment, in exactly one visible state."""

from __future__ import annotations

import json
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, WebSocketRoute, expect

from tests.browser.device import Device
from tests.browser.house import Others, Server
from tests.browser.lives import Form, Life
from tests.browser.test_kept import NO_ROOM
from tests.browser.words import text

SENT = text("Sent")
OFFLINE = 0.4
UNSENT = 0.25
"""How often the network is gone, and how often death comes before the button is pressed."""
AT_MOST_S = 0.25
Born = Callable[[Server, str], Life]
Way = Callable[[Life, Form, str, random.Random], None]


@pytest.fixture
def born(playwright: Playwright, chromium_path: str, tmp_path: Path) -> Iterator[Born]:
    """`born(server, "anna")`: somebody's own Chromium; nothing may have gone wrong in it in the end."""
    lives: list[Life] = []

    def make(server: Server, persona: str) -> Life:
        lives.append(Life(playwright, chromium_path, tmp_path / persona, server.origin, persona))
        return lives[-1]

    yield make
    for life in lives:
        life.end()
    assert not [fault for life in lives for fault in life.faults]


def test_nothing_a_family_wrote_is_lost_when_the_app_dies(born: Born, server: Server) -> None:
    plan = {"closed": 1, "crashed": 1, "worker": 1, "refused": 1, "emptied": 1}
    with Others(server.origin) as others:
        _family(born(server, "anna"), others, plan, each=2, seed=4)


def test_nothing_a_professional_wrote_is_lost_when_the_browser_is_killed(born: Born, server: Server) -> None:
    with Others(server.origin) as others:
        _professional(born(server, "maria"), others, {"closed": 1, "process": 2, "refused": 1}, each=2, seed=6)


@pytest.mark.promise(about_s=140)
@pytest.mark.timeout(900)
def test_nothing_of_four_hundred_is_lost_at_home(born: Born, server: Server) -> None:
    plan = {"closed": 10, "crashed": 10, "worker": 8, "process": 15, "signed_out": 3, "refused": 3, "emptied": 3}
    with Others(server.origin) as others:
        assert _family(born(server, "anna"), others, plan | {"full": 2}, each=8, seed=5) >= 400


@pytest.mark.promise(about_s=140)
@pytest.mark.timeout(900)
def test_nothing_of_a_hundred_is_lost_at_work(born: Born, server: Server) -> None:
    plan = {"closed": 7, "crashed": 7, "worker": 6, "process": 10, "refused": 3, "emptied": 3}
    with Others(server.origin) as others:
        assert _professional(born(server, "maria"), others, plan, each=4, seed=7) >= 100


# ---- what is written


def _family(life: Life, others: Others, plan: dict[str, int], each: int, seed: int) -> int:
    life.begin()
    meeting = next(
        one["id"] for one in others.documents(life.persona, "meeting") if one["state"] in ("invited", "confirmed")
    )
    thread = Form("/coordinator/messages", "/coordinator/messages", ".bubble", "main button.primary")
    note = Form(f"/meetings/{meeting}", "/coordinator/messages", ".bubble", "main .btns button.soft")
    written = _live(life, [thread, note], plan, each, seed)
    _arrived([str(one["text"]) for one in others.documents(life.persona, "message")], written)
    return len(written)


def _professional(life: Life, others: Others, plan: dict[str, int], each: int, seed: int) -> int:
    life.begin(with_code=True)
    child = next(
        one
        for one in others.documents(life.persona, "child")
        if one["state"] == "open"
        and any(who["kind"] == "guardian" and who["state"] != "invited" for who in one.get("people", ()))
    )
    who = next(one["relation"] for one in child["people"] if one["kind"] == "guardian" and one["state"] != "invited")
    card = next(
        one["id"]
        for one in others.documents(life.persona, "waiting")
        if one["state"] == "waiting" and one.get("next_check_in_on")
    )
    thread, check_in = f"/children/{child['id']}/thread/{who}", f"/waiting/{card}"
    forms = [
        Form("/tasks", "/tasks", ".row, .notice", field="main form input >> nth=0"),
        Form(
            f"/children/{child['id']}/measure",
            f"/children/{child['id']}",
            ".row, .notice",
            field="main form input >> nth=0",
            also=[("main form .card >> nth=1 >> input[type=text]", "Lunds brukshjälp")],
        ),
        Form(check_in, check_in, ".trail li, .notice", once=True),
        Form(thread, thread, "main > .card, main .card:not(form .card), .notice"),
    ]
    written = _live(life, forms, plan, each, seed)
    found = {"task": "what", "support_measure": "title", "message": "text"}
    _arrived(
        [str(one.get(name)) for kind, name in found.items() for one in others.documents(life.persona, kind)],
        written,
        forms[2],
    )
    return len(written)


def _arrived(there: Iterable[str], written: Sequence[tuple[str, Form]], besides: Form | None = None) -> None:
    """Everything the app has called sent is with the server, once."""
    count = Counter(there)
    wrong = {words: count[words] for words, form in written if form is not besides and count[words] != 1}
    assert not wrong, f"{wrong}, among {[one for one in count if any(words in one for words in wrong)]}"


# ---- life and death


def _live(life: Life, forms: Sequence[Form], plan: dict[str, int], each: int, seed: int) -> list[tuple[str, Form]]:
    chance, mark = random.Random(seed), secrets.token_hex(3)
    deaths = [way for way, times in plan.items() for _ in range(times)]
    chance.shuffle(deaths)
    written: list[tuple[str, Form]] = []
    for number, way in enumerate(deaths):
        # What was refused is changed where it is listed; what had no room is in memory alone until it is listed.
        form = forms[0] if way in ("refused", "full") else forms[number % len(forms)]
        words = [f"Mening {mark}-{number}-{one}." for one in range(1 if form.once else each)]
        device = life.device.go(form.path)
        if way in ("closed", "crashed", "worker", "process") and chance.random() < OFFLINE:
            device.offline()
        for one in words[:-1]:
            life.write(form, one)
            life.send(form, one)
        WAYS[way](life, form, words[-1], chance)
        life.again(form.path)
        _found(life, form, words, f"{way}, round {number}")
        written += [(one, form) for one in words]
    life.device.go("/outbox").sees("Everything has been sent")
    return written


def _found(life: Life, form: Form, words: Sequence[str], when: str) -> None:
    """Each of them is somewhere, once; what is a draft still is sent now, and so is what was refused."""
    device, drafts = life.device, set[str]()
    device.until(lambda: not _wrong(life, form, words, drafts), f"{when}: each of {words} stands somewhere, once")
    if device.page.locator(".notice.bad").count():
        device.press("Change")
        drafts.add(words[-1])
    if form.leaves:
        device.go(form.path)
    for one in drafts:
        device.until(partial(_is_draft, life, form, one), f"{one} is still a draft")
        life.send(form, one)


def _is_draft(life: Life, form: Form, words: str) -> bool:
    return life.places(form, [words])[0][0] == 1


def _wrong(life: Life, form: Form, words: Sequence[str], drafts: set[str]) -> dict[str, int]:
    """Those that stand nowhere or in two places, and in how many. `drafts` are afterwards those that stand in a field."""
    device = life.device
    if form.leaves:
        device.go(form.path)
    fields = [count for count, _ in life.places(form, words)]
    if form.leaves:
        device.go(form.shown)
    listed = [places for _, places in life.places(form, words)]
    drafts.clear()
    drafts.update(one for n, one in enumerate(words) if fields[n])
    counted = {one: fields[n] + listed[n] for n, one in enumerate(words)}
    return {one: count for one, count in counted.items() if count != 1}


def _killed(death: Callable[[Life], None]) -> Way:
    def way(life: Life, form: Form, words: str, chance: random.Random) -> None:
        life.device.drafts(lambda: life.write(form, words))
        if chance.random() > UNSENT:
            life.press(form)
        life.device.page.wait_for_timeout(chance.random() ** 2 * AT_MOST_S * 1000)
        death(life)

    return way


def _signed_out(life: Life, form: Form, words: str, chance: random.Random) -> None:
    """The session ends while one writes."""
    device = life.device.drafts(lambda: life.write(form, words))
    ended = device.context.request.post(f"{life.origin}/auth/sign-out", headers={"Origin": life.origin})
    assert ended.ok, ended.text()
    device.sees("You have been signed out")
    assert words not in device.words()
    life.closed()


def _refused(life: Life, form: Form, words: str, chance: random.Random) -> None:
    """The server says no to it."""

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame.get("t") == "command" and words in json.dumps(frame["args"], ensure_ascii=False):
                frame["args"] = {"text": 7}
            server.send(json.dumps(frame))

        socket.on_message(pass_on)

    life.closed()
    device = life.again(form.path, lambda device: device.page.route_web_socket("**/sync", between))
    life.write(form, words)
    life.press(form)
    device.until(
        lambda: (
            device.page.locator(".notice.bad").count() > 0
            or bool(device.page.get_by_text(text("Not sent"), exact=True).count())
        ),
        "the no is told",
    )
    life.closed()


def _emptied(life: Life, form: Form, words: str, chance: random.Random) -> None:
    """The browser takes the databases away, and the app puts back what it still knows."""
    device = life.device.drafts(lambda: life.write(form, words))
    device.until(lambda: len(device.rows()) > 0, "there is something to take")
    device.context.new_cdp_session(device.page).send(
        "Storage.clearDataForOrigin", {"origin": life.origin, "storageTypes": "indexeddb"}
    )
    device.until(lambda: len(device.rows()) > 0, "it is kept again")
    if chance.random() > UNSENT:
        life.press(form)
    life.closed()


def _full(life: Life, form: Form, words: str, chance: random.Random) -> None:
    """There is no room for it; without a connection it stays where it is written until there is again."""
    life.closed()
    device = life.again(form.path, lambda device: device.page.add_init_script(NO_ROOM))
    if is_offline := chance.random() < OFFLINE:
        device.offline()
    device.asked("() => { full = true; }")
    life.write(form, words)
    life.press(form)
    if is_offline:
        device.sees("The phone is full. What you wrote could not be saved.")
        assert life.places(form, [words])[0][0] == 1, "it is still there to be read"
        device.asked("() => { full = false; }")
        life.press(form)
    device.until(lambda: form.leaves or life.places(form, [words])[0] != (1, 0), "it is on its way")
    if not is_offline:
        device.sees("The phone is full. What you write now is not kept.")
        expect(device.by_text("Being sent")).to_have_count(0)
    life.closed()


WAYS: dict[str, Way] = {
    "closed": _killed(Life.closed),
    "crashed": _killed(Life.crashed),
    "worker": _killed(Life.worker),
    "process": _killed(Life.process),
    "signed_out": _signed_out,
    "refused": _refused,
    "emptied": _emptied,
    "full": _full,
}


def test_what_waits_offline_is_not_called_sent(born: Born, server: Server) -> None:
    life = born(server, "anna")
    life.begin()
    device: Device = life.device.go("/coordinator/messages").offline()
    words = f"Skrivet utan nät {secrets.token_hex(3)}."
    life.write(
        thread := Form("/coordinator/messages", "/coordinator/messages", ".bubble", "main button.primary"), words
    )
    life.send(thread, words)
    bubble = device.page.locator(".bubble", has_text=words)
    expect(bubble.get_by_text(text("Not sent yet"), exact=True)).to_be_visible()
    expect(bubble.get_by_text(SENT, exact=True)).to_have_count(0)
    life.process()
    bubble = life.again("/coordinator/messages").page.locator(".bubble", has_text=words)
    expect(bubble.get_by_text(SENT, exact=True)).to_be_visible()
