"""Every edge that has to exist can be found in the documents."""

from __future__ import annotations

from datetime import timedelta

from server.domain.calendar import add_months
from server.domain.instants import local_date, to_text
from tests.demo.seen import Seen


async def test_separated_guardians_answer_differently(seen: Seen) -> None:
    [consent] = await seen.of_child("maria", "Alva", "consent")
    assert consent["state"] == "refused"
    assert {party["name"]: party["answer"] for party in consent["required_parties"]} == {"David": "yes", "Klara": "no"}
    for key, own in (("david", "yes"), ("klara", "no")):
        [mine] = await seen.docs(key, "consent")
        assert (mine["answer"], mine["state"]) == (own, "not_shared") and "required_parties" not in mine


async def test_protected_identity(seen: Seen) -> None:
    [circle] = await seen.docs("johan", "protection")
    assert circle["alias"] == "Kim" and len(circle["people"]) == 3
    child = await seen.child("maria", "Kim")
    assert child["protected"] is True
    stores = await seen.rows("SELECT store FROM scope WHERE name LIKE $1", f"child:{child['id']}:%")
    assert {store for (store,) in stores} <= {"keep", "memory"} and ("memory",) in stores
    shown = await seen.everything("child")
    assert "Nova" not in {one["display_name"] for one in shown}


async def test_siblings_with_one_guardian(seen: Seen) -> None:
    names = sorted(str(child["display_name"]) for child in await seen.docs("sofia", "child"))
    assert names == ["Ebba", "Wilmer"] and len(seen.personas["sofia"].seats) == 1


async def test_birthdays_tomorrow(seen: Seen) -> None:
    tomorrow = local_date(seen.now) + timedelta(days=1)
    assert (await seen.child("maria", "Melvin"))["turns_13_on"] == tomorrow.isoformat()
    alex = await seen.child("johan", "Alex")
    assert alex["turns_18_on"] == tomorrow.isoformat()
    assert (await seen.child("maria", "Melvin"))["turns_18_on"] == add_months(tomorrow, 60).isoformat()
    assert await seen.docs("alex", "child") and await seen.docs("anders", "child")


async def test_coordinator_on_leave_and_coordinator_being_named(seen: Seen) -> None:
    [card] = await seen.docs("tobias", "coordinator")
    assert card["away_until"] > to_text(seen.now)[:10] and card["deputy"]["name"] == "Maria Ekdahl"
    [card] = await seen.docs("pontus", "coordinator")
    assert card["state"] == "being_named" and card["answers_by"] >= to_text(seen.now)[:10]
    assert "Lova" in {one["display_name"] for one in await seen.docs("birgitta", "child")}


async def test_limits_run_out(seen: Seen) -> None:
    today = local_date(seen.now)
    [placement] = await seen.of_child("maria", "Leo", "meeting")
    assert placement["kind"] == "placement" and placement["invited_on"] == (today - timedelta(days=4)).isoformat()
    assert "late" not in placement and placement["id"] in {one["id"] for one in await seen.docs("karin", "meeting")}
    [hugo] = await seen.of_child("maria", "Hugo", "meeting")
    assert hugo["invited_on"] == (today - timedelta(days=20)).isoformat() and "late" not in hugo
    assert hugo["due_on"] == (today + timedelta(days=1)).isoformat()


async def test_family_without_a_smartphone(seen: Seen) -> None:
    child = await seen.child("maria", "Stina")
    assert [(one["name"], one["state"]) for one in child["people"]] == [("Gun-Britt", "invited")]
    [consent] = await seen.of_child("maria", "Stina", "consent")
    assert (consent["form"], consent["state"]) == ("written", "complete")
    live = await seen.value(
        "SELECT count(*) FROM invitation WHERE aggregate_id = $1 AND used_at IS NULL AND expires_at > $2",
        child["id"],
        to_text(seen.now),
    )
    assert live == 1


async def test_staff_in_two_units(seen: Seen) -> None:
    units = [
        (await seen.rows("SELECT unit_id FROM seat WHERE id = $1", seat.id))[0] for seat in seen.personas["tove"].seats
    ]
    assert len(set(units)) == 2


async def test_promises_not_kept(seen: Seen) -> None:
    answered, waiting = sorted(await seen.docs("camilla", "contact_request"), key=lambda one: str(one["asked_at"]))
    assert answered["state"] == "answered" and answered["answered_by"] == "Maria Ekdahl"
    assert waiting["state"] == "open" and waiting["due_at"] < to_text(seen.now) and waiting["tried_at"]
    for one in (answered, waiting):
        assert "Maria Ekdahl" in one["escalated_to"] and "Birgitta Falk" in one["escalated_to"]


async def test_languages(seen: Seen) -> None:
    for key, language in (("hodan", "so"), ("oksana", "uk"), ("paivi", "fi"), ("samira", "ar")):
        account = seen.personas[key].account
        assert await seen.value("SELECT language FROM account WHERE id = $1", account) == language
        assert (await seen.docs(key, "child"))[0]["languages"][0] == language


async def test_it_got_worse(seen: Seen) -> None:
    [wait] = await seen.of_child("maria", "Maja", "waiting")
    assert wait["worse_reports"][0]["name"] == "Helena" and wait["worse_reports"][0]["what"] == ["sleep", "school"]
    [own] = await seen.docs("helena", "waiting")
    assert own["worse"] == ["sleep", "school"]
    assert "worse" not in (await seen.docs("maja", "waiting"))[0]


async def test_consents_taken_back_and_run_out(seen: Seen) -> None:
    consents = await seen.of_child("maria", "Otto", "consent")
    states = [one["state"] for one in consents]
    assert sorted(states) == ["expired", "expired", "withdrawn"]
    withdrawn = consents[states.index("withdrawn")]
    assert withdrawn["purge"] == {"devices": 2, "confirmed": 1}
    all_states = {one["state"] for one in await seen.everything("consent") if "required_parties" in one}
    assert all_states == {"asked", "complete", "refused", "withdrawn", "expired"}


async def test_last_word(seen: Seen) -> None:
    child = await seen.child("mona", "Tilde")
    assert "state" not in child and child["last_word"].startswith("Tack")


async def test_every_state_is_to_be_seen(seen: Seen) -> None:
    """Each state of a meeting, request, slot, booking, wait and measure has an example."""
    for entity, states in (
        ("meeting", {"draft", "invited", "confirmed", "held", "cancelled"}),
        ("contact_request", {"open", "answered"}),
        ("slot", {"open", "booked", "held"}),
        ("booking", {"booked", "released", "held"}),
        ("waiting", {"waiting", "offered", "declined", "started"}),
        ("support_measure", {"offered", "running", "done"}),
    ):
        found = {one["state"] for one in await seen.everything(entity)}
        assert states <= found, entity
