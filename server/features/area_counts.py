"""What is counted of promises and of consultation times in an area, hidden where somebody could be found. Pure.

A promise is a request for contact with its last day; nothing is told of what it was about, and a child with protected
identity is not counted. Units with fewer than five are told together. Source: rules.md 4.2, promises.md P12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, TypeVar

from server.domain import statistics
from server.domain.instants import from_text, local_date
from server.features.around import Around
from server.features.contact_request.rows import ContactRequestRow
from server.features.rows import ChildRow
from server.features.shape import Row
from server.features.slot import SlotRow

GATHERED: Final = ("child", "contact_request", "slot")
OTHERS: Final = ""
"""In place of a unit: all those with few, together."""
ALL: Final = "all"
Counts = Mapping[str, tuple[int, int]]
"""{unit: (what it is about, the rest)}"""
Told = dict[str, str | int]
R = TypeVar("R", bound=Row)


def promises(around: Around, units: Iterable[str], since: date, now: datetime) -> Counts:
    """Promises whose last day has come since then, or that were kept before it: (kept, late)."""
    protected = {row.id for row in _named(around, ChildRow) if row.protection is not None}
    counted = {unit: [0, 0] for unit in units}
    for row in _named(around, ContactRequestRow):
        if row.owner_unit not in counted or row.child in protected or _day(row.asked_at) < since:
            continue
        due_at = from_text(row.due_at)
        if row.answered_at is not None:
            counted[row.owner_unit][from_text(row.answered_at) > due_at] += 1
        elif row.state == "open" and due_at < now:
            counted[row.owner_unit][1] += 1
    return {unit: (kept, late) for unit, (kept, late) in counted.items()}


def times(around: Around, units: Iterable[str], since: date, now: datetime) -> Counts:
    """Consultation times that were offered and have passed: (used, unused). Who offers none is seen by everybody."""
    counted = {unit: [0, 0] for unit in units}
    for row in _named(around, SlotRow):
        starts_at = from_text(row.starts_at)
        has_been = since <= local_date(starts_at) and starts_at < now
        if row.owner_unit in counted and row.state != "withdrawn" and has_been:
            counted[row.owner_unit][row.state not in ("booked", "held")] += 1
    return {unit: (used, unused) for unit, (used, unused) in counted.items() if used + unused}


def published(counts: Counts, first: str, second: str) -> tuple[Told, ...]:
    """The counts by unit, then of those with few together, then of all (`ALL`); what is hidden is left out."""
    large = {unit: pair for unit, pair in counts.items() if sum(pair) >= statistics.SMALLEST}
    few = [pair for unit, pair in counts.items() if unit not in large]
    cells = {(unit, name): n for unit, pair in large.items() for name, n in zip((first, second), pair, strict=True)}
    for place, name in enumerate((first, second)):
        if few:
            cells[OTHERS, name] = sum(pair[place] for pair in few)
    if not cells:
        return ()
    shown = statistics.suppress_table(cells)
    rows = [
        _told(unit, {first: shown.cells[unit, first], second: shown.cells[unit, second], "total": shown.rows[unit]})
        for unit in dict.fromkeys(unit for unit, _ in cells)
    ]
    everybody = {first: shown.columns[first], second: shown.columns[second], "total": shown.total}
    return (*rows, _told(ALL, everybody))


def _told(unit: str, counts: Mapping[str, int | None]) -> Told:
    return {"unit": unit, **{name: count for name, count in counts.items() if count is not None}}


def _day(instant: str) -> date:
    return local_date(from_text(instant))


def _named(around: Around, kind: type[R]) -> Iterable[R]:
    return (row for row in around.named.values() if isinstance(row, kind))
