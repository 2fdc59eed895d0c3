"""P13: one slot, one booking. Two hundred book it at once; the others hear what else is free."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from server.auth.sessions import start_session
from server.domain.actors import SeatKind
from server.domain.instants import wall_text
from server.features.person import StaffRow
from server.ids import new_id
from server.sync import push
from server.sync.frames import CommandFrame
from tests.conftest import Place
from tests.sync.peer import Town, town_at

BOOKERS = 200


async def bookers(town: Town) -> list[tuple[Any, push.Replica]]:
    """Colleagues at the school, each with a device."""
    stage, unit = town.world.stage, town.world.units["school"]
    area = town.world.area
    rows, people = [], []
    for n in range(BOOKERS):
        account = await stage.account(f"Kollega {n}")
        seat = await stage.seat(account, SeatKind.STAFF, unit=unit, area=area, organisation="x")
        rows.append(StaffRow(id=seat, owner_unit=unit, account=account, name=f"Kollega {n}", title="Lärare"))
        people.append((account, seat))
    await stage.keep({unit: list(rows)})
    found = []
    for account, seat in people:
        person = await stage.person(account, seat)
        async with town.house.engine.write() as tx:
            session = await start_session(tx, person.actor, "test", town.now())
            await tx.execute(
                "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
                " VALUES ($1, $2, $1, $3, 0, 'eid', '', '')",
                seat,
                account,
                session.session_id,
            )
        found.append((person.actor, push.Replica(seat, session.session_id)))
    return found


async def race(town: Town, people: list[tuple[Any, push.Replica]], turn: int) -> None:
    start = town.now() + timedelta(days=2, hours=2 * turn)
    times = [{"starts_local": wall_text(start + timedelta(minutes=40 * n)), "minutes": 30} for n in range(4)]
    made = await town.act("jonas", "slot.publish", times=times, mode="phone", topics=["sleep"])
    slot, *free = list(made["slots"])
    args = {"slot": slot, "topic": "sleep", "age_band": "13-15"}

    async def book(actor: Any, replica: push.Replica) -> dict[str, Any]:
        sent = CommandFrame(new_id(town.now()), turn + 1, "slot.book", args, "2026-11-02T09:00:00Z")
        answer: dict[str, Any] = json.loads((await push.decide(town.house, actor, replica, sent)).frame)
        return answer

    answers = await asyncio.gather(*(book(actor, replica) for actor, replica in people))
    assert Counter(one.get("code", "ok") for one in answers) == {"ok": 1, "taken": BOOKERS - 1}
    for one in answers:
        if one["t"] == "nack":
            assert one["data"]["alternatives"] == free[:2]
    async with town.house.engine.read() as tx:
        bookings = await tx.fetch("SELECT body FROM record WHERE entity = 'booking' AND aggregate_id = $1", slot)
    assert len(bookings) == 1
    # So that the next race offers only its own.
    await town.act("jonas", "slot.withdraw", slots=list(made["slots"]))


@pytest.mark.timeout(90)
async def test_one_of_two_hundred_gets_the_slot(place: Place) -> None:
    async with town_at(place) as town:
        people = await bookers(town)
        await race(town, people, 0)


@pytest.mark.promise(about_s=100)
@pytest.mark.timeout(1200)
async def test_one_of_two_hundred_gets_the_slot_in_100_races(place: Place) -> None:
    async with town_at(place) as town:
        people = await bookers(town)
        for turn in range(100):
            await race(town, people, turn)
