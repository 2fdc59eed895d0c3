"""Term meetings as they are lived: planned, answered without a connection, moved, held, promised, done; and the figures."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.at_work import AtWork, Come
from tests.browser.device import PHONE, USUAL, Device, without_faults
from tests.browser.house import Others
from tests.browser.later import HERE, LaterServer
from tests.browser.test_leaving import with_code
from tests.browser.words import pattern, text

UUID = r"[0-9a-f-]{36}"


def drafted(lena: AtWork, who: str) -> AtWork:
    """The page where a day is chosen, for a draft with proposed days."""
    lena.go("/terms").well().link("Plan another term meeting").well().pill(who)
    lena.page.wait_for_url(re.compile(rf"/terms/{UUID}/plan$"))
    lena.ready()
    expect(lena.page.locator("label.choice", has_text="13.00").nth(1)).to_be_visible()
    return lena.well()


def promised(device: AtWork) -> Locator:
    """The row of what was promised at this meeting."""
    return device.page.locator(".row", has_text="Bjuda in ungdomsmottagningen").first


def instead(device: AtWork, name: str) -> Locator:
    """The pill that names who comes instead."""
    return device.page.get_by_role("group", name=text("Who comes instead?")).get_by_role("button", name=name)


def taken_out(device: AtWork) -> str:
    """What the file that takes the time out of the calendar says."""
    link = device.page.get_by_role("link", name=text("Take it out of the calendar"))
    expect(link).to_be_visible()
    href = str(link.get_attribute("href"))
    assert re.fullmatch(rf"/calendar/meeting/{UUID}\.ics", href), href
    answer = device.context.request.get(device.origin + href)
    assert answer.ok
    return answer.text()


def today_at(lena: AtWork, house: LaterServer, minutes: int) -> AtWork:
    """Another day than those proposed: today, so many minutes from now."""
    starts = (house.now() + timedelta(minutes=minutes)).astimezone(HERE)
    lena.choose("Another day")
    lena.page.locator("input[type=date]").first.fill(f"{starts:%Y-%m-%d}")
    lena.page.locator("input[type=time]").first.fill(f"{starts:%H:%M}")
    return lena


def planned(lena: AtWork) -> str:
    """Sent to everybody; its id."""
    lena.pill("Plan and tell everybody").sees("Everybody has been told").well()
    lena.follow("See the meeting")
    lena.page.wait_for_url(re.compile(rf"/terms/{UUID}$"))
    return lena.page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize("wide", [False, True], ids=["360x640", "1280x800"])
def test_a_term_meeting_from_the_first_draft_to_the_next_ones_beginning(
    come: Come, house: LaterServer, wide: bool
) -> None:
    lena, maria = come("lena", wide=wide), come("maria", wide=wide)
    desk = come("lena", wide=not wide)

    # Planned among proposed days, with the agenda there already and what was promised last time first.
    drafted(lena, "Everybody who holds a function")
    expect(lena.page.get_by_label(text("Point {n}", n=1)).last).to_have_value(text("What we promised last time"))
    today_at(lena, house, 20)
    lena.write("Address of the video meeting", "https://mote.example/termin")
    meeting = planned(lena)
    lena.well()

    # Answered where there is no connection: named in one press, kept, and gone through when it is back.
    maria.go(f"/terms/{meeting}").sees("Do you come?").well()
    maria.offline()
    maria.choose("No, my substitute").shows("Elin Sand").well()
    expect(maria.by_text("Your answer is sent. You can change it until the meeting.")).to_have_count(0)
    maria.tap(instead(maria, "Elin Sand"))
    maria.well().offline(False)
    for device in (lena, desk):
        device.go(f"/terms/{meeting}").shows(re.compile("Elin Sand"))
    maria.tap(instead(maria, text("Somebody else")))
    maria.write("The name of the one who comes", "Moa Kvarn").well().pill("Send")
    lena.shows(re.compile("Moa Kvarn"))

    # Moved: everybody is asked again.
    lena.pill("Move").ready().well()
    today_at(lena, house, 40)
    lena.pill("Move and tell everybody")
    lena.page.wait_for_url(re.compile(rf"/terms/{meeting}$"))
    expect(maria.page.get_by_text("Moa Kvarn")).to_have_count(0)
    maria.choose("Yes, by link").sees("Your answer is sent. You can change it until the meeting.")

    # Held: minutes written while the connection is gone, the page closed and opened, nothing lost.
    house.move(timedelta(minutes=45))
    lena.anew(f"/terms/{meeting}").well().follow("Write minutes and what was promised").well()
    lena.write("Notes from the meeting", "Vi sågs och listan stämmer.").pill("Write a promise")
    lena.write("What was promised?", "Bjuda in ungdomsmottagningen")
    lena.page.get_by_role("button", name=re.compile("Lillåns skola")).or_(
        lena.page.locator("label", has_text="Lillåns skola")
    ).first.click()
    lena.well().offline()
    lena.pill("Save and tell everybody")
    lena.offline(False)
    maria.anew(f"/terms/{meeting}").shows("Vi sågs och listan stämmer.").well()

    # The promise is the unit's task; what is done stands so when the next meeting begins.
    maria.go("/tasks").shows("Bjuda in ungdomsmottagningen").well()
    maria.pill("Done: {what}", what="Bjuda in ungdomsmottagningen")
    expect(maria.button("Done: {what}", what="Bjuda in ungdomsmottagningen")).to_have_count(0)
    maria.first("Undo").click()
    expect(maria.button("Done: {what}", what="Bjuda in ungdomsmottagningen")).to_be_visible()
    maria.go(f"/terms/{meeting}")
    expect(promised(maria)).not_to_contain_text(text("Done"))
    maria.go("/tasks").pill("Done: {what}", what="Bjuda in ungdomsmottagningen")
    expect(maria.first("Undo")).to_be_visible()
    maria.go(f"/terms/{meeting}")
    expect(promised(maria)).to_contain_text(text("Done"))
    drafted(lena, "Everybody who holds a function")
    following = planned(lena)
    lena.sees("What was promised last time").shows("Bjuda in ungdomsmottagningen")
    maria.go(f"/terms/{following}").shows("Bjuda in ungdomsmottagningen").sees("Done").well()

    # Called off: everybody hears of it, and no button is left.
    lena.go(f"/terms/{following}").pill("Cancel the meeting")
    lena.page.locator("dialog, [role=dialog]").get_by_role("button", name=text("Cancel the meeting")).click()
    lena.sees("The meeting is cancelled").well()
    maria.sees("The meeting is cancelled").well()
    expect(maria.page.get_by_text(text("Do you come?"))).to_have_count(0)
    for device in (lena, maria):
        assert "METHOD:CANCEL" in taken_out(device) and "STATUS:CANCELLED" in taken_out(device)


def test_the_network_of_buses_and_the_areas_own_school_days(come: Come, away: Others) -> None:
    lena, desk = come("lena"), come("lena", wide=True)
    lena.go("/terms/dates").well()
    spring = lena.page.locator(".card", has=lena.page.get_by_role("heading", name=re.compile("^Våren"))).first
    spring.get_by_role("button").click()
    day = spring.locator("input[type=date]").first.input_value()
    spring.locator("input[type=date]").first.fill(day[:8] + "11")
    lena.offline()
    spring.get_by_role("button", name=text("Save")).click()
    lena.well().offline(False)
    lena.sees("Your own days")
    desk.go("/terms/dates").sees("Your own days").well()
    drafted(lena, "The BUSE network")
    expect(lena.page.get_by_text(text("Who is needed?"))).to_have_count(0)
    planned(lena)
    lena.well()
    network = [one for one in away.documents("maria", "term_meeting") if one.get("network") == "buse"]
    newest = max(network, key=lambda one: str(one["id"]))
    assert newest["participants"] and all("buse" in one["functions"] for one in newest["participants"])


def test_status_as_a_table_and_on_paper_tells_no_more_than_the_screen(come: Come, away: Others, tmp_path: Path) -> None:
    lena = come("lena", wide=True, accept_downloads=True)
    lena.go("/area").sees("Promises kept").well()
    contacts = lena.page.locator(".kpi b").first.inner_text()
    lena.go("/contacts").sees("{n} contact", n=int(contacts)).go("/area").sees("Promises kept")
    lena.sees("The directory as it is now")
    lena.offline()
    lena.go("/area").well()
    lena.shows(pattern("The directory at the last connection, {when}"))
    with lena.page.expect_download() as got:
        lena.pill("Save as a table (CSV)")
    lena.offline(False)
    got.value.save_as(tmp_path / "figures.csv")
    raw = (tmp_path / "figures.csv").read_text(encoding="utf-8")
    assert raw.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(raw[1:]), delimiter=";"))
    heads = {row[0]: n for n, row in enumerate(rows) if row}
    figures = away.documents("lena", "area_figures")[0]
    assert rows[heads[text("Counted weekly, last")]][1] == figures["counted_on"]
    promises = rows[heads[text("Promises")] + 1 : heads[text("Times for advice")] - 1]
    assert promises and all(cell == text("not shown") or int(cell) >= 5 for row in promises for cell in row[1:])
    for row in promises:
        # A sum stands only beside all its parts.
        assert (text("not shown") in row[1:3]) == (row[3] == text("not shown"))
    lena.page.emulate_media(media="print")
    expect(lena.button("Print")).to_be_hidden()
    expect(lena.page.locator("nav").first).to_be_hidden()
    expect(lena.by_text("Promises kept")).to_be_visible()
    lena.page.emulate_media(media="screen")
    asked = lena.page.evaluate(
        "() => { let asked = 0; window.print = () => { asked += 1; globalThis.asked = asked; }; }"
    )
    assert asked is None
    lena.pill("Print")
    assert lena.page.evaluate("() => globalThis.asked") == 1


def test_a_unit_whose_buse_row_nobody_holds_is_named_red_and_counted_as_the_server_does(
    come: Come, away: Others, tmp_path: Path
) -> None:
    row = next(
        one for one in away.documents("lena", "function_contact")
        if one.get("badge") == "buse" and "holder" not in one.get("gap", ())
    )  # fmt: skip
    without = re.compile(r"^\d+ enhet(er)? saknar BUSE$")
    lena = come("lena", wide=True, accept_downloads=True).go("/area").well()
    named = lena.page.locator("section", has=lena.page.get_by_role("heading", name=without)).locator("a.row")
    expect(named.first).to_be_visible()
    before = all_of(lena, named)
    assert row["unit_name"] not in before
    away.send("lena", "directory.edit", function_contact=row["id"], holder=None, name_shown=None)
    lena.shows(re.compile(f"{len(before) + 1} enheter saknar BUSE")).well()
    after = all_of(lena, named)
    assert sorted(after) == sorted([*before, row["unit_name"]])
    expect(named.first.locator(".bad")).to_be_visible()
    with lena.page.expect_download() as got:
        lena.pill("Save as a table (CSV)")
    got.value.save_as(tmp_path / "figures.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "figures.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    told = next(cells for cells in rows if cells[:1] == [text("Units without BUSE")])
    assert (int(told[1]), sorted(told[2:])) == (len(after), sorted(after))
    named.filter(has_text=row["unit_name"]).click()
    lena.page.wait_for_url(re.compile(f"/contacts/{row['unit']}$"))


def all_of(lena: AtWork, rows: Locator) -> list[str]:
    """The titles of all rows, also of those that are folded away."""
    more = lena.page.get_by_role("button", name=re.compile(r"^Visa \d+ till$"))
    if more.count():
        more.first.click()
        expect(more).to_have_count(0)
    return [one.inner_text() for one in rows.locator("b").all()]


def test_a_calendar_address_is_shown_once_works_elsewhere_and_can_be_turned_off(come: Come) -> None:
    maria, other = come("maria"), come("maria", wide=True)
    maria.go("/settings").pill("Make a calendar address").sees("Here is your address").well()
    address = maria.page.get_by_label(text("The address")).input_value()
    assert re.fullmatch(rf"{re.escape(maria.origin)}/calendar/[A-Za-z0-9_-]{{43}}\.ics", address)
    answer = maria.context.request.get(address)
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/calendar")
    other.go("/settings").sees("Make a new address").well()
    expect(other.page.get_by_label(text("The address"))).to_have_count(0)
    other.pill("Turn off").pill("Turn it off")
    maria.sees("Make a calendar address")
    assert maria.context.request.get(address).status == 404
    maria.offline()
    expect(maria.button("Make a calendar address")).to_have_attribute("aria-disabled", "true")
    maria.offline(False)


def minutes_of(away: Others, meeting: str) -> str | None:
    found = next(one for one in away.documents("karin", "term_meeting") if one["id"] == meeting)
    return found.get("minutes_text")


def test_two_leads_write_the_minutes_and_neither_text_is_lost(
    come: Come, house: LaterServer, away: Others, chromium: Browser
) -> None:
    """Refused because somebody else has written meanwhile: one's own opens again beside what stands there now."""
    lena = come("lena", wide=True)
    drafted(lena, "Everybody who holds a function")
    today_at(lena, house, 5)
    meeting = planned(lena)
    school = next(one for one in away.documents("per", "unit") if one["name"].startswith("Lillåns"))["id"]
    made = away.send("per", "process_lead.invite", unit=school, name_shown="Asta Kvarn")
    with without_faults() as devices:
        settings: dict[str, Any] = {**USUAL, "viewport": PHONE}
        devices.append(Device(chromium.new_context(**settings), house.origin))
        asta = with_code(lambda: devices[0], made["result"]["code"])
        house.move(timedelta(minutes=10))
        lena.anew(f"/terms/{meeting}/minutes").write("Notes from the meeting", "Vi enades om en telefontid.")
        lena.pill("Write a promise").write("What was promised?", "Ny telefontid i listan").offline()
        lena.pill("Save and tell everybody")
        asta.open(f"/terms/{meeting}/minutes").write("Notes from the meeting", "Vi sågs allihop.")
        asta.press("Save and tell everybody")
        asta.until(lambda: minutes_of(away, meeting) == "Vi sågs allihop.", "Asta's minutes are there")

        lena.offline(False).sees("It could not be sent").shows("Vi sågs allihop.").well()
        lena.pill("Change").sees("What stands there now").shows("Vi sågs allihop.").well()
        own = lena.page.get_by_label(text("Notes from the meeting"))
        expect(own).to_have_value("Vi enades om en telefontid.")
        lena.go("/").go(f"/terms/{meeting}/minutes").sees("What stands there now")
        expect(own).to_have_value("Vi enades om en telefontid.")
        expect(lena.page.get_by_label(text("What was promised?"))).to_have_value("Ny telefontid i listan")
        lena.write("Notes from the meeting", "Vi sågs allihop och enades om en telefontid.").pill(
            "Save and tell everybody"
        )
        asta.shows("Vi sågs allihop och enades om en telefontid.").shows("Ny telefontid i listan")


def test_a_row_nobody_confirmed_for_half_a_year_is_a_task_and_one_press_confirms_it(
    come: Come, house: LaterServer
) -> None:
    """Last here: it puts the clock on by seven months."""
    house.move(timedelta(days=210))
    maria, desk = come("maria"), come("maria", wide=True)
    right = re.compile(f"^{re.escape(text('It is right'))}")
    maria.go("/tasks")
    expect(maria.page.get_by_role("button", name=right).first).to_be_visible(timeout=30_000)
    desk.go("/tasks")
    expect(desk.page.get_by_role("button", name=right).first).to_be_visible(timeout=30_000)
    maria.well()
    before = desk.page.get_by_role("button", name=right).count()
    maria.offline()
    maria.page.get_by_role("button", name=right).first.click()
    maria.well().offline(False)
    desk.until(lambda: desk.page.get_by_role("button", name=right).count() < before, "one less to confirm", 20)
    desk.go("/contacts").well()
