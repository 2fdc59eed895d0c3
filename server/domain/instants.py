"""Instants, local dates and wall times, and their one textual form.

Instants are aware datetimes in UTC and travel as `YYYY-MM-DDTHH:MM:SS.mmmZ` (fixed width, so text order
is time order). Deadlines are plain dates. "Today" is decided in Europe/Stockholm, whatever zone the
server runs in. Nothing here asks the clock. Source: rules.md 5.5.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONE_NAME = "Europe/Stockholm"

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}", re.ASCII)


def to_text(instant: datetime) -> str:
    """The instant as `YYYY-MM-DDTHH:MM:SS.mmmZ`, cut (not rounded) to milliseconds.

    Raises ValueError for a naive datetime: it names no instant.
    """
    if instant.tzinfo is UTC:  # most are, and there is nothing to convert
        return f"{instant.isoformat(timespec='milliseconds')[:-6]}Z"
    return _aware(instant).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The aware UTC datetime of a text written by `to_text`. Raises ValueError for any other form."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"not an instant: {text!r}")
    return datetime.fromisoformat(text)


def date_text(day: date) -> str:
    """The day as `YYYY-MM-DD`. Raises ValueError for a datetime, whose date depends on a zone."""
    if isinstance(day, datetime):
        raise ValueError("a datetime is not a date; use local_date")
    return day.isoformat()


def time_from_text(text: str) -> time:
    """The wall time of `HH:MM`. Raises ValueError for any other form."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"not a time of day: {text!r}")
    return time.fromisoformat(text)


def local(instant: datetime, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The instant as an aware datetime in the zone. Raises ValueError for a naive datetime."""
    return _aware(instant).astimezone(zone)


def local_date(instant: datetime, zone: ZoneInfo = STOCKHOLM) -> date:
    """The calendar day in Sweden at that instant: 23:30Z is already tomorrow."""
    return local(instant, zone).date()


def local_wall(day: date, at: time, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The UTC instant when clocks in the zone show `day` and `at`.

    A time that does not exist (spring, 02:00-03:00) is moved forward by the hour that is missing: 02:30
    becomes 03:30. A time that exists twice (autumn, 02:00-03:00) is the first of the two.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def wall_text(instant: datetime, zone: ZoneInfo = STOCKHOLM) -> str:
    """The wall time `YYYY-MM-DDTHH:MM` in the zone, as future meetings carry it in `starts_local`."""
    return local(instant, zone).strftime("%Y-%m-%dT%H:%M")


def wall_from_text(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The UTC instant of a `starts_local` text. Raises ValueError for any other form."""
    if not _WALL.fullmatch(text):
        raise ValueError(f"not a wall time: {text!r}")
    wall = datetime.fromisoformat(text)
    return local_wall(wall.date(), wall.time(), zone)


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The UTC instant when that local day begins: the first instant of its date."""
    return local_wall(day, time(0), zone)


def end_of_day(day: date, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The UTC instant when that local day is over (exclusive): the start of the day after."""
    return start_of_day(day + timedelta(days=1), zone)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("a naive datetime names no instant")
    return instant
