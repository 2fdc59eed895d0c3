"""What the house does by itself: it offers, moves on at the deadline, and erases what nothing came of."""

from __future__ import annotations

from typing import ClassVar

from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.features.around import Around
from server.features.shape import Command, Id, Moment, OfTheHouse, Target, Writes
from server.features.slot import SlotRow
from server.features.slot_wish.onward import offer_gone, passed, to_next
from server.features.slot_wish.rows import SlotWishRow


class WishEnd(OfTheHouse):
    """The house erases a wish that nothing came of, with its question."""

    name: ClassVar[str] = "slot.wish_end"
    entity: ClassVar[str | None] = "slot_wish"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(SlotWishRow, self.record)
        return Writes() if row.state == "offered" else Writes(remove=(row.id,))


class OfferNext(Command):
    """The house offers a time that became free to the first who waits for it."""

    name: ClassVar[str] = "slot.offer_next"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id
    area: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.area), Target(self.record, "slot"))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        home = around.of(self.record)
        slot = home.get(SlotRow, self.record)
        return to_next(None, slot, around, home, at) if slot.state == "open" else Writes()


class OfferEnd(Command):
    """The house: nobody answered in time, so the time goes to the next."""

    name: ClassVar[str] = "slot.offer_end"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id
    slot: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "slot_wish"), Target(self.slot, "slot"))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, home = around.get(SlotWishRow, self.record), around.of(self.slot)
        if row.state != "offered" or row.offer is None or row.offer.slot != self.slot:
            return Writes()
        slot = home.get(SlotRow, self.slot)
        gone = offer_gone(around, slot)
        if slot.state != "offered":
            return gone
        onward = to_next(passed(row), slot, around, home, at)
        return Writes(rows=onward.rows, notices=(*gone.notices, *onward.notices))
