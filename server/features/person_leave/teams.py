"""Teams the leaver sat in: the successor takes the place; else it is empty, and the unit may leave the team with it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from server.features.around import Around
from server.features.person import StaffRow
from server.features.shape import Row, Writes
from server.features.team.rows import TeamRow


def hand_over(unit: Around, leaver: StaffRow, taker_of: Callable[[str], StaffRow | None]) -> Writes:
    """Each team without the leaver."""
    rows: list[Row] = []
    for one in sorted(unit.others.values(), key=lambda around: around.id):
        for team in one.all(TeamRow):
            if leaver.id in team.members:
                taker = taker_of(team.id)
                members = _without(team.members, leaver, taker)
                people = (one.known(StaffRow, seat) for seat in members if taker is None or seat != taker.id)
                left = {person.owner_unit for person in people if person is not None}
                left |= {leaver.owner_unit} if taker is not None else set()
                changed = msgspec.structs.replace(
                    team,
                    members=members,
                    leaders=_without(team.leaders, leaver, taker),
                    units=tuple(id for id in team.units if id in left),
                )
                rows.append(changed)
    return Writes(rows=tuple(rows))


def _without(seats: tuple[str, ...], leaver: StaffRow, taker: StaffRow | None) -> tuple[str, ...]:
    swapped = (taker.id if taker and seat == leaver.id else seat for seat in seats)
    return tuple(dict.fromkeys(seat for seat in swapped if seat != leaver.id))
