"""A thread with much in it: everything that is read is told to be read, each message once."""

from __future__ import annotations

from collections import Counter

from tests.browser.conftest import NewDevice
from tests.browser.device import said
from tests.browser.house import Others

MESSAGES = 12


def test_thread_tells_once_of_each_message_that_it_was_read(new_device: NewDevice, others: Others) -> None:
    """Not once more with every answer: three hundred of them once stopped the page."""
    child = others.documents("anna", "child")[0]["id"]
    for n in range(MESSAGES):
        others.send("anna", "message.send", child=child, text=f"Hej igen {n}")
    people = next(one for one in others.documents("maria", "child") if one["id"] == child)["people"]
    anna = next(one["relation"] for one in people if one["name"] == "Anna")
    maria = new_device("maria").open().go(f"/children/{child}/thread/{anna}")
    maria.shows(f"Hej igen {MESSAGES - 1}")
    unread = {
        one["id"] for one in others.documents("maria", "notice") if one["about"] == "message" and not one.get("read")
    }

    def told() -> Counter[str]:
        return Counter(one["args"]["notice"] for one in said(maria, "command") if one["name"] == "notice.read")

    maria.until(lambda: unread <= told().keys(), "all have been read")
    maria.until(
        lambda: not [one for one in others.documents("maria", "notice") if one["id"] in told() and not one.get("read")],
        "the server has heard it",
    )
    assert len(told()) >= MESSAGES and set(told().values()) == {1}
