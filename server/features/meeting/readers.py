"""Who would read a young person's words at a meeting: shown before anything is written, and exactly who then does."""

from __future__ import annotations

from server.domain.actors import SeatKind
from server.features import circle
from server.features.around import Around
from server.features.meeting.rows import (
    MeetingRow,
    family_invited,
    holds_room,
    room_holders,
    staff_invited,
    unit_around,
    units_invited,
)
from server.features.rows import RelationRow


def guardians_reading(row: MeetingRow, around: Around) -> tuple[RelationRow, ...]:
    """The guardians who are invited."""
    return tuple(one for one in family_invited(row, around) if one.kind == SeatKind.GUARDIAN)


def units_reading(row: MeetingRow, around: Around) -> tuple[str, ...]:
    """Of the units invited those whose consent covers `voice` too."""
    return tuple(unit for unit in units_invited(row, around) if circle.live_consents(around, unit=unit, kind="voice"))


def names(
    row: MeetingRow, around: Around, *, units: tuple[str, ...] = (), guardians: tuple[RelationRow, ...] = ()
) -> tuple[str, ...]:
    """The names of those who read: who holds the coordinator's room, the people of these units, these guardians."""
    coordinating = (person.name for person in room_holders(around))
    staff = (
        person.name
        for person in staff_invited(row, around)
        if not holds_room(around, person.id) and unit_around(around, person.id) in units
    )
    return tuple(dict.fromkeys((*coordinating, *staff, *(one.name for one in guardians))))


def choices(row: MeetingRow, around: Around) -> dict[str, tuple[str, ...]]:
    """For each choice of `to`, who would read the words now."""
    units, guardians = units_reading(row, around), guardians_reading(row, around)
    return {
        "coordinator": names(row, around),
        "professionals": names(row, around, units=units),
        "everyone_invited": names(row, around, units=units, guardians=guardians),
    }
