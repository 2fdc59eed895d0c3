"""The admin's work: reading in a list, inviting a colleague, and letting somebody go with everything they held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_S, PHONE, Device
from tests.browser.house import Others
from tests.browser.looks import LOOKS, clean, see_all
from tests.browser.made import passkeys
from tests.browser.words import text

WIDE = {"width": 1280, "height": 800}
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}[- ]?[0-9A-HJKMNP-TV-Z]{5}\b")
PEOPLE = "Namn;Titel;Enhet;Funktioner;Telefon;Kostnadsställe\r\n"


def chosen(device: Device, name: str, data: bytes) -> None:
    """Chooses a file and lets it be looked through."""
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    device.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    device.press("Look through the list")


def test_every_page_of_the_admin_in_every_look(new_device: NewDevice, others: Others) -> None:
    unit = next(one["id"] for one in others.documents("per", "unit") if one["name"].startswith("Lillåns"))
    told = others.send("per", "staff.invite", unit=unit, name_shown="Ylva Ek", title="Skolkurator", leads=True)
    pages = [
        "/",
        "/people",
        "/people/invite",
        "/import",
        f"/newcomers/{told['result']['newcomer']}",
        f"/contacts/{unit}",
    ]
    see_all(new_device("per"), [[*pages, "/more"]] * len(LOOKS))


def test_a_list_is_looked_through_before_it_is_kept(new_device: NewDevice) -> None:
    per = new_device("per").open()
    per.follow("Staff").follow("Read in a list").choose("People")
    lines = "Asta Kvarn;Kurator;Lillåns skola, elevhälsan;Skolkurator;070-174 06 98;1\r\n"
    lines += "=SUMMA(A1);Kurator;Ingen skola;flygare;12;\r\n"
    chosen(per, "personal.csv", (PEOPLE + lines).encode("windows-1252"))
    per.shows("Asta Kvarn").shows(text("Row {n}", n=3)).shows("Kostnadsställe")
    per.sees("You have no unit called “{value}”. Check the spelling, or read in the units first.", value="Ingen skola")
    per.sees("“{value}” is no phone number. Write it as 070-123 45 67.", value="12")
    clean(per)
    with per.page.expect_download() as fetched:
        per.press("The rows that are left out, as a file")
    left = Path(fetched.value.path()).read_text(encoding="utf-8-sig")
    assert "'=SUMMA(A1)" in left and "Ingen skola" in left
    per.press("Read in {what}", what="1 person")
    per.sees("It is done").follow("Done")
    per.sees("On their way").shows("Asta Kvarn")
    per.page.get_by_role("link", name="Asta Kvarn").click()
    per.ready().sees("Not invited yet").press("Make the invitation").sees("Give this to {name}", name="Asta Kvarn")


def test_a_list_with_identity_numbers_is_refused_whole(new_device: NewDevice) -> None:
    per = new_device("per").open("/import")
    per.choose("People")
    chosen(per, "personal.csv", b"Namn;Titel;Enhet;Personnummer\nKim;Kurator;X;811218-9876\n")
    per.sees("The list cannot be read in").sees("Nothing has been kept.")
    assert "811218" not in per.words()
    expect(per.button("Choose another file")).to_be_visible()


@pytest.mark.alone
def test_an_invited_colleague_works_and_leaves_again(new_device: NewDevice) -> None:
    """By the admin's invitation in, and out with everything: thrown out at once, everything erased."""
    per = new_device("per", viewport=WIDE).open("/people")
    per.follow("Invite somebody").ready()
    per.write("Search for a unit", "Lillåns")
    per.page.locator("label.choice", has_text="Lillåns skola, elevhälsan").first.click()
    per.write("Name", "Alma Torp").write("Job title", "Skolkurator").press("Coordinator").press("Make the invitation")
    per.sees("Give this to {name}", name="Alma Torp")
    expect(per.page.locator("img.qr")).to_be_visible()
    code = CODE.search(per.page.locator(".print-card").inner_text())
    assert code
    alma = new_device().open()
    alma.write("The code from the letter or the text message", code[0].lower()).press("Continue")
    passkeys(alma)
    alma.sees("One more step before you can work").press("Make a passkey on this device")
    expect(alma.by_text("One more step before you can work")).to_have_count(0)
    alma.go("/children/new").write("What shall we call the child here?", "Nova").write("Birthday", "2016-02-01")
    alma.press("Begin").page.wait_for_url(re.compile(r"/children/[0-9a-f-]{36}$"))
    per.go("/people").page.get_by_role("link", name="Alma Torp").click()
    per.ready().sees("This is what {name} holds", name="Alma Torp")
    per.page.locator("label.choice", has_text="Birgitta Falk").first.click()
    per.press("{name} leaves the unit", name="Alma Torp")
    per.press("Yes, {name} leaves", name="Alma Torp").sees("{name} has left the unit", name="Alma Torp")
    alma.until(lambda: alma.databases() == [], "everything is erased", AT_ONCE_S)


@pytest.mark.alone
@pytest.mark.parametrize(("who", "viewport"), [("Elin Sand", PHONE), ("Hanna Lilja", WIDE)], ids=["phone", "wide"])
def test_a_person_leaves_in_five_presses(
    new_device: NewDevice, others: Others, who: str, viewport: dict[str, int]
) -> None:
    per = new_device("per", viewport=viewport).open()
    key = who.split()[0].lower()
    leaver = new_device(key, "staff").open()
    per.follow("Staff")  # 1
    per.page.get_by_role("link", name=who).click()  # 2
    per.ready().sees("This is what {name} holds", name=who)
    page = per.page.evaluate("location.pathname")
    see_all(per, [[page]] * len(LOOKS))
    per.go(page).sees("This is what {name} holds", name=who)
    per.offline()
    per.sees("Who may see what is changed by the server, at once and for everybody.")
    expect(per.button("{name} leaves the unit", name=who)).to_have_attribute("aria-disabled", "true")
    per.offline(False)
    expect(per.by_text("Who may see what is changed by the server, at once and for everybody.")).to_have_count(0)
    per.page.locator("label.choice", has_text="Birgitta Falk").first.click()  # 3
    per.press("{name} leaves the unit", name=who)  # 4
    per.press("Yes, {name} leaves", name=who)  # 5
    per.sees("{name} has left the unit", name=who)
    leaver.until(lambda: leaver.databases() == [], "everything is erased", AT_ONCE_S)
    per.follow("Done")
    expect(per.page.get_by_text(who)).to_have_count(0)
    for document in others.documents("maria", "function_contact"):
        assert document.get("name") != who and who not in str(document.get("deputy"))
    told = [one["kind"] for one in others.documents("birgitta", "notice")]
    assert "successor" in told
