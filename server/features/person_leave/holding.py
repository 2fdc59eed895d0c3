"""What a person holds: children, coming times, directory rows, functions, and the lead of the unit. Pure questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.domain.instants import from_text
from server.features import circle
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.open_hour.rows import OpenHourRow
from server.features.person import StaffRow, UnitRow
from server.features.person_leave.asked import Asked, asked_by
from server.features.rows import CoordinatorRow
from server.features.slot import SlotRow

COMING = ("open", "offered", "booked")
LEADS = "leads"


@dataclass(frozen=True)
class Held:
    """All that has to go on without the person; `children` maps each child to what the person is to it."""

    children: dict[str, tuple[str, ...]]
    slots: tuple[str, ...]
    functions: tuple[FunctionContactRow, ...]
    roles: tuple[str, ...]
    """Functions that nobody else in the unit holds."""
    open_hours: tuple[str, ...]
    asked: tuple[Asked, ...]
    """What they have asked of others and is still ahead."""
    leads: bool
    """The unit's only lead."""

    def told(self) -> dict[str, Any]:
        """As the sender sees it: ids and keys, and nothing of any child."""
        return {
            "children": [{"id": id, "as": list(roles)} for id, roles in self.children.items()],
            "slots": list(self.slots),
            "functions": [{"id": row.id, "function": row.function} for row in self.functions],
            "roles": list(self.roles),
            "open_hours": list(self.open_hours),
            "asked": [{"id": row.id, "entity": row.entity} for row in self.asked],
            "leads": self.leads,
        }


def held_by(person: StaffRow, unit: Around, now: datetime) -> Held:
    """What the person holds in the unit and in the aggregates locked beside it."""
    beside = sorted(unit.others.values(), key=lambda one: one.id)
    colleagues = [one for one in unit.all(StaffRow) if one.ended_at is None and one.id != person.id]
    row = unit.first(UnitRow)
    others_lead = row is not None and any(one.id in row.leads for one in colleagues)
    return Held(
        children={one.id: roles for one in beside if one.kind == "child" if (roles := _around_child(person.id, one))},
        slots=tuple(one.id for one in beside for slot in one.all(SlotRow) if _is_coming(slot, person.id, now)),
        functions=tuple(row for row in unit.all(FunctionContactRow) if row.holder == person.id),
        roles=tuple(
            function for function in person.functions if not any(function in one.functions for one in colleagues)
        ),
        open_hours=tuple(
            hour.id
            for one in beside
            for hour in one.all(OpenHourRow)
            if hour.consultant == person.id and hour.state == "open"
        ),
        asked=asked_by(person.id, unit),
        leads=row is not None and person.id in row.leads and not others_lead,
    )


def _around_child(seat: str, around: Around) -> tuple[str, ...]:
    row = around.first(CoordinatorRow)
    roles = []
    if row is not None and row.seat == seat:
        roles.append("coordinator")
    if row is not None and row.deputy == seat:
        roles.append("deputy")
    if any(post.seat == seat for post in circle.posts(around)):
        roles.append("post")
    return tuple(roles)


def _is_coming(slot: SlotRow, seat: str, now: datetime) -> bool:
    return slot.consultant == seat and slot.state in COMING and from_text(slot.starts_at) > now
