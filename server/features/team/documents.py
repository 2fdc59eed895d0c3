"""Who sees what of a team and of what is raised to it.

All who work in the area see the team. A case without a name is seen by the team and by whoever raised it. One with a
child is seen whole by the coordinating unit and by those whom its consent opens to; the rest of the team sees that
there is one, who raised it and when, and nothing of the child.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from server.domain import scopes
from server.features import circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.shape import Document, Projected
from server.features.team.rows import TeamCaseRow, TeamRow, consent_of


class Team(Document, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    area: str
    units: tuple[str, ...]
    members: tuple[dict[str, str], ...]
    """{person, name, title, unit} of everybody in it."""
    leaders: tuple[str, ...]
    weekday: int
    at: str
    minutes: int
    every_weeks: int
    sessions: tuple[str, ...]
    """The coming ones in wall time, soonest first; one may be over already."""
    place: str | None = None


class TeamCase(Document, frozen=True, kw_only=True, omit_defaults=True):
    """The whole of it, or without the fields below `session` that no child may be known by."""

    team: str
    basis: str
    state: str
    raised_at: str
    area: str
    raised_by: dict[str, str | None] | None = None
    """{name, title, phone}: whom to talk to. No unit."""
    session: str | None = None
    question: str | None = None
    wanted: str | None = None
    age_band: str | None = None
    child: str | None = None
    consent: str | None = None
    mine: bool = False
    """The raiser's own copy of a question without a name."""
    withdrawable: bool = False
    """To whoever may take it back."""
    consent_over: bool = False
    """To the coordinating unit: the team sees it no longer, for the family's yes has ended."""


def project(row: TeamRow, around: Around) -> Projected:
    people = (around.known(StaffRow, seat) for seat in row.members)
    yield (
        scopes.area_staff(row.area),
        Team(
            id=row.id,
            name=row.name,
            area=row.area,
            units=row.units,
            members=tuple(
                {"person": one.id, "name": one.name, "title": one.title, "unit": one.owner_unit}
                for one in people
                if one is not None
            ),
            leaders=row.leaders,
            weekday=date.fromisoformat(row.first_on).isoweekday(),
            at=row.at,
            minutes=row.minutes,
            every_weeks=row.every_weeks,
            sessions=row.sessions,
            place=row.place,
        ),
    )


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """Everybody in the team who still works there holds its room."""
    for row in around.all(TeamRow):
        for seat in row.members:
            person = around.known(StaffRow, seat)
            if person is not None and person.ended_at is None:
                yield seat, scopes.team(row.id), None


def project_case(row: TeamCaseRow, around: Around) -> Projected:
    person = around.known(StaffRow, row.seat)
    stub = TeamCase(
        id=row.id,
        team=row.team,
        basis=row.basis,
        state=row.state,
        raised_at=row.raised_at,
        area=row.area,
        raised_by={"name": person.name, "title": person.title, "phone": person.phone} if person else None,
        session=row.session,
    )
    whole = msgspec.structs.replace(
        stub,
        question=row.question,
        wanted=row.wanted,
        age_band=row.age_band,
        child=row.child,
        consent=row.consent,
    )
    own = msgspec.structs.replace(whole, withdrawable=row.state == "raised")
    if row.child is None:
        yield scopes.team(row.team), whole
        yield scopes.user(row.account), msgspec.structs.replace(own, mine=True)
        return
    consent = consent_of(row, around)
    for scope in circle.keeper_scopes(around, row, still_open=row.state != "closed"):
        yield scope, msgspec.structs.replace(own, consent_over=consent is None)
    if consent is not None:
        yield scopes.team(row.team), stub
        for unit in row.units:
            yield scopes.consent(consent.id, unit), whole
