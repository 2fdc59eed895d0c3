"""Slots: offered without overlaps, seen by the area without a word of who has booked, taken back in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.domain.actors import SYSTEM
from server.domain.instants import from_text, wall_text
from server.errors import Refused
from server.features.around import Around
from server.features.shape import Notice, Writes
from server.features.slot import (
    BookingRow,
    ConsultantTimesRow,
    Lapse,
    Publish,
    SlotRow,
    TakenTime,
    Tidy,
    features,
    project,
    reminders,
)
from server.features.slot_wish.withdrawing import Withdraw
from tests.features import cast
from tests.features.cast import AREA, CLINIC, ELIN, LENA, SAMIR
from tests.features.cast_area import around_area
from tests.features.cast_slots import (
    AS_COLLEAGUE,
    AS_CONSULTANT,
    BOOKED,
    BOOKING,
    BOOKING_ROW,
    OTHER_SLOT,
    SCOPE_AREA,
    SLOT,
    SLOT_ROW,
    around_slot,
    around_unit,
)  # fmt: skip
from tests.features.consenting import refused
from tests.features.test_open_hour import HOUR
from tests.features.test_open_hour import ROW as HOUR_ROW
from tests.features.test_open_hour import around as around_hour

OFFER: dict[str, Any] = {
    "times": [{"starts_local": "2026-09-09T13:00", "minutes": 30}],
    "mode": "video",
    "topics": ["worry", "sleep", "worry"],
    "join_url": "https://mote.test/a",
    "phone": "031-390 06 01",
}
TIMES = ConsultantTimesRow(
    id=cast.uuid(54), owner_unit=CLINIC, unit=CLINIC, seat=SAMIR,
    times=(TakenTime(slot=SLOT, starts_at="2026-09-09T11:00:00.000Z", minutes=30),),
)  # fmt: skip


def publish(around: Around, **more: Any) -> Writes:
    return cast.give(around, Publish, AS_CONSULTANT, **{**OFFER, **more})


def at(*times: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"starts_local": start, "minutes": minutes} for start, minutes in times]


def test_publishing_makes_one_slot_for_each_time_and_keeps_them_with_the_unit() -> None:
    writes = publish(around_unit(), times=at(("2026-09-16T13:00", 45), ("2026-09-09T13:00", 30)))
    slots = [row for row in writes.rows if isinstance(row, SlotRow)]
    assert slots[0] == msgspec.structs.replace(SLOT_ROW, id=slots[0].id)
    assert (slots[1].starts_at, slots[1].minutes) == ("2026-09-16T11:00:00.000Z", 45)
    (kept,) = (row for row in writes.rows if isinstance(row, ConsultantTimesRow))
    assert kept.seat == SAMIR and [time.slot for time in kept.times] == [one.id for one in slots]
    assert writes.result == {"slots": [one.id for one in slots]}


@pytest.mark.parametrize(
    ("start", "minutes", "free"),
    [
        ("2026-09-09T13:00", 30, False),
        ("2026-09-09T12:45", 30, False),
        ("2026-09-09T12:30", 120, False),
        ("2026-09-09T13:10", 10, False),
        ("2026-09-09T13:30", 30, True),
        ("2026-09-09T12:30", 30, True),
        ("2026-09-10T13:00", 30, True),
    ],
)
def test_a_consultant_is_in_one_place_at_a_time(start: str, minutes: int, free: bool) -> None:
    around = around_unit(TIMES)
    if free:
        kept = publish(around, times=at((start, minutes))).rows[0]
        assert isinstance(kept, ConsultantTimesRow) and len(kept.times) == 2 and kept.id == TIMES.id
        return
    with pytest.raises(Refused) as caught:
        publish(around, times=at((start, minutes)))
    assert (caught.value.code, caught.value.data) == ("conflict", {"times": [start]})


def test_another_consultants_times_and_past_ones_are_no_hindrance() -> None:
    publish(around_unit(msgspec.structs.replace(TIMES, seat=LENA)))
    old = msgspec.structs.replace(
        TIMES, times=(TakenTime(slot=SLOT, starts_at="2026-08-01T11:00:00.000Z", minutes=30),)
    )
    kept = publish(around_unit(old)).rows[0]
    assert isinstance(kept, ConsultantTimesRow) and len(kept.times) == 1


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"times": at(("2026-09-01T10:00", 30))}, {"times": "past"}),
        ({"times": at(("2026-09-09T13:00", 30), ("2026-09-09T13:20", 30))}, {"times": "not_allowed_value"}),
        ({"times": at(("2027-03-28T02:30", 30))}, {"times": "not_allowed_value"}),
        ({"times": at(("2026-02-30T10:00", 30))}, {"times": "not_allowed_value"}),
        ({"join_url": None}, {"join_url": "required"}),
    ],
)
def test_publishing_refuses(more: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: publish(around_unit(), **more), "invalid", fields)


def weekly(from_on: str, until_on: str, *times: tuple[int, str, int]) -> dict[str, Any]:
    pattern = [{"weekday": day, "at": start, "minutes": minutes} for day, start, minutes in times]
    return {"times": [], "weekly": {"times": pattern, "from_on": from_on, "until_on": until_on}}


def test_a_pattern_passes_over_holidays_closed_days_and_what_is_taken_and_says_so() -> None:
    """24 and 31 December are eves; 7 January the unit has closed; 17 December at 13 is taken."""
    taken = msgspec.structs.replace(
        TIMES, times=(TakenTime(slot=SLOT, starts_at="2026-12-17T12:15:00.000Z", minutes=30),)
    )
    around = around_unit(taken, closed_days=("2027-01-07",))
    writes = publish(around, **weekly("2026-12-08", "2027-01-14", (4, "13:00", 45)))
    assert [row.starts_local for row in writes.rows if isinstance(row, SlotRow)] == [
        "2026-12-10T13:00", "2027-01-14T13:00",
    ]  # fmt: skip
    assert writes.result is not None
    assert writes.result["skipped"] == [
        {"starts_local": "2026-12-17T13:00", "why": "taken"},
        {"starts_local": "2026-12-24T13:00", "why": "christmas_eve"},
        {"starts_local": "2026-12-31T13:00", "why": "new_years_eve"},
        {"starts_local": "2027-01-07T13:00", "why": "closed"},
    ]


def test_of_a_pattern_what_is_past_is_left_out_without_a_word() -> None:
    writes = publish(around_unit(), **weekly("2026-08-31", "2026-09-08", (2, "08:00", 30), (2, "15:00", 30)))
    assert [row.starts_local for row in writes.rows if isinstance(row, SlotRow)] == [
        "2026-09-01T15:00", "2026-09-08T08:00", "2026-09-08T15:00",
    ]  # fmt: skip
    assert writes.result is not None
    assert writes.result["skipped"] == []


def test_a_pattern_of_which_nothing_is_left_says_why() -> None:
    with pytest.raises(Refused) as caught:
        publish(around_unit(), **weekly("2026-12-21", "2026-12-27", (4, "13:00", 45)))
    assert caught.value.code == "conflict"
    assert caught.value.data == {"skipped": [{"starts_local": "2026-12-24T13:00", "why": "christmas_eve"}]}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (weekly("2026-09-08", "2026-09-30", (2, "13:00", 45), (2, "13:30", 45)), "not_allowed_value"),
        (weekly("2026-09-30", "2026-09-08", (2, "13:00", 45)), "not_allowed_value"),
        (weekly("2026-09-08", "2027-09-08", (2, "13:00", 45)), "not_allowed_value"),
        (weekly("2026-09-08", "2027-02-08", *((n, f"{hour}:00", 30) for n in (1, 2, 3) for hour in (10, 11))), "too_long"),
    ],
)  # fmt: skip
def test_a_pattern_is_refused(more: dict[str, Any], code: str) -> None:
    refused(lambda: publish(around_unit(), **more), "invalid", {"weekly": code})


def test_a_pattern_beside_single_times_overlaps_neither_them_nor_itself() -> None:
    pattern = weekly("2026-09-09", "2026-09-16", (3, "13:00", 30))
    single = {"times": at(("2026-09-09T14:00", 30))}
    assert len([row for row in publish(around_unit(), **{**pattern, **single}).rows if isinstance(row, SlotRow)]) == 3
    clash = {"times": at(("2026-09-09T13:15", 30))}
    refused(lambda: publish(around_unit(), **{**pattern, **clash}), "invalid", {"weekly": "not_allowed_value"})


def test_some_time_is_asked_for() -> None:
    with pytest.raises(ValidationError):
        Publish.model_validate({**OFFER, "times": []})


def test_only_a_consultant_publishes() -> None:
    refused(lambda: cast.give(around_unit(), Publish, AS_COLLEAGUE, **OFFER), "not_allowed")


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(min_value=0, max_value=40), st.integers(min_value=10, max_value=60)),
            min_size=1,
            max_size=4,
        ),
        max_size=6,
    )
)
def test_whatever_is_published_nothing_overlaps(batches: list[list[tuple[int, int]]]) -> None:
    around = around_unit()
    day = datetime(2026, 9, 9, 6, tzinfo=UTC)
    for batch in batches:
        times = at(*((wall_text(day + timedelta(minutes=15 * start)), minutes) for start, minutes in batch))
        try:
            writes = publish(around, times=times)
        except Refused:
            continue
        around = around.after(writes, [row for row in writes.rows if isinstance(row, ConsultantTimesRow)])
    taken = [time for row in around.all(ConsultantTimesRow) for time in row.times]
    spans = sorted((from_text(one.starts_at), one.minutes) for one in taken)
    assert all(a + timedelta(minutes=m) <= b for (a, m), (b, _) in pairwise(spans))


@pytest.mark.parametrize("state", ["open", "booked", "held", "withdrawn"])
def test_the_area_sees_the_state_only(state: str) -> None:
    row = msgspec.structs.replace(SLOT_ROW, state=state)
    around = around_slot(row, BOOKING_ROW)
    assert cast.shown(features[0], around, row) == {
        SCOPE_AREA: {
            "id": SLOT, "unit": CLINIC, "unit_name": "Vårdcentralen", "consultant": SAMIR,
            "consultant_title": "Psykolog", "starts_local": "2026-09-09T13:00", "zone": "Europe/Stockholm",
            "starts_at": "2026-09-09T11:00:00.000Z", "minutes": 30, "mode": "video", "topics": ["worry", "sleep"],
            "state": state,
        }
    }  # fmt: skip
    assert SCOPE_AREA.split(":")[1] == AREA


def withdraw(*arounds: Around, actor: Any = AS_CONSULTANT, unit: Around | None = None) -> Writes:
    others = {one.id: one for one in (*arounds[1:], unit or around_unit(TIMES), around_area())}
    first = replace(arounds[0], others=others)
    return cast.give(first, Withdraw, actor, slots=[one.id for one in arounds])


def test_many_are_taken_back_at_once_and_whoever_had_booked_is_told() -> None:
    other = around_slot(msgspec.structs.replace(SLOT_ROW, id=OTHER_SLOT), id=OTHER_SLOT)
    writes = withdraw(around_slot(BOOKED, BOOKING_ROW), other)
    assert writes.rows == (
        msgspec.structs.replace(SLOT_ROW, state="withdrawn"),
        msgspec.structs.replace(BOOKING_ROW, state="withdrawn"),
        msgspec.structs.replace(SLOT_ROW, id=OTHER_SLOT, state="withdrawn"),
        msgspec.structs.replace(TIMES, times=()),
    )
    assert writes.notices == (Notice(cast.account(ELIN), "booking_withdrawn", "booking", BOOKING),)


def test_a_lead_takes_back_for_one_who_is_ill_and_a_colleague_does_not() -> None:
    refused(lambda: withdraw(around_slot(), actor=AS_COLLEAGUE), "not_allowed")
    assert withdraw(around_slot(), actor=AS_COLLEAGUE, unit=around_unit(TIMES, leads=(LENA,))).rows


def test_taking_back_refuses() -> None:
    refused(lambda: withdraw(around_slot(now=from_text(SLOT_ROW.starts_at))), "too_late")
    refused(lambda: withdraw(around_slot(msgspec.structs.replace(SLOT_ROW, state="withdrawn"))), "conflict")
    elsewhere = around_slot(msgspec.structs.replace(SLOT_ROW, owner_unit=cast.SCHOOL))
    refused(lambda: withdraw(elsewhere), "not_allowed")
    refused(lambda: Withdraw().targets(AS_CONSULTANT), "invalid", {"slot": "required"})


def test_a_time_nobody_booked_is_off_the_lists_when_it_begins() -> None:
    lapse = next(one for one in reminders(SLOT_ROW, around_slot()) if one.kind == "act:slot.lapse")
    assert lapse.due_at == from_text(SLOT_ROW.starts_at)
    early = around_slot(now=lapse.due_at - timedelta(seconds=1))
    assert cast.give(early, Lapse, SYSTEM, record=SLOT) == Writes()
    around = around_slot(now=lapse.due_at)
    after = cast.after(around, cast.give(around, Lapse, SYSTEM, record=SLOT))
    slot = after.get(SlotRow, SLOT)
    assert list(project(slot, after)) == []
    assert [one.kind for one in reminders(slot, after)] == ["act:slot.tidy"]
    booked = around_slot(BOOKED, BOOKING_ROW, now=lapse.due_at)
    assert cast.give(booked, Lapse, SYSTEM, record=SLOT) == Writes()
    assert not [one for one in reminders(BOOKED, booked) if one.kind == "act:slot.lapse"]


def test_thirty_days_later_the_question_is_erased_and_the_slot_gone_from_the_list() -> None:
    (plan,) = reminders(BOOKED, around_slot(BOOKED, BOOKING_ROW))
    assert (plan.kind, plan.due_at) == ("act:slot.tidy", from_text("2026-10-09T22:00:00.000Z"))
    around = around_slot(BOOKED, BOOKING_ROW, now=plan.due_at)
    writes = cast.give(around, Tidy, SYSTEM, record=SLOT)
    after = cast.after(around, writes)
    assert [row.question for row in after.all(BookingRow)] == [None]
    slot = after.get(SlotRow, SLOT)
    assert list(project(slot, after)) == [] and list(reminders(slot, after)) == []
    assert cast.after(after, cast.give(after, Tidy, SYSTEM, record=SLOT)) == after


# --- one place at a time: times of one's own and hours open to all


def beside_the_hour(**hour: Any) -> Around:
    """The consultant's unit, and their open hour of every Thursday from one to two, the first on 3 September."""
    return replace(around_unit(closed_days=("2026-09-17",)), others={HOUR: around_hour(hour=changed(HOUR_ROW, **hour))})


def changed(row: Any, **more: Any) -> Any:
    return msgspec.structs.replace(row, **more)


@pytest.mark.parametrize(
    ("start", "free"),
    [
        ("2026-09-10T13:30", False),
        ("2026-09-10T12:45", False),
        ("2026-10-29T13:45", False),
        ("2026-09-10T14:00", True),
        ("2026-09-10T12:30", True),
        ("2026-09-09T13:30", True),
        ("2026-09-17T13:30", True),
    ],
)
def test_a_time_lies_in_no_open_hour_of_ones_own(start: str, free: bool) -> None:
    if free:
        assert publish(beside_the_hour(), times=at((start, 30))).rows
    else:
        with pytest.raises(Refused) as caught:
            publish(beside_the_hour(), times=at((start, 30)))
        assert (caught.value.code, caught.value.data) == ("conflict", {"times": [start]})
    for other in ({"consultant": LENA}, {"state": "closed"}, {"session_on": "2026-11-05"}):
        assert publish(beside_the_hour(**other), times=at((start, 30))).rows


def test_a_pattern_passes_over_ones_own_open_hour() -> None:
    pattern = weekly("2026-09-07", "2026-09-11", (3, "13:00", 30), (4, "13:00", 30))
    assert (publish(beside_the_hour(), **pattern).result or {})["skipped"] == [
        {"starts_local": "2026-09-10T13:00", "why": "taken"}
    ]


def test_publishing_locks_ones_own_open_hours_first() -> None:
    assert Publish.model_validate(OFFER).reaches(AS_CONSULTANT) == SAMIR and Publish.reach == ("open_hour",)
