"""Voice: what a young person wants said at a meeting, and how they take part. Theirs alone until they release it.

Drafts never leave the device. Released words reach exactly those who were shown beforehand: whoever is invited later
sees nothing of them. Until the meeting starts everything can be taken back. Source: rules.md 3.3, model.md 3.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.domain.access import YOUNG_PEOPLE, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.meeting import readers
from server.features.meeting.rows import PLANNED, MeetingRow, Reply, settled
from server.features.rows import RelationRow
from server.features.shape import Command, Document, Feature, Id, Moment, Notice, Projected, Row, Target, Writes

TakePart = Literal[
    "in_person", "video", "sound_only", "phone", "part_of_meeting", "written", "spokesperson", "not_attending"
]
To = Literal["coordinator", "professionals", "everyone_invited"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Topic = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
ANSWERS: Final = {
    "in_person": "yes",
    "part_of_meeting": "yes",
    "video": "digital",
    "sound_only": "digital",
    "phone": "phone",
    "written": "no",
    "spokesperson": "no",
    "not_attending": "no",
}
"""What a way to take part answers to the invitation: one's newest word counts."""


class VoiceRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "voice"
    aggregate: ClassVar[str] = "child"

    child: str
    meeting: str
    relation: str
    take_part: str
    to: str
    released_at: str
    say: dict[str, str] = msgspec.field(default_factory=dict)
    not_about: tuple[str, ...] = ()
    read_aloud: bool = False
    seen_by_guardians: tuple[str, ...] = ()
    """Relations and units that were invited when the words were released."""
    seen_by_units: tuple[str, ...] = ()

    def refers_to(self) -> tuple[str, ...]:
        return (self.owner_unit,)


class Voice(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    meeting: str
    take_part: str
    say: dict[str, str]
    to: str
    read_aloud: bool
    released_at: str
    not_about: tuple[str, ...] | None = None
    seen_by: tuple[str, ...] | None = None
    """The young person's own only: the names of those who see it."""
    until: str | None = None
    """The young person's own only: until when it can be taken back (the start of the meeting)."""


def project(row: VoiceRow, around: Around) -> Projected:
    meeting = next((one for one in around.all(MeetingRow) if one.id == row.meeting), None)
    young = next((one for one in circle.young(around) if one.id == row.relation), None)
    if meeting is None:
        return
    words = Voice(
        id=row.id,
        child=row.child,
        meeting=row.meeting,
        take_part=row.take_part,
        say=row.say,
        not_about=row.not_about or None,
        to=row.to,
        read_aloud=row.read_aloud,
        released_at=row.released_at,
    )
    if young is not None and young.account:
        units, guardians = _units(row, meeting, around), _guardians(row, meeting, around)
        names = readers.names(meeting, around, units=units, guardians=guardians)
        yield circle.scope_of(young, around.id), msgspec.structs.replace(words, seen_by=names, until=meeting.starts_at)
    for scope in circle.keeper_scopes(around, row, still_open=meeting.state in PLANNED):
        yield scope, words
    for unit in _units(row, meeting, around):
        for scope in circle.consent_scopes(around, kind="voice", unit=unit):
            yield scope, words
    for guardian in _guardians(row, meeting, around):
        if guardian.account:
            yield circle.scope_of(guardian, around.id), words


def _units(row: VoiceRow, meeting: MeetingRow, around: Around) -> tuple[str, ...]:
    return tuple(unit for unit in readers.units_reading(meeting, around) if unit in row.seen_by_units)


def _guardians(row: VoiceRow, meeting: MeetingRow, around: Around) -> tuple[RelationRow, ...]:
    return tuple(one for one in readers.guardians_reading(meeting, around) if one.id in row.seen_by_guardians)


class Say(BaseModel):
    """The four cards. An empty one is left out."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    good: Words | None = None
    hard: Words | None = None
    want: Words | None = None
    not_want: Words | None = None


class Release(Command):
    """Lets go of the words, to those chosen. Again replaces what was released before."""

    name: ClassVar[str] = "voice.release"
    # A code is enough (rules.md 4.4): how to take part, and what to say, must not wait for an electronic identity.
    rule: ClassVar[Rule] = Rule(by=YOUNG_PEOPLE, assurance=Assurance.CODE)
    confirm: ClassVar[bool] = True
    offered: ClassVar = ({"field": "state", "in": list(PLANNED)}, {"until": "starts_at"})

    meeting: Id
    take_part: TakePart
    to: To
    say: Say = Say()
    not_about: Annotated[list[Topic], Field(max_length=8)] = Field(default_factory=list)
    read_aloud: bool = False

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.meeting, "meeting"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        meeting = around.get(MeetingRow, self.meeting)
        young = _own(around, actor)
        if at.now >= meeting.starts or meeting.state == "held":
            raise Refused("too_late")
        if meeting.state not in PLANNED:
            raise Refused("conflict")
        earlier = next(
            (one for one in around.all(VoiceRow) if one.meeting == meeting.id and one.relation == young.id), None
        )
        guardians = tuple(one.id for one in readers.guardians_reading(meeting, around))
        wide = self.to in ("professionals", "everyone_invited")
        row = VoiceRow(
            id=earlier.id if earlier else at.new_id(),
            owner_unit=circle.coordinator(around).owner_unit,
            child=around.id,
            meeting=meeting.id,
            relation=young.id,
            take_part=self.take_part,
            to=self.to,
            released_at=to_text(at.now),
            read_aloud=self.read_aloud,
            not_about=tuple(self.not_about),
            say={card: words for card, words in self.say.model_dump().items() if words},
            seen_by_units=readers.units_reading(meeting, around) if wide else (),
            seen_by_guardians=guardians if self.to == "everyone_invited" else (),
        )
        rows: tuple[Row, ...] = (row,)
        if young.id in meeting.invited:
            reply = Reply(answer=ANSWERS[self.take_part], at=to_text(at.now))
            answered = msgspec.structs.replace(meeting, answers={**meeting.answers, young.id: reply})
            rows = (row, settled(answered, around))
        told = tuple(Notice(person.account, "voice_released", row.entity, row.id) for person in circle.on_duty(around))
        return Writes(rows=rows, result={"voice": row.id}, notices=told)


class TakeBack(Command):
    """Takes the words back, from everybody, until the meeting starts; the answer that they gave goes with them."""

    name: ClassVar[str] = "voice.take_back"
    rule: ClassVar[Rule] = Rule(by=YOUNG_PEOPLE, assurance=Assurance.CODE)
    confirm: ClassVar[bool] = True
    offered: ClassVar = ({"until": "until"},)

    voice: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.voice, "voice"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(VoiceRow, self.voice)
        if row.relation != _own(around, actor).id:
            raise Refused("not_allowed")
        meeting = around.get(MeetingRow, row.meeting)
        if at.now >= meeting.starts:
            raise Refused("too_late")
        own = meeting.answers.get(row.relation)
        # An answer as old as the words was given by them; a newer one is the young person's own.
        if own is None or own.at != row.released_at or meeting.state not in PLANNED:
            return Writes(remove=(row.id,))
        left = {who: reply for who, reply in meeting.answers.items() if who != row.relation}
        return Writes(rows=(settled(msgspec.structs.replace(meeting, answers=left), around),), remove=(row.id,))


def _own(around: Around, actor: Actor) -> RelationRow:
    relation = circle.relation_of(around, actor.account)
    if relation is None or relation.seat != actor.seat:
        raise Refused("not_allowed")
    return relation


feature = Feature(
    entity="voice",
    row=VoiceRow,
    project=project,
    documents=(Voice,),
    commands=(Release, TakeBack),
)
