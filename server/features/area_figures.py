"""Figures for those who lead an area: the directory, the term meetings, promises and times. Counted once a week.

Directory rows, units and answers to term meetings are counted as they are, since those who lead see each of them by
name. Promises to families only in batches that nobody can be found in. Source: rules.md 4.2, product.md B and E.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import ClassVar, Final

import msgspec

from server.domain import scopes
from server.domain.actors import Actor
from server.domain.instants import local_date, local_wall
from server.domain.terms import latest_term
from server.features import area_counts as counts
from server.features.around import Around
from server.features.directory.rows import BUSE, FunctionContactRow, gaps
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.shape import Document, Feature, Moment, OfTheHouse, Projected, Reminder, Row, Writes
from server.features.term_meeting.planning import usual_functions
from server.features.term_meeting.rows import TermMeetingRow, answer_of, coming_to, dates_of

MONDAY_AT: Final = time(6, 0)
TOGETHER_AFTER: Final = timedelta(weeks=8)
"""How long a unit waits for five of its own before what it has is told with the others' few."""
COMES: Final = {"yes": "yes", "digital": "yes", "substitute": "yes", "no": "no", "none": "none"}


class AreaFiguresRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "area_figures"
    aggregate: ClassVar[str] = "area"

    area: str
    counted_on: str
    directory: dict[str, int] = msgspec.field(default_factory=dict)
    """`rows`, `confirmed`, `stale`, `without_holder`, `without_deputy`"""
    units: dict[str, int] = msgspec.field(default_factory=dict)
    """`all`, `without_buse`"""
    functions_missing: tuple[str, ...] = ()
    since: str | None = None
    """The first day of what is counted over time: that of the latest school term."""
    promises: tuple[counts.Told, ...] = ()
    """{unit, kept?, late?, total?}: by unit, of those with few together (``), and of `all`; hidden ones left out."""
    times: tuple[counts.Told, ...] = ()
    """{unit, used?, unused?, total?} of consultation times, likewise."""
    promises_told: dict[str, tuple[int, int, int, int]] = msgspec.field(default_factory=dict)
    times_told: dict[str, tuple[int, int, int, int]] = msgspec.field(default_factory=dict)
    """Of which batches the figures are made: `counts.Batches`."""
    together_on: str | None = None
    """The day on which those with few were told together for the last time."""

    def refers_to(self) -> tuple[str, ...]:
        named = {str(one["unit"]) for one in (*self.promises, *self.times)}
        return tuple(sorted(named - {counts.OTHERS, counts.ALL}))


class AreaFigures(Document, frozen=True, kw_only=True, omit_defaults=True):
    counted_on: str
    directory: dict[str, int]
    units: dict[str, int]
    functions_missing: tuple[str, ...]
    terms: tuple[dict[str, str | int], ...]
    since: str | None = None
    promises: tuple[counts.Told, ...] = ()
    times: tuple[counts.Told, ...] = ()


def project(row: AreaFiguresRow, around: Around) -> Projected:
    meetings = sorted(around.all(TermMeetingRow), key=lambda one: (one.starts_at, one.id))
    yield (
        scopes.area_lead(around.id),
        AreaFigures(
            id=row.id,
            counted_on=row.counted_on,
            directory=row.directory,
            units=row.units,
            functions_missing=row.functions_missing,
            terms=tuple(_answers(one, around) for one in meetings),
            since=row.since,
            promises=tuple(_with_name(one, around) for one in row.promises),
            times=tuple(_with_name(one, around) for one in row.times),
        ),
    )


def _with_name(told: counts.Told, around: Around) -> counts.Told:
    unit = around.known(UnitRow, str(told["unit"]))
    return {**told, "unit_name": unit.name} if unit else told


def _answers(row: TermMeetingRow, around: Around) -> dict[str, str | int]:
    """The meeting's answers, of professionals whom the meeting's own page names to the same reader."""
    told: dict[str, str | int] = {"term_meeting": row.id, "term": row.term, "state": row.state}
    if row.network is not None:
        told["network"] = row.network
    if row.state not in ("planned", "held"):
        return told
    counts = dict.fromkeys(("yes", "no", "none"), 0)
    for person in coming_to(row, around):
        counts[COMES[answer_of(row, person.id)]] += 1
    return told | counts | {"invited": sum(counts.values())}


def reminders(row: AreaFiguresRow, around: Around) -> Iterable[Reminder]:
    """Counted anew on the next Monday morning."""
    counted = date.fromisoformat(row.counted_on)
    monday = counted + timedelta(days=8 - counted.isoweekday())
    yield Reminder(around.id, "act:area.count", "", local_wall(monday, MONDAY_AT))


class Count(OfTheHouse):
    """The house counts the area's directory."""

    name: ClassVar[str] = "area.count"
    gathers: ClassVar[tuple[str, ...]] = ("unit", "staff", "function_contact", *counts.GATHERED)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        around.get(AreaRow, self.record)
        today = local_date(at.now)
        since = latest_term(today, dates_of(around)).starts_on
        units = {row.id for row in around.named.values() if isinstance(row, UnitRow) and row.area == around.id}
        contacts = [row for row in around.named.values() if isinstance(row, FunctionContactRow) and row.unit in units]
        lacking = [gaps(row, around) for row in contacts]
        stale = sum(row.check_after < today for row in contacts)
        with_buse = {
            row.unit
            for row, lacks in zip(contacts, lacking, strict=True)
            if row.badge == BUSE and "holder" not in lacks
        }
        held = {
            function
            for person in around.named.values()
            if isinstance(person, StaffRow) and person.ended_at is None and person.owner_unit in units
            for function in person.functions
        }
        known = around.first(AreaFiguresRow)
        of_term = known if known is not None and known.since == since.isoformat() else None
        together_on = date.fromisoformat((of_term.together_on if of_term else None) or since.isoformat())
        together = today - together_on >= TOGETHER_AFTER
        promises, times = (
            counts.batched(count(around, units, since, at.now), before, together=together)
            for count, before in (
                (counts.promises, of_term.promises_told if of_term else {}),
                (counts.times, of_term.times_told if of_term else {}),
            )
        )
        counted = AreaFiguresRow(
            id=known.id if known else at.new_id(),
            owner_unit="",
            area=around.id,
            counted_on=today.isoformat(),
            directory={
                "rows": len(contacts),
                "confirmed": len(contacts) - stale,
                "stale": stale,
                "without_holder": sum("holder" in lacks for lacks in lacking),
                "without_deputy": sum("deputy" in lacks for lacks in lacking),
            },
            units={"all": len(units), "without_buse": len(units - with_buse)},
            functions_missing=tuple(one for one in usual_functions(around) if one not in held),
            since=since.isoformat(),
            promises=counts.published(promises, "kept", "late"),
            times=counts.published(times, "used", "unused"),
            promises_told=dict(promises),
            times_told=dict(times),
            together_on=(today if together else together_on).isoformat(),
        )
        return Writes(rows=(counted,))


feature = Feature(
    entity="area_figures",
    row=AreaFiguresRow,
    project=project,
    documents=(AreaFigures,),
    reminders=reminders,
    commands=(Count,),
)
