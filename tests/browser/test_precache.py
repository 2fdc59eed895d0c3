"""What the service worker keeps: everybody's pages at once, professionals' pages where one works, in later versions too."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import NewDevice
from tests.browser.device import PHONE, USUAL, Device, without_faults
from tests.browser.house import Others, Server
from tests.browser.made import lock
from tests.browser.test_update import LOOK, own_server, publish
from tests.browser.words import ROOT, text

__all__ = ["own_server"]
CODE = "246813"
NEXT = "samled-shell-0123456789ab"


META = ROOT / "pwa" / "dist" / "meta.json"


@pytest.fixture
def only_staff(client_is_built: None) -> set[str]:
    """The scripts that only professionals' pages need."""
    roles = json.loads(META.read_text(encoding="utf-8"))["roles"]
    return set(roles["staff"]) - set(roles["family"]) - set(roles["youth"])


@pytest.fixture
def groups(client_is_built: None) -> dict[str, set[str]]:
    """The scripts of pages that only some professionals have."""
    found = json.loads(META.read_text(encoding="utf-8"))["groups"]
    return {group: set(files) for group, files in found.items()}


def test_a_familys_phone_never_fetches_the_pages_of_professionals(
    new_device: NewDevice, only_staff: set[str], groups: dict[str, set[str]]
) -> None:
    anna = new_device("anna").open().worker()
    assert {"/", "/manifest.webmanifest"} <= anna.kept()
    for path in ("/meetings", "/sharing", "/waiting", "/settings"):
        anna.go(path)
    assert not anna.kept() & only_staff.union(*groups.values())
    assert not [path for path in anna.kept() if "-staff-" in path]


def test_pages_of_professionals_open_without_a_connection_and_come_whole_with_a_new_version(
    chromium: Browser, own_server: Server, only_staff: set[str]
) -> None:
    device = Device(chromium.new_context(viewport=PHONE, locale="sv-SE"), own_server.origin)  # type: ignore[arg-type]
    maria = device.sign_in("maria").open().worker()
    assert only_staff <= maria.kept(), "all that a professional needs"
    lock(maria, CODE)
    maria.until(lambda: len(maria.rows()) > 20, "a copy of her own")

    maria.offline().page.goto(f"{maria.origin}/contacts", wait_until="commit")
    for digit in CODE:
        maria.page.get_by_role("button", name=digit, exact=True).click()
    maria.ready()
    for path in ("/contacts", "/children", "/advice", "/more", "/away"):
        maria.go(path)
        assert text("This part of the app is not here yet") not in maria.words()

    publish(own_server)
    maria.offline(False).page.evaluate(LOOK)
    maria.until(lambda: only_staff <= maria.kept(NEXT), "the next version has them before it is used", 60)
    device.context.close()


@pytest.mark.parametrize(
    ("persona", "own", "pages"),
    [
        (
            "maria",
            {"coordinator", "team", "directory"},
            ("/contacts", "/children", "/advice", "/terms", "/tasks", "/team", "/open-hours", "/away"),
        ),
        ("jonas", {"consultant", "team", "directory"}, ("/slots", "/slots/ill", "/open-hours/new", "/advice")),
        ("lena", {"lead", "team", "directory"}, ("/area", "/terms/new", "/terms/dates", "/contacts")),
        ("per", {"admin", "directory"}, ("/people", "/people/invite", "/import", "/contacts")),
    ],
)
def test_each_kind_of_professional_keeps_the_pages_of_their_own_work_and_nobody_elses(
    new_device: NewDevice,
    only_staff: set[str],
    groups: dict[str, set[str]],
    persona: str,
    own: set[str],
    pages: tuple[str, ...],
) -> None:
    device = new_device(persona).open().worker()
    wanted = only_staff.union(*(groups[group] for group in own))
    device.until(lambda: wanted <= device.kept(), "the pages of one's own work")
    for path in pages:
        device.offline().go(path)
        assert text("This part of the app is not here yet") not in device.words()
    device.offline(False)
    others = set[str]().union(*(groups[group] for group in groups if group not in own)) - wanted
    assert not device.kept() & others


def test_a_part_that_cannot_be_fetched_is_said_and_leads_nowhere_by_itself(new_device: NewDevice) -> None:
    anna = new_device("anna", service_workers="block")
    anna.context.route(re.compile(r"/assets/family-"), lambda route: route.abort())
    anna.open().sees("This part of the app is not here yet")
    begun = anna.asked("() => performance.timeOrigin")
    anna.go("/help").sees("You do not have to be alone with this")
    anna.go("/").sees("This part of the app is not here yet")
    assert anna.asked("() => performance.timeOrigin") == begun
    anna.context.unroute_all()
    anna.press("Try again").sees("Hi {name}", name="Anna")


def test_whoever_comes_to_lead_the_work_around_a_child_has_its_pages_without_a_connection_from_then_on(
    chromium: Browser, own_server: Server, groups: dict[str, set[str]]
) -> None:
    with without_faults() as made, Others(own_server.origin) as others:
        device = Device(chromium.new_context(**USUAL, viewport=PHONE), own_server.origin)  # type: ignore[arg-type]
        made.append(device)
        jonas = device.sign_in("jonas").open().worker()
        assert not jonas.kept() & groups["coordinator"]
        seat = others.seat("jonas")
        opened = others.send("jonas", "child.open", display_name="Nova", turns_18_on="2034-05-01", person=seat)
        child = opened["result"]["child"]
        person = others.send("jonas", "guardian.invite", child=child, name_shown="Ylva")["result"]["relation"]
        planned = others.send(
            "jonas", "meeting.propose", child=child, kind="network", starts_local="2034-03-01T10:00", minutes=45,
            place="Rum 1", invited=[person], staff=[seat], invite=False,
        )  # fmt: skip
        meeting = planned["result"]["meeting"]
        jonas.until(lambda: groups["coordinator"] <= jonas.kept(), "the pages of who leads the work around a child")
        jonas.go(f"/meetings/{meeting}").offline()
        parts = ("invite", "people", "protect", "close", "meeting", "waiting", "measure", "consent", "spoken")
        around = [f"/children/{child}/{part}" for part in (*parts, f"family/{person}", f"thread/{person}")]
        for path in [*around, *(f"/meetings/{meeting}{part}" for part in ("", "/people", "/move", "/hold"))]:
            jonas.go(path)
            assert text("This part of the app is not here yet") not in jonas.words(), path
        jonas.offline(False)
