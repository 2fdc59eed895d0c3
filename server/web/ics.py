"""A time as a calendar file: when, and nothing else. Pure.

The title is one neutral word: phones, watches, cars and calendar services all read it. No name, unit, place,
link or kind of meeting; under protected identity the caller hands over no event at all.
Source: rules.md 4.2 and 5.5; RFC 5545.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDDDTypes

from server.texts import N_, Texts

ZONE = "Europe/Stockholm"


@dataclass(frozen=True)
class CalendarEvent:
    """One time. `starts_local` is wall time in Stockholm without zone; `sequence` rises with every change."""

    id: str
    starts_local: datetime
    minutes: int
    sequence: int
    cancelled: bool = False


def _timezone() -> Timezone:
    """Swedish time since 1996: last Sunday of March and of October at 01:00 UTC."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, offset_from, offset_to, start, month in (
        (TimezoneStandard(), "CET", 2, 1, "1996-10-27T03:00", 10),
        (TimezoneDaylight(), "CEST", 1, 2, "1997-03-30T02:00", 3),
    ):
        part.add("dtstart", datetime.fromisoformat(start))
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=offset_from))
        part.add("tzoffsetto", timedelta(hours=offset_to))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _at(wall: datetime) -> vDDDTypes:
    """Wall time with its zone named, as calendars expect it."""
    return vDDDTypes(wall.replace(tzinfo=ZoneInfo(ZONE)))


def _event(event: CalendarEvent, title: str, stamp: datetime) -> Event:
    """The end is counted in elapsed minutes, so that a meeting across a clock change keeps its length."""
    if event.starts_local.tzinfo is not None:
        raise ValueError("starts_local is wall time, without a zone")
    starts = event.starts_local.replace(tzinfo=ZoneInfo(ZONE))
    ends = (starts.astimezone(UTC) + timedelta(minutes=event.minutes)).astimezone(ZoneInfo(ZONE))
    out = Event()
    out.add("uid", f"{event.id}@samled")
    out.add("sequence", event.sequence)
    out.add("dtstamp", stamp)
    out.add("dtstart", _at(event.starts_local))
    out.add("dtend", _at(ends.replace(tzinfo=None)))
    out.add("summary", title)
    out.add("class", "PRIVATE")
    out.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    return out


def render_calendar(events: Sequence[CalendarEvent], lang: str, stamp: datetime, *, feed: bool = False) -> bytes:
    """The file. One cancelled time is a CANCEL, so that the calendar removes it; a feed publishes all it has.

    Args: `stamp` is the aware instant the file is made.
    """
    if stamp.tzinfo is None:
        raise ValueError("stamp is an aware instant")
    cancels = not feed and bool(events) and all(event.cancelled for event in events)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Samled//Samled//SV")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if cancels else "PUBLISH")
    calendar.add_component(_timezone())
    title = Texts(lang).gettext(N_("Meeting"))
    for event in events:
        calendar.add_component(_event(event, title, stamp.astimezone(UTC).replace(microsecond=0)))
    return bytes(calendar.to_ical())
