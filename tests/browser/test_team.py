"""Raising something to a team: with the family's yes or without a name, also cut off in the middle. Presses counted."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.at_work import AtWork, Come
from tests.browser.house import Others
from tests.browser.looks import LOOKS, see_all
from tests.browser.words import pattern, text

QUESTION = "Eleven orkar inte med morgnarna. Vem kan hjälpa till hemma?"
NAMED = "Hur kan vi hjälpa Maja att komma till skolan?"
FIELD = "What do you ask the team?"


def child(away: Others, name: str) -> str:
    return str(next(one["id"] for one in away.documents("maria", "child") if one["display_name"] == name))


def asked(away: Others, who: str, question: str) -> list[dict[str, Any]]:
    """As it is shown: of several rooms the one that says most."""
    away.documents(who, "team_case")
    return [dict(one) for one in away.client(who).copy.all("team_case") if one.get("question") == question]


def agrees(away: Others, name: str, *people: str) -> str:
    """The family says yes to the team by word of mouth, with those of it whom the child may be known by."""
    card = next(one for one in away.documents("maria", "child") if one["display_name"] == name)
    team = next(one for one in away.documents("maria", "team") if "Mariestad" in one["name"])
    own = next(one["unit"] for one in team["members"] if one["person"] == away.seat("maria"))
    made = away.send(
        "maria", "consent.record", child=card["id"], purpose="team", information_kinds=["child", "team"],
        to_units=[unit for unit in team["units"] if unit != own], people=[away.seat(who) for who in people], form="oral",
        answers={one["relation"]: "yes" for one in card["people"] if one["kind"] == "guardian"},
    )  # fmt: skip
    return str(made["result"]["consent"])


def to_raise(device: AtWork, *, wide: bool) -> AtWork:
    """From the home screen to the question of whom it is about: two presses."""
    (device.tab("SAMBU team") if wide else device.tab("More")).well()
    return device.link("Raise to the team").sees("Who is it about?").well()


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_a_question_without_a_name_reaches_the_team_in_six_presses(come: Come, away: Others, wide: bool) -> None:
    karin = come("karin", wide=not wide)
    question = f"{QUESTION} {'Datorn' if wide else 'Telefonen'} är avstängd."
    maria = to_raise(come("maria", wide=wide), wide=wide)
    maria.tap(maria.first("Without a name")).write(FIELD, question)
    maria.tap(maria.page.get_by_role("button", name="10–12")).pill("Who can help").well()
    maria.pill("Send to the team").counted(6)
    maria.shows(question).well()
    karin.shows("3 nya frågor till teamet").well().go("/team").well()
    [case] = asked(away, "karin", question)
    assert case["basis"] == "without_name" and not {"child", "consent"} & case.keys()
    karin.go(f"/team/cases/{case['id']}").shows(question).well()
    karin.tap(karin.page.get_by_role("button", name=pattern("Take it up {when}")))
    maria.until(lambda: asked(away, "maria", question)[0]["state"] == "scheduled", "the day is set")
    expect(maria.button("Take back")).to_have_count(0)


def test_those_who_have_waited_longest_stand_first(come: Come, away: Others) -> None:
    karin = come("karin").go("/team").well()
    waiting = sorted(away.documents("karin", "team_case"), key=lambda one: str(one["raised_at"]))
    places = [link.get_attribute("href") for link in karin.page.locator("a[href^='/team/cases/']").all()]
    assert places == [f"/team/cases/{one['id']}" for one in waiting]


@pytest.mark.parametrize(
    "written",
    ["Det gäller Lova Ek.", "En elev i 7B", "Klass 7 b på Lillåns skola", "811218-9876", "Ring 070-174 06 05"],
)
def test_the_device_warns_while_one_writes_and_holds_it_back(come: Come, written: str) -> None:
    maria = come("maria").go("/team/raise")
    maria.tap(maria.first("Without a name")).write(FIELD, written)
    maria.shows(pattern("It looks like {what}")).well()
    expect(maria.button("Send to the team")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_a_child_is_raised_from_its_page_and_only_those_named_see_it(come: Come, away: Others, wide: bool) -> None:
    name = "Otto" if wide else "Leo"
    question = f"Hur hjälper vi {name} på morgonen?"
    agrees(away, name, "karin")
    karin, jonas = come("karin", wide=wide), come("jonas", wide=wide)
    maria = come("maria", wide=wide).go(f"/children/{child(away, name)}").well()
    maria.taps = 2
    maria.link("Raise to the team").write(FIELD, question).pill("Plan together").well()
    maria.pill("Send to the team").counted(5).shows(question).well()
    [case] = asked(away, "karin", question)
    karin.go(f"/team/cases/{case['id']}").shows(question).sees("The family has said yes").well()
    jonas.go(f"/team/cases/{case['id']}").sees("You do not see who it is about").well()
    assert question not in jonas.words() and not asked(away, "jonas", question)
    maria.pill("Take back").sees("Take back the question?").well()
    maria.tap(maria.page.locator("dialog, [role=dialog]").get_by_role("button", name="Ta tillbaka"))
    karin.until(lambda: not asked(away, "karin", question), "it is gone")


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_cut_off_and_the_yes_withdrawn_meanwhile_the_draft_goes_on_without_a_name(
    come: Come, away: Others, wide: bool
) -> None:
    consent = agrees(away, "Maja", "karin")
    for one in away.documents("maria", "consent"):
        others = one["child"] == child(away, "Maja") and one["purpose"] == "team" and one["id"] != consent
        if others and one["state"] == "complete":
            away.send("maria", "consent.withdraw", consent=one["id"])
    question = f"{NAMED} Hon är trött {'på dagen' if wide else 'på kvällen'}."
    maria = come("maria", wide=wide).worker().go(f"/team/raise?child={child(away, 'Maja')}")
    maria.offline().write(FIELD, question).pill("Plan together").well()
    maria.shows(pattern("You are offline. It waits on this device. When it is sent, the server looks whether the family's yes"
                        " still holds.")).pill("Send to the team")  # fmt: skip
    maria.sees("Will be sent when you are online").well()
    away.send("maria", "consent.withdraw", consent=consent)
    maria.offline(False).sees("The family's yes no longer holds").well()
    assert not asked(away, "maria", question) and not asked(away, "karin", question)
    maria.link("Write it without a name").shows(pattern("It looks like {what}")).well()
    expect(maria.button("Send to the team")).to_have_attribute("aria-disabled", "true")
    maria.tap(maria.page.locator(".notice .btns").get_by_role("button").first).pill("Send to the team")
    maria.shows(question.replace("Maja", "eleven"))
    [case] = asked(away, "karin", question.replace("Maja", "eleven"))
    assert (case["basis"], case["age_band"]) == ("without_name", "13-15") and not {"child", "consent"} & case.keys()
    maria.go("/outbox").sees("Everything has been sent")


def test_withdrawn_while_one_writes_it_is_said_at_once_and_nothing_is_lost(come: Come, away: Others) -> None:
    consent = agrees(away, "Melvin", "karin")
    maria = come("maria").go(f"/team/raise?child={child(away, 'Melvin')}").write(FIELD, "Vem kan hjälpa hemma?")
    away.send("maria", "consent.withdraw", consent=consent)
    maria.sees("The family's yes no longer holds").well().pill("Write it without a name").well()
    expect(maria.page.get_by_label("Vad vill du fråga teamet?")).to_have_value("Vem kan hjälpa hemma?")
    maria.pill("Send to the team").shows("Vem kan hjälpa hemma?")
    assert [one["basis"] for one in asked(away, "karin", "Vem kan hjälpa hemma?")] == ["without_name"]


def test_without_a_yes_the_family_is_asked_with_the_team_filled_in(come: Come, away: Others) -> None:
    maria = (
        come("maria")
        .go(f"/team/raise?child={child(away, 'Noor')}")
        .sees("The family has not said yes to the team")
        .well()
    )
    maria.link("Ask the family").shows(pattern("Ask to share")).well()
    assert "for=team" in maria.page.url and away.seat("karin") in maria.page.url
    expect(maria.page.locator(".chip[aria-pressed='true']").first).to_be_visible()


def test_what_is_half_written_is_there_again(come: Come) -> None:
    maria = come("maria").go("/team/raise")
    maria.tap(maria.first("Without a name")).write(FIELD, QUESTION).pill("Support at home")
    maria.go("/").go("/team/raise")
    maria.tap(maria.first("Without a name"))
    expect(maria.page.get_by_label("Vad vill du fråga teamet?")).to_have_value(QUESTION)


def test_a_process_lead_forms_a_team_and_its_people_see_it(come: Come, away: Others) -> None:
    lena = come("lena", wide=True).tab("SAMBU team").link("Form a team").well()
    lena.write("What is the team called?", "SAMBU-team Töreboda")
    for name in ("Karin Vall", "Jonas Berg"):
        lena.write("Add somebody", name).tap(lena.page.get_by_role("button", name=name).first)
    lena.tap(lena.page.get_by_role("radio", name="Karin Vall").first)
    when = away.documents("lena", "team")[0]["sessions"][1]
    lena.write("First time", when[:10]).write("Begins", "09:30").pill("Form a team")
    lena.shows("SAMBU-team Töreboda").well()
    [team] = [one for one in away.documents("karin", "team") if one["name"] == "SAMBU-team Töreboda"]
    assert team["leaders"] == [away.seat("karin")] and team["at"] == "09:30" and len(team["units"]) == 2


def test_every_page_in_every_look(come: Come, away: Others) -> None:
    cases = [f"/team/cases/{one['id']}" for one in away.documents("karin", "team_case")]
    pages = [
        "/team",
        "/team/raise",
        f"/team/raise?child={child(away, 'Noor')}",
        f"/team/raise?child={child(away, 'Maja')}",
    ]
    see_all(come("karin"), [["/team", *cases[:2]]] * len(LOOKS))
    team = away.documents("lena", "team")[0]["id"]
    see_all(come("lena"), [["/team", "/team/new", f"/team/{team}/change"]] * len(LOOKS))
    lena = come("lena").open(f"/team/{team}/change")
    # Also when the app begins on this page, before anything is read: what stands in the form is the team.
    expect(lena.page.get_by_label(text("What is the team called?"))).not_to_have_value("")
    see_all(come("maria"), [pages] * len(LOOKS))
