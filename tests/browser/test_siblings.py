"""One guardian, two children: one seat, both in the same place, and each page about the child it is opened for."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.words import text


def invited(others: Others, child: str, name: str, by: str = "code") -> str:
    """The code, or the link, that Maria is told."""
    ack: dict[str, Any] = others.send("maria", "guardian.invite", child=child, name_shown=name)
    return str(ack["result"][by])


def opened(others: Others, name: str) -> str:
    ack = others.send("maria", "child.open", display_name=name, turns_18_on="2034-05-01", person=others.seat("maria"))
    return str(ack["result"]["child"])


def test_a_second_child_is_added_to_the_same_guardian(new_device: NewDevice, others: Others) -> None:
    first, second = opened(others, "Isa"), opened(others, "Melker")
    rut = new_device().open()
    rut.write("The code from the letter or the text message", invited(others, first, "Rut")).press("Continue")
    rut.sees("Hi {name}", name="Rut")
    rut.go("/settings").follow("I have got one more invitation")
    rut.write("The code from the letter or the text message", invited(others, second, "Rut")).press("Continue")
    rut.sees("Hi {name}", name="Rut")
    who = rut.page.get_by_role("group", name=text("Who is it about?"))
    expect(who.get_by_role("button")).to_have_count(2)
    assert len(rut.context.request.get(f"{rut.origin}/auth/me").json()["seats"]) == 1
    clean(rut)

    relation = next(
        person["relation"]
        for child in others.documents("maria", "child")
        if child["id"] == second
        for person in child["people"]
    )
    who.get_by_role("button", name="Isa").click()
    others.send("maria", "message.send", child=second, to=relation, text="Hej Rut, det gäller Melker")
    rut.page.get_by_role("link", name=text("A new message")).first.click()
    rut.shows("det gäller Melker")


def test_a_link_opened_by_somebody_who_is_signed_in_is_added_to_them(new_device: NewDevice, others: Others) -> None:
    rut = new_device().open()
    rut.write("The code from the letter or the text message", invited(others, opened(others, "Isa"), "Rut"))
    rut.press("Continue").sees("Hi {name}", name="Rut")
    link = invited(others, opened(others, "Alvar"), "Rut", by="link")
    rut.open(link.removeprefix(rut.origin)).sees("You are signed in as {name}.", name="Rut")
    clean(rut)
    assert link.rsplit("#")[1] not in rut.page.url
    rut.press("Add it to my Samled").sees("Hi {name}", name="Rut")
    expect(rut.page.get_by_role("group", name=text("Who is it about?")).get_by_role("button")).to_have_count(2)
