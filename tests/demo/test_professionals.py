"""What professionals have among themselves: the directory, term meetings, tasks, lines, figures. About no child."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from server.demo.terms import coming_day, last_day
from server.demo.world import UNITS
from server.domain.instants import local_date, to_text
from server.domain.term_meetings import avoid
from server.domain.terms import current_term
from server.push import plan
from server.settings import PUSH_SERVICES
from tests.demo.seen import Seen


async def test_the_admin_sees_the_units_of_the_organisation_and_no_child(seen: Seen) -> None:
    own = {plan.name for plan in UNITS if plan.organisation == "Mariestad"}
    assert {one["name"] for one in await seen.docs("per", "unit")} == own and len(own) == 3
    assert {one["unit_name"] for one in await seen.docs("per", "function_contact")} == own
    people = await seen.docs("per", "staff")
    assert {"Maria Ekdahl", "Karin Vall"} <= {one["name"] for one in people}
    assert "Jonas Berg" not in {one["name"] for one in people} and await seen.docs("per", "child") == []


async def test_directory(seen: Seen) -> None:
    contacts = {one["id"]: one for one in await seen.everything("function_contact")}
    today = local_date(seen.now).isoformat()
    assert len(contacts) == 140 and {one["unit_name"] for one in contacts.values()} == {one.name for one in UNITS}
    stale = [one for one in contacts.values() if one["check_after"] < today]
    assert 5 <= len(stale) <= 20
    gaps = Counter(gap for one in contacts.values() for gap in one.get("gap", ()))
    assert gaps["holder"] == 1 and 1 <= gaps["deputy"] <= 4
    badges = [one for one in contacts.values() if one.get("badge") == "buse"]
    assert len({one["unit"] for one in badges}) == len(badges) == 9 and all("name" in one for one in badges)
    north = await seen.docs("lena", "function_contact")
    assert {one["unit_name"] for one in north if one["id"] in {old["id"] for old in stale}}
    assert {one["id"] for one in await seen.docs("outsider", "function_contact")}.isdisjoint(one["id"] for one in north)


async def test_who_teaches_sip_who_takes_in_and_who_leads_alone_are_found(seen: Seen) -> None:
    rows = {one["id"]: one for one in await seen.everything("function_contact")}
    found = Counter(one["function"] for one in rows.values())
    assert (found["sip_trainer"], found["intake"], found["unit_manager"]) == (12, 7, 9)


async def test_the_same_time_booked_twice_offline(seen: Seen) -> None:
    """Two devices, one time: the second hears of two others, and has taken one of them in one go."""
    answers = [json.loads(answer) for (answer,) in await seen.rows("SELECT answer FROM receipt")]
    won, lost, instead = sorted(answers, key=lambda one: (one["n"], "code" in one))
    assert lost["code"] == "taken" and len(lost["data"]["alternatives"]) == 2
    assert "code" not in won and "code" not in instead
    [own] = [one for one in await seen.docs("hanna", "booking") if one["state"] == "booked"]
    assert own["slot"] == lost["data"]["alternatives"][0] and own["starts_at"] > to_text(seen.now)


async def test_phones_some_of_them_dead(seen: Seen) -> None:
    count = "SELECT count(*) FROM push_subscription WHERE dead_at IS"
    assert (await seen.value(f"{count} NULL"), await seen.value(f"{count} NOT NULL")) == (144, 6)
    [phone] = await seen.docs("elin", "device")
    assert phone["push"] == "dead"
    for (endpoint,) in await seen.rows("SELECT endpoint FROM push_subscription"):
        assert not plan.allowed_endpoint(endpoint, PUSH_SERVICES, local=False)  # nothing is ever sent there


async def test_buse_counts_without_reasons(seen: Seen) -> None:
    [own] = [one for one in await seen.docs("maria", "function_contact") if one.get("tally")]
    assert (own["name"], own["badge"]) == ("Maria Ekdahl", "buse")
    assert sum(week["count"] for week in own["tally"]) == 8
    told = {one["unit_name"]: one for one in await seen.docs("lena", "contact_tally")}
    assert len(told) == 2 and "total" not in told["BUP Skaraborg"]


async def test_term_meetings_of_the_north(seen: Seen) -> None:
    today = local_date(seen.now).isoformat()
    everybody = [one for one in await seen.docs("maria", "term_meeting") if "network" not in one]
    held, coming = sorted(everybody, key=lambda one: str(one["starts_at"]))
    assert held["state"] == "held" and held["minutes_text"] and held["term"] != coming["term"]
    assert [(one["done"], one["by_on"] < today) for one in held["action_points"]] == [
        (True, True), (False, True), (False, False),
    ]  # fmt: skip
    assert coming["state"] == "planned" and coming["promised_last_time"]
    ahead = date.fromisoformat(coming["starts_local"][:10]) - local_date(seen.now)
    assert timedelta(days=19) <= ahead <= timedelta(days=24)
    assert coming["missing_functions"] == ["school_doctor"]
    answers = Counter(one["answer"] for one in coming["participants"])
    assert set(answers) == {"none", "yes", "no", "digital", "substitute"}
    assert [one["substitute"] for one in coming["participants"] if one["name"] == "Birgitta Falk"] == ["Johan Nyström"]
    mine = {one["who"]: one["answer"] for one in coming["participants"]}
    assert (mine[seen.seat("maria")], mine[seen.seat("jonas")]) == ("none", "yes")


async def test_the_network_of_buses_meets_twice_a_term(seen: Seen) -> None:
    network = [one for one in await seen.docs("maria", "term_meeting") if one.get("network") == "buse"]
    assert network and {one["state"] for one in network} <= {"planned", "held"}
    assert all("buse" in person["functions"] for one in network for person in one["participants"])


async def test_drafts_stay_with_those_who_lead(seen: Seen) -> None:
    drafts = [one for one in await seen.everything("term_meeting") if one["state"] == "draft"]
    areas = {one["name"]: one["id"] for one in await seen.everything("area")}
    everybody = [one for one in drafts if "network" not in one]
    [west] = [one for one in everybody if one["area"] == areas["Göteborgsområdet"]]
    assert len(west["proposals"]) == 3 and west["proposals"][0] > to_text(seen.now)
    assert areas["Norra Skaraborg"] not in {one["area"] for one in everybody}
    assert await seen.docs("outsider", "term_meeting") == []


async def test_tasks(seen: Seen) -> None:
    today = local_date(seen.now).isoformat()
    own = await seen.docs("maria", "task")
    assert {one["state"] for one in own} == {"open", "done"}
    late = [one for one in own if one["state"] == "open" and one.get("by_on", today) < today]
    assert [one["kind"] for one in late] == ["other"]
    every = await seen.everything("task")
    assert {one["kind"] for one in every} == {"directory", "term_action", "plan_term", "other"}
    assert {one["state"] for one in every if one["kind"] == "directory"} == {"open", "done"}
    assert [one["what"] for one in await seen.docs("lena", "task") if one["kind"] == "other"]


async def test_open_hour_and_wish(seen: Seen) -> None:
    [hour] = await seen.docs("maria", "open_hour")
    assert (hour["unit_name"], hour["waiting"]) == ("BUP Skaraborg", 2) and hour["starts_at"] > to_text(seen.now)
    [place] = await seen.docs("johan", "open_hour_place")
    assert (place["state"], place["ahead"], place["mine"]) == ("waiting", 0, True) and "join_url" not in place
    assert await seen.docs("maria", "open_hour_place") == []
    [wish] = await seen.docs("karin", "slot_wish")
    assert wish["state"] == "waiting" and wish["question"]
    assert await seen.docs("maria", "slot_wish") == []


async def test_teams(seen: Seen) -> None:
    teams = {one["name"]: one for one in await seen.docs("maria", "team")}
    assert teams.keys() == {"SAMBU-team Mariestad", "Ledningsteam Norra Skaraborg"}
    team = teams["SAMBU-team Mariestad"]
    people = [one["person"] for one in team["members"]]
    assert team["leaders"] == [seen.seat("karin")] and {seen.seat("maria"), seen.seat("jonas")} <= set(people)
    assert team["sessions"][0] > to_text(seen.now)[:10] and team["units"] == [one["unit"] for one in team["members"]]
    assert {seat.label for key in ("karin", "maria") for seat in seen.personas[key].seats} == {
        "Leder SAMBU-team Mariestad", "Skolkurator, med i SAMBU-team Mariestad",
    }  # fmt: skip
    whole: dict[str, dict[str, Any]] = {}
    for one in await seen.docs("karin", "team_case"):
        whole[one["id"]] = whole.get(one["id"], {}) | one
    named, *nameless = sorted(whole.values(), key=lambda one: str(one["basis"]))
    assert named["basis"] == "consent" and (await seen.child("maria", "Vilma"))["id"] == named["child"]
    assert sorted(one["state"] for one in nameless) == ["raised", "scheduled"]
    assert not any("child" in one or "consent" in one for one in nameless)
    [own] = await seen.docs("johan", "team_case")
    assert own["withdrawable"] and own["mine"] and own["id"] in {one["id"] for one in nameless}
    assert await seen.docs("elin", "team_case") == await seen.docs("lena", "team_case") == []
    assert len(await seen.everything("team")) == 4


async def test_figures_are_counted(seen: Seen) -> None:
    [figures] = await seen.docs("lena", "area_figures")
    assert local_date(seen.now) - date.fromisoformat(figures["counted_on"]) <= timedelta(days=7)
    assert figures["directory"]["rows"] > 40 and figures["directory"]["stale"] > 0
    assert 0 < figures["units"]["without_buse"] < figures["units"]["all"]
    everybody = [one["state"] for one in figures["terms"] if "network" not in one]
    assert figures["functions_missing"] == ["school_doctor"] and everybody == ["held", "planned"]
    assert figures["since"] and figures["promises"][-1]["unit"] == "all" and figures["times"]
    # Of each area that somebody leads: the pilot in the west has nobody yet.
    assert len(await seen.everything("area_figures")) == 2


@pytest.mark.parametrize("year", range(2025, 2037))
def test_term_days_on_any_day(year: int) -> None:
    """The coming meeting lies in a term and not in a break; last term's was held, and its promises can be late."""
    for n in range(365):
        today = date(year, 1, 1) + timedelta(days=n)
        coming = coming_day(today)
        last, held = last_day(coming)
        assert current_term(coming) is not None and avoid(coming) is None and coming >= today + timedelta(weeks=3)
        assert last.starts_on <= held <= last.ends_on and timedelta(days=8) <= today - held <= timedelta(days=215)
