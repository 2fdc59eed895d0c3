"""Waiting for a time, taking the one that is offered, or leaving it to the next."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from pydantic import Field

from server.domain.access import AREA, LEADS, Rule
from server.domain.actors import Actor
from server.domain.ages import AgeBand
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.booking import Question, to_consultant
from server.features.identifying import Confirmed, refuse_identifying
from server.features.person import StaffRow
from server.features.shape import Command, Id, Moment, Target, Writes
from server.features.slot import BookingRow, SlotRow, Topic
from server.features.slot_wish.onward import passed, to_next
from server.features.slot_wish.rows import SlotWishRow


class Wish(Command):
    """Waits for a time that becomes free, with a question that identifies nobody."""

    name: ClassVar[str] = "slot.wish"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    topic: Topic
    age_band: AgeBand
    question: Question | None = None
    confirmed: Confirmed = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if any(row.seat == actor.seat for row in around.all(SlotWishRow)):
            raise Refused("conflict")
        refuse_identifying("question", self.question, self.confirmed, actor.name)
        row = SlotWishRow(
            id=at.new_id(),
            owner_unit=actor.unit or "",
            area=around.id,
            seat=actor.seat,
            account=actor.account,
            topic=self.topic,
            age_band=self.age_band,
            question=self.question,
            confirmed=tuple(self.confirmed),
            made_at=to_text(at.now),
        )
        return Writes(rows=(row,), result={"slot_wish": row.id})


class _OnWish(Command):
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    slot_wish: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.slot_wish, "slot_wish"),)

    def own(self, around: Around, actor: Actor) -> SlotWishRow:
        row = around.get(SlotWishRow, self.slot_wish)
        if row.account != actor.account:
            raise Refused("not_allowed")
        return row


class _OnOffer(_OnWish):
    offered: ClassVar = ({"field": "state", "in": ["offered"]}, {"until": "until"})

    slot: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.slot_wish, "slot_wish"), Target(self.slot, "slot"))

    def both(self, around: Around, actor: Actor) -> tuple[SlotWishRow, SlotRow]:
        """The wish and the time that is kept for it. Refuses `taken` when it is kept no longer."""
        row = self.own(around, actor)
        slot = around.of(self.slot).get(SlotRow, self.slot)
        if row.offer is None or row.offer.slot != self.slot or slot.state != "offered":
            raise Refused("taken")
        return row, slot


class Take(_OnOffer):
    """Books the time that was offered, with the question of the wish."""

    name: ClassVar[str] = "slot.take"
    confirm: ClassVar[bool] = True
    alternatives_entity: ClassVar[str] = "slot"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, slot = self.both(around, actor)
        if from_text(slot.starts_at) <= at.now:
            raise Refused("too_late")
        booking = BookingRow(
            id=at.new_id(),
            owner_unit=slot.owner_unit,
            slot=slot.id,
            seat=actor.seat,
            account=actor.account,
            topic=row.topic,
            age_band=row.age_band,
            question=row.question,
            confirmed=row.confirmed,
            booked_at=to_text(at.now),
        )
        consultant = around.of(slot.id).known(StaffRow, slot.consultant)
        return Writes(
            rows=(msgspec.structs.replace(slot, state="booked"), booking),
            remove=(row.id,),
            result={"booking": booking.id},
            notices=to_consultant("slot_booked", booking, consultant),
        )


class Decline(_OnOffer):
    """Not this time: it goes to the next, and the wish keeps its place."""

    name: ClassVar[str] = "slot.decline"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, slot = self.both(around, actor)
        return to_next(passed(row), slot, around, around.of(slot.id), at)


class Unwish(_OnWish):
    """Waits no longer; the question is erased. Whoever has an offer declines that first."""

    name: ClassVar[str] = "slot.unwish"
    offered: ClassVar = ({"field": "state", "in": ["waiting"]},)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.own(around, actor)
        if row.state == "offered":
            raise Refused("conflict")
        return Writes(remove=(row.id,))
