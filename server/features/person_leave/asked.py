"""What the leaver has asked of others for their unit: booked advice, a place in line, a wish for a time, a team's help.

It goes on in the successor's name, so that nobody waits for somebody who is not there.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.features.around import Around
from server.features.open_hour.rows import IN_LINE, PlaceRow
from server.features.person import StaffRow
from server.features.shape import Writes
from server.features.slot import BookingRow
from server.features.slot_wish.rows import SlotWishRow
from server.features.team.rows import WAITING, TeamCaseRow

Asked = BookingRow | PlaceRow | SlotWishRow | TeamCaseRow


def asked_by(seat: str, unit: Around) -> tuple[Asked, ...]:
    """All that is still ahead, in the order of the aggregates it belongs to."""
    found: list[Asked] = []
    for one in sorted(unit.others.values(), key=lambda around: around.id):
        found.extend(row for row in one.all(BookingRow) if row.seat == seat and row.state == "booked")
        found.extend(row for row in one.all(PlaceRow) if row.seat == seat and row.state in IN_LINE)
        found.extend(row for row in one.all(SlotWishRow) if row.seat == seat)
        found.extend(row for row in one.all(TeamCaseRow) if _is_own_question(row, seat))
    return tuple(found)


def _is_own_question(row: TeamCaseRow, seat: str) -> bool:
    """Raised without a name. One with a child stays with the child, whoever coordinates it."""
    return row.seat == seat and row.child is None and row.state in WAITING


def hand_over(rows: tuple[Asked, ...], successors: Mapping[str, StaffRow]) -> Writes:
    """Each in the name of its successor."""
    return Writes(
        rows=tuple(
            msgspec.structs.replace(row, seat=successors[row.id].id, account=successors[row.id].account)
            for row in rows
            if row.id in successors
        )
    )
