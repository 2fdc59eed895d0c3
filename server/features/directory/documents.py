"""What the unit and the area see of a directory row, and when somebody is asked to confirm it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from server.domain import scopes
from server.domain.instants import date_text
from server.features import circle
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow, answering, at_work, gaps, tally_of
from server.features.person import StaffRow, UnitRow
from server.features.shape import Document, Projected, Reminder


class FunctionContact(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    unit_name: str
    function: str
    confirmed_on: str
    check_after: str
    """The last day it counts as confirmed; after it the reader shows that it should be checked."""
    name: str | None = None
    title: str | None = None
    phone: str | None = None
    hours: str | None = None
    deputy: dict[str, str] | None = None
    offers: str | None = None
    how_to: str | None = None
    municipality: str | None = None
    badge: str | None = None
    gap: tuple[str, ...] = ()
    holder: str | None = None
    """The seat of whoever holds it, so that a colleague elsewhere can invite them. It opens nothing by itself."""
    confirmed_by: str | None = None
    """From here on the unit's own room only."""
    deputy_seat: str | None = None
    tally: tuple[dict[str, str | int], ...] = ()


class ContactTally(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    unit_name: str
    function: str
    weeks: tuple[dict[str, str | int], ...]
    """Newest first; a week without `count` is hidden."""
    total: int | None = None


def project(row: FunctionContactRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.unit)
    if unit is None:
        return
    holder, stand_in = at_work(around, row.holder), at_work(around, row.deputy_seat)
    shown = FunctionContact(
        id=row.id,
        unit=unit.id,
        unit_name=unit.name,
        function=row.function,
        confirmed_on=row.confirmed_on,
        check_after=date_text(row.check_after),
        name=holder.name if holder else row.name,
        title=holder.title if holder else None,
        phone=row.phone or (holder.phone if holder else None),
        hours=row.hours or (holder.reach_hours if holder else None),
        deputy=_deputy(row, stand_in),
        offers=row.offers,
        how_to=row.how_to,
        municipality=row.municipality,
        badge=row.badge,
        gap=gaps(row, around),
        holder=holder.id if holder else None,
    )
    yield scopes.area_staff(unit.area), shown
    tally = tally_of(around, row.id)
    weeks = sorted(tally.weeks.items(), reverse=True) if tally else ()
    yield (
        scopes.unit(unit.id),
        msgspec.structs.replace(
            shown,
            confirmed_by=row.confirmed_by,
            holder=row.holder,
            deputy_seat=row.deputy_seat,
            tally=tuple({"week": week, "count": count} for week, count in weeks),
        ),
    )


def reminders(row: FunctionContactRow, around: Around) -> Iterable[Reminder]:
    """The working day after it went stale: to whoever keeps it true, and a task to their unit."""
    due_at = circle.morning(around, row.check_after + timedelta(days=1))
    yield Reminder(row.id, "act:directory.stale", "", due_at)
    for person in answering(row, around):
        yield Reminder(row.id, "directory_stale", person.account, due_at)


def _deputy(row: FunctionContactRow, stand_in: StaffRow | None) -> dict[str, str] | None:
    if stand_in is not None:
        return _without_none(name=stand_in.name, title=stand_in.title, phone=stand_in.phone)
    return _without_none(name=row.deputy.name, phone=row.deputy.phone) if row.deputy else None


def _without_none(**fields: str | None) -> dict[str, str]:
    return {key: value for key, value in fields.items() if value is not None}
