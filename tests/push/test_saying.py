"""What is said, when, and what is no longer said: the worker against a real push service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.domain.instants import local_wall, to_text
from tests.push.house import PushHouse
from tests.push.service import Device


def at(text: str) -> datetime:
    """Swedish wall time `YYYY-MM-DD HH:MM`."""
    day, _, time = text.partition(" ")
    return local_wall(datetime.fromisoformat(day).date(), datetime.strptime(time, "%H:%M").time())


def times(device: Device) -> list[str]:
    """When it got something, to the minute, in UTC."""
    return [f"{got.at:%m-%d %H:%M}" for got in device.got if got.status == 201 and "confirm" not in got.payload]


async def test_a_meeting_is_said_at_once_and_before_it(house: PushHouse) -> None:
    anna = await house.device("anna")
    await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-22 12:00"))
    # At once; four working days later, as she has not answered; a week, a working day and an hour before.
    assert times(anna) == ["09-01 08:00", "09-08 07:00", "09-14 07:00", "09-18 07:00", "09-21 10:00"]
    assert len({payload["notification"]["tag"] for payload in anna.taken}) == 5
    assert {payload["notification"]["body"] for payload in anna.taken} <= {
        "Du har något nytt att läsa.",
        "Du har något inbokat. Öppna för att se mer.",
    }


async def test_an_answer_no_ends_the_reminders_of_that_person_alone(house: PushHouse) -> None:
    anna, omar = await house.device("anna"), await house.device("omar")
    meeting = await house.meeting("2026-09-21T13:00")
    await house.tick()
    await house.act("anna", "meeting.respond", meeting=meeting, answer="no")
    await house.through(at("2026-09-22 12:00"))
    assert len(anna.taken) == 1 and len(omar.taken) == 5


async def test_nothing_is_said_of_what_was_cancelled_before_it_was_due(house: PushHouse) -> None:
    anna = await house.device("anna")
    meeting = await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-18 08:59"))
    before = len(anna.taken)
    await house.act("maria", "meeting.cancel", meeting=meeting, reason="illness")
    await house.through(at("2026-09-22 12:00"))
    assert len(anna.taken) == before + 1  # that it is cancelled
    assert anna.taken[-1]["notification"]["body"] != anna.taken[0]["notification"]["tag"]
    assert (await house.states("reminder"))["superseded"] > 0


async def test_a_move_moves_what_is_said(house: PushHouse) -> None:
    anna = await house.device("anna")
    meeting = await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-18 08:59"))
    await house.act("maria", "meeting.move", meeting=meeting, starts_local="2026-09-23T13:00")
    await house.tick()
    before = len(anna.taken)
    await house.through(at("2026-09-23 14:00"))
    assert times(anna)[before:] == ["09-22 07:00", "09-23 10:00"]


async def test_what_is_called_off_in_the_night_is_not_sent_in_the_morning(house: PushHouse) -> None:
    anna = await house.device("anna")
    house.clock.set(at("2026-09-01 21:30"))
    meeting = await house.meeting("2026-09-21T13:00")
    await house.tick()
    assert anna.taken == [] and (await house.states())["due"] == 1
    await house.act("anna", "notice.read", notice=await newest(house, "anna"))
    await house.go(at("2026-09-02 07:00"))
    assert anna.taken == []
    assert (await house.states()).get("superseded") == 1
    del meeting


async def said_and_not_sent(house: PushHouse) -> tuple[Device, str, int]:
    """(Anna's device, a meeting, what the device had before): said at nine, kept until noon, and it is eleven now."""
    anna = await house.device("anna")
    await house.act("anna", "settings.change", quiet_from="08:00", quiet_to="12:00")
    meeting = await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-18 09:00"))
    before = len(anna.taken)
    await house.go(at("2026-09-18 11:00"))
    return anna, meeting, before


async def test_a_reminder_called_off_between_saying_and_sending_is_not_sent(house: PushHouse) -> None:
    anna, meeting, before = await said_and_not_sent(house)
    await house.act("maria", "meeting.cancel", meeting=meeting)
    await house.through(at("2026-09-18 12:00"))
    assert [p["notification"]["body"] for p in anna.taken[before:]] == ["Du har något inbokat. Öppna för att se mer."]
    assert times(anna)[before:] == ["09-18 10:00"]  # only that it is cancelled


async def test_whoever_answers_no_before_it_is_sent_is_not_reminded(house: PushHouse) -> None:
    anna, meeting, before = await said_and_not_sent(house)
    await house.act("anna", "meeting.respond", meeting=meeting, answer="no")
    await house.through(at("2026-09-18 12:00"))
    assert len(anna.taken) == before


async def test_a_guardian_whose_relation_ended_hears_nothing_more(house: PushHouse) -> None:
    omar = await house.device("omar")
    await house.act("omar", "settings.change", quiet_from="08:00", quiet_to="12:00")
    await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-18 09:00"))
    before = len(omar.taken)
    await house.act("maria", "guardian.end", child=house.world.elsa, relation=house.world.relations["omar"])
    await house.through(at("2026-09-22 12:00"))
    assert len(omar.taken) == before


@pytest.mark.parametrize(("way", "notices", "pushes"), [("push", 1, 1), ("in_app", 1, 0), ("none", 0, 0)])
async def test_a_kind_reaches_as_the_person_chose(house: PushHouse, way: str, notices: int, pushes: int) -> None:
    anna = await house.device("anna")
    await house.act("anna", "settings.change", kinds={"meeting_day": way})
    await house.meeting("2026-09-21T13:00")
    await house.through(at("2026-09-18 08:59"))
    before, said = len(anna.taken), await count(house, "anna", "meeting_day")
    await house.through(at("2026-09-18 10:00"))
    assert (len(anna.taken) - before, await count(house, "anna", "meeting_day") - said) == (pushes, notices)


async def test_quiet_hours_hold_also_for_a_worker_that_comes_late(house: PushHouse) -> None:
    anna = await house.device("anna")
    await house.meeting("2026-09-21T13:00")
    await house.tick()
    anna.got.clear()
    anna.answers = [503]
    house.clock.set(at("2026-09-01 19:59") + timedelta(seconds=45))
    await house.meeting("2026-09-28T13:00")
    await house.tick()  # refused at 19:59; again after thirty seconds, which is in her quiet hours
    await house.through(at("2026-09-02 06:59"))
    assert anna.taken == []
    await house.through(at("2026-09-02 08:00"))
    assert times(anna) == ["09-02 05:00"]


async def test_nobody_can_choose_the_night_and_what_is_urgent_passes(house: PushHouse) -> None:
    anna = await house.device("anna")
    await house.act("anna", "settings.change", quiet_from="03:00", quiet_to="03:30")
    meeting = await house.meeting("2026-09-02T08:30")
    await house.tick()
    anna.got.clear()
    house.clock.set(at("2026-09-01 22:00"))
    await house.act("maria", "meeting.cancel", meeting=meeting)  # tomorrow's: cannot wait
    await house.tick()
    assert times(anna) == ["09-01 20:00"]
    assert anna.got[-1].headers["Urgency"] == "high"
    await house.meeting("2026-09-22T08:30")
    await house.tick()
    assert len(anna.taken) == 1
    await house.go(at("2026-09-02 07:00"))
    assert len(anna.taken) == 2


async def test_a_worker_that_was_away_does_not_pour_out_the_past(house: PushHouse) -> None:
    anna = await house.device("anna")
    await house.meeting("2026-09-21T13:00")
    await house.tick()
    before = len(anna.taken)
    await house.go(at("2026-09-21 13:30"))  # nobody worked for three weeks
    assert len(anna.taken) == before
    assert (await house.states("reminder"))["expired"] >= 2


async def test_a_read_notice_is_not_pushed(small: PushHouse) -> None:
    anna = await small.device("anna")
    small.clock.set(at("2026-09-01 22:00"))
    await small.meeting("2026-09-21T13:00")
    await small.act("anna", "notice.read", notice=await newest(small, "anna"))
    await small.go(at("2026-09-02 09:00"))
    assert anna.taken == []


async def test_a_notice_is_taken_away_in_its_time_although_a_reminder_made_it(small: PushHouse) -> None:
    await small.device("anna")
    await small.meeting("2026-09-21T13:00")
    await small.through(at("2026-09-21 14:00"))
    assert await count(small, "anna") > 3
    await small.through(at("2027-06-01 12:00"))
    assert await count(small, "anna") == 0


async def test_one_broken_reminder_stops_no_other(house: PushHouse, silence: None) -> None:
    anna = await house.device("anna")
    now = house.clock.now()
    rows = [
        ("r1", "act:nothing.known", "{}"),
        ("r2", "act:slot.tidy", '{"no":"such"}'),
        ("r3", "meeting_day", "not json"),
    ]
    async with house.parts.engine.write() as tx:
        await tx.execute_many(
            "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state, attempts, data)"
            f" VALUES ($1, 'none', 'none', $2, 'none', '{to_text(now - timedelta(hours=1))}', 'due', 0, $3)",
            rows,
        )
    await house.meeting("2026-09-21T13:00")
    await house.tick()
    assert len(anna.taken) == 1
    await house.through(now + timedelta(hours=1))
    assert (await house.states("reminder"))["failed"] == 3


async def test_what_no_row_asks_for_any_more_is_not_said(house: PushHouse) -> None:
    """A rule may have changed since it was planned, or the plan have come from a restored backup."""
    anna = await house.device("anna")
    meeting = await house.meeting("2026-09-21T13:00")
    await house.tick()
    before, now = len(anna.taken), house.clock.now()
    async with house.parts.engine.write() as tx:
        await tx.execute(
            "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state, attempts, data)"
            " VALUES ('r', $1, $2, 'meeting_day', $3, $4, 'due', 0, '{}')",
            house.world.elsa,
            meeting,
            house.world["anna"].account,
            to_text(now),
        )
    await house.tick()
    assert len(anna.taken) == before
    assert (await house.states("reminder"))["superseded"] == 1


async def newest(house: PushHouse, who: str) -> str:
    return (await documents(house, who))[-1][0]


async def count(house: PushHouse, who: str, kind: str = "") -> int:
    return sum(f'"kind":"{kind}' in doc for _, doc in await documents(house, who))


async def documents(house: PushHouse, who: str) -> list[tuple[Any, ...]]:
    async with house.parts.engine.read() as tx:
        return await tx.fetch(
            "SELECT doc_id, doc FROM feed WHERE aggregate_id = $1 AND entity = 'notice' AND doc IS NOT NULL"
            " ORDER BY version",
            house.world[who].account,
        )
