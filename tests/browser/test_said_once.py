"""What waits for the network is not asked for once more: the way to do it is gone until it has been sent or taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.made import HERE, family
from tests.browser.words import text

WAITS = "Will be sent when you are online"


def day(ahead: int) -> str:
    return (datetime.now(HERE).date() + timedelta(days=ahead)).isoformat()


def test_a_promise_is_answered_once_without_a_network(new_device: NewDevice, others: Others) -> None:
    """It could be answered again and again, and all but the first were refused when the network came."""
    request = next(
        one for one in others.documents("maria", "contact_request") if one["state"] == "open" and one.get("child")
    )
    maria = new_device("maria").open().worker().go(f"/requests/{request['id']}").offline()
    no_time = maria.page.locator(".hero .btn.quiet").last
    expect(no_time).to_be_visible()
    maria.choose("We talked").press("Save")
    # Where the form stood, and so where one looks.
    expect(maria.by_text(WAITS)).to_be_in_viewport()
    expect(maria.button("Save")).to_have_count(0)
    maria.press("Undo")
    expect(maria.by_text(WAITS)).to_have_count(0)
    maria.choose("We talked").press("Save").sees(WAITS).offline(False)
    maria.sees("A wish to be called")
    assert text("It could not be sent") not in maria.words()


def test_today_asks_once_how_a_call_went(new_device: NewDevice, others: Others) -> None:
    maria = new_device("maria").open().worker().offline()
    maria.press("I have called").press("We talked").sees(WAITS)
    expect(maria.button("I have called")).to_have_count(0)
    maria.press("Undo").sees("I have called")
    maria.offline(False)


def test_a_check_in_is_saved_once_and_said_to_be(new_device: NewDevice, others: Others) -> None:
    """The words stayed in their field when they had been sent, and nothing was said."""
    wait = waiting(others)
    maria = new_device("maria").open().worker().go(f"/waiting/{wait}")
    maria.write("A few words to the family", "Vi hörs igen.").press("Save the check-in").sees("The check-in is saved")
    expect(maria.page.get_by_label(text("A few words to the family"))).to_have_value("")
    maria.offline().press("Save the check-in").sees(WAITS)
    expect(maria.button("Save the check-in")).to_have_count(0)
    maria.press("It has started")
    expect(maria.by_text("What has happened?")).to_have_count(0)
    maria.offline(False).sees("Has started")
    assert text("It could not be sent") not in maria.words()


def test_no_day_that_is_over_is_promised_to_those_who_wait(new_device: NewDevice, others: Others) -> None:
    """The day of the guarantee stood last, as one to come, after days that came later."""
    maria = new_device("maria").open(f"/waiting/{waiting(others, began=-130)}").sees("The limit of 90 days has passed")
    trail = maria.page.locator(".trail").inner_text()
    assert text("The day the care guarantee gives") not in trail
    assert trail.index(text("The limit of 90 days has passed")) < trail.index(text("You ask how it is"))


def waiting(others: Others, began: int = -10) -> str:
    """A card of a child that Maria coordinates."""
    made = family(others, "Nora")
    made.send(
        "waiting.open",
        child=made.child,
        unit_name="BUP",
        what="treatment",
        start_on=day(began),
        start_basis="referral_issued",
        next_check_in_on=day(14),
    )
    return str(made.documents("waiting")[0]["id"])


def test_somebody_says_once_that_they_are_away(new_device: NewDevice) -> None:
    maria = new_device("maria").open().worker().go("/away").offline()
    maria.write("Last day away", day(3)).press("Save").sees(WAITS)
    expect(maria.button("Save")).to_have_count(0)
    maria.press("Undo")
    expect(maria.button("Save")).to_be_visible()
