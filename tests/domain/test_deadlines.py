"""Deadlines (promise P14): every rule against a second working out, every day of 2024 to 2035."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from server.domain import deadlines
from server.domain.calendar import Skipped
from server.domain.terms import TermDates
from tests.domain import golden


def day(text: str) -> date:
    return date.fromisoformat(text)


def stockholm(text: str, hour: int, minute: int = 0) -> datetime:
    """The instant by the golden table's own summer time."""
    wall = datetime.combine(day(text), time(hour, minute), tzinfo=UTC)
    return wall - timedelta(hours=2 if golden.summer_time(day(text), hour) else 1)


def test_the_contact_guarantee_from_every_day() -> None:
    for asked_on in golden.all_days():
        asked_at = stockholm(asked_on.isoformat(), 16)
        for count in (1, 2, 5):
            promise = deadlines.contact_guarantee(asked_at, working_days=count)
            due_on = golden.count_on(asked_on, count)
            between = [asked_on + timedelta(days=n) for n in range(1, (due_on - asked_on).days + 1)]
            assert promise.due_on == due_on
            assert promise.due_at == stockholm(due_on.isoformat(), 17)
            assert [one.day for one in promise.skipped] == [one for one in between if not golden.works(one)]
            assert len(between) - len(promise.skipped) == promise.working_days == count
            before = due_on - timedelta(days=1)
            while not golden.works(before):
                before -= timedelta(days=1)
            assert promise.remind_on == max(before, asked_on)


def test_a_request_on_a_friday_before_a_holiday_monday_is_due_on_wednesday() -> None:
    promise = deadlines.contact_guarantee(stockholm("2026-04-02", 16), working_days=2)
    assert (promise.due_on, promise.rule) == (day("2026-04-08"), "contact_guarantee")
    assert promise.skipped == (
        Skipped(day("2026-04-03"), "good_friday"),
        Skipped(day("2026-04-04"), "saturday"),
        Skipped(day("2026-04-05"), "easter_sunday"),
        Skipped(day("2026-04-06"), "easter_monday"),
    )


def test_a_request_late_in_the_evening_counts_in_swedish_time() -> None:
    promise = deadlines.contact_guarantee(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), working_days=1)
    assert (promise.counted_from, promise.due_on) == (day("2026-11-23"), day("2026-11-24"))


def test_a_request_entered_offline_yesterday_counts_from_when_the_server_heard_it() -> None:
    heard = deadlines.contact_guarantee(stockholm("2026-11-24", 8))
    assert (heard.counted_from, heard.due_on) == (day("2026-11-24"), day("2026-11-26"))


def test_closed_days_and_an_own_due_time_move_the_promise() -> None:
    closed = frozenset({day("2026-11-24")})
    promise = deadlines.contact_guarantee(stockholm("2026-11-23", 9), closed_days=closed, due_time=time(12))
    assert promise.due_on == day("2026-11-26")
    assert promise.due_at == stockholm("2026-11-26", 12)
    assert promise.skipped == (Skipped(day("2026-11-24"), "closed"),)


def test_a_cut_off_moves_day_0_to_the_next_working_day() -> None:
    late = deadlines.contact_guarantee(stockholm("2026-11-20", 16), cut_off=time(16))
    in_time = deadlines.contact_guarantee(stockholm("2026-11-20", 15, 59), cut_off=time(16))
    assert (late.counted_from, late.due_on) == (day("2026-11-23"), day("2026-11-25"))
    assert (in_time.counted_from, in_time.due_on) == (day("2026-11-20"), day("2026-11-24"))


def test_the_reminder_never_comes_before_the_request() -> None:
    promise = deadlines.contact_guarantee(stockholm("2026-11-21", 10), working_days=1)
    assert (promise.due_on, promise.remind_on) == (day("2026-11-23"), day("2026-11-21"))


def test_a_promise_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError):
        deadlines.contact_guarantee(stockholm("2026-11-21", 10), working_days=0)


def test_the_due_time_holds_on_days_clocks_change() -> None:
    spring = deadlines.contact_guarantee(stockholm("2027-03-25", 10), working_days=1, due_time=time(17))
    assert spring.due_at == datetime(2027, 3, 30, 15, tzinfo=UTC)
    autumn = deadlines.contact_guarantee(stockholm("2026-10-23", 10), working_days=1)
    assert autumn.due_at == datetime(2026, 10, 26, 16, tzinfo=UTC)


@pytest.mark.parametrize(("rule", "days", "warn"), [(deadlines.three_weeks, 21, 14), (deadlines.acute_placement, 5, 4)])
def test_limits_in_calendar_days_from_every_day(rule: object, days: int, warn: int) -> None:
    assert callable(rule)
    for start in golden.all_days():
        limit = rule(start)
        due_on = start + timedelta(days=days)
        passed = [due_on + timedelta(days=n) for n in range((golden.rolled(due_on) - due_on).days)]
        assert (limit.days, limit.starts_on, limit.due_on) == (days, start, due_on)
        assert limit.warn_on == start + timedelta(days=warn)
        assert limit.rolled_on == golden.rolled(due_on)
        assert limit.breach_on == golden.rolled(due_on) + timedelta(days=1)
        assert [one.day for one in limit.skipped] == passed


@pytest.mark.parametrize(
    ("invited", "due", "rolled"),
    [
        ("2026-11-23", "2026-12-14", "2026-12-14"),
        ("2026-12-03", "2026-12-24", "2026-12-28"),
        ("2026-12-04", "2026-12-25", "2026-12-28"),
    ],
)
def test_three_weeks_vectors(invited: str, due: str, rolled: str) -> None:
    limit = deadlines.three_weeks(day(invited))
    assert (limit.rule, limit.due_on, limit.rolled_on) == ("three_weeks", day(due), day(rolled))


def test_the_clock_warns_on_day_14_and_breaks_on_day_22() -> None:
    limit = deadlines.three_weeks(day("2026-11-23"))
    assert (limit.warn_on, limit.breach_on) == (day("2026-12-07"), day("2026-12-15"))


def test_those_who_have_not_answered_are_reminded_after_five_working_days() -> None:
    over_christmas = deadlines.answer_reminder(day("2026-12-18"))
    assert over_christmas.due_on == day("2026-12-29")
    assert [one.reason for one in over_christmas.skipped][-3:] == ["christmas_day", "second_day_of_christmas", "sunday"]
    reminder = deadlines.answer_reminder(day("2026-11-23"), frozenset({day("2026-11-25")}))
    assert (reminder.rule, reminder.due_on) == ("answer_reminder", day("2026-12-01"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23", "2027-06-15"),
        ("2027-03-01", "2027-12-22"),
        ("2027-07-01", "2027-12-22"),
        ("2026-12-27", "2027-06-15"),
        ("2027-01-07", "2027-12-22"),
    ],
)
def test_consent_ends_with_the_next_term(start: str, end: str) -> None:
    until = deadlines.consent_end(day(start))
    assert (until.rule, until.ends_on, until.capped) == ("consent_end", day(end), False)
    assert until.ends_at == stockholm(end, 0) + timedelta(days=1)


def test_consent_never_lasts_more_than_twelve_months() -> None:
    long = TermDates(spring_first=(1, 8), autumn_first=(8, 1), autumn_last=(12, 31))
    until = deadlines.consent_end(day("2028-01-08"), long)
    assert (until.ends_on, until.capped) == (day("2028-12-31"), False)
    wished = deadlines.consent_limit(day("2028-02-29"), day("2029-06-15"))
    assert (wished.ends_on, wished.capped, wished.rule) == (day("2029-02-28"), True, "consent_limit")
    with pytest.raises(ValueError):
        deadlines.consent_limit(day("2026-11-23"), day("2026-11-22"))


def test_a_consent_from_any_day_ends_within_twelve_months() -> None:
    for start in golden.all_days():
        until = deadlines.consent_end(start)
        assert start < until.ends_on <= start.replace(year=start.year + 1, day=min(start.day, 28)) + timedelta(days=3)


def test_leases_count_hours_across_a_clock_change() -> None:
    heard = datetime(2027, 3, 27, 9, tzinfo=UTC)
    lease = deadlines.lease(heard, 3)
    assert (lease.until - heard, lease.erase_at - lease.until) == (timedelta(days=3), timedelta(days=30))


def test_other_ends() -> None:
    fresh = deadlines.freshness(day("2026-11-22"))
    assert (fresh.ends_on, fresh.ends_at) == (day("2027-05-21"), stockholm("2027-05-22", 0))
    assert deadlines.consultation_note_end(day("2026-11-22")).ends_on == day("2026-12-22")
    kept = deadlines.retention(day("2028-02-29"))
    assert (kept.pseudonymise_on, kept.erase_on) == (day("2029-02-28"), day("2030-02-28"))
