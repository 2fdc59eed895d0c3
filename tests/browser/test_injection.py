"""P10: what looks like a program is only ever text, wherever it was written and whoever reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser import routes
from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.free_text import CHECKED, Writer, free_texts
from tests.browser.house import Others
from tests.browser.later import LaterServer
from tests.browser.programs import HOOK, KINDS, NUMBER
from tests.browser.written import AHEAD, Rounds
from tests.ports import free_port

READERS = {
    "anna": routes.FAMILY,
    "noor": routes.YOUTH,
    "maria": routes.STAFF,
    "jonas": routes.CONSULTANT,
    "lena": routes.LEADER,
    "per": routes.ADMIN,
}
Details = Mapping[str, list[str]]
DETAILS: Mapping[str, Details] = {
    "family": {"meeting": ["/meetings/:id"], "waiting": ["/waiting/:id"], "consent": ["/sharing/:id"]},
    "staff": {
        "child": ["/children/:id", "/children/:id/people", "/children/:id/protect"],
        "contact_request": ["/requests/:id", "/asked/:id"],
        "message": ["/m/:id"],
        "voice": ["/voices/:id"],
        "meeting": ["/meetings/:id"],
        "consent": ["/consents/:id"],
        "waiting": ["/waiting/:id"],
        "support_measure": ["/measures/:id"],
        "booking": ["/bookings/:id"],
        "open_hour_place": ["/in-line/:id", "/open-hours/:open_hour"],
        "slot_wish": ["/wishes/:id"],
        "team": ["/team/:id/change"],
        "team_case": ["/team/cases/:id"],
        "term_meeting": ["/terms/:id", "/terms/:id/plan", "/terms/:id/minutes"],
        "task": ["/tasks/:id"],
        "function_contact": ["/functions/:id", "/functions/:id/edit"],
        "newcomer": ["/newcomers/:id"],
    },
}
"""Where what a document says is read at length; `:name` is what it says under that name."""
FIELD = re.compile(r"(:\w+)")
NOT_SHOWN = {
    f"{command} confirmed.[]": "words that its writer says are no names: kept with the question at most"
    for command in ("contact.request", "open_hour.join", "slot.book", "slot.wish", "team.raise")
}
ROUNDS = 15
"""Of twenty decisions and twenty tasks each: all `KINDS` in both."""
SPREAD = 12
"""So many kinds at least are read in every field, and all that are short enough in these:"""
ALL = (
    "message.send text",
    "child.open display_name",
    "meeting.propose agenda.[].title",
    "meeting.hold decisions.[].what",
    "term.minutes action_points.[].what",
)
SPACE = re.compile(r"[\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""What a page lays out in its own way."""
READ = """() => {
  document.querySelectorAll("main *").forEach((one) => one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true })));
  const named = ["aria-label", "title", "alt", "placeholder"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)));
  const filled = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  const added = [...document.querySelectorAll("body *")].filter((one) =>
    one.matches("iframe, object, embed, base, marquee, math, template, video, main script, main style, meta, [srcdoc], [href^='javascript:' i]")
    || [...one.attributes].some(({ name }) => name.startsWith("on"))).map((one) => one.outerHTML.slice(0, 200));
  return { ran: window.ran, added, words: [document.body.textContent, document.title, ...named, ...filled].join("\\n") };
}"""
"""What a page says after a mouse has been everywhere, and what no page of the app has: what a program would be there."""


@pytest.fixture
def server(client_is_built: None, tmp_path: Path) -> Iterator[LaterServer]:
    """A server of its own: nothing there reads well afterwards."""
    started = LaterServer(tmp_path / "data", free_port(), timedelta())
    try:
        yield started.start()
    finally:
        started.stop()


def test_a_program_in_every_text_is_only_text(server: LaterServer, new_device: NewDevice, others: Others) -> None:
    writer = Writer(others)
    _write(server, Rounds(others, writer, 1))
    assert writer.kinds().keys() == free_texts() - set(CHECKED), "write it in tests/browser/written.py"
    shown = writer.kinds(_read(new_device, others, writer))
    assert shown.keys() == writer.kinds().keys() - set(NOT_SHOWN), "nobody read it: see DETAILS"


@pytest.mark.promise
@pytest.mark.timeout(600)
def test_three_hundred_programs_in_every_text_are_only_text(
    server: LaterServer, new_device: NewDevice, others: Others
) -> None:
    writer = Writer(others)
    written = Rounds(others, writer, ROUNDS, most=True)
    _write(server, written)
    assert {field: len(found) for field, found in writer.kinds().items() if len(found) < SPREAD} == {}
    seen = _read(new_device, others, writer)
    maria = Reader(new_device("maria"), writer)
    for _ in range(SPREAD):
        maria.see(written.wish())
    seen |= maria.seen
    for persona, paths in written.all(KINDS, len(writer.fitting("child.open display_name"))).items():
        reader = Reader(new_device(persona), writer)
        for path in paths:
            reader.see(path)
        seen |= reader.seen
    shown = writer.kinds(seen)
    assert shown.keys() == free_texts() - set(CHECKED) - set(NOT_SHOWN)
    assert {field: len(found) for field, found in shown.items() if len(found) < SPREAD} == {}
    for field in ALL:
        assert writer.fitting(field) - shown[field] == set(), field


def _write(server: LaterServer, written: Rounds) -> None:
    for number in range(written.count):
        written.round(number)
    server.move(2 * AHEAD)
    written.end()


def _read(new_device: NewDevice, others: Others, writer: Writer) -> set[int]:
    """Numbers of the programs that were read somewhere, on any page of anybody here. Nothing ran anywhere."""
    seen: dict[str, set[int]] = {side: set() for side in DETAILS}
    for persona, pages in READERS.items():
        reader = Reader(new_device(persona), writer)
        for path in routes.addresses(pages, others, persona):
            reader.see(path)
        known = seen[reader.side]
        for path, numbers in _documents(others, persona, DETAILS[reader.side]):
            if numbers - reader.seen - known:
                reader.see(path)
        known |= reader.seen
    return set().union(*seen.values())


def _documents(others: Others, persona: str, details: Details) -> Iterator[tuple[str, set[int]]]:
    """Where each document that has a program in it is read, and the numbers of its programs."""
    for entity, paths in details.items():
        for one in others.documents(persona, entity):
            numbers = {int(found) for found in NUMBER.findall(json.dumps(one, ensure_ascii=False))}
            for path in paths if numbers else ():
                yield "".join(one[part[1:]] if part.startswith(":") else part for part in FIELD.split(path)), numbers


class Reader:
    """Somebody's device; `seen` are the numbers of the programs that could be read there, as text and whole."""

    def __init__(self, device: Device, writer: Writer) -> None:
        self._device, self._written = device, writer.written
        device.context.add_init_script(HOOK)
        self.side = "staff" if device.open().page.locator(".frame.staff").count() else "family"
        if self.side == "staff":
            device.show_names()
        self.seen: set[int] = set()

    def see(self, path: str) -> None:
        """Opens a page and touches what is there. Nothing ran, and nothing is there that the app has not."""
        self._device.go(path)
        page = self._device.asked(READ)
        assert page["ran"] == [], path
        assert page["added"] == [], path
        words = SPACE.sub("", page["words"]).casefold()
        for number in {int(one) for one in NUMBER.findall(words)} - self.seen:
            assert SPACE.sub("", self._written[number].text).casefold() in words, (path, self._written[number])
            self.seen.add(number)
