"""Support measures: what is offered meanwhile, who sees it, and the one day when it is followed up."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.domain.instants import from_text
from server.features.shape import Notice, Reminder
from server.features.support_measure import Begin, FollowUp, Offer, SupportMeasureRow, feature, reminders
from tests.features import cast
from tests.features.cast import (
    ANNA,
    AS_MARIA,
    BO,
    CHILD,
    CONSENT_ROW,
    MARIA,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
)  # fmt: skip
from tests.features.consenting import refused

OFFER: dict[str, Any] = {
    "child": CHILD,
    "title": "Samtal om sömn",
    "unit_name": "Rehab",
    "starts_on": "2026-09-07",
    "follow_up_on": "2026-10-05",
}
MEASURE = cast.uuid(42)
MONDAY = from_text("2026-09-06T22:00:00.000Z")
"""When the day of the offer begins in Sweden."""
ROW = SupportMeasureRow(
    id=MEASURE, owner_unit=SCHOOL, child=CHILD, title="Samtal om sömn", unit_name="Rehab", starts_on="2026-09-07",
    follow_up_on="2026-10-05",
)  # fmt: skip
DOCUMENT = {
    "id": MEASURE, "child": CHILD, "title": "Samtal om sömn", "unit_name": "Rehab", "starts_on": "2026-09-07",
    "state": "offered", "follow_up_on": "2026-10-05",
}  # fmt: skip


def test_offering() -> None:
    writes = cast.give(cast.around_child(), Offer, AS_MARIA, **OFFER)
    id = writes.rows[0].id
    assert writes.rows == (msgspec.structs.replace(ROW, id=id),)
    assert writes.notices == tuple(
        Notice(cast.account(one), "measure_offered", "support_measure", id) for one in (ANNA, BO)
    )


@pytest.mark.parametrize("kind", ["waiting", "measure"])
def test_who_sees_it(kind: str) -> None:
    assert cast.shown(feature, cast.around_child(ROW), ROW) == {
        SCOPE_ANNA: DOCUMENT,
        SCOPE_BO: DOCUMENT,
        SCOPE_COORDINATOR: DOCUMENT,
    }
    covered = msgspec.structs.replace(CONSENT_ROW, information_kinds=("child", kind))
    marked = msgspec.structs.replace(ROW, for_young=True)
    seen = cast.shown(feature, cast.around_child(marked, covered), marked)
    assert set(seen) == {SCOPE_ANNA, SCOPE_BO, SCOPE_ALVA, SCOPE_COORDINATOR, SCOPE_CLINIC}
    assert seen[SCOPE_CLINIC] == seen[SCOPE_ALVA] == DOCUMENT


def test_following_up() -> None:
    around = cast.around_child(ROW)
    on = cast.give(around, FollowUp, AS_MARIA, support_measure=MEASURE, state="running", follow_up_on="2026-11-02")
    assert on.rows == (msgspec.structs.replace(ROW, state="running", follow_up_on="2026-11-02"),)
    done = cast.give(around, FollowUp, AS_MARIA, support_measure=MEASURE, state="done")
    row = msgspec.structs.replace(ROW, state="done", ended_on="2026-09-01")
    assert done.rows == (row,)
    over = cast.after(around, done)
    assert "follow_up_on" not in cast.shown(feature, over, row)[SCOPE_ANNA]
    assert list(reminders(row, over)) == []
    refused(lambda: cast.give(over, FollowUp, AS_MARIA, support_measure=MEASURE, state="stopped"), "conflict")


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"follow_up_on": "2026-08-31"}, {"follow_up_on": "past"}),
        ({"follow_up_on": "2026-09-06"}, {"follow_up_on": "not_allowed_value"}),
        ({"unit_name": None}, {"unit_name": "required"}),
    ],
)
def test_offering_refuses(more: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: cast.give(cast.around_child(), Offer, AS_MARIA, **{**OFFER, **more}), "invalid", fields)
    closed = msgspec.structs.replace(cast.CHILD_ROW, state="closed")
    refused(lambda: cast.give(cast.around_child(closed), Offer, AS_MARIA, **OFFER), "conflict")


def test_what_goes_on_has_a_day() -> None:
    around = cast.around_child(ROW)
    for args, code in (({}, "required"), ({"follow_up_on": "2026-08-31"}, "past")):
        refused(
            lambda args=args: cast.give(around, FollowUp, AS_MARIA, support_measure=MEASURE, state="running", **args),
            "invalid",
            {"follow_up_on": code},
        )


def test_it_is_offered_until_its_first_day_and_goes_on_from_then() -> None:
    today = {**OFFER, "starts_on": "2026-09-01"}
    assert cast.give(cast.around_child(), Offer, AS_MARIA, **today).rows[0].state == "running"
    around = cast.around_child(ROW)
    assert cast.give(around, Begin, AS_MARIA, record=MEASURE).rows == ()
    begun = cast.give(around, Begin, AS_MARIA, MONDAY, record=MEASURE)
    row = msgspec.structs.replace(ROW, state="running")
    assert begun.rows == (row,)
    seen = cast.shown(feature, cast.after(around, begun), row)
    assert {seen[scope]["state"] for scope in (SCOPE_ANNA, SCOPE_BO, SCOPE_COORDINATOR)} == {"running"}
    over = msgspec.structs.replace(ROW, state="stopped", ended_on="2026-09-02")
    stopped = cast.around_child(over)
    assert cast.give(stopped, Begin, AS_MARIA, MONDAY, record=MEASURE).rows == ()


def test_the_day_begins_it_and_the_coordinator_is_reminded() -> None:
    begins = Reminder(MEASURE, "act:measure.begin", "", MONDAY)
    follow_up = Reminder(MEASURE, "measure_follow_up", cast.account(MARIA), from_text("2026-10-05T07:00:00.000Z"))
    assert list(reminders(ROW, cast.around_child(ROW))) == [begins, follow_up]
    running = msgspec.structs.replace(ROW, state="running")
    assert list(reminders(running, cast.around_child(running))) == [follow_up]
