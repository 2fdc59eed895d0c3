"""Everybody one can sign in as has what the screens and the outside tests rely on."""

from __future__ import annotations

from datetime import timedelta

from server.domain.instants import to_text
from tests.demo.seen import Seen

FIXED = {
    "anna": ["guardian"], "omar": ["guardian"], "samira": ["guardian"], "noor": ["young_person"], "maria": ["staff"],
    "johan": ["staff", "guardian"], "jonas": ["staff"], "karin": ["staff"], "lena": ["process_lead"], "per": ["admin"],
    "outsider": ["staff"],
}  # fmt: skip


async def test_fixed_keys_come_first(seen: Seen) -> None:
    assert list(seen.personas)[: len(FIXED)] == list(FIXED)
    assert {key: [seat.kind for seat in seen.personas[key].seats] for key in FIXED} == FIXED
    assert len({seat.id for one in seen.personas.values() for seat in one.seats}) == sum(
        len(one.seats) for one in seen.personas.values()
    )


async def test_elsa(seen: Seen) -> None:
    now = to_text(seen.now)
    jonas = seen.seat("jonas")
    [card] = await seen.docs("anna", "coordinator")
    assert (card["name"], card["deputy"]["name"]) == ("Maria Ekdahl", "Johan Nyström")
    consents = await seen.of_child("maria", "Elsa", "consent")
    whole = next(one for one in consents if one["state"] == "complete")
    assert whole["to_units"][0]["name"] == "UPH Norra Skaraborg" and whole["people"][0]["person"] == jonas
    assert set(whole["information_kinds"]) == {"child", "meeting", "waiting"}
    assert [one["state"] for one in consents] == ["complete", "asked"]
    for guardian in ("anna", "omar"):
        assert sorted(one["state"] for one in await seen.docs(guardian, "consent")) == ["asked", "shared"]
    past, coming = sorted(await seen.of_child("maria", "Elsa", "meeting"), key=lambda one: str(one["starts_at"]))
    assert past["state"] == "held" and len(past["decisions"]) == 3 and past["decisions"][0]["done"]
    assert coming["starts_at"] > now and coming["staff"] == [seen.seat("maria"), jonas] and len(coming["invited"]) == 1
    for key in ("anna", "maria", "jonas"):
        assert coming["id"] in {one["id"] for one in await seen.docs(key, "meeting")}
    assert coming["id"] not in {one["id"] for one in await seen.docs("omar", "meeting")}
    [open_one] = [one for one in await seen.docs("anna", "contact_request") if one["state"] == "open"]
    assert open_one["due_at"] > now and "escalated_at" not in open_one
    [wait] = await seen.docs("anna", "waiting")
    assert wait["unit_name"] == "BUP Skaraborg" and wait["next_check_in_on"] > now[:10]
    assert len(await seen.docs("anna", "support_measure")) == 2
    assert {one["from_family"] for one in await seen.docs("anna", "message")} == {True, False}
    assert len(await seen.docs("anna", "access_entry")) == 2
    assert "Elsa" in {one["display_name"] for one in await seen.docs("jonas", "child")}


async def test_noor(seen: Seen) -> None:
    now = to_text(seen.now)
    [child] = await seen.docs("noor", "child")
    assert (child["display_name"], child["age_band"]) == ("Noor", "13-15")
    assert await seen.of_child("maria", "Noor", "consent") == []
    past, coming = sorted(await seen.docs("noor", "meeting"), key=lambda one: str(one["starts_at"]))
    assert past["state"] == "held" and now < coming["starts_at"] < to_text(seen.now + timedelta(days=7))
    assert coming["words_reach"]["coordinator"]
    [voice] = await seen.docs("noor", "voice")
    assert voice["meeting"] == past["id"] and voice["say"].keys() == {"good", "hard", "want", "not_want"}


async def test_samira(seen: Seen) -> None:
    assert await seen.value("SELECT language FROM account WHERE id = $1", seen.personas["samira"].account) == "ar"
    assert [one["language"] for one in await seen.docs("samira", "settings")] == ["ar"]
    [child] = await seen.docs("samira", "child")
    assert child["languages"] == ["ar", "sv"] and child["display_name"] == "Yusuf"
    coming = [one for one in await seen.docs("samira", "meeting") if one["starts_at"] > to_text(seen.now)]
    assert [one["interpreter"] for one in coming] == ["Arabiska"]
    assert len(await seen.docs("samira", "waiting")) == 1


async def test_johan_is_staff_and_guardian_and_neither_sees_the_other(seen: Seen) -> None:
    [child] = await seen.docs("johan", "child", 1)
    assert child["display_name"] == "Tuva"
    [card] = await seen.docs("johan", "coordinator", 1)
    assert card["name"] == "Elin Sand" and card["deputy"]["name"] == "Hanna Lilja"
    for key in ("johan", "maria"):
        assert "Tuva" not in {one["display_name"] for one in await seen.docs(key, "child")}
    assert {"Elsa", "Noor"} <= {one["display_name"] for one in await seen.docs("johan", "child")}


async def test_slots_of_jonas(seen: Seen) -> None:
    start, end, jonas = to_text(seen.now), to_text(seen.now + timedelta(days=14)), seen.seat("jonas")
    for key in ("maria", "johan", "karin"):
        coming = [one for one in await seen.docs(key, "slot") if start < one["starts_at"] < end]
        assert len([one for one in coming if one["consultant"] == jonas and one["state"] == "open"]) >= 6
    booked = [one for one in await seen.docs("maria", "booking") if one["state"] == "booked"]
    assert [one["starts_at"] > start and one["mine"] for one in booked] == [True]
    assert booked[0]["id"] in {one["id"] for one in await seen.docs("jonas", "booking")}


async def test_leaders_admin_and_outsider(seen: Seen) -> None:
    functions = await seen.value("SELECT body FROM record WHERE id = $1", seen.seat("karin"))
    assert '"team_leader"' in functions
    assert [one["name"] for one in await seen.docs("lena", "area")] == ["Norra Skaraborg"]
    kind, organisation = (await seen.rows("SELECT kind, organisation_id FROM seat WHERE id = $1", seen.seat("per")))[0]
    assert kind == "admin" and organisation
    assert await seen.docs("outsider", "child") == [] and await seen.docs("outsider", "slot") != []
    held = await seen.rows(
        "SELECT s.name FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE g.seat_id = $1", seen.seat("outsider")
    )
    assert held and not any(name.startswith(("child:", "consent:")) for (name,) in held)
