"""Somebody stops: a process lead, one seat of several, a whole coordination. And somebody who comes a second time."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from server.storage.sqlite import FILE
from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_S, Device
from tests.browser.house import Others, Server
from tests.browser.looks import LOOKS, clean, see_all
from tests.browser.made import HERE, family, known, passkeys
from tests.browser.words import ROOT, text

WIDE = {"width": 1280, "height": 800}
CODE = "The code from the letter or the text message"


def unit(others: Others, persona: str, begins: str) -> str:
    return str(next(one["id"] for one in others.documents(persona, "unit") if one["name"].startswith(begins)))


def wiped(device: Device) -> None:
    device.until(lambda: device.databases() == [], "everything is erased", AT_ONCE_S)


def with_code(new_device: NewDevice, code: str) -> Device:
    """A colleague who has come in by a code and made a passkey, as those who work must."""
    device = new_device().open()
    device.write(CODE, code).press("Continue")
    passkeys(device)
    device.sees("One more step before you can work").press("Make a passkey on this device")
    expect(device.by_text("One more step before you can work")).to_have_count(0)
    return device


@pytest.mark.parametrize("viewport", [None, WIDE], ids=["phone", "wide"])
def test_who_leads_and_administers_in_every_look(new_device: NewDevice, others: Others, viewport: Any) -> None:
    lena = others.seat("lena")
    area = next(one["area"] for one in others.documents("per", "unit"))
    options = {"viewport": viewport} if viewport else {}
    pages = ["/people", "/people/leaders", f"/people/leaders/{area}/{lena}"]
    see_all(new_device("per", **options), [pages] * len(LOOKS))


@pytest.mark.alone
def test_a_process_lead_leaves_when_somebody_else_leads(new_device: NewDevice, others: Others) -> None:
    lena, per = new_device("lena").open("/terms"), new_device("per").open()
    per.follow("Staff").follow("Process leads and admins").sees("You. Another admin can end this.")
    per.page.get_by_role("link", name="Lena Strand").click()
    per.ready().sees("First somebody else must lead {area}", area="Norra Skaraborg").follow("Invite somebody")
    expect(per.by_text("Process lead of an area")).to_be_visible()

    made = others.send("per", "process_lead.invite", unit=unit(others, "per", "Lillåns"), name_shown="Asta Kvarn")
    asta = with_code(new_device, made["result"]["code"])
    asta.go("/terms")
    per.go("/people/leaders").page.get_by_role("link", name="Lena Strand").click()
    per.ready().sees("{name} leaves. Who goes on?", name="Lena Strand").shows("Asta Kvarn")
    clean(per)
    per.offline().sees("Who may see what is changed by the server, at once and for everybody.")
    per.offline(False)
    expect(per.by_text("Who may see what is changed by the server, at once and for everybody.")).to_have_count(0)
    per.press("{name} leaves", name="Lena Strand").press("Yes, {name} leaves", name="Lena Strand")
    clean(per.sees("The others go on with everything"))
    wiped(lena)
    per.follow("Done")
    expect(per.page.get_by_text("Lena Strand")).to_have_count(0)
    asta.go("/").go("/tasks").shows("Boka lokal till nästa möte")


@pytest.mark.alone
def test_the_end_of_a_post_leaves_the_parent(new_device: NewDevice, others: Others) -> None:
    """Johan works at the school and is a guardian: his work ends, and his family's page stays where it is."""
    at_work, at_home = new_device("johan", "staff").open(), new_device("johan", "staff").open()
    # The one at home has been used for work too: what it holds of that lies there while it shows the family.
    at_home.go("/settings").page.get_by_role("button").filter(has_text=text("Guardian")).click()
    at_home.sees("Hi {name}", name="Johan")
    assert len(at_home.databases()) == 2
    school, seat = unit(others, "per", "Lillåns"), others.seat("johan")
    others.send("per", "person.leave", unit=school, person=seat, successor=others.seat("birgitta"))
    wiped(at_work)
    at_home.go("/meetings").go("/").sees("Hi {name}", name="Johan").shows("Tuvas samordnare")
    seats = at_home.context.request.get(f"{at_home.origin}/auth/me").json()["seats"]
    assert [one["kind"] for one in seats] == ["guardian"]
    at_home.open().sees("Hi {name}", name="Johan")
    at_home.until(lambda: len(at_home.databases()) == 1, "what was of the ended post is erased", AT_ONCE_S)


def test_a_closed_coordination_is_over_for_everybody_at_once(new_device: NewDevice, others: Others) -> None:
    noor = known(others, "Noor")
    people = {
        one["name"]: one["relation"]
        for one in others.documents("maria", "child")
        if one["id"] == noor.child
        for one in one["people"]
    }
    invited = [id for name, id in people.items() if name.startswith(("Noor", "Rana"))]
    on = (datetime.now(HERE) + timedelta(days=9)).strftime("%Y-%m-%dT14:00")
    noor.send("meeting.propose", child=noor.child, kind="network", starts_local=on, invited=invited, invite=True)
    clinic = unit(others, "maria", "UPH")
    noor.send(
        "consent.ask", child=noor.child, purpose="sip", information_kinds=["child"], to_units=[clinic], also_young=True
    )
    rana, young = new_device("rana").open(), new_device("noor").open()
    rana.sees("Next meeting").sees("{name} asks", name="Maria")
    young.sees("{name} asks", name="Maria")
    before = {persona: {one["id"] for one in others.documents(persona, "notice")} for persona in ("rana", "noor")}

    maria = new_device("maria").open(f"/children/{noor.child}/close")
    maria.write("Last word to the family", "Tack för att vi fick följa er.").press("Close the coordination")
    maria.sees("Questions about sharing end. Other units see nothing more.")
    clean(maria).press("Yes, close").sees("The coordination is closed")
    clean(maria)
    for device, persona in ((rana, "rana"), (young, "noor")):
        device.sees("This is ended").shows("Tack för att vi fick följa er.")
        device.sees("Whoever waits for care somewhere keeps the place there.")
        expect(device.by_text("{name} asks", name="Maria")).to_have_count(0)
        expect(device.page.get_by_role("link", name=text("Call {name}", name="Maria")).first).to_be_visible()
        clean(device)
        new = [one["kind"] for one in others.documents(persona, "notice") if one["id"] not in before[persona]]
        assert new == ["child_closed"]
    expect(rana.by_text("Next meeting")).to_have_count(0)
    expect(rana.by_text("While you wait")).to_have_count(0)
    expect(rana.by_text("You are invited to a meeting")).to_have_count(0)
    rana.go("/meetings").sees("Before")
    expect(rana.by_text("Ask for a meeting")).to_have_count(0)
    clean(rana.go("/coordinator"))
    expect(rana.by_text("Ask {name} to call you", name="Maria")).to_have_count(0)


@pytest.mark.parametrize("by", ["code", "link"])
def test_who_has_samled_already_stays_one_person(new_device: NewDevice, others: Others, by: str) -> None:
    """Signed out, with a second invitation in hand: who they are first, and then one more place of the same person."""
    told = others.send(
        "per", "staff.invite", unit=unit(others, "per", "Lillåns"), name_shown="Siv Alm", title="Kurator"
    )
    siv = with_code(new_device, told["result"]["code"])
    account = siv.context.request.get(f"{siv.origin}/auth/me").json()["account"]
    siv.go("/settings").press("Sign out")
    siv.page.locator("dialog").get_by_role("button", name=text("Sign out"), exact=True).click()
    siv.sees("Have you got an invitation?")
    made = family(others, "Vilja", deputy=None)
    invitation = made.send("guardian.invite", child=made.child, name_shown="Siv")
    if by == "code":
        siv.press("I have Samled already").sees("Write all ten letters and digits of the code")
        clean(siv.write(CODE, invitation["code"]))
    else:
        siv.open(invitation["link"].removeprefix(siv.origin))
        siv.sees("Have you used Samled before?")
    siv.press("I have Samled already").sees("Sign in first")
    clean(siv).press("Sign in with passkey").sees("You are signed in as {name}.", name="Siv Alm")
    clean(siv).press("Add it to my Samled").sees("Hi {name}", name="Siv").shows("Viljas samordnare")
    me = siv.context.request.get(f"{siv.origin}/auth/me").json()
    assert me["account"] == account and sorted(one["kind"] for one in me["seats"]) == ["guardian", "staff"]


def test_an_invitation_that_opens_nothing_leaves_somebody_known_where_they_were(
    new_device: NewDevice, others: Others
) -> None:
    told = others.send(
        "per", "staff.invite", unit=unit(others, "per", "Lillåns"), name_shown="Ylle Ek", title="Kurator"
    )
    ylle = with_code(new_device, told["result"]["code"])
    ylle.go("/settings").press("Sign out")
    ylle.page.locator("dialog").get_by_role("button", name=text("Sign out"), exact=True).click()
    ylle.write(CODE, "AAAAA-BBBBB").press("I have Samled already").press("Back")
    expect(ylle.page.get_by_label(text(CODE))).to_have_value("AAAAABBBBB")
    ylle.press("I have Samled already").sees("Sign in first").press("Sign in with passkey")
    ylle.press("Add it to my Samled")
    ylle.sees("That did not work. Check what you wrote, or ask the person who invited you.")
    clean(ylle).follow("Go to my Samled")
    expect(ylle.page.get_by_role("link", name=text("Children")).locator("visible=true").first).to_be_visible()
    # The browser tells the refusal by itself.
    ylle.faults.remove(next(one for one in ylle.faults if "404" in one and "/auth/invitation/redeem" in one))


@pytest.mark.alone
def test_an_admin_leaves_when_there_is_another(new_device: NewDevice, server: Server) -> None:
    """The last one here: after it nobody else needs Per."""
    with closing(sqlite3.connect(server.data / FILE)) as database:
        (organisation,) = database.execute("SELECT aggregate_id FROM record WHERE entity = 'admin'").fetchone()
    invite = [*server.command, "invite", "admin", "--name", "Ulla Ek", "--organisation", organisation, "--json"]
    settings = {"SAMLED_PORT": str(server.port), "SAMLED_DATA": str(server.data), "SAMLED_DEMO": "1"}
    said = subprocess.run(invite, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    per, ulla = new_device("per").open("/people"), with_code(new_device, json.loads(said.stdout)["code"])
    ulla.go("/people/leaders").page.get_by_role("link", name="Per Hammar").click()
    clean(ulla.ready().sees("{name} leaves. Who goes on?", name="Per Hammar"))
    expect(ulla.page.locator("main").get_by_text("Ulla Ek")).to_be_visible()
    ulla.press("{name} leaves", name="Per Hammar").sees("Does {name} stop being an admin?", name="Per Hammar")
    ulla.press("Yes, {name} leaves", name="Per Hammar")
    clean(ulla.sees("{name} is no longer an admin", name="Per Hammar"))
    wiped(per)
    ulla.go("/people").shows("Maria Ekdahl")
