"""What is counted of promises and of consultation times in an area, told so that nobody can be found. Pure.

A promise is a request for contact with its last day; nothing is told of what it was about, and a child with protected
identity is not counted. What is new is told in batches of five or more, so that comparing two weeks gives nobody away
either; units with few are told together. Source: rules.md 4.2, promises.md P12.
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
Batches = Mapping[str, tuple[int, int, int, int]]
"""{unit: (how many of each are told by now, how many of these in the unit's own name)}"""
NOTHING: Final = (0, 0, 0, 0)
OWN: Final = 2
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


def batched(counts: Counts, before: Batches, *, together: bool) -> Batches:
    """What has been told, with what is new where there are five of it: then it is told as one batch, for good.

    A batch is what is new in one unit; or, when it is time to tell those with few `together`, what is new in all
    units that have nothing of their own told. All that is ever published is made of whole batches, so no two looks at
    it, of whatever days and units, are fewer than five apart. What was told and is gone (a child that is protected
    now) stays counted.
    """
    told = {unit: list(before.get(unit, NOTHING)) for unit in sorted({*counts, *before})}
    for place in (0, 1):
        new = {unit: max(0, counts.get(unit, (0, 0))[place] - one[place]) for unit, one in told.items()}
        own = {unit for unit, n in new.items() if n >= statistics.SMALLEST}
        few = {unit for unit, n in new.items() if n and unit not in own and not told[unit][OWN + place]}
        if not together or sum(new[unit] for unit in few) < statistics.SMALLEST:
            few = set()
        for unit in own | few:
            told[unit][place] += new[unit]
        for unit in own:
            told[unit][OWN + place] += new[unit]
    return {unit: (one[0], one[1], one[2], one[3]) for unit, one in told.items()}


def published(told: Batches, first: str, second: str) -> tuple[Told, ...]:
    """The counts by unit, then of those with few together, then of all (`ALL`); what is not told yet is left out."""
    if not told:
        return ()
    own = {unit: one[OWN:] for unit, one in told.items() if any(one[OWN:])}
    everybody = _sum(one[:OWN] for one in told.values())
    theirs = _sum(own.values())
    others = (everybody[0] - theirs[0], everybody[1] - theirs[1])
    rows = {**own, **({OTHERS: others} if any(others) else {}), ALL: everybody}
    return tuple(_told(unit, {first: pair[0], second: pair[1]}) for unit, pair in rows.items())


def _sum(pairs: Iterable[tuple[int, ...]]) -> tuple[int, int]:
    found = list(pairs)
    return sum(one[0] for one in found), sum(one[1] for one in found)


def _told(unit: str, counts: Mapping[str, int]) -> Told:
    """Without a zero, which may be up to four; with a total when everything is told."""
    total = {"total": sum(counts.values())} if all(counts.values()) else {}
    return {"unit": unit, **{name: count for name, count in counts.items() if count}, **total}


def _day(instant: str) -> date:
    return local_date(from_text(instant))


def _named(around: Around, kind: type[R]) -> Iterable[R]:
    return (row for row in around.named.values() if isinstance(row, kind))
