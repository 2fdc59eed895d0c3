"""Tasks that are ticked off and thought better of: at once, later from the list, and without a connection."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.words import text

WHAT = "Boka rummet till personalmötet-7Q4"


def row(device: Device) -> Locator:
    """The task's row, wherever on the page it stands."""
    return device.page.locator(".row", has_text=WHAT)


def button(device: Device, name: str) -> Locator:
    return device.page.get_by_role("button", name=name, exact=True)


def test_a_ticked_task_is_undone_at_once_or_opened_again_later(new_device: NewDevice, others: Others) -> None:
    others.send("maria", "task.add", what=WHAT)
    tick, undo, again = (text("Done: {what}", what=WHAT), f"{text('Undo')} : {WHAT}", f"{text('Open again')} : {WHAT}")
    maria = new_device("maria").open().worker().go("/tasks")
    button(maria, tick).click()
    expect(button(maria, undo)).to_be_visible()
    expect(row(maria)).to_contain_text("Maria Ekdahl")
    clean(maria)
    assert state(others) == "done"
    button(maria, undo).click()
    expect(button(maria, tick)).to_be_visible()
    assert state(others) == "open"

    # A colleague opens again what stands under "Klart nyligen".
    button(maria, tick).click()
    expect(button(maria, undo)).to_be_visible()
    johan = new_device("johan", "staff").open("/tasks")
    expect(johan.by_text("Done lately")).to_be_visible()
    button(clean(johan), again).click()
    expect(button(johan, tick)).to_be_visible()
    expect(button(maria, tick)).to_be_visible()

    # Without a connection it says that it waits, and takes back what has not left; what has left is opened by a command.
    maria.offline()
    button(maria, tick).click()
    maria.sees("Will be sent when you are online")
    expect(button(maria, tick)).to_have_count(0)
    clean(maria).press("Undo")
    expect(button(maria, tick)).to_be_visible()
    button(maria, tick).click()
    maria.sees("Will be sent when you are online").offline(False)
    expect(button(maria, again)).to_be_visible()
    assert state(others) == "done"
    maria.offline()
    button(maria, again).click()
    maria.sees("Will be sent when you are online").offline(False)
    expect(button(maria, tick)).to_be_visible()
    assert state(others) == "open"
    others.send("maria", "task.done", task=task(others)["id"])


def task(others: Others) -> dict[str, str]:
    return next(one for one in others.documents("maria", "task") if one.get("what") == WHAT)


def test_an_admin_is_not_led_from_a_task_to_a_meeting_that_is_not_shared(new_device: NewDevice, others: Others) -> None:
    tasks = [one for one in others.documents("per", "task") if (one.get("about") or {}).get("entity") == "term_meeting"]
    assert tasks
    per = new_device("per").open("/tasks")
    expect(per.page.locator(".row", has_text=tasks[0]["what"]).first).to_be_visible()
    expect(per.page.locator("main a[href^='/terms/']")).to_have_count(0)


def state(others: Others) -> str:
    return task(others)["state"]
