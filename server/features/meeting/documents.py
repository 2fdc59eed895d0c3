"""What each audience sees of a meeting.

Three shapes, so that what is not theirs cannot slip in: a family member sees their own answer and the professionals who
come; professionals see all answers; the coordinator also the lists to change. Source: model.md 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from server.domain.actors import SeatKind
from server.domain.instants import to_text
from server.features import circle
from server.features.around import Around
from server.features.meeting import readers
from server.features.meeting.rows import (
    PLANNED,
    MeetingRow,
    answer_of,
    family_invited,
    left_out,
    staff_invited,
    units_invited,
)
from server.features.person import StaffRow, UnitRow
from server.features.rows import RelationRow
from server.features.shape import Document, Projected

Entry = dict[str, Any]


class Meeting(Document, frozen=True, kw_only=True, omit_defaults=True):
    """What everybody invited sees."""

    child: str
    kind: str
    starts_local: str
    zone: str
    starts_at: str
    ends_at: str
    minutes: int
    sequence: int
    state: str
    people: tuple[Entry, ...]
    """The professionals who come: {name, title?, unit, unit_name?, answer, leads?, substitute_for?}."""
    title: str | None = None
    place: str | None = None
    join_url: str | None = None
    phone_in: str | None = None
    agenda: tuple[Entry, ...] | None = None
    interpreter: str | None = None
    invited_on: str | None = None
    due_on: str | None = None
    cancelled_reason: str | None = None
    held_at: str | None = None
    child_heard: str | None = None
    decisions: tuple[Entry, ...] | None = None
    follow_up_on: str | None = None
    main_responsible_unit: str | None = None
    main_responsible_name: str | None = None


class FamilyMeeting(Meeting, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is never `confirmed` here: that would tell what the others have answered."""

    answer: str
    checked_in: bool | None = None
    new_time_asked: bool | None = None
    left_out: tuple[str, ...] | None = None
    """Names of units that were to come and now know nothing of it: nothing is shared with them any more."""
    also_invited: tuple[str, ...] | None = None
    """The young person only: the guardians invited."""
    words_reach: dict[str, tuple[str, ...]] | None = None
    """The young person only: for each choice of `voice.to` the names of those who would see their words."""


class ProfessionalMeeting(Meeting, frozen=True, kw_only=True, omit_defaults=True):
    answers: tuple[Entry, ...]
    """[{who, name, kind, answer, at?, checked_in?, substitute?}]"""
    late: bool | None = None
    late_reason: str | None = None


class CoordinatorMeeting(ProfessionalMeeting, frozen=True, kw_only=True, omit_defaults=True):
    invited: tuple[str, ...]
    staff: tuple[str, ...]
    limit_on: str | None = None
    invited_by: str | None = None
    left_out: tuple[str, ...] | None = None
    """As for the family."""
    new_time_asks: tuple[Entry, ...] | None = None
    """[{who, name, text?, at}]"""
    noted_at: str | None = None
    """Which notes these are: whoever writes them anew says which they have seen."""


def project(row: MeetingRow, around: Around) -> Projected:
    common = _common(row, around)
    answers = tuple(_answers(row, around))
    keepers = circle.keeper_scopes(around, row, still_open=row.state not in ("held", "cancelled"))
    for scope in keepers:
        yield scope, _for_coordinator(row, around, common, answers)
    if row.invited_on is None:
        return
    for unit in units_invited(row, around):
        for scope in circle.consent_scopes(around, kind="meeting", unit=unit):
            yield (
                scope,
                ProfessionalMeeting(
                    **common, state=row.state, answers=answers, late=row.late or None, late_reason=row.late_reason
                ),
            )
    for relation in family_invited(row, around):
        if relation.account:
            yield circle.scope_of(relation, around.id), _for_family(row, around, common, relation)


def _common(row: MeetingRow, around: Around) -> Entry:
    main = around.known(UnitRow, row.main_responsible_unit)
    return {
        "id": row.id,
        "child": row.child,
        "kind": row.kind,
        "starts_local": row.starts_local,
        "zone": row.zone,
        "starts_at": row.starts_at,
        "ends_at": to_text(row.ends),
        "minutes": row.minutes,
        "sequence": row.sequence,
        "people": tuple(_people(row, around)),
        "title": row.title,
        "place": row.place,
        "join_url": row.join_url,
        "phone_in": row.phone_in,
        "agenda": tuple(_filled(item) for item in row.agenda) or None,
        "interpreter": row.interpreter,
        "invited_on": row.invited_on,
        "due_on": row.due_on,
        "cancelled_reason": row.cancelled_reason,
        "held_at": row.held_at,
        "child_heard": row.child_heard,
        "decisions": tuple(_decisions(row, around)) or None,
        "follow_up_on": row.follow_up_on,
        "main_responsible_unit": row.main_responsible_unit,
        "main_responsible_name": main.name if main else None,
    }


def _for_family(row: MeetingRow, around: Around, common: Entry, relation: RelationRow) -> FamilyMeeting:
    seen = FamilyMeeting(
        **common,
        state="invited" if row.state == "confirmed" else row.state,
        answer=answer_of(row, relation.id),
        checked_in=relation.id in row.checked_in or None,
        new_time_asked=relation.id in row.new_time or None,
        left_out=_left_out(row, around),
    )
    if relation.kind != SeatKind.YOUNG:
        return seen
    guardians = tuple(one.name for one in readers.guardians_reading(row, around))
    return msgspec.structs.replace(
        seen, also_invited=guardians or None, words_reach=readers.choices(row, around) if row.state in PLANNED else None
    )


def _for_coordinator(row: MeetingRow, around: Around, common: Entry, answers: tuple[Entry, ...]) -> CoordinatorMeeting:
    inviter = around.known(StaffRow, row.invited_by)
    names = {entry["who"]: entry["name"] for entry in answers}
    asks = tuple(
        _without_none({"who": who, "name": names.get(who), "text": ask.text, "at": ask.at})
        for who, ask in sorted(row.new_time.items(), key=lambda pair: (pair[1].at, pair[0]))
    )
    return CoordinatorMeeting(
        **common,
        state=row.state,
        answers=answers,
        late=row.late or None,
        late_reason=row.late_reason,
        invited=row.invited,
        staff=row.staff,
        limit_on=row.limit_on,
        invited_by=inviter.name if inviter else None,
        left_out=_left_out(row, around),
        new_time_asks=asks or None,
        noted_at=row.noted_at,
    )


def _left_out(row: MeetingRow, around: Around) -> tuple[str, ...] | None:
    return tuple(unit.name for unit in left_out(row, around)) or None


def _people(row: MeetingRow, around: Around) -> list[Entry]:
    """The professionals who come or have not answered yet; a substitute stands under their own name."""
    leader = circle.coordinator(around).seat
    found = []
    for person in staff_invited(row, around):
        reply = row.answers.get(person.id)
        if reply is not None and reply.answer == "no":
            continue
        unit = around.known(UnitRow, person.owner_unit)
        substitute = reply.substitute if reply else None
        found.append(
            _without_none(
                {
                    "name": substitute or person.name,
                    "title": None if substitute else person.title,
                    "unit": person.owner_unit,
                    "unit_name": unit.name if unit else None,
                    "answer": answer_of(row, person.id),
                    "leads": (person.id == leader and not substitute) or None,
                    "substitute_for": person.name if substitute else None,
                }
            )
        )
    return found


def _answers(row: MeetingRow, around: Around) -> list[Entry]:
    family = ((one.id, one.name, one.kind) for one in family_invited(row, around))
    staff = ((one.id, one.name, str(SeatKind.STAFF)) for one in staff_invited(row, around))
    found = []
    for who, name, kind in (*family, *staff):
        reply = row.answers.get(who)
        found.append(
            _without_none(
                {
                    "who": who,
                    "name": name,
                    "kind": kind,
                    "answer": answer_of(row, who),
                    "at": reply.at if reply else None,
                    "checked_in": row.checked_in.get(who),
                    "substitute": reply.substitute if reply else None,
                }
            )
        )
    return found


def _decisions(row: MeetingRow, around: Around) -> list[Entry]:
    found = []
    for decision in row.decisions:
        unit = around.known(UnitRow, decision.who_unit)
        found.append(
            _without_none(
                {
                    **_filled(decision),
                    "who_unit_name": unit.name if unit else None,
                    "done": decision.done,
                }
            )
        )
    return found


def _filled(part: msgspec.Struct) -> Entry:
    return _without_none(msgspec.structs.asdict(part))


def _without_none(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value is not None}


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A time for a calendar file: when, and nothing else. `starts_local` is wall time without a zone."""

    id: str
    starts_local: datetime
    minutes: int
    sequence: int
    cancelled: bool


def calendar_entry(row: MeetingRow, around: Around, account: str) -> CalendarEntry | None:
    """The meeting as the account's calendar may hold it.

    None for who is not invited, for professionals (nothing about a child in their calendars), and for everybody when
    the child has protected identity. Source: rules.md 3.6.
    """
    if row.invited_on is None or circle.child(around).protection is not None:
        return None
    if not any(relation.account == account for relation in family_invited(row, around)):
        return None
    return CalendarEntry(
        row.id, datetime.fromisoformat(row.starts_local), row.minutes, row.sequence, row.state == "cancelled"
    )
