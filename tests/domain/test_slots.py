"""Weekly patterns: only the days somebody works."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.domain.calendar import is_working_day
from server.domain.instants import local_wall
from server.domain.slots import NO_SUCH_HOUR, WeeklyTime, meets, next_weekly, occurrences, weekly_times

THURSDAY = WeeklyTime(4, time(13), 45)
TUESDAY = WeeklyTime(2, time(9, 30), 30)


def test_each_week_has_its_times_in_order() -> None:
    found = weekly_times([THURSDAY, TUESDAY, TUESDAY], date(2026, 9, 1), date(2026, 9, 10))
    assert found == (
        (datetime(2026, 9, 1, 9, 30), 30),
        (datetime(2026, 9, 3, 13), 45),
        (datetime(2026, 9, 8, 9, 30), 30),
        (datetime(2026, 9, 10, 13), 45),
    )


def test_holidays_and_closed_days_are_passed_over() -> None:
    """24 and 31 December 2026 are eves, a Thursday each; 7 January is a working day that the unit has closed."""
    found = weekly_times([THURSDAY], date(2026, 12, 17), date(2027, 1, 14), {date(2027, 1, 7)})
    assert [wall.date() for wall, _ in found] == [date(2026, 12, 17), date(2027, 1, 14)]


def test_an_hour_left_out_in_spring_is_passed_over_and_a_weekend_never_comes() -> None:
    night = WeeklyTime(7, time(2, 30), 30)
    assert weekly_times([night], date(2027, 3, 22), date(2027, 3, 31)) == ()
    assert next_weekly(night, datetime(2027, 3, 22, tzinfo=UTC)) is None


def test_what_falls_out_says_why() -> None:
    found = occurrences([THURSDAY], date(2026, 12, 17), date(2027, 1, 7), {date(2027, 1, 7)})
    assert [one.why_not for one in found] == [None, "christmas_eve", "new_years_eve", "closed"]
    (night,) = occurrences([WeeklyTime(7, time(2, 30), 30)], date(2027, 3, 28), date(2027, 3, 28))
    assert night.why_not == "easter_sunday"
    assert NO_SUCH_HOUR == "no_such_hour"


def test_the_next_time_is_one_that_is_not_over() -> None:
    start = datetime(2026, 9, 3, 11, tzinfo=UTC)
    assert next_weekly(THURSDAY, datetime(2026, 9, 1, 8, tzinfo=UTC)) == start
    assert next_weekly(THURSDAY, start + timedelta(minutes=44)) == start
    assert next_weekly(THURSDAY, start + timedelta(minutes=45)) == start + timedelta(weeks=1)


def test_wall_time_stays_when_the_clocks_change() -> None:
    after = datetime(2026, 10, 22, 12, tzinfo=UTC)
    assert next_weekly(THURSDAY, after) == datetime(2026, 10, 29, 12, tzinfo=UTC)


def test_there_is_none_when_the_weeks_are_used_up() -> None:
    closed = {date(2026, 9, 3), date(2026, 9, 10)}
    assert next_weekly(THURSDAY, datetime(2026, 9, 1, tzinfo=UTC), closed, weeks=1) is None


@given(
    st.sets(st.builds(WeeklyTime, st.integers(1, 7), st.times(), st.integers(10, 180)), max_size=5),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 60),
)
def test_every_time_is_on_a_working_day_and_its_weekday(pattern: set[WeeklyTime], first: date, days: int) -> None:
    found = weekly_times(pattern, first, first + timedelta(days=days))
    assert list(found) == sorted(found)
    kinds = {(one.weekday, one.at, one.minutes) for one in pattern}
    for wall, minutes in found:
        assert is_working_day(wall.date()) and first <= wall.date() <= first + timedelta(days=days)
        assert (wall.isoweekday(), wall.time(), minutes) in kinds


def test_a_span_meets_a_weekly_time_only_while_it_lasts_and_on_days_when_somebody_works() -> None:
    """Thursday 13.00-13.45 from 3 September 2026 on; the 10th is closed."""

    def met(day: int, begins: time, ends: time, *, month: int = 9) -> bool:
        on = date(2026, month, day)
        span = local_wall(on, begins), local_wall(on, ends)
        return meets(THURSDAY, date(2026, 9, 3), *span, {date(2026, 9, 10)})

    assert met(3, time(13, 44), time(14)) and met(3, time(12), time(13, 1)) and met(17, time(13), time(13, 45))
    assert not met(3, time(13, 45), time(14)) and not met(3, time(12), time(13))
    assert not met(27, time(13), time(14), month=8), "before it began"
    assert not met(10, time(13), time(14)), "nobody works"
    assert not met(4, time(13), time(14)), "another day"
