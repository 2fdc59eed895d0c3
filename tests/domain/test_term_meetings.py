"""Term meetings: days to propose, days to avoid, and golden instants of what is said before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import term_meetings as rules
from server.domain.calendar import is_bridge_day, is_working_day
from server.domain.instants import from_text, to_text
from server.domain.terms import avoid_for_meetings, term

HT26, VT27 = term("HT", 2026), term("VT", 2027)


def test_three_days_are_proposed_with_six_weeks_notice_and_a_week_apart() -> None:
    assert rules.proposals(HT26, date(2026, 8, 17)) == (date(2026, 9, 29), date(2026, 10, 6), date(2026, 10, 13))


def test_breaks_are_left_out() -> None:
    """Week 44 is the autumn break; weeks 51 to 1 are left alone."""
    assert rules.proposals(HT26, date(2026, 9, 15)) == (date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17))
    assert rules.proposals(HT26, date(2026, 11, 22)) == ()
    assert rules.proposals(VT27, date(2026, 11, 22))[0] == date(2027, 1, 12)


def test_the_second_of_two_is_proposed_in_the_later_half_of_what_is_left() -> None:
    middle = rules.middle(HT26, date(2026, 8, 17))
    assert middle == date(2026, 11, 9)
    later = rules.proposals(HT26, date(2026, 8, 17), not_before=middle)
    assert later == (date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 24))


def test_the_term_to_plan_is_the_one_with_room() -> None:
    assert rules.term_to_plan(date(2026, 8, 17)).label == "HT 2026"
    assert rules.term_to_plan(date(2026, 11, 22)).label == "VT 2027"
    assert rules.term_to_plan(date(2026, 7, 1)).label == "HT 2026"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 10, 28), "autumn"),
        (date(2027, 2, 17), "sports"),
        (date(2027, 3, 24), "easter"),
        (date(2026, 12, 16), "christmas"),
        (date(2026, 7, 1), "summer"),
        (date(2026, 9, 5), "weekend"),
        (date(2027, 5, 6), "holiday"),
        (date(2026, 9, 2), None),
    ],
)
def test_days_to_avoid_say_why(day: date, reason: str | None) -> None:
    assert rules.avoid(day) == reason


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)))
def test_no_proposal_is_on_a_day_to_avoid(today: date) -> None:
    wanted = rules.term_to_plan(today)
    for day in rules.proposals(wanted, today):
        assert wanted.starts_on <= day <= wanted.ends_on and (day - today).days >= 42
        assert is_working_day(day) and not is_bridge_day(day) and avoid_for_meetings(day) is None
        assert day.isoweekday() in (2, 3, 4)


def said(starts: str, since: str, closed: frozenset[date] = frozenset()) -> list[tuple[str, str]]:
    found = rules.reminders(from_text(starts), since=from_text(since), closed_days=closed)
    return [(one.kind, to_text(one.due_at)) for one in found]


def test_golden_instants_across_the_change_of_clocks() -> None:
    """Tuesday 3 November 2026 at 13 in Sweden; nine in the morning is 07Z before 25 October and 08Z after."""
    assert said("2026-11-03T12:00:00.000Z", "2026-09-01T08:00:00.000Z") == [
        ("term_six_weeks", "2026-09-22T07:00:00.000Z"),
        ("term_two_weeks", "2026-10-20T07:00:00.000Z"),
        ("term_day", "2026-11-02T08:00:00.000Z"),
        ("term_hour", "2026-11-03T11:00:00.000Z"),
    ]


def test_what_is_past_when_it_is_planned_is_not_said() -> None:
    assert [kind for kind, _ in said("2026-11-03T12:00:00.000Z", "2026-10-25T08:00:00.000Z")] == [
        "term_day",
        "term_hour",
    ]


def test_a_closed_day_before_moves_the_day_before_and_holidays_move_the_weeks() -> None:
    closed = frozenset({date(2026, 11, 2)})
    assert ("term_day", "2026-10-30T08:00:00.000Z") in said(
        "2026-11-03T12:00:00.000Z", "2026-09-01T08:00:00.000Z", closed
    )
    # Two weeks before 20 January 2027 is Epiphany: when the quiet hours of the next working day end.
    assert ("term_two_weeks", "2027-01-07T06:00:00.000Z") in said(
        "2027-01-20T12:00:00.000Z", "2026-11-01T08:00:00.000Z"
    )


def test_an_early_meeting_is_said_before_the_quiet_hours() -> None:
    (hour,) = (at for kind, at in said("2026-11-03T07:30:00.000Z", "2026-11-02T10:00:00.000Z") if kind == "term_hour")
    assert hour == "2026-11-03T06:30:00.000Z"


def test_those_who_have_not_answered_are_asked_again_after_five_working_days() -> None:
    told, starts = datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert rules.ask_again_at(told, starts) == from_text("2026-09-08T07:00:00.000Z")
    assert rules.ask_again_at(told, starts, {date(2026, 9, 7)}) == from_text("2026-09-09T07:00:00.000Z")
    assert rules.ask_again_at(told, datetime(2026, 9, 8, 6, tzinfo=UTC)) is None
