"""What was told in the evening and holds no longer in the morning is not said: later news stands in its place."""

from __future__ import annotations

import pytest

from server.features import load
from tests.people import add_guardian
from tests.push.house import PushHouse
from tests.push.test_saying import at, count

EVENING, NIGHT, MORNING = (at(f"2026-09-{day}") for day in ("01 21:30", "01 22:00", "02 07:30"))


async def plan(house: PushHouse) -> str:
    """A term meeting that everybody needed is called to in the evening; the worker has seen it in the night."""
    house.clock.set(EVENING)
    made = await house.act(
        "lena", "term.plan", term="HT 2026", starts_local="2026-10-20T13:00",
        required_functions=["counsellor", "consultant"],
    )  # fmt: skip
    house.clock.set(NIGHT)
    await house.tick()
    return str(made["term_meeting"])


async def book(house: PushHouse, who: str = "elin") -> tuple[str, str]:
    """A time of Jonas' that somebody books in the evening."""
    house.clock.set(EVENING)
    published = await house.act(
        "jonas", "slot.publish", times=[{"starts_local": "2026-09-10T13:00", "minutes": 30}], mode="phone",
        topics=["sleep"], phone="+46313900601",
    )  # fmt: skip
    slot = str(published["slots"][0])
    booked = await house.act(who, "slot.book", slot=slot, topic="sleep", age_band="13-15")
    house.clock.set(NIGHT)
    await house.tick()
    return slot, str(booked["booking"])


@pytest.mark.parametrize("deed", ["move", "cancel"])
async def test_a_term_meeting_that_is_moved_or_called_off_overnight_is_said_once(house: PushHouse, deed: str) -> None:
    maria = await house.device("maria")
    meeting = await plan(house)
    more = {"starts_local": "2026-10-21T13:00"} if deed == "move" else {}
    await house.act("lena", f"term.{deed}", term_meeting=meeting, **more)
    await house.through(MORNING)
    assert await count(house, "maria", "term_planned") == 1
    assert len(maria.taken) == 1


async def test_a_booking_that_is_given_back_or_taken_back_overnight_is_not_said_as_booked(house: PushHouse) -> None:
    jonas, elin = await house.device("jonas"), await house.device("elin")
    _, booking = await book(house)
    await house.act("elin", "slot.release", booking=booking)
    await house.through(MORNING)
    assert (len(jonas.taken), len(elin.taken)) == (1, 0)


async def test_a_consultant_who_takes_a_time_back_hears_no_more_that_it_was_booked(house: PushHouse) -> None:
    jonas, elin = await house.device("jonas"), await house.device("elin")
    slot, _ = await book(house)
    await house.act("jonas", "slot.withdraw", slot=slot)
    await house.through(MORNING)
    assert (len(jonas.taken), len(elin.taken)) == (0, 1)


async def test_a_time_that_is_taken_overnight_is_offered_no_more(house: PushHouse) -> None:
    elin = await house.device("elin")
    wished = await house.act("elin", "slot.wish", topic="sleep", age_band="13-15")
    wish = str(wished["slot_wish"])
    slot, booked = await book(house, "johan")
    await house.act("johan", "slot.release", booking=booked)
    await house.tick()
    assert await count(house, "elin", "slot_offered") == 1
    await house.act("elin", "slot.take", slot_wish=wish, slot=slot)
    await house.through(MORNING)
    assert len(elin.taken) == 0


@pytest.mark.parametrize("deed", ["protected", "ended"])
async def test_nothing_is_said_in_the_morning_to_whom_the_child_was_hidden_from_overnight(
    house: PushHouse, deed: str
) -> None:
    anna, omar = await house.device("anna"), await house.device("omar")
    world = house.world
    # A guardian of another child too: the sign-in stays, and with it the device.
    of_elsa = dict(world.relations)
    seat = world["maria"].seat
    other = await house.act("maria", "child.open", display_name="Inga", turns_18_on="2034-01-01", person=seat)
    world.stage.clock.set(house.clock.now())
    await add_guardian(world, str(other["child"]), "Omar", world["omar"].account)
    house.clock.set(EVENING)
    for who in ("anna", "omar"):
        await house.act("maria", "message.send", child=world.elsa, to=of_elsa[who], text="Hej")
    house.clock.set(NIGHT)
    await house.tick()
    if deed == "protected":
        await house.act("johan", "protect.set", child=world.elsa, alias="Kim")
        await house.act("johan", "protect.add", child=world.elsa, person=of_elsa["anna"])
    else:
        await house.act("maria", "guardian.end", child=world.elsa, relation=of_elsa["omar"])
    await house.through(MORNING)
    assert (len(anna.taken), len(omar.taken)) == (1, 0)


async def test_a_task_that_is_done_overnight_is_not_said_as_new(house: PushHouse) -> None:
    birgitta = await house.device("birgitta")
    house.clock.set(EVENING)
    done, left = [
        str((await house.act("maria", "task.add", what=what))["task"]) for what in ("Se över listan", "Boka lokal")
    ]
    house.clock.set(NIGHT)
    await house.tick()
    await house.act("maria", "task.done", task=done)
    await house.through(MORNING)
    assert await count(house, "birgitta", "task_new") == 2
    assert len(birgitta.taken) == 1 and done != left


def test_only_of_rows_with_a_state_is_it_said_in_which_a_notice_is_true() -> None:
    """Without one, the kinds of notice named there would never be said."""
    said = [feature for feature in load().features if feature.said_in]
    assert {feature.entity for feature in said} >= {"meeting", "consent", "term_meeting", "booking", "slot_wish"}
    for feature in said:
        assert "state" in feature.row.__struct_fields__, feature.entity
