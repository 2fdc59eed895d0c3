"""Looking at what a leaver holds, and the leaving itself. By the unit's lead or the organisation's admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

import msgspec
from pydantic import Field, StringConstraints

from server.domain.access import ADMINS, UNIT, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.person import StaffRow
from server.features.person_leave import asked, teams, times
from server.features.person_leave.children import hand_over, may_take, without
from server.features.person_leave.holding import LEADS, Held, held_by
from server.features.shape import Command, Effect, Id, Moment, Notice, Row, Target, Writes
from server.features.slot import CONSULTANT, ConsultantTimesRow
from server.features.unit import decided_by

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class _OnPerson(Command):
    rule: ClassVar[Rule] = Rule(by=UNIT | ADMINS, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"
    reach: ClassVar[tuple[str, ...]] = (
        *("coordinator", "post", "meeting"),
        *("slot", "open_hour", "booking", "open_hour_place", "slot_wish"),
        *("team", "team_case"),
    )

    persons: ClassVar = {"person": "staff"}

    unit: Id
    person: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.unit),)

    def reaches(self, actor: Actor) -> str | None:
        return self.person

    def leaver(self, around: Around, actor: Actor) -> StaffRow:
        """The colleague who leaves. Refuses who may not decide it, and somebody who has left already."""
        decided_by(around, actor)
        person = around.get(StaffRow, self.person)
        if person.id == actor.seat:
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        if person.ended_at is not None:
            raise Refused("conflict")
        return person


class Leaving(_OnPerson):
    """What the person holds, as ids and keys: what has to get a successor. It changes nothing."""

    name: ClassVar[str] = "person.leaving"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(result=held_by(self.leaver(around, actor), around, at.now).told())


class Leave(_OnPerson):
    """The person leaves the unit. All they held goes on in the same decision; their devices erase everything."""

    name: ClassVar[str] = "person.leave"
    confirm: ClassVar[bool] = True

    persons: ClassVar = {"person": "staff", "successor": "staff", "successors": "staff"}

    successor: Id | None = None
    """For everything that `successors` does not name."""
    successors: Annotated[dict[Key, Id], Field(max_length=500)] = Field(default_factory=dict)
    withdraw_times: bool = False

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        leaver = self.leaver(around, actor)
        self._check_people(around)
        held = held_by(leaver, around, at.now)
        roles = {role: self._for(around, role) for role in held.roles}
        missing = self._missing(around, held, roles)
        if missing:
            raise Refused("conflict", data={"missing": missing})
        people = self._people(around, leaver, held, roles, at)
        names = {row.id: taker for row in held.asked if (taker := self._for(around, row.id)) is not None}
        parts = [
            Writes(rows=people),
            self._children(around, leaver, held, at),
            asked.hand_over(held.asked, names),
            teams.hand_over(around, leaver, lambda team: self._for(around, team)),
            *self._times(around, leaver, held, at),
        ]
        done = times.joined(parts)
        rows = {row.id: row for row in done.rows}
        took = [row for row in rows.values() if isinstance(row, StaffRow) and row.id != leaver.id]
        takers = {seat for seat in (*self.successors.values(), self.successor) if seat and self._used(seat, held)}
        told = tuple(
            Notice(person.account, "successor", "staff", person.id)
            for seat in sorted(takers)
            if (person := around.known(StaffRow, seat)) is not None and person.account != actor.account
        )
        by_deputy = sum(not self._takes(around, child) for child in held.children)
        withdrawn = len(held.slots) if self.withdraw_times else 0
        return Writes(
            rows=tuple(rows.values()),
            remove=done.remove,
            result={
                "children": len(held.children),
                "by_deputy": by_deputy,
                "slots": len(held.slots) - withdrawn,
                "withdrawn": withdrawn,
                "functions": len(held.functions),
            },
            effects=(Effect("seat.leave", {"seat": leaver.id}),),
            notices=(*done.notices, *told),
            seats_changed=tuple(sorted({leaver.id, *takers, *(row.id for row in took)})),
        )

    # --- who takes over

    def _for(self, around: Around, key: str) -> StaffRow | None:
        seat = self.successors.get(key, self.successor)
        return around.get(StaffRow, seat) if seat else None

    def _check_people(self, around: Around) -> None:
        for field, seats in (("successor", (self.successor,)), ("successors", tuple(self.successors.values()))):
            for seat in seats:
                if seat and (seat == self.person or not circle.works_in(around, seat, around.id)):
                    raise Refused("invalid", fields={field: "not_allowed_value"})

    def _used(self, seat: str, held: Held) -> bool:
        times_held = () if self.withdraw_times else (*held.slots, *held.open_hours)
        keys = (
            *held.children,
            *times_held,
            *(row.id for row in held.functions),
            *(row.id for row in held.asked),
            *held.roles,
        )
        asked = (*keys, LEADS) if held.leads else keys
        return any(self.successors.get(key, self.successor) == seat for key in asked)

    def _takes(self, around: Around, child: str) -> bool:
        successor = self._for(around, child)
        return successor is not None and may_take(successor, around.of(child))

    def _missing(self, around: Around, held: Held, roles: dict[str, StaffRow | None]) -> dict[str, Any]:
        """Everything that would be left without anybody, by kind; empty when nothing is."""
        consults = {row.id for row in around.all(StaffRow) if CONSULTANT in row.functions}
        consults |= {row.id for role, row in roles.items() if role == CONSULTANT and row is not None}
        without_time = () if self.withdraw_times else (*held.slots, *held.open_hours)
        nobody = {key for key in without_time if (row := self._for(around, key)) is None or row.id not in consults}
        needed_roles = [
            role for role, row in roles.items() if row is None and not (role == CONSULTANT and self.withdraw_times)
        ]
        found: dict[str, Any] = {
            "children": [id for id in held.children if self._for(around, id) is None],
            "slots": [id for id in held.slots if id in nobody],
            "functions": [row.id for row in held.functions if self._for(around, row.id) is None],
            "roles": needed_roles,
            "open_hours": [id for id in held.open_hours if id in nobody],
            "asked": [row.id for row in held.asked if self._for(around, row.id) is None],
            "leads": held.leads and self._for(around, LEADS) is None,
        }
        return {key: value for key, value in found.items() if value}

    # --- what is written

    def _people(
        self, around: Around, leaver: StaffRow, held: Held, roles: dict[str, StaffRow | None], at: Moment
    ) -> tuple[Row, ...]:
        """The unit's own rows without the leaver: colleagues, the lead, the directory."""
        gained: dict[str, list[str]] = {}
        for role, row in roles.items():
            if row is not None:
                gained.setdefault(row.id, []).append(role)
        rows: list[Row] = [msgspec.structs.replace(leaver, ended_at=to_text(at.now))]
        for one in around.all(StaffRow):
            new = msgspec.structs.replace(
                one,
                functions=(*one.functions, *gained.get(one.id, ())),
                deputy=None if one.deputy == leaver.id else one.deputy,
            )
            if new != one and one.id != leaver.id:
                rows.append(new)
        unit = circle.unit_of(around)
        if leaver.id in unit.leads:
            first = self._for(around, LEADS) if held.leads else None
            left = tuple(seat for seat in unit.leads if seat != leaver.id)
            rows.append(msgspec.structs.replace(unit, leads=(*left, *((first.id,) if first else ()))))
        rows.extend(self._directory(around, leaver))
        return tuple(rows)

    def _directory(self, around: Around, leaver: StaffRow) -> Iterable[FunctionContactRow]:
        for row in around.all(FunctionContactRow):
            if leaver.id not in (row.holder, row.deputy_seat):
                continue
            holder, deputy = row.holder, row.deputy_seat
            if holder == leaver.id:
                taker = self._for(around, row.id)
                holder = taker.id if taker else None
            if deputy in (leaver.id, holder):
                deputy = None
            yield msgspec.structs.replace(row, holder=holder, deputy_seat=deputy)

    def _children(self, around: Around, leaver: StaffRow, held: Held, at: Moment) -> Writes:
        parts = []
        for child in held.children:
            successor = self._for(around, child)
            if successor is not None:
                parts.append(hand_over(around.of(child), leaver, successor, at))
        others = (one for one in around.others.values() if one.kind == "child" and one.id not in held.children)
        parts.extend(without(one, leaver) for one in others)
        return times.joined(parts)

    def _times(self, around: Around, leaver: StaffRow, held: Held, at: Moment) -> list[Writes]:
        emptied = tuple(
            msgspec.structs.replace(row, times=()) for row in around.all(ConsultantTimesRow) if row.seat == leaver.id
        )
        if self.withdraw_times:
            taken_back = times.withdraw_slots(around, held.slots)
            return [taken_back, times.close_hours(around, held.open_hours), Writes(rows=emptied)]
        slots = {id: row for id in held.slots if (row := self._for(around, id)) is not None}
        hours = {id: row for id in held.open_hours if (row := self._for(around, id)) is not None}
        return [
            times.hand_over_slots(around, leaver, slots, at),
            times.hand_over_hours(around, hours),
            Writes(rows=emptied),
        ]
