"""Message: one thread between one family member and whoever holds the baton.

Nobody reads it at once, and the screens say so. Each thread is its own: no guardian sees another's, nor the young
person's. Source: model.md 3, product.md 1.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from pydantic import AfterValidator, StringConstraints

from server.domain.access import BATON, FAMILY, Rule
from server.domain.actors import FAMILY_SEATS, Actor, Assurance
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features import belonging, circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.rows import RelationRow
from server.features.shape import Command, Document, Feature, Id, Moment, Notice, Projected, Row, Target, Writes


def _is_instant(text: str) -> str:
    from_text(text)
    return text


InstantText = Annotated[str, AfterValidator(_is_instant)]


class MessageRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "message"
    aggregate: ClassVar[str] = "child"

    child: str
    thread: str
    """The relation of the family member whose thread it is."""
    text: str
    sent_at: str
    """When the server heard it."""
    at: str | None = None
    """When it was written, by the device's own clock."""
    sender: str | None = None
    """The professional's seat; None when the family member wrote."""

    def refers_to(self) -> tuple[str, ...]:
        return tuple(id for id in (self.owner_unit, self.sender) if id)


class Message(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    thread: str
    from_family: bool
    from_name: str
    text: str
    sent_at: str
    at: str | None = None
    thread_name: str | None = None
    """The coordinator's room only: whose thread it is."""
    thread_kind: str | None = None


def threads(around: Around) -> tuple[RelationRow, ...]:
    """Family members who have a thread: guardians and the young person, under protection those inside the circle."""
    people = (*circle.guardians(around), *circle.young(around))
    return tuple(one for one in people if belonging.hears(around, one.account))


def project(row: MessageRow, around: Around) -> Projected:
    relation = around.known(RelationRow, row.thread)
    sender = around.known(StaffRow, row.sender)
    whose = relation.name if relation else ""
    own = Message(
        id=row.id,
        child=row.child,
        thread=row.thread,
        from_family=row.sender is None,
        from_name=whose if row.sender is None else sender.name if sender else "",
        text=row.text,
        sent_at=row.sent_at,
        at=row.at,
    )
    member = next((one for one in threads(around) if one.id == row.thread), None)
    if member is not None and member.account:
        yield circle.scope_of(member, around.id), own
    whole = msgspec.structs.replace(own, thread_name=whose, thread_kind=relation.kind if relation else None)
    # A thread stays with the unit it was written to: a handover opens an empty one.
    for scope in circle.keeper_scopes(around, row, still_open=False):
        yield scope, whole


class Send(Command):
    """Writes in one's own thread, or, for the coordinator, in the thread of `to`."""

    name: ClassVar[str] = "message.send"
    # A code is enough (rules.md 4.4): a young person without an e-ID can write to the coordinator.
    rule: ClassVar[Rule] = Rule(by=FAMILY | BATON, assurance=Assurance.CODE)
    persons: ClassVar = {"to": "family"}

    child: Id
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    to: Id | None = None
    at: InstantText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        member = self._thread(around, actor)
        if circle.child(around).state != "open":
            raise Refused("conflict")
        row = MessageRow(
            id=at.new_id(),
            owner_unit=circle.coordinator(around).owner_unit,
            child=around.id,
            thread=member.id,
            text=self.text,
            sent_at=to_text(at.now),
            at=self.at,
            sender=None if actor.is_family else actor.seat,
        )
        if actor.is_family:
            accounts = tuple(person.account for person in circle.on_duty(around))
        else:
            accounts = (member.account or "",)
        told = tuple(Notice(account, "message_new", row.entity, row.id) for account in accounts)
        return Writes(rows=(row,), result={"message": row.id}, notices=told)

    def _thread(self, around: Around, actor: Actor) -> RelationRow:
        if actor.kind in FAMILY_SEATS:
            own = circle.relation_of(around, actor.account)
            if own is None or own.seat != actor.seat:
                raise Refused("not_allowed")
            if self.to not in (None, own.id):
                raise Refused("invalid", fields={"to": "not_allowed_value"})
            return own
        if self.to is None:
            raise Refused("invalid", fields={"to": "required"})
        member = next((one for one in threads(around) if one.id == self.to), None)
        if member is None or member.account is None:
            raise Refused("invalid", fields={"to": "not_allowed_value"})
        return member


feature = Feature(entity="message", row=MessageRow, project=project, documents=(Message,), commands=(Send,))
