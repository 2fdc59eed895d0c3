"""What is stored of an open hour and of the places in its line."""

from __future__ import annotations

from typing import ClassVar, Final

from server.domain.instants import from_text
from server.features.around import Around
from server.features.consultant_time import OpenHourRow
from server.features.shape import Row

__all__ = ["IN_LINE", "OpenHourRow", "PlaceRow", "called", "line"]

IN_LINE: Final = ("waiting", "called")


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
