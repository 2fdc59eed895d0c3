"""Taking times back: whoever has booked one is told, and whoever it was kept for stands in line again."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from pydantic import Field

from server.domain.access import UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text
from server.errors import Refused
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.shape import Command, Id, Moment, Notice, Row, Target, Writes
from server.features.slot import CONSULTANT, BookingRow, ConsultantTimesRow, SlotRow, coming
from server.features.slot_wish.onward import offer_gone


class Withdraw(Command):
    """Takes back one time or many, by any consultant or lead of the unit; whoever has booked is told.

    Whoever it was kept for stands in line again.
    """

    name: ClassVar[str] = "slot.withdraw"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open", "offered", "booked"]}, {"until": "starts_at"})

    slot: Id | None = None
    slots: Annotated[list[Id], Field(max_length=60)] = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (*(Target(id, "slot") for id in self._ids()), Target(actor.unit or ""), Target(actor.area or ""))

    def _ids(self) -> tuple[str, ...]:
        ids = tuple(dict.fromkeys(((self.slot,) if self.slot else ()) + tuple(self.slots)))
        if not ids:
            raise Refused("invalid", fields={"slot": "required"})
        return ids

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        unit = around.of(actor.unit or "")
        _check_consultant_or_lead(unit, actor)
        rows: list[Row] = []
        notices: list[Notice] = []
        ids = self._ids()
        for id in ids:
            one = around if id == around.id else around.of(id)
            slot = one.get(SlotRow, id)
            if slot.owner_unit != unit.id:
                raise Refused("not_allowed")
            if from_text(slot.starts_at) <= at.now:
                raise Refused("too_late")
            if slot.state not in ("open", "offered", "booked"):
                raise Refused("conflict")
            gone = taken_back(one, around.of(actor.area or ""))
            rows.extend(gone.rows)
            notices.extend(gone.notices)
        for known in unit.all(ConsultantTimesRow):
            left = tuple(time for time in coming(known.times, at) if time.slot not in ids)
            if left != known.times:
                rows.append(msgspec.structs.replace(known, times=left))
        return Writes(rows=tuple(rows), notices=tuple(notices))


def taken_back(home: Around, area: Around | None) -> Writes:
    """The slot of `home` withdrawn: its booker is told, and so is whoever waits in the area and had been offered it."""
    (slot,) = home.all(SlotRow)
    rows: list[Row] = [msgspec.structs.replace(slot, state="withdrawn")]
    notices: list[Notice] = []
    for booking in home.all(BookingRow):
        if booking.state == "booked":
            rows.append(msgspec.structs.replace(booking, state="withdrawn"))
            notices.append(Notice(booking.account, "booking_withdrawn", "booking", booking.id))
    back = offer_gone(area, slot) if area is not None else Writes()
    return Writes(rows=(*rows, *back.rows), notices=(*notices, *back.notices))


def _check_consultant_or_lead(unit: Around, actor: Actor) -> None:
    person = unit.get(StaffRow, actor.seat)
    row = unit.known(UnitRow, unit.id)
    if CONSULTANT not in person.functions and (row is None or actor.seat not in row.leads):
        raise Refused("not_allowed")
