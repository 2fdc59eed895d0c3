"""The house's tidying of times that are past."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from server.domain.actors import Actor
from server.domain.instants import from_text
from server.features.around import Around
from server.features.shape import Moment, OfTheHouse, Writes
from server.features.slot.rows import BookingRow, SlotRow


class Lapse(OfTheHouse):
    """The house takes a time that nobody has booked off the lists when it begins."""

    name: ClassVar[str] = "slot.lapse"
    entity: ClassVar[str | None] = "slot"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.record)
        if slot.state != "open" or from_text(slot.starts_at) > at.now:
            return Writes()
        return Writes(rows=(msgspec.structs.replace(slot, lapsed=True),))


class Tidy(OfTheHouse):
    """The house erases the question of a consultation long past, and takes it off the lists."""

    name: ClassVar[str] = "slot.tidy"
    entity: ClassVar[str | None] = "slot"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.record)
        emptied = (msgspec.structs.replace(one, question=None, confirmed=()) for one in around.all(BookingRow))
        return Writes(rows=(msgspec.structs.replace(slot, tidied=True), *emptied))
