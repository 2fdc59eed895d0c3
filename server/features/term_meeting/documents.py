"""What the area sees of its term meetings, and what a calendar may hold of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from server.domain import scopes
from server.domain.instants import ZONE_NAME, to_text
from server.domain.terms import days_off_between, term_from_label
from server.features.around import Around
from server.features.meeting.documents import CalendarEntry
from server.features.person import StaffRow, UnitRow
from server.features.shape import Document, Projected
from server.features.task import TaskRow
from server.features.term_meeting.rows import (
    ActionPoint,
    TermMeetingRow,
    answer_of,
    before,
    coming_to,
    dates_of,
    functions_of,
    leads,
    missing_functions,
    not_reached,
)

Entry = dict[str, Any]


class TermMeeting(Document, frozen=True, kw_only=True, omit_defaults=True):
    area: str
    term: str
    starts_local: str
    zone: str
    starts_at: str
    ends_at: str
    minutes: int
    state: str
    sequence: int
    required_functions: tuple[str, ...]
    missing_functions: tuple[str, ...]
    participants: tuple[Entry, ...]
    """To those who lead with `not_reached`: since when somebody has not been, about the time or that it is off."""
    agenda: tuple[Entry, ...] = ()
    network: str | None = None
    avoid: tuple[Entry, ...] = ()
    """Spans {from, to, why} of the term in which many are away; to those who lead, until the meeting is held."""
    place: str | None = None
    join_url: str | None = None
    planned_on: str | None = None
    promised_last_time: tuple[Entry, ...] = ()
    minutes_text: str | None = None
    minutes_at: str | None = None
    """Which minutes these are; `held_at` when that was not kept yet."""
    action_points: tuple[Entry, ...] = ()
    held_at: str | None = None
    cancelled_reason: str | None = None
    proposals: tuple[str, ...] = ()
    """Wall times to choose from; to those who lead, until the meeting is held."""
    answer: str | None = None
    """Not sent: what a device shows of one's own answer until the server has it among the participants."""


def project(row: TermMeetingRow, around: Around) -> Projected:
    last = before(row, around) if row.state != "cancelled" else None
    shown = TermMeeting(
        id=row.id,
        area=row.area,
        term=row.term,
        starts_local=row.starts_local,
        zone=ZONE_NAME,
        starts_at=row.starts_at,
        ends_at=to_text(row.ends),
        minutes=row.minutes,
        state=row.state,
        sequence=row.sequence,
        required_functions=row.required_functions,
        missing_functions=() if row.state == "draft" else missing_functions(row, around),
        participants=tuple(_participant(row, person, around) for person in coming_to(row, around)),
        agenda=tuple(_filled(msgspec.structs.asdict(one)) for one in row.agenda),
        network=row.network,
        place=row.place,
        join_url=row.join_url,
        planned_on=row.planned_on,
        promised_last_time=tuple(_points(last.action_points, around)) if last else (),
        minutes_text=row.minutes_text,
        minutes_at=row.minutes_at,
        action_points=tuple(_points(row.action_points, around)),
        held_at=row.held_at,
        cancelled_reason=row.cancelled_reason,
    )
    missed = not_reached(row, around)
    marked = tuple(
        _filled({**entry, "not_reached": missed.get(person.account)})
        for entry, person in zip(shown.participants, coming_to(row, around), strict=True)
    )
    planning = row.state in ("draft", "planned")
    yield (
        scopes.area_lead(around.id),
        msgspec.structs.replace(
            shown,
            participants=marked,
            proposals=row.proposals if planning else (),
            avoid=tuple(_avoid(row, around)) if planning else (),
        ),
    )
    if row.planned_on is not None:
        yield scopes.area_staff(around.id), shown


def calendar_entry(row: TermMeetingRow, around: Around, seat: str) -> CalendarEntry | None:
    """The time as the calendar of one who is to come, or leads the area, may hold it; None else and for drafts.

    A term meeting is about no child, so that professionals may have it there. Source: experience.md 1 (calendar).
    """
    called = {person.id for person in coming_to(row, around)} | leads(around)
    if row.planned_on is None or seat not in called:
        return None
    starts = datetime.fromisoformat(row.starts_local)
    return CalendarEntry(row.id, starts, row.minutes, row.sequence, row.state == "cancelled")


def _avoid(row: TermMeetingRow, around: Around) -> Iterable[Entry]:
    dates = dates_of(around)
    term = term_from_label(row.term, dates)
    year = timedelta(days=365)
    for span in days_off_between(term.starts_on, term.starts_on + year, dates):
        yield {"from": span.starts_on.isoformat(), "to": span.ends_on.isoformat(), "why": span.kind}


def _participant(row: TermMeetingRow, person: StaffRow, around: Around) -> Entry:
    unit = around.known(UnitRow, person.owner_unit)
    reply = row.answers.get(person.id)
    return _filled(
        {
            "who": person.id,
            "name": person.name,
            "title": person.title,
            "unit": person.owner_unit,
            "unit_name": unit.name if unit else None,
            "functions": functions_of(row, person),
            "answer": answer_of(row, person.id),
            "substitute": reply.substitute if reply else None,
        }
    )


def _points(points: Iterable[ActionPoint], around: Around) -> Iterable[Entry]:
    done = {task.id for task in around.all(TaskRow) if task.state == "done"}
    for point in points:
        unit = around.known(UnitRow, point.who_unit)
        yield _filled(
            {
                "what": point.what,
                "who_unit": point.who_unit,
                "who_unit_name": unit.name if unit else None,
                "by_on": point.by_on,
                "done": point.task in done,
                "task": point.task,
            }
        )


def _filled(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value is not None}
