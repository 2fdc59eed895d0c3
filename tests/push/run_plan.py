"""What a run of killed workers is made of: when it begins, the hard days, who hears of what, how long is waited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TERM = ("term_six_weeks", "term_two_weeks", "term_day", "term_hour", "term_answer")
REMINDERS = ("meeting_week", "meeting_day", "meeting_hour", "meeting_answer", *TERM)
STAFF = ("johan", "jonas", "sara")
"""Colleagues who have a device; those who plan have none, as they would be told of everything."""
TERM_MEETINGS = (("HT 2026", "2026-11-02T07:30"), ("VT 2027", "2027-03-30T08:30"))
"""The working day before is on the other side of a holiday, or of the days on which the clocks change."""
DIES = 6
"""In one family of so many a guardian has a second device, which is gone after a while."""
DAYS = 45
"""On how many days there are meetings."""
SPECIAL = [*(date(2026, 10, day) for day in (24, 25, 26)), date(2026, 12, 31), *(date(2027, 1, day) for day in (1, 2))]
SPECIAL += [date(2027, 3, day) for day in (27, 28, 29)]
TIMES = (clock_time(7, 0), clock_time(8, 30), clock_time(10, 0), clock_time(15, 30), clock_time(19, 45))
PAUSE = timedelta(seconds=122)
"""What a service that answers 429 asks for here, for everything that goes to that device."""
CLAIMED_FOR = timedelta(seconds=31)
LOST_S, LIVES_S, LOOKS_S = 1.0, 10.0, 0.25
"""Real seconds without progress, and with nothing being posted, after which the clock goes on: where nobody who lives has
a claim (a service rests, or somebody was killed before he noted it); where somebody has one; after each step.
"""
STEP = timedelta(seconds=5)
"""By which the clock goes on while a service rests."""
AHEAD = 1.05
"""Kills keep this far ahead of their pace, so that the last one still meets work."""
