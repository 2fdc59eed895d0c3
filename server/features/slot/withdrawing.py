"""Taking times back, and the house's tidying of those long past."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from pydantic import Field

from server.domain.access import SCHEDULED, UNIT, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text
from server.errors import Refused
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.shape import Command, Id, Moment, Notice, Row, Target, Writes
from server.features.slot.rows import CONSULTANT, BookingRow, ConsultantTimesRow, SlotRow, coming


class Withdraw(Command):
    """Takes back one time or many, by any consultant or lead of the unit; whoever has booked is told."""

    name: ClassVar[str] = "slot.withdraw"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["open", "offered", "booked"]}, {"until": "starts_at"})

    slot: Id | None = None
    slots: Annotated[list[Id], Field(max_length=60)] = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (*(Target(id, "slot") for id in self._ids()), Target(actor.unit or ""))

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
            rows.append(msgspec.structs.replace(slot, state="withdrawn"))
            for booking in one.all(BookingRow):
                if booking.state == "booked":
                    rows.append(msgspec.structs.replace(booking, state="withdrawn"))
                    notices.append(Notice(booking.account, "booking_withdrawn", "booking", booking.id))
        for known in unit.all(ConsultantTimesRow):
            left = tuple(time for time in coming(known.times, at) if time.slot not in ids)
            if left != known.times:
                rows.append(msgspec.structs.replace(known, times=left))
        return Writes(rows=tuple(rows), notices=tuple(notices))


class Lapse(Command):
    """The house takes a time that nobody has booked off the lists when it begins."""

    name: ClassVar[str] = "slot.lapse"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "slot"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.record)
        if slot.state != "open" or from_text(slot.starts_at) > at.now:
            return Writes()
        return Writes(rows=(msgspec.structs.replace(slot, lapsed=True),))


class Tidy(Command):
    """The house erases the question of a consultation long past, and takes it off the lists."""

    name: ClassVar[str] = "slot.tidy"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "slot"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        slot = around.get(SlotRow, self.record)
        emptied = (msgspec.structs.replace(one, question=None) for one in around.all(BookingRow))
        return Writes(rows=(msgspec.structs.replace(slot, tidied=True), *emptied))


def _check_consultant_or_lead(unit: Around, actor: Actor) -> None:
    person = unit.get(StaffRow, actor.seat)
    row = unit.known(UnitRow, unit.id)
    if CONSULTANT not in person.functions and (row is None or actor.seat not in row.leads):
        raise Refused("not_allowed")
