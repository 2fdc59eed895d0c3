"""Planning a term meeting, moving it and calling it off: those who lead the area."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain import term_meetings as rules
from server.domain.access import LEADS, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, to_text, wall_from_text, wall_text
from server.domain.terms import term_from_label
from server.errors import Refused
from server.features import task
from server.features.around import Around
from server.features.meeting.rows import AgendaItem
from server.features.person import AreaRow, LocalText, VideoLink
from server.features.shape import Command, Id, Moment, Notice, Target, Writes
from server.features.term_meeting.rows import TermMeetingRow, coming_to, dates_of, holders, of_network
from server.features.words import FunctionKey

ALL_TOLD: Final = ("term_planned", "term_moved", "term_cancelled")
"""What those who are to come hear of the time."""
GATHERED: Final = ("unit", "staff", "function_contact")
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Item(BaseModel):
    """One point of the agenda. No individual cases."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    who: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None


class _Lead(Command):
    rule: ClassVar[Rule] = Rule(by=LEADS)
    on_scope_loss: ClassVar[str] = "purge"


class Plan(_Lead):
    """Calls everybody in the area who holds one of the functions needed. A day to avoid is told, never refused."""

    name: ClassVar[str] = "term.plan"
    gathers: ClassVar[tuple[str, ...]] = GATHERED

    term: str
    starts_local: LocalText
    minutes: Annotated[int, Field(ge=15, le=480)] = rules.PROPOSED_MINUTES
    place: Place | None = None
    join_url: VideoLink | None = None
    agenda: Annotated[list[Item], Field(max_length=20)] = Field(default_factory=list)
    required_functions: Annotated[list[FunctionKey], Field(min_length=1, max_length=20)] | None = None
    term_meeting: Id | None = None
    """A draft of the house's, to be sent."""

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.term_meeting, "term_meeting") if self.term_meeting else Target(actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        try:
            term = term_from_label(self.term)
        except ValueError:
            raise Refused("invalid", fields={"term": "not_allowed_value"}) from None
        starts = starts_at(self.starts_local, at)
        draft = around.get(TermMeetingRow, self.term_meeting) if self.term_meeting else None
        if draft is not None and draft.state != "draft":
            raise Refused("conflict")
        functions = tuple(dict.fromkeys(self.required_functions or _usual(draft, around)))
        row = TermMeetingRow(
            id=draft.id if draft else at.new_id(),
            owner_unit="",
            area=around.id,
            term=term.label,
            required_functions=functions,
            starts_local=self.starts_local,
            starts_at=to_text(starts),
            minutes=self.minutes,
            state="planned",
            network=draft.network if draft else None,
            proposals=draft.proposals if draft else (),
            place=self.place,
            join_url=self.join_url,
            agenda=tuple(AgendaItem(title=one.title, minutes=one.minutes, who=one.who) for one in self.agenda),
            participants=holders(functions, around),
            planned_on=local_date(at.now).isoformat(),
            told_at=to_text(at.now),
        )
        result = {"term_meeting": row.id}
        if reason := rules.avoid(local_date(starts), dates_of(around)):
            result["avoid"] = reason
        planned = (task.done(one, at, actor.name or None) for one in task.about(around, row.id))
        return Writes(rows=(row, *planned), result=result, notices=to_all(row, around, actor, "term_planned"))


class _OnPlanned(_Lead):
    offered: ClassVar = ({"field": "state", "in": ["planned"]},)

    term_meeting: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.term_meeting, "term_meeting"),)

    def row(self, around: Around) -> TermMeetingRow:
        row = around.get(TermMeetingRow, self.term_meeting)
        if row.state != "planned":
            raise Refused("conflict")
        return row


class Move(_OnPlanned):
    """A new time: everybody is asked again."""

    name: ClassVar[str] = "term.move"
    gathers: ClassVar[tuple[str, ...]] = GATHERED

    starts_local: LocalText
    minutes: Annotated[int, Field(ge=15, le=480)] | None = None
    place: Place | None = None
    join_url: VideoLink | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.row(around)
        starts = starts_at(self.starts_local, at)
        moved = msgspec.structs.replace(
            row,
            starts_local=self.starts_local,
            starts_at=to_text(starts),
            minutes=self.minutes or row.minutes,
            place=self.place or row.place,
            join_url=self.join_url or row.join_url,
            participants=holders(row.required_functions, around),
            answers={},
            sequence=row.sequence + 1,
            told_at=to_text(at.now),
        )
        reason = rules.avoid(local_date(starts), dates_of(around))
        return Writes(
            rows=(moved,),
            result={"avoid": reason} if reason else None,
            notices=to_all(moved, around, actor, "term_moved"),
        )


class Cancel(_OnPlanned):
    """Called off, also a draft. Whoever was called hears of it."""

    name: ClassVar[str] = "term.cancel"
    offered: ClassVar = ({"field": "state", "in": ["draft", "planned"]},)

    reason: Literal["illness", "cannot_gather", "other"] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TermMeetingRow, self.term_meeting)
        if row.state not in ("draft", "planned"):
            raise Refused("conflict")
        cancelled = msgspec.structs.replace(
            row, state="cancelled", cancelled_reason=self.reason, sequence=row.sequence + 1
        )
        told = to_all(row, around, actor, "term_cancelled") if row.state == "planned" else ()
        planning = (one for one in task.about(around, row.id) if one.kind == "plan_term")
        return Writes(rows=(cancelled, *(task.done(one, at, actor.name or None) for one in planning)), notices=told)


def starts_at(starts_local: str, at: Moment) -> datetime:
    """The instant of a wall time to come. Refuses `invalid` for one that is past or does not exist."""
    try:
        starts = wall_from_text(starts_local)
    except ValueError:
        raise Refused("invalid", fields={"starts_local": "not_allowed_value"}) from None
    if wall_text(starts) != starts_local:
        raise Refused("invalid", fields={"starts_local": "not_allowed_value"})
    if starts <= at.now:
        raise Refused("invalid", fields={"starts_local": "past"})
    return starts


def to_all(row: TermMeetingRow, around: Around, actor: Actor, kind: str) -> tuple[Notice, ...]:
    """Tells everybody who is to come, once per account, except the sender."""
    accounts = {person.account for person in coming_to(row, around)} - {actor.account}
    return tuple(Notice(account, kind, row.entity, row.id) for account in sorted(accounts))


def first_proposal(days: tuple[date, ...]) -> tuple[str, ...]:
    """The days as wall times, at the usual hour."""
    return tuple(datetime.combine(day, rules.PROPOSED_AT).strftime("%Y-%m-%dT%H:%M") for day in days)


def _usual(draft: TermMeetingRow | None, around: Around) -> tuple[str, ...]:
    """The functions of the draft, else of the area's latest meeting, else those the area always needs."""
    if draft is not None:
        return draft.required_functions
    return usual_functions(around)


def usual_functions(around: Around) -> tuple[str, ...]:
    """Whom the area called last time, else whom it always calls."""
    latest = max(of_network(None, around), key=lambda one: (one.starts_at, one.id), default=None)
    if latest is not None:
        return latest.required_functions
    area = around.first(AreaRow)
    return area.required_functions if area else ()
