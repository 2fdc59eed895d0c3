"""Somebody with a seat at work and one as a guardian: quiet days follow what a notice is about, not the seat used last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.push.people import Person as Told
from tests.people import add_guardian
from tests.push.house import PushHouse
from tests.push.service import Device
from tests.push.test_saying import at, times

FRIDAY, SATURDAY, MONDAY = (at(f"2026-09-{day}") for day in ("04 20:30", "05 09:00", "07 07:00"))


async def two_seats(house: PushHouse) -> tuple[Person, Person]:
    """Jonas, who gives advice, and the same Jonas as a guardian of Elsa."""
    at_work = house.world["jonas"]
    at_home = await add_guardian(house.world, house.world.elsa, "Jonas", at_work.account)
    house.world.people["jonas"] = at_work
    return at_work, at_home


async def said(house: PushHouse, device: Device) -> None:
    """On a Friday evening somebody books his time, and he is invited to a meeting about his child."""
    made = await house.act(
        "jonas", "slot.publish", times=[{"starts_local": "2026-09-16T13:00", "minutes": 30}], mode="phone",
        topics=["sleep"], phone="+46313900601",
    )  # fmt: skip
    house.clock.set(FRIDAY)
    await house.act("elin", "slot.book", slot=str(made["slots"][0]), topic="sleep", age_band="13-15")
    await house.meeting("2026-09-28T13:00", invited=("jonas",))
    await house.tick()
    assert device.taken == []


@pytest.mark.parametrize("last", ["work", "home"])
async def test_a_weekend_is_quiet_for_work_and_not_for_ones_own_child_whichever_seat_was_used_last(
    house: PushHouse, last: str
) -> None:
    at_work, at_home = await two_seats(house)
    first, then = (at_home, at_work) if last == "work" else (at_work, at_home)
    device = await house.device(first)
    await house.subscribe(then, device)
    await house.tick()
    await said(house, device)
    await house.through(SATURDAY)
    assert times(device) == ["09-05 05:00"]  # the meeting, when the quiet hours end
    await house.seen(device)
    await house.through(MONDAY - timedelta(minutes=1))
    assert len(device.taken) == 1
    await house.through(MONDAY)
    assert times(device) == ["09-05 05:00", "09-07 05:00"]


async def test_what_was_told_before_sides_were_kept_is_quiet_as_the_persons_seats_have_it() -> None:
    staff, both = frozenset({SeatKind.STAFF}), frozenset({SeatKind.STAFF, SeatKind.GUARDIAN})
    person = Told("account", kinds=staff)
    assert [person.days_off(side) for side in (None, True, False)] == [True, False, True]
    assert [replace(person, kinds=both).days_off(side) for side in (None, True, False)] == [False, False, True]
