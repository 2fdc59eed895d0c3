"""Area: a local collaboration area, its promise to families, and those who lead its work. Source: rules.md 2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from server.domain import scopes
from server.features.around import Around
from server.features.person import AreaRow
from server.features.shape import Document, Feature, Projected, Row


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


def project(row: AreaRow, around: Around) -> Projected:
    area = Area(id=row.id, name=row.name, slug=row.slug, promise_days=row.promise_days)
    yield scopes.area_staff(row.id), area
    yield scopes.PUBLIC, area


def nothing(_row: LeadRow, _around: Around) -> Projected:
    return ()


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """Those who lead the area hold its own scope, and what its staff see."""
    for row in around.all(LeadRow):
        if row.ended_at is None:
            yield row.id, scopes.area_lead(around.id), None
            yield row.id, scopes.area_staff(around.id), None


features = (
    Feature(entity="area", row=AreaRow, project=project, documents=(Area,), grants=grants),
    Feature(entity="lead", row=LeadRow, project=nothing),
)
