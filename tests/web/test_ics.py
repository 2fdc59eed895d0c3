"""Calendar files: byte for byte what calendars expect, and one neutral word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from litestar import Litestar
from litestar.testing import TestClient

from server.web.ics import CalendarEvent, render_calendar
from tests.web.conftest import MEETING, SECRET

STAMP = datetime(2026, 11, 22, 9, 0, 0, 123000, tzinfo=UTC)
GOLDEN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Samled//Samled//SV
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Möte
DTSTART;TZID=Europe/Stockholm:20261202T150000
DTEND;TZID=Europe/Stockholm:20261202T154500
DTSTAMP:20261122T090000Z
UID:01930000-0000-7000-8000-000000000001@samled
SEQUENCE:3
CLASS:PRIVATE
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""


def event(**changes: object) -> CalendarEvent:
    values: dict[str, object] = {
        "starts_local": datetime(2026, 12, 2, 15, 0),
        "minutes": 45,
        "sequence": 3,
        **changes,
    }
    return CalendarEvent(MEETING, **values)  # type: ignore[arg-type]


def test_golden_file() -> None:
    assert render_calendar([event()], "sv", STAMP).decode() == GOLDEN.replace("\n", "\r\n")


def test_cancelled_meeting_is_taken_out_of_the_calendar() -> None:
    text = render_calendar([event(cancelled=True, sequence=4)], "sv", STAMP).decode()
    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:4" in text


def test_feed_publishes_even_what_is_cancelled() -> None:
    text = render_calendar([event(cancelled=True)], "sv", STAMP, feed=True).decode()
    assert "METHOD:PUBLISH" in text
    assert "STATUS:CANCELLED" in text


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 3, 30)),
        (datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 2, 30)),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 2, 30)),
    ],
)
def test_an_hour_across_a_clock_change_stays_an_hour(starts: datetime, ends: datetime) -> None:
    text = render_calendar([event(starts_local=starts, minutes=60)], "sv", STAMP)
    found = Calendar.from_ical(text).walk("VEVENT")[0]
    assert found["DTEND"].dt.replace(tzinfo=None) == ends


def test_wall_time_and_stamp_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="wall time"):
        render_calendar([event(starts_local=STAMP)], "sv", STAMP)
    with pytest.raises(ValueError, match="aware"):
        render_calendar([event()], "sv", datetime(2026, 11, 22))


def test_subscription_by_secret(client: TestClient[Litestar]) -> None:
    answer = client.get(f"/calendar/{SECRET}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text == GOLDEN.replace("\n", "\r\n")


def test_unknown_and_forbidden_calendar_look_the_same(client: TestClient[Litestar]) -> None:
    paths = [
        f"/calendar/{'x' * 43}.ics",
        "/calendar/short.ics",
        f"/calendar/{SECRET}",
        f"/calendar/meeting/{MEETING}.ics",
    ]
    bodies = [client.get(path) for path in paths]
    assert {answer.status_code for answer in bodies} == {404}
    assert {answer.json()["code"] for answer in bodies} == {"not_found"}


def test_own_meeting_in_the_persons_language(client: TestClient[Litestar]) -> None:
    answer = client.get(f"/calendar/meeting/{MEETING}.ics", headers={"x-test-person": "anna"})
    assert "METHOD:CANCEL" in answer.text
    assert "SUMMARY:لقاء" in answer.text
