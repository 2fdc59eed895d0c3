"""Deaths of the app while somebody writes, and where everything that was written is afterwards (P4)."""

from __future__ import annotations

import json
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Playwright, WebSocketRoute, expect

from tests.browser.house import Server
from tests.browser.lives import Form, Life
from tests.browser.test_kept import NO_ROOM
from tests.browser.words import text

SENT = text("Sent")
OFFLINE = 0.4
UNSENT = 0.25
"""How often the network is gone, and how often death comes before the button is pressed."""
AT_MOST_S = 0.25
Born = Callable[[Server, str], Life]
"""`born(server, "anna")`: somebody's own Chromium."""
Way = Callable[[Life, Form, str, random.Random], None]


@contextmanager
def births(playwright: Playwright, chromium_path: str, folder: Path) -> Iterator[Born]:
    """Nothing may have gone wrong in any of these lives in the end."""
    lives: list[Life] = []

    def make(server: Server, persona: str) -> Life:
        lives.append(Life(playwright, chromium_path, folder / persona, server.origin, persona))
        return lives[-1]

    yield make
    for life in lives:
        life.end()
    assert not [fault for life in lives for fault in life.faults]


def arrived(there: Iterable[str], written: Sequence[tuple[str, Form]], besides: Form | None = None) -> None:
    """Everything the app has called sent is with the server, once."""
    count = Counter(there)
    wrong = {words: count[words] for words, form in written if form is not besides and count[words] != 1}
    assert not wrong, f"{wrong}, among {[one for one in count if any(words in one for words in wrong)]}"


def live(life: Life, forms: Sequence[Form], plan: dict[str, int], each: int, seed: int) -> list[tuple[str, Form]]:
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
        # It is in memory alone until the server has it.
        expect(device.page.locator(".bubble", has_text=words).get_by_text(SENT, exact=True)).to_be_visible()
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
