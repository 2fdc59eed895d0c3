"""P2, P17: the bytes of a browser's profile on the disk tell nothing that a person or their helpers have said.

Every file below the profile's folder is read: IndexedDB and its logs (what was deleted lies there for a while), Cache
Storage, Local Storage, the HTTP cache, history and sessions. Looked for is content: every name, text, unit, number and
address that the person is shown and that does not stand in the app itself. Ids are not: an address such as
`/meetings/0193…` in the browser's own history is a random number that says nothing to anybody without a session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.device import PHONE, Device
from tests.browser.house import Others, Server
from tests.browser.made import lock
from tests.browser.words import ROOT, text
from tests.conftest import FLAGS

CONTROL = "Kontrollord-som-ska-hittas-5F2"
WRITTEN = "Kanarie i ett utkast-9K1"
QUEUED = "Kanarie i kön-3T8"
NAME = "Kanariebarn-6D7"
CODE = "246813"
SHORTEST = 6
FAMILY_LEASE_DAYS, STAFF_LEASE_DAYS, OWN_LEASE_DAYS, ERASED_AFTER_DAYS = 14, 3, 14, 30
"""What professionals keep of children, and of their own units and area, have leases of their own."""
NO_CONTENT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d{2}-\d{2}.*|[\d.:, +-]{0,7}")
"""Ids, days and instants, short numbers: they stand in any profile."""
LATER = "(days) => { const now = Date.now; Date.now = () => now() + days * 86_400_000; }"
OpenProfile = Callable[..., AbstractContextManager[tuple[Device, Path]]]


@pytest.fixture
def open_profile(playwright: Playwright, chromium_path: str, server: Server, tmp_path: Path) -> OpenProfile:
    """Opens one profile in a Chromium of its own, as often as one likes and `days` later: its device, and its folder."""
    folder = tmp_path / "profile"

    @contextmanager
    def opened(days: int = 0) -> Iterator[tuple[Device, Path]]:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium_path,
            args=list(FLAGS),
            viewport=PHONE,  # type: ignore[arg-type]
            locale="sv-SE",
            reduced_motion="reduce",
        )
        try:
            if days:
                context.add_init_script(f"({LATER})({days})")
            yield Device(context, server.origin), folder
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def own_words() -> bytes:
    """All that stands in the app itself, in every language."""
    files = [path for path in (ROOT / "pwa" / "dist").rglob("*") if path.suffix in {".js", ".json", ".html", ".css"}]
    return b"\n".join(path.read_bytes() for path in files)


def found(folder: Path, canaries: Iterable[str]) -> list[str]:
    """Which of the texts stand somewhere below `folder`, in the two ways a browser writes text, and where."""
    wanted = [(one, form) for one in canaries for form in (one.encode(), one.encode("utf-16-le"))]
    hits = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            hits += [f"{one} in {path.relative_to(folder)}" for one, form in wanted if form in data]
    return hits


def shown_to(others: Others, persona: str, own_words: bytes) -> list[str]:
    """All that this person's documents say and the app does not."""
    scopes = others.client(persona).copy.scopes.values()
    said = {word for scope in scopes for _, document in scope.rows.values() for word in _strings(document)}
    return sorted(
        word
        for word in said
        if len(word) >= SHORTEST and not NO_CONTENT.fullmatch(word) and word.encode() not in own_words
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def test_family_phone_holds_no_plain_text_and_nothing_after_signing_out(
    others: Others, open_profile: OpenProfile, own_words: bytes
) -> None:
    canaries = [*shown_to(others, "samira", own_words), WRITTEN, QUEUED]
    assert len(canaries) > 20
    with open_profile() as (samira, folder):
        samira.sign_in("samira").open().worker()
        samira.page.evaluate("(word) => localStorage.setItem('control', word)", CONTROL)
        for path in ("/coordinator/messages", "/meetings", "/waiting", "/sharing"):
            samira.go(path)
        samira.go("/coordinator/messages").offline()
        samira.page.locator("textarea").fill(QUEUED)
        samira.page.locator("main button.primary").click()
        expect(samira.page.locator(".bubble", has_text=QUEUED)).to_be_visible()
        samira.drafts(lambda: samira.page.locator("textarea").fill(WRITTEN))
        samira.until(lambda: len(samira.rows()) > 5, "a copy is kept")
    assert found(folder, [CONTROL]), "the scan itself does not see"
    assert found(folder, canaries) == []

    with open_profile() as (samira, _):
        samira.offline().open("/coordinator/messages")
        expect(samira.page.locator(".bubble", has_text=QUEUED)).to_be_visible()
        expect(samira.page.locator("textarea")).to_have_value(WRITTEN)
        samira.go("/settings").page.locator("main > button").last.click()
        samira.page.locator("dialog button").first.click()
        samira.until(lambda: samira.databases() == [], "emptied, without a connection")
    assert found(folder, canaries) == []


def test_family_phone_without_a_connection_shows_nothing_after_its_lease_and_then_holds_nothing(
    others: Others, open_profile: OpenProfile, own_words: bytes
) -> None:
    canaries = shown_to(others, "samira", own_words)
    coordinator = "Maria Ekdahl"
    with open_profile() as (samira, folder):
        samira.sign_in("samira").open().worker().shows(coordinator)
        samira.until(lambda: len(_of_people(samira)) > 5, "a copy is kept")
    with open_profile(days=FAMILY_LEASE_DAYS + 1) as (samira, _):
        samira.offline()
        samira.page.goto(samira.origin, wait_until="commit")
        samira.page.locator("h1, .kicker").first.wait_for()
        assert coordinator not in samira.words()
    with open_profile(days=FAMILY_LEASE_DAYS + ERASED_AFTER_DAYS + 1) as (samira, _):
        samira.offline()
        samira.page.goto(samira.origin, wait_until="commit")
        samira.until(lambda: _of_people(samira) == [], "erased, without a connection")
    assert found(folder, canaries) == []


def test_locked_computer_of_a_professional_holds_no_plain_text(
    others: Others, open_profile: OpenProfile, own_words: bytes
) -> None:
    canaries = shown_to(others, "maria", own_words)
    assert len(canaries) >= 200
    with open_profile() as (maria, folder):
        maria.sign_in("maria").open().worker().show_names()
        for path in ("/children", "/contacts", "/advice", "/"):
            maria.go(path)
        assert maria.rows() == [], "without a code the copy is in memory alone"
        lock(maria, CODE)
        maria.go("/children")
        maria.until(lambda: len(maria.rows()) > 50, "kept, with the code")
    assert found(folder, canaries) == []
    with open_profile() as (maria, _):
        maria.offline().page.goto(f"{maria.origin}/children", wait_until="commit")
        maria.page.get_by_role("button", name=CODE[0], exact=True).wait_for()
        told = maria.words()
        assert [one for one in canaries if one in told] == []
    assert found(folder, canaries) == []


def test_professional_computer_without_a_connection_shows_nothing_after_its_lease_and_then_holds_nothing(
    others: Others, open_profile: OpenProfile, own_words: bytes
) -> None:
    people = shown_to(others, "maria", own_words)
    with open_profile() as (maria, _):
        maria.sign_in("maria").open().worker().show_names()
        lock(maria, CODE)
        maria.go("/children")
        maria.until(lambda: len(_of_children(maria)) > 50, "kept, with the code")
    with open_profile(days=STAFF_LEASE_DAYS - 1) as (maria, _):
        maria.offline()
        _enter(maria, "/children")
        maria.page.locator("a.row").first.wait_for()
    with open_profile(days=STAFF_LEASE_DAYS + 1) as (maria, _):
        maria.offline()
        _enter(maria, "/children")
        maria.page.locator("h1, .kicker").first.wait_for()
        told = maria.words()
        assert [one for one in people if one in told] == []
    # Nobody types the code any more: what was hidden is erased all the same, the unit's own things by their own lease.
    with open_profile(days=STAFF_LEASE_DAYS + ERASED_AFTER_DAYS + 1) as (maria, _):
        maria.offline().page.goto(maria.origin, wait_until="commit")
        maria.until(lambda: _of_children(maria) == [] != _of_people(maria), "children are erased, without a connection")
    with open_profile(days=OWN_LEASE_DAYS + ERASED_AFTER_DAYS + 1) as (maria, _):
        maria.offline().page.goto(maria.origin, wait_until="commit")
        maria.until(lambda: _of_people(maria) == [], "erased, without a connection")


def test_professional_computer_holds_nothing_after_a_withdrawal(others: Others, open_profile: OpenProfile) -> None:
    child, consent = _shared_with_jonas(others)
    with open_profile() as (jonas, folder):
        jonas.sign_in("jonas").open().show_names()
        lock(jonas, CODE)
        jonas.go(f"/children/{child}").shows(NAME)
        jonas.until(lambda: child in [key for _, _, key in jonas.rows()], "the disk has it")
    assert found(folder, [NAME]) == []
    others.send("maria", "consent.withdraw", consent=consent)
    with open_profile() as (jonas, _):
        _enter(jonas, f"/children/{child}")
        jonas.shows(text("This is not shared any longer"))
        jonas.until(lambda: child not in [key for _, _, key in jonas.rows()], "nothing of it is kept")
    assert found(folder, [NAME]) == []


def _enter(device: Device, path: str) -> None:
    """Opens the app at `path` and types the code."""
    device.page.goto(f"{device.origin}{path}", wait_until="commit")
    for digit in CODE:
        device.page.get_by_role("button", name=digit, exact=True).click()


def _of_people(device: Device) -> list[list[str]]:
    """What is kept of anybody; what the region tells everybody has no lease."""
    return [row for row in device.rows() if row[0] != "region:public"]


def _of_children(device: Device) -> list[list[str]]:
    return [row for row in device.rows() if row[0].startswith(("child:", "consent:"))]


def _shared_with_jonas(others: Others) -> tuple[str, str]:
    """A child that Jonas sees by a consent which its guardian gave in words: (child, consent)."""
    maria, jonas = others.seat("maria"), others.seat("jonas")
    unit = next(one["unit"] for one in others.documents("jonas", "staff") if one["id"] == jonas)
    opened = others.send("maria", "child.open", display_name=NAME, turns_18_on="2034-02-01", person=maria)
    child = opened["result"]["child"]
    guardian = others.send("maria", "guardian.invite", child=child, name_shown="Kim")["result"]["relation"]
    answers = {guardian: "yes"}
    ack = others.send("maria", "consent.record", child=child, purpose="coordination", information_kinds=["child"],
                      to_units=[unit], people=[jonas], answers=answers, form="oral")  # fmt: skip
    return child, ack["result"]["consent"]
