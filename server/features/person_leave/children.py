"""Handing over a child: the successor takes the leaver's place, or the deputy does where the successor may not."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.domain.instants import to_text
from server.features import belonging, circle
from server.features.around import Around
from server.features.coordinator import to_family
from server.features.meeting.rows import LIVE, MeetingRow
from server.features.person import StaffRow
from server.features.rows import CoordinatorRow, PostRow
from server.features.shape import Moment, Notice, Row, Writes


def may_take(successor: StaffRow, around: Around) -> bool:
    """False for a child with protected identity, and for the child's own family: then the deputy holds meanwhile."""
    return belonging.protected_circle(around) is None and successor.account not in circle.family_accounts(around)


def hand_over(around: Around, leaver: StaffRow, successor: StaffRow, at: Moment) -> Writes:
    """The child's rows without the leaver, and who hears of it."""
    takes = successor if may_take(successor, around) else None
    rows: list[Row] = []
    notices: list[Notice] = []
    known = around.first(CoordinatorRow)
    if known is not None and leaver.id in (known.seat, known.deputy):
        named = _coordinated(known, leaver, takes, around, at)
        rows.append(named)
        if named.seat != known.seat and circle.child(around).state == "open":
            notices.extend(to_family(around, named))
            if takes is None:
                notices.extend(_to_deputy(named, around))
    rows.extend(_posts(around, leaver, takes, rows, at))
    seats = {leaver.id: takes.id if takes else None}
    rows.extend(
        msgspec.structs.replace(meeting, staff=_swapped(meeting.staff, seats))
        for meeting in around.all(MeetingRow)
        if meeting.state in LIVE and leaver.id in meeting.staff
    )
    return Writes(rows=tuple(rows), notices=tuple(notices))


def without(around: Around, leaver: StaffRow) -> Writes:
    """A child around whom the leaver had no seat: only their place at coming meetings ends."""
    return Writes(
        rows=tuple(
            msgspec.structs.replace(meeting, staff=_swapped(meeting.staff, {leaver.id: None}))
            for meeting in around.all(MeetingRow)
            if meeting.state in LIVE and leaver.id in meeting.staff
        )
    )


def _to_deputy(row: CoordinatorRow, around: Around) -> tuple[Notice, ...]:
    """Tells the deputy that the child is theirs now; successors are told once, of all they take over."""
    person = around.known(StaffRow, row.seat)
    if person is None or not belonging.hears(around, person.account):
        return ()
    return (Notice(person.account, "successor", "child", around.id),)


def _coordinated(
    row: CoordinatorRow, leaver: StaffRow, takes: StaffRow | None, around: Around, at: Moment
) -> CoordinatorRow:
    now = to_text(at.now)
    if row.seat != leaver.id:
        deputy = takes.id if takes is not None and takes.id != row.seat else None
        return msgspec.structs.replace(row, deputy=deputy)
    deputy = row.deputy if row.deputy != leaver.id else None
    seat = takes.id if takes is not None else deputy
    return msgspec.structs.replace(
        row,
        seat=seat,
        deputy=None if deputy == seat else deputy,
        since=now,
        earlier=(*row.earlier, (leaver.id, row.since, now)),
        answers_by=None if seat else circle.promise_date(around, at.now).isoformat(),
    )


def _posts(around: Around, leaver: StaffRow, takes: StaffRow | None, before: list[Row], at: Moment) -> list[PostRow]:
    """The leaver's posts ended; the successor gets one where they have none and the unit may still see the child."""
    ended = [
        msgspec.structs.replace(post, ended_at=to_text(at.now))
        for post in circle.posts(around)
        if post.seat == leaver.id
    ]
    if not ended or takes is None:
        return ended
    holds = {row.seat for row in before if isinstance(row, CoordinatorRow)} | {p.seat for p in circle.posts(around)}
    unit = ended[0].unit
    may_see = unit == around.owner_unit or bool(circle.live_consents(around, unit=unit))
    if takes.id in holds or not may_see:
        return ended
    new = PostRow(
        id=at.new_id(),
        owner_unit=around.owner_unit,
        child=around.id,
        seat=takes.id,
        unit=unit,
        since=to_text(at.now),
    )
    return [*ended, new]


def _swapped(staff: tuple[str, ...], seats: Mapping[str, str | None]) -> tuple[str, ...]:
    swapped = (seats.get(seat, seat) for seat in staff)
    return tuple(dict.fromkeys(seat for seat in swapped if seat))
