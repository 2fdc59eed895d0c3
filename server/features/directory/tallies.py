"""Counted contacts as those who lead the area see them: by week, in steps of five, so that no two looks tell of one."""

from __future__ import annotations

from server.domain import scopes, statistics
from server.features.around import Around
from server.features.directory.documents import ContactTally
from server.features.directory.rows import FunctionContactRow, TallyRow
from server.features.person import UnitRow
from server.features.shape import Projected

SHOWN_WEEKS = 12


def project_tally(row: TallyRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.unit)
    contact = around.known(FunctionContactRow, row.contact)
    if unit is None or contact is None or not row.weeks:
        return
    newest = sorted(row.weeks, reverse=True)[:SHOWN_WEEKS]
    yield (
        scopes.area_lead(unit.area),
        ContactTally(
            id=contact.id,
            unit=unit.id,
            unit_name=unit.name,
            function=contact.function,
            weeks=tuple(_cell(week, _in_steps(row.weeks[week])) for week in newest),
            total=_in_steps(sum(row.weeks[week] for week in newest)),
        ),
    )


def _in_steps(count: int) -> int | None:
    """The count, rounded down to whole steps; None when it is less than one."""
    return count - count % statistics.SMALLEST or None


def _cell(week: str, count: int | None) -> dict[str, str | int]:
    return {"week": week} if count is None else {"week": week, "count": count}
