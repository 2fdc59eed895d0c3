"""Proposing, inviting, moving and cancelling. Everybody who comes stands on an explicit list.

A unit outside the coordinator's room is invited only under a live consent that covers `meeting`. After the limit the
app warns and asks for a reason; it never blocks. Source: rules.md 3.2, model.md 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from server.domain.access import BATON, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import ZONE_NAME, date_text, local_date, to_text, wall_from_text, wall_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.meeting.rows import (
    LIVE,
    PLANNED,
    AgendaItem,
    Kind,
    MeetingRow,
    Reply,
    family_invited,
    holds_room,
    limit,
    may_come,
    settled,
    staff_invited,
    unit_around,
)
from server.features.person import LocalText, Phone, StaffRow, VideoLink
from server.features.shape import Command, Id, Moment, Notice, Target, Writes

MINUTES: Final = 60
URGENT_WITHIN: Final = timedelta(hours=12)
"""A change this close to the meeting cannot wait until morning."""

LateReason = Literal["family_wish", "cannot_gather", "other"]


def _is_wall(text: str) -> str:
    wall_from_text(text)
    return text


Starts = Annotated[LocalText, AfterValidator(_is_wall)]
Minutes = Annotated[int, Field(ge=15, le=240)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
People = Annotated[list[Id], Field(max_length=30)]


class Item(BaseModel):
    """One point of the agenda."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: Title
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    who: Short | None = None


class _ByCoordinator(Command):
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"


class Propose(_ByCoordinator):
    """A draft that only the coordinator's room sees; with `invite` it is sent in the same step."""

    name: ClassVar[str] = "meeting.propose"
    persons: ClassVar = {"invited": "family", "staff": "staff"}

    child: Id
    kind: Kind
    starts_local: Starts
    minutes: Minutes = MINUTES
    title: Title | None = None
    place: Place | None = None
    join_url: VideoLink | None = None
    phone_in: Phone | None = None
    agenda: Annotated[list[Item], Field(max_length=12)] = Field(default_factory=list)
    interpreter: Short | None = None
    invited: People = Field(default_factory=list)
    staff: People | None = None
    late_reason: LateReason | None = None
    invite: bool = False

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return tuple(self.staff or ())

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        child = circle.child(around)
        if child.state != "open":
            raise Refused("conflict")
        starts_local, starts_at = _when(self.starts_local, at.now)
        row = MeetingRow(
            id=at.new_id(),
            owner_unit=circle.coordinator(around).owner_unit,
            child=child.id,
            kind=self.kind,
            starts_local=starts_local,
            zone=ZONE_NAME,
            starts_at=starts_at,
            minutes=self.minutes,
            proposed_by=actor.seat,
            title=self.title,
            place=self.place,
            join_url=self.join_url,
            phone_in=self.phone_in,
            interpreter=self.interpreter or child.interpreter,
            late_reason=self.late_reason,
            agenda=tuple(AgendaItem(title=one.title, minutes=one.minutes, who=one.who) for one in self.agenda),
            invited=_family(around, self.invited),
            staff=_staff(around, [actor.seat] if self.staff is None else self.staff),
        )
        if self.invite:
            return _sent(row, around, actor, at)
        _check_units(around, row.staff)
        return Writes(rows=(row,), result={"meeting": row.id})


class _OnMeeting(_ByCoordinator):
    offered: ClassVar = ({"field": "state", "in": list(LIVE)},)

    meeting: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.meeting, "meeting"),)

    def row(self, around: Around) -> MeetingRow:
        row = around.get(MeetingRow, self.meeting)
        if row.state not in LIVE:
            raise Refused("conflict")
        return row


class Invite(_OnMeeting):
    """Sends the invitation, or changes who is invited. A list that is left out stays as it is."""

    name: ClassVar[str] = "meeting.invite"
    persons: ClassVar = {"invited": "family", "staff": "staff"}

    invited: People | None = None
    staff: People | None = None
    late_reason: LateReason | None = None

    def needs(self) -> tuple[str, ...]:
        return tuple(self.staff or ())

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        _when(row.starts_local, at.now)
        wished = msgspec.structs.replace(
            row,
            late_reason=self.late_reason or row.late_reason,
            invited=row.invited if self.invited is None else _family(around, self.invited),
            staff=row.staff if self.staff is None else _staff(around, self.staff),
        )
        return _sent(wished, around, actor, at, before=row)


class Move(_OnMeeting):
    """Another time or place. A new time asks everybody again."""

    name: ClassVar[str] = "meeting.move"

    starts_local: Starts
    minutes: Minutes | None = None
    place: Place | None = None
    join_url: VideoLink | None = None
    phone_in: Phone | None = None
    late_reason: LateReason | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        starts_local, starts_at = _when(self.starts_local, at.now)
        moved = msgspec.structs.replace(
            row,
            starts_local=starts_local,
            starts_at=starts_at,
            minutes=self.minutes or row.minutes,
            place=self.place or row.place,
            join_url=self.join_url or row.join_url,
            phone_in=self.phone_in or row.phone_in,
            late_reason=self.late_reason or row.late_reason,
        )
        if row.state not in PLANNED:
            return Writes(rows=(moved,))
        moved = _timed(msgspec.structs.replace(moved, sequence=row.sequence + 1))
        if (moved.starts_at, moved.minutes) != (row.starts_at, row.minutes):
            moved = msgspec.structs.replace(
                moved,
                state="invited",
                told_at=to_text(at.now),
                checked_in={},
                new_time={},
                answers=_own_yes(moved, actor, {}, at.now),
            )
        soon = min(row.starts, moved.starts) - at.now < URGENT_WITHIN
        told = _tell(moved, _accounts(moved, around), actor, "meeting_moved", urgent=soon)
        return Writes(rows=(moved,), result=_clock(moved), notices=told)


class Cancel(_OnMeeting):
    """Calls the meeting off; a draft nobody has heard of is thrown away."""

    name: ClassVar[str] = "meeting.cancel"

    reason: Literal["illness", "cannot_gather", "family_wish", "other"] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        if row.state not in PLANNED:
            return Writes(remove=(row.id,))
        cancelled = msgspec.structs.replace(
            row,
            state="cancelled",
            cancelled_at=to_text(at.now),
            cancelled_reason=self.reason,
            sequence=row.sequence + 1,
        )
        soon = row.starts - at.now < URGENT_WITHIN
        told = _tell(row, _accounts(row, around), actor, "meeting_cancelled", urgent=soon)
        return Writes(rows=(cancelled,), notices=told)


# --- what they share


def _when(starts_local: str, now: datetime) -> tuple[str, str]:
    """(wall time, instant); a wall time that the clock change leaves out is moved to the one people will see."""
    starts = wall_from_text(starts_local)
    if starts <= now:
        raise Refused("invalid", fields={"starts_local": "past"})
    return wall_text(starts), to_text(starts)


def _family(around: Around, relations: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(relations))
    known = {one.id for one in (*circle.guardians(around), *circle.young(around))}
    if not known.issuperset(wanted):
        raise Refused("invalid", fields={"invited": "not_allowed_value"})
    return wanted


def _staff(around: Around, seats: Iterable[str]) -> tuple[str, ...]:
    """Colleagues who work somewhere and are not of the child's own family."""
    wanted = tuple(dict.fromkeys(seats))
    for seat in wanted:
        person = around.known(StaffRow, seat)
        if person is None or person.ended_at is not None:
            raise Refused("invalid", fields={"staff": "not_allowed_value"})
        if person.account in circle.family_accounts(around):
            raise Refused("not_allowed")
    return wanted


def _check_units(around: Around, seats: Iterable[str]) -> None:
    """A draft too names only people of units that may hear of the child; their seats may come later."""
    people = (person for seat in seats if (person := around.known(StaffRow, seat)) and not holds_room(around, seat))
    units = {person.owner_unit for person in people}
    missing = sorted(unit for unit in units if not circle.live_consents(around, unit=unit, kind="meeting"))
    if missing:
        raise Refused("consent_required", data={"units": missing})


def _sent(row: MeetingRow, around: Around, actor: Actor, at: Moment, *, before: MeetingRow | None = None) -> Writes:
    if not row.invited:
        raise Refused("invalid", fields={"invited": "required"})
    missing = sorted(
        {unit_around(around, seat) or _unit(around, seat) for seat in row.staff if not may_come(around, seat)}
    )
    if missing:
        raise Refused("consent_required", data={"units": missing})
    stays = {*row.invited, *row.staff}
    first = row.invited_on is None
    invited = msgspec.structs.replace(
        row,
        invited_on=row.invited_on or date_text(local_date(at.now)),
        invited_by=row.invited_by or actor.seat,
        told_at=to_text(at.now) if first else row.told_at,
        state="invited" if first else row.state,
        answers=_own_yes(row, actor, {who: one for who, one in row.answers.items() if who in stays}, at.now),
        checked_in={who: one for who, one in row.checked_in.items() if who in stays},
        new_time={who: one for who, one in row.new_time.items() if who in stays},
    )
    invited = settled(_timed(invited), around)
    known = set() if before is None or before.invited_on is None else _accounts(before, around)
    now_known = _accounts(invited, around)
    told = (
        *_tell(invited, now_known - known, actor, "meeting_invited"),
        *_tell(invited, known - now_known, actor, "meeting_cancelled"),
    )
    return Writes(rows=(invited,), result=_clock(invited), notices=told)


def _unit(around: Around, seat: str) -> str:
    person = around.known(StaffRow, seat)
    return person.owner_unit if person else ""


def _timed(row: MeetingRow) -> MeetingRow:
    """With the limit that the invitation started, and whether the time lies after it."""
    clock = limit(row.kind, datetime.fromisoformat(row.invited_on or "").date())
    late = local_date(row.starts) > clock.rolled_on
    return msgspec.structs.replace(
        row,
        due_on=date_text(clock.due_on),
        limit_on=date_text(clock.rolled_on),
        late=late,
        late_reason=row.late_reason if late else None,
    )


def _clock(row: MeetingRow) -> dict[str, Any]:
    result: dict[str, Any] = {"meeting": row.id, "due_on": row.due_on, "limit_on": row.limit_on}
    return {**result, "late": True} if row.late else result


def _own_yes(row: MeetingRow, actor: Actor, answers: dict[str, Reply], now: datetime) -> dict[str, Reply]:
    """Who sets the time comes, until they say otherwise."""
    if actor.seat in row.staff and actor.seat not in answers:
        return {**answers, actor.seat: Reply(answer="yes", at=to_text(now))}
    return answers


def _accounts(row: MeetingRow, around: Around) -> set[str]:
    family = {relation.account for relation in family_invited(row, around) if relation.account}
    return family | {person.account for person in staff_invited(row, around)}


def _tell(row: MeetingRow, accounts: set[str], actor: Actor, kind: str, *, urgent: bool = False) -> tuple[Notice, ...]:
    return tuple(
        Notice(account, kind, row.entity, row.id, urgent=urgent) for account in sorted(accounts - {actor.account})
    )
