"""P4: what somebody is writing outlives a full phone, an emptied one, an ended session and a refused neighbour."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others
from tests.browser.words import text

THREAD = "/coordinator/messages"
EMPTIED = "indexeddb,cache_storage,service_workers,local_storage"
"""What a browser takes away when the phone needs the room."""
NO_ROOM = """(() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (globalThis.full) throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, given);
  };
})()"""
"""A disk without room. `Storage.overrideQuotaForOrigin` does not reach IndexedDB in Chromium."""

SENT_AND_ON = """(button, words) => {
  const box = document.querySelector("textarea");
  button.click();
  box.value = words;
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}"""


def bubble(device: Device, words: str, state: str) -> None:
    """Waits until these words stand there once, and in this state."""
    found = device.page.locator(".bubble", has_text=words)
    expect(found).to_have_count(1)
    expect(found.get_by_text(text(state), exact=True)).to_be_visible()


def test_a_full_phone_says_so_and_the_words_stay(new_device: NewDevice) -> None:
    omar, words = new_device("omar"), f"Skrivet när telefonen är full {secrets.token_hex(3)}"
    omar.context.add_init_script(NO_ROOM)
    omar.open(THREAD).worker().offline().page.evaluate("full = true")
    box = omar.page.locator("textarea")
    box.fill(words)
    omar.sees("The phone is full. What you write now is not kept.")
    omar.go("/").go(THREAD)
    expect(box).to_have_value(words)
    omar.press("Send to {name}", name="Maria").sees("The phone is full. What you wrote could not be saved.")
    expect(box).to_have_value(words)
    expect(omar.page.locator(".bubble", has_text=words)).to_have_count(0)
    omar.page.evaluate("full = false")
    omar.press("Send to {name}", name="Maria")
    bubble(omar, words, "Not sent yet")
    expect(box).to_have_value("")
    expect(omar.by_text("The phone is full. What you write now is not kept.")).to_have_count(0)
    omar.offline(False)
    bubble(omar, words, "Sent")


def test_from_a_full_phone_with_a_connection_it_is_sent_once(new_device: NewDevice, others: Others) -> None:
    omar, words = new_device("omar"), f"Skickat när telefonen är full {secrets.token_hex(3)}"
    omar.context.add_init_script(NO_ROOM)
    omar.open(THREAD).page.evaluate("full = true")
    box = omar.page.locator("textarea")
    box.fill(words)
    omar.sees("The phone is full. What you write now is not kept.")
    omar.press("Send to {name}", name="Maria")
    bubble(omar, words, "Sent")
    expect(box).to_have_value("")
    omar.page.evaluate("full = false")
    bubble(omar.again().go(THREAD), words, "Sent")
    assert [one["text"] for one in others.documents("omar", "message")].count(words) == 1


def test_what_is_written_while_the_words_before_are_being_sent_stays(new_device: NewDevice) -> None:
    omar, mark = new_device("omar").open(THREAD), secrets.token_hex(3)
    omar.page.locator("textarea").fill(f"Skrivet först {mark}")
    omar.button("Send to {name}", name="Maria").evaluate(SENT_AND_ON, f"Skrivet medan {mark}")
    bubble(omar, f"Skrivet först {mark}", "Sent")
    expect(omar.page.locator("textarea")).to_have_value(f"Skrivet medan {mark}")


def test_an_emptied_phone_begins_anew_without_a_fault(new_device: NewDevice) -> None:
    omar = new_device("omar").open().worker()
    omar.until(lambda: len(omar.rows()) > 0, "something is kept")
    omar.page.goto("about:blank")
    omar.context.new_cdp_session(omar.page).send(
        "Storage.clearDataForOrigin", {"origin": omar.origin, "storageTypes": EMPTIED}
    )
    omar.open().sees("Hi {name}", name="Omar").worker()
    omar.until(lambda: len(omar.rows()) > 0, "it is kept again")


def test_a_phone_emptied_while_one_writes_keeps_the_words(new_device: NewDevice) -> None:
    omar, words = new_device("omar").open(THREAD), f"Skrivet när telefonen töms {secrets.token_hex(3)}"
    box = omar.page.locator("textarea")
    omar.drafts(lambda: box.fill(words))
    omar.context.new_cdp_session(omar.page).send(
        "Storage.clearDataForOrigin", {"origin": omar.origin, "storageTypes": "indexeddb"}
    )
    expect(box).to_have_value(words)
    omar.press("Send to {name}", name="Maria")
    bubble(omar, words, "Sent")


def test_what_was_written_is_there_after_a_phone_was_emptied_under_the_open_app(new_device: NewDevice) -> None:
    omar, mark = new_device("omar").open(THREAD).worker().offline(), secrets.token_hex(3)
    before, after, half = f"Skrivet före {mark}", f"Skrivet efter {mark}", f"Halvskrivet {mark}"
    box = omar.page.locator("textarea")
    box.fill(before)
    omar.press("Send to {name}", name="Maria")
    bubble(omar, before, "Not sent yet")
    omar.context.new_cdp_session(omar.page).send(
        "Storage.clearDataForOrigin", {"origin": omar.origin, "storageTypes": "indexeddb"}
    )
    omar.until(lambda: len(omar.rows()) > 0, "what the app still knows is kept again")
    box.fill(after)
    omar.press("Send to {name}", name="Maria")
    bubble(omar, after, "Not sent yet")
    omar.drafts(lambda: box.fill(half)).page.close()
    omar.page = omar.context.new_page()
    omar.open(THREAD)
    for words in (before, after):
        bubble(omar, words, "Not sent yet")
    expect(omar.page.locator("textarea")).to_have_value(half)
    omar.offline(False)
    for words in (before, after):
        bubble(omar, words, "Sent")
    omar.page.locator("textarea").fill("")


@pytest.mark.parametrize("path", [THREAD, "/coordinator/call"], ids=["message", "wish"])
def test_what_is_half_written_is_there_after_signing_in_again(new_device: NewDevice, others: Others, path: str) -> None:
    answered(others, "omar")
    omar, words = new_device("omar").open(path), f"Halvfärdigt när sessionen tog slut {secrets.token_hex(3)}"
    omar.drafts(lambda: omar.page.locator("textarea").fill(words))
    ended = omar.context.request.post(f"{omar.origin}/auth/sign-out", headers={"Origin": omar.origin})
    assert ended.ok, ended.text()
    omar.sees("You have been signed out")
    assert words not in omar.words()
    omar.sign_in("omar").open(path)
    expect(omar.page.locator("textarea")).to_have_value(words)
    omar.page.locator("textarea").fill("")


def answered(others: Others, guardian: str) -> None:
    """Nothing that was asked is open."""
    for one in others.documents(guardian, "contact_request"):
        if one["state"] == "open":
            others.send("maria", "contact.answer", contact_request=one["id"], outcome="talked")


def invalid(frame: dict[str, object]) -> None:
    frame["args"] = {"text": 7}


def unreadable(frame: dict[str, object]) -> None:
    frame["name"] = 7


@pytest.mark.parametrize("spoil", [invalid, unreadable])
def test_a_poisoned_command_is_shown_with_its_words_and_holds_nothing_up(
    new_device: NewDevice, spoil: Callable[[dict[str, object]], None]
) -> None:
    omar, mark = new_device("omar"), secrets.token_hex(3)
    poison, after = f"Går inte att läsa {mark}", f"Skrivet efteråt {mark}"

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame.get("t") == "command" and frame["args"].get("text") == poison:
                spoil(frame)
            server.send(json.dumps(frame))

        socket.on_message(pass_on)

    omar.page.route_web_socket("**/sync", between)
    omar.open(THREAD)
    for words in (poison, after):
        omar.page.locator("textarea").fill(words)
        omar.press("Send to {name}", name="Maria")
    bubble(omar, after, "Sent")
    bubble(omar, poison, "Not sent")
    omar.sees("It could not be sent")
    omar.press("Change")
    expect(omar.page.locator("textarea")).to_have_value(poison)
