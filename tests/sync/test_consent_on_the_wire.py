"""Consent, protection, slots and one's own settings through the whole house: real server, real sockets, each engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.domain import scopes
from server.domain.instants import wall_text
from server.sync.client import Client, Refused
from tests.site import Site


async def ask(site: Site, maria: Client, **more: Any) -> str:
    people = [site.world["jonas"].seat]
    terms = {"purpose": "coordination", "information_kinds": ["child", "waiting"], "people": people, **more}
    answer = await maria.send("consent.ask", child=site.world.elsa, to_units=[site.world.units["clinic"]], **terms)
    return str(answer["result"]["consent"])


def every(client: Client, entity: str) -> list[dict[str, Any]]:
    return list(client.copy.all(entity))


def own(client: Client, entity: str, id: str) -> dict[str, Any] | None:
    return next((doc for doc in client.copy.all(entity) if doc["id"] == id), None)


async def test_the_second_yes_opens_the_room_and_a_withdrawal_closes_it_everywhere(site: Site) -> None:
    maria, anna, omar, jonas = [await site.client(name) for name in ("maria", "anna", "omar", "jonas")]
    opened = await maria.send(
        "waiting.open",
        child=site.world.elsa,
        unit_name="BUP",
        what="first_visit",
        start_on="2026-01-07",
        start_basis="manual",
        next_check_in_on="2099-01-07",
    )
    consent = await ask(site, maria)
    room = scopes.consent(consent, site.world.units["clinic"])
    await anna.send("consent.answer", consent=consent, answer="yes")
    assert room not in jonas.copy.scopes
    await omar.send("consent.answer", consent=consent, answer="yes")
    await jonas.until(lambda: own(jonas, "waiting", opened["result"]["waiting"]) is not None)
    assert {doc["display_name"] for doc in every(jonas, "child")} == {"Elsa"}
    await jonas.until(lambda: any(doc["kind"] == "consent_opened" for doc in every(jonas, "notice")))

    await anna.send("consent.withdraw", consent=consent)
    await jonas.until(lambda: room not in jonas.copy.scopes and not every(jonas, "child"))
    await omar.until(lambda: (own(omar, "consent", consent) or {}).get("state") == "not_shared")
    assert (own(omar, "consent", consent) or {})["answer"] == "yes"
    await maria.until(lambda: (own(maria, "consent", consent) or {}).get("state") == "withdrawn")
    with pytest.raises(Refused) as caught:
        await jonas.send("waiting.check_in", waiting=opened["result"]["waiting"], next_check_in_on="2099-02-01")
    assert caught.value.nack["code"] == "not_found"


async def test_protection_empties_every_device_outside_the_circle_and_lifting_fills_them(site: Site) -> None:
    maria, johan, anna = [await site.client(name) for name in ("maria", "johan", "anna")]
    await anna.until(lambda: bool(every(anna, "coordinator")))
    await maria.send("protect.set", child=site.world.elsa, alias="Kim")
    await anna.until(lambda: not every(anna, "child"))
    await johan.until(lambda: (own(johan, "child", site.world.elsa) or {}).get("display_name") == "Kim")
    with pytest.raises(Refused) as caught:
        await maria.send("protect.lift", child=site.world.elsa)
    assert caught.value.nack["code"] == "not_allowed"
    await johan.send("protect.lift", child=site.world.elsa)
    await anna.until(lambda: (own(anna, "child", site.world.elsa) or {}).get("display_name") == "Elsa")
    await anna.until(lambda: bool(every(anna, "coordinator")))


async def test_one_of_two_gets_the_slot_and_the_other_the_next_free_of_the_same_topic(site: Site) -> None:
    jonas, elin, maria = [await site.client(name) for name in ("jonas", "elin", "maria")]
    start = site.parts.house.clock.now() + timedelta(days=8)
    times = [{"starts_local": wall_text(start + timedelta(days=n)), "minutes": 30} for n in range(4)]
    published = await jonas.send("slot.publish", times=times, mode="phone", topics=["sleep"])
    first, *rest = published["result"]["slots"]
    sooner = [{"starts_local": wall_text(start + timedelta(hours=3)), "minutes": 30}]
    await jonas.send("slot.publish", times=sooner, mode="phone", topics=["school_absence"])
    await elin.until(lambda: len(every(elin, "slot")) == 5)
    await maria.until(lambda: len(every(maria, "slot")) == 5)
    question = {"topic": "sleep", "age_band": "13-15", "question": "Hur stöttar vi bäst?"}
    booked = await elin.send("slot.book", slot=first, **question)
    with pytest.raises(Refused) as caught:
        await maria.send("slot.book", slot=first, **question)
    assert (caught.value.nack["code"], caught.value.nack["data"]) == ("taken", {"alternatives": rest[:2]})
    booking = booked["result"]["booking"]
    await jonas.until(lambda: own(jonas, "booking", booking) is not None)
    assert (own(jonas, "booking", booking) or {})["booked_by"]["name"] == "Elin Sand"
    assert own(maria, "booking", booking) is None
    with pytest.raises(Refused) as caught:
        await jonas.send("slot.publish", times=times[:1], mode="phone", topics=["sleep"])
    assert caught.value.nack["code"] == "conflict"

    sara = await site.client("sara")
    await sara.send("slot.withdraw", slots=[first, rest[0]])
    await elin.until(lambda: (own(elin, "booking", booking) or {}).get("state") == "withdrawn")
    await elin.until(lambda: any(doc["kind"] == "booking_withdrawn" for doc in every(elin, "notice")))
    await jonas.send("slot.publish", times=times[:1], mode="phone", topics=["sleep"])


async def test_settings_and_devices_are_ones_own(site: Site) -> None:
    anna = await site.client("anna")
    await anna.send("settings.change", quiet_from="19:00", kinds={"waiting_news": "in_app"})
    await anna.until(lambda: bool(every(anna, "settings")))
    (settings,) = every(anna, "settings")
    assert (settings["quiet_from"], settings["quiet_to"]) == ("19:00", "07:00")
    await anna.until(lambda: bool(every(anna, "device")))
    (device,) = every(anna, "device")
    omar = await site.client("omar")
    with pytest.raises(Refused) as caught:
        await omar.send("device.forget", device=device["id"])
    assert caught.value.nack["code"] == "not_found"
