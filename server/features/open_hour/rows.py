"""What is stored of an open hour and of the places in its line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from server.domain.instants import from_text, local_wall, time_from_text
from server.domain.slots import WeeklyTime
from server.features.around import Around
from server.features.shape import Row

IN_LINE: Final = ("waiting", "called")


class OpenHourRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "open_hour"
    aggregate: ClassVar[str] = "open_hour"

    consultant: str
    weekday: int
    """As in ISO 8601: Monday is 1."""
    at: str
    minutes: int
    mode: str
    topics: tuple[str, ...]
    session_on: str
    """The day of the hour whose line is open now."""
    join_url: str | None = None
    phone: str | None = None
    state: str = "open"
    """`open|closed`"""

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit, self.consultant)

    @property
    def weekly(self) -> WeeklyTime:
        return WeeklyTime(self.weekday, time_from_text(self.at), self.minutes)

    def starts(self, session_on: str | None = None) -> datetime:
        """The UTC start of the hour on that day, or on the day whose line is open."""
        return local_wall(date.fromisoformat(session_on or self.session_on), time_from_text(self.at))

    @property
    def ends(self) -> datetime:
        return self.starts() + timedelta(minutes=self.minutes)


class PlaceRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """One colleague's place in line on one day. Whoever leaves the line leaves no row."""

    entity: ClassVar[str] = "open_hour_place"
    aggregate: ClassVar[str] = "open_hour"

    open_hour: str
    session_on: str
    seat: str
    account: str
    topic: str
    age_band: str
    joined_at: str
    question: str | None = None
    state: str = "waiting"
    """`waiting|called|done|not_reached`"""

    def refers_to(self) -> tuple[str, ...]:
        return (self.seat,)


def line(around: Around, hour: OpenHourRow) -> tuple[PlaceRow, ...]:
    """Those who wait for the day whose line is open, first come first."""
    waiting = [row for row in around.all(PlaceRow) if row.session_on == hour.session_on and row.state == "waiting"]
    return tuple(sorted(waiting, key=lambda row: (from_text(row.joined_at), row.id)))


def called(around: Around, hour: OpenHourRow) -> tuple[PlaceRow, ...]:
    """Those whose turn it is."""
    return tuple(row for row in around.all(PlaceRow) if row.session_on == hour.session_on and row.state == "called")
