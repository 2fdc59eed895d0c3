"""Two tabs of one person: one leads, both show the same, and closing the one that leads changes nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.words import text


def test_both_tabs_update_and_the_other_goes_on_alone(new_device: NewDevice, others: Others) -> None:
    child = others.documents("samira", "child")[0]["id"]
    around = next(one for one in others.documents("maria", "child") if one["id"] == child)
    thread = next(one["relation"] for one in around["people"] if one["name"] == "Samira")
    first = new_device("samira").open("/coordinator/messages")
    second = first.context.new_page()
    second.goto(f"{first.origin}/coordinator/messages")
    others.send("maria", "message.send", child=child, to=thread, text="Till båda flikarna")
    for page in (first.page, second):
        expect(page.locator(".bubble", has_text="Till båda flikarna").last).to_be_visible()
    first.page.close()
    others.send("maria", "message.send", child=child, to=thread, text="Till den som är kvar")
    expect(second.locator(".bubble", has_text="Till den som är kvar").last).to_be_visible()
    second.locator("textarea").fill("Från den som är kvar")
    second.locator("main button.primary").click()
    expect(
        second.locator(".bubble", has_text="Från den som är kvar").last.get_by_text(text("Sent", "ar"))
    ).to_be_visible()
