"""What is stored of a meeting, and the pure questions every part of the feature asks of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Literal

import msgspec

from server.domain import deadlines
from server.domain.instants import from_text
from server.features import belonging, circle, coordinator
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.rows import RelationRow
from server.features.shape import Row

Kind = Literal["first_contact", "network", "sip", "team_follow_up", "placement", "young_talk"]
TO_COME: Final = ("draft", "invited", "confirmed")
KINDS: Final = ("first_contact", "network", "sip", "team_follow_up", "placement", "young_talk")
PLANNED: Final = ("invited", "confirmed")
LIVE: Final = ("draft", *PLANNED)


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's own answer: `yes|no|digital|phone|substitute`."""

    answer: str
    at: str
    substitute: str | None = None


class NewTime(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody asks for another time, perhaps with words about which."""

    at: str
    text: str | None = None


class AgendaItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    title: str
    minutes: int | None = None
    who: str | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided, at unit level: `who_unit`, or `who` (`family|young_person|other`)."""

    what: str
    who_unit: str | None = None
    who: str | None = None
    by_on: str | None = None
    done: bool = False


class MeetingRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "meeting"
    aggregate: ClassVar[str] = "child"

    child: str
    kind: str
    starts_local: str
    zone: str
    starts_at: str
    minutes: int
    proposed_by: str
    state: str = "draft"
    """`draft|invited|confirmed|held|cancelled`"""
    title: str | None = None
    place: str | None = None
    join_url: str | None = None
    phone_in: str | None = None
    agenda: tuple[AgendaItem, ...] = ()
    interpreter: str | None = None
    invited: tuple[str, ...] = ()
    """Relations of the family members invited."""
    staff: tuple[str, ...] = ()
    """Seats of the professionals invited."""
    invited_on: str | None = None
    invited_by: str | None = None
    due_on: str | None = None
    limit_on: str | None = None
    """The rolled day: a meeting after it is late."""
    late: bool = False
    late_reason: str | None = None
    told_at: str | None = None
    """When those invited heard of the time that holds now."""
    sequence: int = 0
    answers: dict[str, Reply] = msgspec.field(default_factory=dict)
    checked_in: dict[str, str] = msgspec.field(default_factory=dict)
    new_time: dict[str, NewTime] = msgspec.field(default_factory=dict)
    """By relation or seat, as are answers and check-ins."""
    cancelled_at: str | None = None
    cancelled_reason: str | None = None
    held_at: str | None = None
    noted_at: str | None = None
    """When the notes were written last, and by which seat. None: when it was held, before this was kept."""
    noted_by: str | None = None
    child_heard: str | None = None
    decisions: tuple[Decision, ...] = ()
    follow_up_on: str | None = None
    main_responsible_unit: str | None = None

    def refers_to(self) -> tuple[str, ...]:
        units = (self.owner_unit, self.main_responsible_unit, *(one.who_unit for one in self.decisions))
        return tuple(id for id in (*units, *self.staff, self.invited_by) if id)

    @property
    def starts(self) -> datetime:
        return from_text(self.starts_at)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


def limit(kind: str, invited_on: date) -> deadlines.Limit:
    """The clock from the invitation: five days after an acute placement, otherwise three weeks (Västbus)."""
    return deadlines.acute_placement(invited_on) if kind == "placement" else deadlines.three_weeks(invited_on)


def family_invited(row: MeetingRow, around: Around) -> tuple[RelationRow, ...]:
    """The guardians and the young person who are invited, still belong to the child, and may know of it."""
    people = (*circle.guardians(around), *circle.young(around))
    return tuple(one for one in people if one.id in row.invited and belonging.hears(around, one.account))


def room_holders(around: Around) -> tuple[StaffRow, ...]:
    """Those who see everything of the child anyway, the coordinator first."""
    held = [seat for seat, _scope, _until in coordinator.grants(around)]
    baton = [person.id for person in circle.baton(around)]
    people = (around.known(StaffRow, seat) for seat in (*(seat for seat in baton if seat in held), *held))
    return tuple({person.id: person for person in people if person is not None}.values())


def holds_room(around: Around, seat: str) -> bool:
    """True for coordinator, deputy and who answers meanwhile."""
    return any(person.id == seat for person in room_holders(around))


def unit_around(around: Around, seat: str) -> str | None:
    """The unit in which this professional has a seat around the child."""
    return next((post.unit for post in circle.posts(around) if post.seat == seat), None)


def may_come(around: Around, seat: str) -> bool:
    """True while a professional can see the meeting: in the coordinator's room, or by a consent that covers it."""
    person = around.known(StaffRow, seat)
    if person is None or person.ended_at is not None or not belonging.hears(around, person.account):
        return False
    unit = unit_around(around, seat)
    return holds_room(around, seat) or bool(unit and circle.live_consents(around, unit=unit, kind="meeting"))


def staff_invited(row: MeetingRow, around: Around) -> tuple[StaffRow, ...]:
    """The professionals invited; before the meeting only those who may still see it."""
    people = (around.known(StaffRow, seat) for seat in row.staff)
    return tuple(
        person for person in people if person is not None and (row.state == "held" or may_come(around, person.id))
    )


def units_invited(row: MeetingRow, around: Around) -> tuple[str, ...]:
    """Units whose people come by consent, not by the coordinator's room."""
    units = (unit_around(around, seat) for seat in row.staff if not holds_room(around, seat))
    return tuple(sorted({unit for unit in units if unit}))


def left_out(row: MeetingRow, around: Around) -> tuple[UnitRow, ...]:
    """Units somebody was invited from, where the yes that let them know of the meeting is gone."""
    if row.state not in PLANNED:
        return ()
    people = (around.known(StaffRow, seat) for seat in row.staff if not holds_room(around, seat))
    units = {unit_around(around, one.id) or one.owner_unit for one in people if one and one.ended_at is None}
    units -= {circle.coordinator(around).owner_unit}
    gone = (unit for unit in units if not circle.live_consents(around, unit=unit, kind="meeting"))
    found = (around.known(UnitRow, unit) for unit in gone)
    return tuple(sorted((unit for unit in found if unit is not None), key=lambda unit: unit.name))


def answer_of(row: MeetingRow, who: str) -> str:
    reply = row.answers.get(who)
    return reply.answer if reply else "none"


def settled(row: MeetingRow, around: Around) -> MeetingRow:
    """The same meeting, `confirmed` once everybody who can has answered and somebody of the family comes."""
    if row.state not in PLANNED:
        return row
    family = [relation.id for relation in family_invited(row, around) if relation.account]
    everybody = [*family, *(person.id for person in staff_invited(row, around))]
    answered = all(answer_of(row, who) != "none" for who in everybody)
    comes = any(answer_of(row, who) not in ("none", "no") for who in family or everybody)
    return msgspec.structs.replace(row, state="confirmed" if answered and comes else "invited")
