"""Waiting: both clocks, the check-in that is never missing, and whose word it is that things are worse."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.domain.instants import from_text
from server.errors import Refused
from server.features.around import Around
from server.features.shape import Notice, Writes
from server.features.waiting import CheckIn, End, GotWorse, Open, WaitingRow, WorseReport, feature, reminders
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_MARIA,
    BO,
    CHILD,
    CLINIC,
    CLINIC_ROW,
    CONSENT_ROW,
    COORDINATOR_ROW,
    JOHAN,
    MARIA,
    NOW,
    REKTOR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
)  # fmt: skip
from tests.features.consenting import refused

OPEN: dict[str, Any] = {
    "child": CHILD,
    "unit_name": "BUP Mariestad",
    "what": "first_visit",
    "start_on": "2026-08-26",
    "start_basis": "referral_issued",
    "next_check_in_on": "2026-09-18",
}
WAITING = cast.uuid(41)
ROW = WaitingRow(
    id=WAITING, owner_unit=SCHOOL, child=CHILD, unit_name="BUP Mariestad", what="first_visit", start_on="2026-08-26",
    start_basis="referral_issued", next_check_in_on="2026-09-18", opened_at="2026-09-01T08:00:00.000Z",
)  # fmt: skip
COVERED = msgspec.structs.replace(CONSENT_ROW, information_kinds=("child", "waiting"))


def changed(around: Around, writes: Writes) -> WaitingRow:
    return cast.after(around, writes).get(WaitingRow, WAITING)


def with_row(**more: Any) -> Around:
    return cast.around_child(msgspec.structs.replace(ROW, **more))


def test_opening_starts_both_clocks() -> None:
    writes = cast.give(cast.around_child(), Open, AS_MARIA, **OPEN, queue_fact="Cirka fyra månader", paused_days=4)
    row = writes.rows[0]
    expected = msgspec.structs.replace(
        ROW, id=row.id, paused_days=4, queue_fact={"text": "Cirka fyra månader", "dated": "2026-09-01"}
    )
    assert row == expected
    assert writes.result == {"waiting": row.id}
    assert writes.notices == tuple(Notice(cast.account(one), "waiting_opened", "waiting", row.id) for one in (ANNA, BO))


def test_the_dates_are_shown_as_counted_and_lateness_is_rolled() -> None:
    around = with_row(start_on="2026-11-23")
    shown = cast.shown(feature, around, around.get(WaitingRow, WAITING))[SCOPE_ANNA]
    assert (shown["target_on"], shown["limit_on"], shown["overdue_after"]) == ("2026-12-23", "2027-02-21", "2027-02-22")
    assert list(shown["skipped"]) == [{"day": "2027-02-21", "reason": "sunday"}]
    around = with_row(start_on="2026-11-23", paused_days=14)
    shown = cast.shown(feature, around, around.get(WaitingRow, WAITING))[SCOPE_ANNA]
    assert (shown["limit_on"], shown["overdue_after"], shown["paused_days"]) == ("2027-03-07", "2027-03-08", 14)


def test_who_sees_it() -> None:
    around = cast.around_child(ROW)
    seen = cast.shown(feature, around, ROW)
    document = {
        "id": WAITING, "child": CHILD, "unit_name": "BUP Mariestad", "what": "first_visit", "start_on": "2026-08-26",
        "start_basis": "referral_issued", "target_on": "2026-09-25", "limit_on": "2026-11-24",
        "overdue_after": "2026-11-24", "state": "waiting", "next_check_in_on": "2026-09-18",
        "check_in_by": "Maria Ekdahl",
    }  # fmt: skip
    assert seen == {SCOPE_ANNA: document, SCOPE_BO: document, SCOPE_COORDINATOR: document}
    marked = msgspec.structs.replace(ROW, for_young=True, note="Vi hörs")
    seen = cast.shown(feature, cast.around_child(marked, COVERED), marked)
    assert set(seen) == {SCOPE_ANNA, SCOPE_BO, SCOPE_ALVA, SCOPE_COORDINATOR, SCOPE_CLINIC}
    assert seen[SCOPE_CLINIC] == document
    assert seen[SCOPE_ALVA] == document | {"note": "Vi hörs"}
    assert seen[SCOPE_COORDINATOR] == document | {"note": "Vi hörs", "for_young": True}


def test_an_excluded_kind_is_not_covered() -> None:
    without = msgspec.structs.replace(COVERED, excludes=("waiting",))
    assert SCOPE_CLINIC not in cast.shown(feature, cast.around_child(ROW, without), ROW)


def test_that_it_is_worse_reaches_coordinator_and_deputy_at_once_and_nobody_else_in_the_family() -> None:
    around = cast.around_child(msgspec.structs.replace(ROW, for_young=True))
    writes = cast.give(around, GotWorse, AS_ALVA, waiting=WAITING, what=["sleep", "school", "sleep"])
    at = "2026-09-01T08:00:00.000Z"
    assert writes.notices == tuple(
        Notice(cast.account(one), "waiting_worse", "waiting", WAITING, urgent=True) for one in (MARIA, JOHAN)
    )
    row = changed(around, writes)
    assert row.worse == (WorseReport(account=cast.account(ALVA), at=at, what=("sleep", "school")),)
    seen = cast.shown(feature, cast.after(around, writes), row)
    assert seen[SCOPE_ALVA]["worse_at"] == at and tuple(seen[SCOPE_ALVA]["worse"]) == ("sleep", "school")
    for scope in (SCOPE_ANNA, SCOPE_BO):
        assert not {"worse", "worse_at", "worse_reports"} & set(seen[scope])
    assert seen[SCOPE_COORDINATOR]["worse_at"] == at
    assert list(seen[SCOPE_COORDINATOR]["worse_reports"]) == [{"name": "Alva", "at": at, "what": ["sleep", "school"]}]


def test_worse_is_heard_also_after_the_end_and_by_the_leads_while_nobody_is_named() -> None:
    nobody = msgspec.structs.replace(COORDINATOR_ROW, seat=None, deputy=None)
    around = cast.around_child(msgspec.structs.replace(ROW, state="ended"), nobody)
    writes = cast.give(around, GotWorse, AS_ANNA, waiting=WAITING, what=["safety"])
    assert [one.account for one in writes.notices] == [cast.account(REKTOR)]


def test_a_check_in_sets_the_next_and_answers_what_was_worse() -> None:
    around = with_row(worse=(WorseReport(account="a", at="x", what=("home",)),))
    writes = cast.give(
        around, CheckIn, AS_MARIA, waiting=WAITING, next_check_in_on="2026-09-29", note="Vi hörs igen", queue_fact="Tre"
    )
    assert changed(around, writes) == msgspec.structs.replace(
        ROW, next_check_in_on="2026-09-29", checked_in_on="2026-09-01", note="Vi hörs igen",
        queue_fact={"text": "Tre", "dated": "2026-09-01"},
    )  # fmt: skip
    assert {one.kind for one in writes.notices} == {"waiting_news"}


@pytest.mark.parametrize("outcome", ["offered", "declined"])
def test_an_offer_keeps_the_check_in(outcome: str) -> None:
    row = changed(with_row(), cast.give(with_row(), End, AS_MARIA, waiting=WAITING, outcome=outcome))
    assert row == msgspec.structs.replace(ROW, state=outcome)
    shown = cast.shown(feature, cast.around_child(row), row)
    assert shown[SCOPE_ANNA]["next_check_in_on"] == "2026-09-18"


@pytest.mark.parametrize("outcome", ["started", "ended"])
def test_the_end_is_final(outcome: str) -> None:
    row = changed(with_row(), cast.give(with_row(), End, AS_MARIA, waiting=WAITING, outcome=outcome))
    assert row == msgspec.structs.replace(ROW, state=outcome, ended_on="2026-09-01")
    over = cast.around_child(row)
    assert not {"next_check_in_on", "check_in_by"} & set(cast.shown(feature, over, row)[SCOPE_ANNA])
    assert list(reminders(row, over)) == []
    refused(lambda: cast.give(over, End, AS_MARIA, waiting=WAITING, outcome="offered"), "conflict")
    refused(lambda: cast.give(over, CheckIn, AS_MARIA, waiting=WAITING, next_check_in_on="2026-09-29"), "conflict")


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"start_on": "2026-09-02"}, {"start_on": "not_allowed_value"}),
        ({"next_check_in_on": "2026-08-31"}, {"next_check_in_on": "past"}),
        ({"unit": CLINIC}, {"unit_name": "not_allowed_value"}),
        ({"unit_name": None}, {"unit_name": "required"}),
        ({"unit_name": None, "unit": cast.uuid(99)}, {"unit": "not_allowed_value"}),
    ],
)
def test_opening_refuses(more: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: cast.give(cast.around_child(), Open, AS_MARIA, **{**OPEN, **more}), "invalid", fields)


def test_a_unit_of_the_directory_lends_its_name_and_a_closed_child_waits_for_nothing() -> None:
    args = {**OPEN, "unit_name": None, "unit": CLINIC}
    row = cast.give(cast.around_child(), Open, AS_MARIA, **args).rows[0]
    assert isinstance(row, WaitingRow) and (row.unit, row.unit_name) == (CLINIC, CLINIC_ROW.name)
    closed = msgspec.structs.replace(cast.CHILD_ROW, state="closed")
    refused(lambda: cast.give(cast.around_child(closed), Open, AS_MARIA, **OPEN), "conflict")


def test_the_next_check_in_is_never_left_out() -> None:
    args = {key: value for key, value in OPEN.items() if key != "next_check_in_on"}
    with pytest.raises(ValueError, match="next_check_in_on"):
        Open.model_validate(args)


def test_the_coordinator_is_reminded_in_the_morning_and_the_deputy_the_working_day_after() -> None:
    around = cast.around_child(ROW)
    assert [(one.kind, one.account, one.due_at) for one in reminders(ROW, around)] == [
        ("waiting_check_in", cast.account(MARIA), from_text("2026-09-18T07:00:00.000Z")),
        ("waiting_check_in_late", cast.account(JOHAN), from_text("2026-09-21T07:00:00.000Z")),
    ]
    saturday = msgspec.structs.replace(ROW, next_check_in_on="2026-09-19")
    assert [one.due_at for one in reminders(saturday, cast.around_child(saturday))] == [
        from_text("2026-09-21T07:00:00.000Z"),
        from_text("2026-09-22T07:00:00.000Z"),
    ]


def test_nothing_is_found_under_another_id() -> None:
    with pytest.raises(Refused, match="not_found"):
        cast.give(cast.around_child(now=NOW), CheckIn, AS_MARIA, waiting=WAITING, next_check_in_on="2026-09-29")
