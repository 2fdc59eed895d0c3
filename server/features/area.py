"""Area: a local collaboration area, its promise to families, and those who lead its work. Source: rules.md 2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import ClassVar, Final

import msgspec

from server.domain import scopes
from server.domain.calendar import roll_forward
from server.domain.instants import local_wall, start_of_day
from server.domain.terms import TermDates, next_term, stated, term_from_label, usual_days
from server.features.around import Around
from server.features.person import AreaRow
from server.features.shape import Document, Feature, Projected, Reminder, Row

FIRST: Final = start_of_day(date(2026, 1, 1))
"""A deed that is to be done once, as soon as there is somebody to do it for."""
USUAL_TERMS: Final = {season: usual_days(season) for season in ("HT", "VT")}
MORNING: Final = time(8, 0)


class LeadRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who leads an area's work. The row's id is the seat's id."""

    entity: ClassVar[str] = "lead"
    aggregate: ClassVar[str] = "area"

    area: str
    account: str
    name: str
    ended_at: str | None = None


class Area(Document, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    slug: str
    promise_days: int
    own_terms: tuple[dict[str, str], ...] = ()
    """{term, starts_on, ends_on} of the school terms whose days the area has stated; to its professionals."""
    usual_terms: dict[str, tuple[str, str]] | None = None
    """{`HT`: (first, last)} as `MM-DD`: the days of all other terms; to its professionals."""


def terms_of(row: AreaRow) -> TermDates:
    """The area's school terms: its own days where it has stated them."""
    days = ((one.term, date.fromisoformat(one.starts_on), date.fromisoformat(one.ends_on)) for one in row.own_terms)
    return TermDates(own=tuple(stated(*one) for one in days))


def project(row: AreaRow, around: Around) -> Projected:
    area = Area(id=row.id, name=row.name, slug=row.slug, promise_days=row.promise_days)
    yield scopes.PUBLIC, area
    yield (
        scopes.area_staff(row.id),
        msgspec.structs.replace(
            area, own_terms=tuple(msgspec.structs.asdict(one) for one in row.own_terms), usual_terms=USUAL_TERMS
        ),
    )


def nothing(_row: LeadRow, _around: Around) -> Projected:
    return ()


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """Those who lead the area hold its own scope, and what its staff see."""
    for row in around.all(LeadRow):
        if row.ended_at is None:
            yield row.id, scopes.area_lead(around.id), None
            yield row.id, scopes.area_staff(around.id), None


def reminders(row: AreaRow, around: Around) -> Iterable[Reminder]:
    """Where somebody leads: a term meeting is drafted at once, then at the start of each term; the area is counted."""
    if all(lead.ended_at is not None for lead in around.all(LeadRow)):
        return
    begins_at = FIRST
    if row.term_begun is not None:
        dates = terms_of(row)
        starts_on = next_term(term_from_label(row.term_begun, dates).starts_on, dates).starts_on
        begins_at = local_wall(roll_forward(starts_on), MORNING)
    yield Reminder(row.id, "act:term.begin", "", begins_at)
    yield Reminder(row.id, "act:area.count", "", FIRST)


features = (
    Feature(entity="area", row=AreaRow, project=project, documents=(Area,), grants=grants, reminders=reminders),
    Feature(entity="lead", row=LeadRow, project=nothing),
)
