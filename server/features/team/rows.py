"""What is stored of a team and of what is raised to it, and the pure questions every part of the feature asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Literal

from server.domain.instants import time_from_text, wall_from_text, wall_text
from server.domain.team_sessions import coming
from server.features import circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.rows import ConsentRow
from server.features.shape import Reminder, Row

PURPOSE: Final = "team"
AHEAD: Final = 12
"""Sessions whose days are told at any time."""
WAITING: Final = ("raised", "scheduled")

Basis = Literal["consent", "without_name"]
Wanted = Literal["who_helps", "advice", "joint_plan", "home_support", "assessment", "other"]


class TeamRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A team lies with the unit of the first who leads it."""

    entity: ClassVar[str] = "team"
    aggregate: ClassVar[str] = "team"

    area: str
    name: str
    units: tuple[str, ...]
    """The units its members come from: those that a consent has to name."""
    members: tuple[str, ...]
    """Seats, of those who lead it too."""
    leaders: tuple[str, ...]
    first_on: str
    at: str
    minutes: int
    every_weeks: int
    place: str | None = None
    sessions: tuple[str, ...] = ()
    """The coming ones, in wall time; the house drops what is over and adds what follows."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit, *self.members)

    def sessions_after(self, now: datetime) -> tuple[str, ...]:
        """The first sessions that are not over."""
        day, at = date.fromisoformat(self.first_on), time_from_text(self.at)
        return tuple(map(wall_text, coming(day, self.every_weeks, at, self.minutes, now, count=AHEAD)))


class TeamCaseRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A case with a child lies with the child, and is seen as long as its consent; one without a name with the team."""

    entity: ClassVar[str] = "team_case"
    aggregate: ClassVar[str] = "child"

    team: str
    area: str
    basis: str
    question: str
    raised_at: str
    seat: str
    account: str
    """Who raised it."""
    wanted: str | None = None
    age_band: str | None = None
    state: str = "raised"
    """`raised|scheduled|discussed|following|closed`"""
    session: str | None = None
    """The team's session it is taken up at, in wall time."""
    child: str | None = None
    consent: str | None = None
    units: tuple[str, ...] = ()
    """The team's units that the consent named when it was raised."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit, self.seat)


def reminders(row: TeamRow, around: Around) -> Iterable[Reminder]:
    """When the next session is over, the house looks ahead again."""
    if row.sessions:
        over_at = wall_from_text(row.sessions[0]) + timedelta(minutes=row.minutes)
        yield Reminder(row.id, "act:team.sessions", "", over_at)


def led_by(row: TeamRow, around: Around) -> tuple[StaffRow, ...]:
    """Those who lead the team and still work there."""
    people = (around.known(StaffRow, seat) for seat in row.leaders)
    return tuple(person for person in people if person is not None and person.ended_at is None)


def covering(team: TeamRow, child: Around, wanted: str | None = None) -> ConsentRow | None:
    """The live consent under which the child may be named to the whole team: that one, or the one that ends last.

    The child's own unit needs none: what its people know stays where it is.
    """
    needed = set(team.units) - {child.owner_unit}
    found = [
        row
        for row in circle.live_consents(child)
        if row.purpose == PURPOSE
        and PURPOSE not in row.excludes
        and needed <= set(row.to_units)
        and wanted in (None, row.id)
    ]
    return max(found, key=lambda row: (row.valid_until, row.id), default=None)


def consent_of(row: TeamCaseRow, child: Around) -> ConsentRow | None:
    """The consent it was raised under, while that is live."""
    return next((one for one in circle.live_consents(child) if one.id == row.consent), None)
