"""Reminders: quiet hours, days off and clock changes (promise P7), against a table written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from server.domain import reminders
from server.domain.reminders import QuietHours
from tests.domain import golden


def at(text: str) -> datetime:
    """The instant of a Swedish wall time `YYYY-MM-DD HH:MM`, by the golden table's own summer time."""
    wall = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return wall - timedelta(hours=2 if golden.summer_time(wall.date(), wall.hour) else 1)


@pytest.mark.parametrize(
    ("wished", "moved"),
    [
        ("2026-11-23 06:59", "2026-11-23 07:00"),
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 19:59", "2026-11-23 19:59"),
        ("2026-11-23 20:00", "2026-11-24 07:00"),
        ("2026-12-31 23:59", "2027-01-01 07:00"),
        ("2027-03-27 22:00", "2027-03-28 07:00"),
        ("2027-03-28 03:30", "2027-03-28 07:00"),
        ("2026-10-24 21:00", "2026-10-25 07:00"),
        ("2026-10-25 01:30", "2026-10-25 07:00"),
        ("2028-02-28 20:30", "2028-02-29 07:00"),
    ],
)
def test_moved_out_of_quiet_hours(wished: str, moved: str) -> None:
    assert reminders.after_quiet(at(wished)) == at(moved)


@pytest.mark.parametrize(
    ("wished", "moved"),
    [
        ("2026-11-23 06:59", "2026-11-22 19:45"),
        ("2026-11-23 12:00", "2026-11-23 12:00"),
        ("2026-11-23 21:30", "2026-11-23 19:45"),
        ("2027-03-28 06:00", "2027-03-27 19:45"),
        ("2027-01-01 00:10", "2026-12-31 19:45"),
    ],
)
def test_moved_back_to_the_evening(wished: str, moved: str) -> None:
    assert reminders.before_quiet(at(wished)) == at(moved)


def test_nobody_can_choose_to_be_reminded_at_night() -> None:
    none = QuietHours(time(0), time(0))
    assert not reminders.is_quiet(at("2026-11-23 20:30"), none)
    assert reminders.is_quiet(at("2026-11-23 21:00"), none)
    assert reminders.after_quiet(at("2026-11-23 21:00"), none) == at("2026-11-24 07:00")


def test_own_hours_may_lie_in_the_day() -> None:
    lessons = QuietHours(time(8), time(15))
    assert reminders.after_quiet(at("2026-11-23 09:00"), lessons) == at("2026-11-23 15:00")
    assert reminders.before_quiet(at("2026-11-23 09:00"), lessons) == at("2026-11-23 07:45")
    assert reminders.after_quiet(at("2026-11-23 22:00"), lessons) == at("2026-11-24 07:00")


@pytest.mark.parametrize(
    "own", [QuietHours(time(7), time(21)), QuietHours(time(6), time(20, 50)), QuietHours(time(7, 10), time(7, 5))]
)
def test_own_hours_that_leave_nothing_are_passed_over(own: QuietHours) -> None:
    assert reminders.after_quiet(at("2026-11-23 03:00"), own) == at("2026-11-23 07:00")
    assert reminders.before_quiet(at("2026-11-23 22:00"), own) == at("2026-11-23 20:45")


def test_staff_are_not_reminded_on_days_off() -> None:
    closed = frozenset({date(2026, 11, 23)})
    assert reminders.after_quiet(at("2026-11-21 12:00"), working_days_only=True) == at("2026-11-23 07:00")
    moved = reminders.after_quiet(at("2026-11-21 12:00"), working_days_only=True, closed_days=closed)
    assert moved == at("2026-11-24 07:00")
    assert reminders.before_quiet(at("2026-12-25 12:00"), working_days_only=True) == at("2026-12-23 19:45")
    assert reminders.after_quiet(at("2026-11-21 12:00")) == at("2026-11-21 12:00")


def test_what_would_come_too_late_comes_before() -> None:
    starts = at("2026-11-23 07:00")
    assert reminders.place(at("2026-11-23 06:00"), before=starts) == at("2026-11-22 19:45")
    assert reminders.place(at("2026-11-23 06:00"), before=starts + timedelta(minutes=1)) == starts
    assert reminders.place(at("2026-11-23 06:00")) == starts


def planned(starts: str, since: str, **more: object) -> list[tuple[str, datetime]]:
    made = reminders.meeting_reminders(at(starts), since=at(since), **more)  # type: ignore[arg-type]
    assert {one.expires_at for one in made} <= {at(starts)}
    return [(one.offset, one.due_at) for one in made]


def test_a_meeting_has_four_reminders() -> None:
    assert planned("2027-04-12 13:30", "2027-03-01 10:00") == [
        ("three_weeks", at("2027-03-22 09:00")),
        ("one_week", at("2027-04-05 09:00")),
        ("one_working_day", at("2027-04-09 09:00")),
        ("one_hour", at("2027-04-12 12:30")),
    ]


def test_reminders_before_the_invitation_are_left_out() -> None:
    assert [offset for offset, _ in planned("2027-04-12 13:30", "2027-04-05 09:00")] == ["one_working_day", "one_hour"]
    assert planned("2027-04-12 13:30", "2027-04-12 13:00") == []


def test_staff_get_theirs_on_working_days() -> None:
    made = planned("2027-04-19 13:30", "2027-03-01 10:00", working_days_only=True)
    assert made[0] == ("three_weeks", at("2027-03-30 07:00"))


def test_a_closed_day_moves_the_working_day_before() -> None:
    made = planned("2026-11-25 13:30", "2026-11-20 10:00", closed_days=frozenset({date(2026, 11, 24)}))
    assert made[0] == ("one_working_day", at("2026-11-23 09:00"))


def test_an_early_meeting_is_told_of_the_evening_before() -> None:
    made = planned("2026-11-25 07:00", "2026-11-24 12:00")
    assert made == [("one_hour", at("2026-11-24 19:45"))]


def test_two_at_the_same_instant_are_one() -> None:
    made = planned(
        "2026-11-24 13:30", "2026-11-01 10:00", working_days_only=True, offsets=("one_working_day", "one_working_day")
    )
    assert made == [("one_working_day", at("2026-11-23 09:00"))]


@pytest.mark.exhaustive
def test_no_reminder_of_any_meeting_in_twelve_years_falls_in_quiet_hours_or_after_it() -> None:
    for one in golden.all_days():
        for hour in (7, 19):
            starts = at(f"{one.isoformat()} {hour:02}:00")
            for staff in (False, True):
                made = reminders.meeting_reminders(starts, since=starts - timedelta(days=60), working_days_only=staff)
                assert all(not reminders.is_quiet(each.due_at) and each.due_at < starts for each in made)
                assert len(made) >= 3
