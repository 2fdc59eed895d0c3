"""What is stored of a term meeting, and the pure questions every part of the feature asks of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar

import msgspec

from server.domain.instants import from_text
from server.domain.terms import DEFAULT_TERMS, TermDates
from server.features.area import LeadRow, terms_of
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.marks import TermMarkRow
from server.features.meeting.rows import AgendaItem, Reply
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.shape import Row

DECLINED = "no"


class Participant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A colleague who is to come, and the unit they come from."""

    seat: str
    unit: str
    called_as: tuple[str, ...] = ()
    """What they are called for beside their own functions: BUSE, which the unit's directory says."""


class ActionPoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was promised at the meeting; `task` follows it."""

    task: str
    what: str
    who_unit: str | None = None
    by_on: str | None = None


class TermMeetingRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "term_meeting"
    aggregate: ClassVar[str] = "area"

    area: str
    term: str
    required_functions: tuple[str, ...]
    starts_local: str
    starts_at: str
    minutes: int
    state: str = "draft"
    """`draft|planned|held|cancelled`"""
    network: str | None = None
    """`buse`: a meeting of the network of BUSEs, twice a term. None: of everybody, once a term."""
    place: str | None = None
    join_url: str | None = None
    agenda: tuple[AgendaItem, ...] = ()
    proposals: tuple[str, ...] = ()
    participants: tuple[Participant, ...] = ()
    """Everybody who held a required function when last looked; looked for again before each reminder."""
    answers: dict[str, Reply] = msgspec.field(default_factory=dict)
    """By seat."""
    sequence: int = 0
    planned_on: str | None = None
    told_at: str | None = None
    """When those who are to come heard of the time that holds now."""
    cancelled_reason: str | None = None
    held_at: str | None = None
    minutes_text: str | None = None
    minutes_at: str | None = None
    """When the minutes were written last, and by which seat."""
    minutes_by: str | None = None
    action_points: tuple[ActionPoint, ...] = ()

    def refers_to(self) -> tuple[str, ...]:
        units = {one.unit for one in self.participants} | {one.who_unit for one in self.action_points if one.who_unit}
        return (*sorted(units), *(one.seat for one in self.participants))

    @property
    def starts(self) -> datetime:
        return from_text(self.starts_at)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


def coming_to(row: TermMeetingRow, around: Around) -> tuple[StaffRow, ...]:
    """Those who are to come and still work there."""
    people = (around.known(StaffRow, one.seat) for one in row.participants)
    return tuple(person for person in people if person is not None and person.ended_at is None)


def answer_of(row: TermMeetingRow, seat: str) -> str:
    reply = row.answers.get(seat)
    return reply.answer if reply else "none"


def not_reached(row: TermMeetingRow, around: Around) -> dict[str, str]:
    """{account: since when} of those whom no way has reached about the time that holds now, and who have not answered.

    Of a meeting that is called off: about that.
    """
    cancelled, told_at = row.state == "cancelled", row.told_at or ""
    answered = {person.account for person in coming_to(row, around) if not cancelled and person.id in row.answers}
    return {
        mark.account: mark.since
        for mark in around.all(TermMarkRow)
        if mark.doc == row.id
        and (mark.kind == "term_cancelled") is cancelled
        and mark.since >= told_at
        and mark.account not in answered
    }


def missing_functions(row: TermMeetingRow, around: Around) -> tuple[str, ...]:
    """The required functions that nobody holds who has not said no."""
    people = (person for person in coming_to(row, around) if answer_of(row, person.id) != DECLINED)
    held = {function for person in people for function in functions_of(row, person)}
    return tuple(function for function in row.required_functions if function not in held)


def functions_of(row: TermMeetingRow, person: StaffRow) -> tuple[str, ...]:
    """What the person stands for at this meeting."""
    called = next((one.called_as for one in row.participants if one.seat == person.id), ())
    return (*person.functions, *called)


def holders(functions: Iterable[str], around: Around) -> tuple[Participant, ...]:
    """Everybody in the area's units who holds one of the functions now, or is BUSE by the directory; in seat order."""
    wanted = set(functions)
    badges: dict[str, set[str]] = {}
    for contact in around.named.values():
        if isinstance(contact, FunctionContactRow) and contact.badge in wanted and contact.holder:
            badges.setdefault(contact.holder, set()).add(contact.badge or "")
    found = []
    for person in around.named.values():
        if not isinstance(person, StaffRow) or person.ended_at is not None:
            continue
        called_as = tuple(sorted(badges.get(person.id, set()) - set(person.functions)))
        if not called_as and not wanted & set(person.functions):
            continue
        unit = around.known(UnitRow, person.owner_unit)
        if unit is not None and unit.area == around.id:
            found.append(Participant(seat=person.id, unit=unit.id, called_as=called_as))
    return tuple(sorted(found, key=lambda one: one.seat))


def closed_days_of(around: Around, unit: str) -> frozenset[date]:
    row = around.known(UnitRow, unit)
    return frozenset(date.fromisoformat(day) for day in row.closed_days) if row else frozenset()


def of_network(network: str | None, around: Around) -> list[TermMeetingRow]:
    """The area's meetings of everybody, or of one network."""
    return [one for one in around.all(TermMeetingRow) if one.network == network]


def dates_of(around: Around) -> TermDates:
    """The area's school terms."""
    area = around.first(AreaRow)
    return terms_of(area) if area else DEFAULT_TERMS


def leads(around: Around) -> frozenset[str]:
    """The seats of those who lead the area."""
    return frozenset(one.id for one in around.all(LeadRow) if one.ended_at is None)


def before(row: TermMeetingRow, around: Around) -> TermMeetingRow | None:
    """The latest meeting of the same people that was held before this one."""
    held = [one for one in of_network(row.network, around) if one.state == "held" and one.starts_at < row.starts_at]
    return max(held, key=lambda one: (one.starts_at, one.id), default=None)
