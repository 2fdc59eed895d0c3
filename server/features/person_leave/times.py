"""Handing over a consultant's coming times and open hours, or taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from server.domain.instants import from_text
from server.errors import Refused
from server.features.around import Around
from server.features.open_hour.opening import closed
from server.features.open_hour.rows import OpenHourRow
from server.features.person import StaffRow
from server.features.shape import Moment, Notice, Row, Writes
from server.features.slot import BookingRow, ConsultantTimesRow, SlotRow, coming, overlap
from server.features.slot_wish.withdrawing import taken_back


def hand_over_slots(unit: Around, leaver: StaffRow, successors: Mapping[str, StaffRow], at: Moment) -> Writes:
    """Each coming slot with its new consultant; `conflict` names those for whose hour they are taken already."""
    rows: list[Row] = []
    notices: list[Notice] = []
    own = {row.seat: row for row in unit.all(ConsultantTimesRow)}
    theirs = {seat: list(coming(row.times, at)) for seat, row in own.items() if seat != leaver.id}
    taken = [one for one in coming(own[leaver.id].times, at) if one.slot in successors] if leaver.id in own else []
    clashing = []
    for time in taken:
        seat = successors[time.slot].id
        start = from_text(time.starts_at)
        if any(overlap(start, start + timedelta(minutes=time.minutes), one) for one in theirs.setdefault(seat, [])):
            clashing.append(time.slot)
        theirs[seat].append(time)
    if clashing:
        raise Refused("conflict", data={"times": clashing})
    for id, successor in successors.items():
        one = unit.of(id)
        rows.append(msgspec.structs.replace(one.get(SlotRow, id), consultant=successor.id))
        notices.extend(
            Notice(booking.account, "booking_changed", "booking", booking.id)
            for booking in one.all(BookingRow)
            if booking.state == "booked"
        )
    for seat in sorted({successor.id for successor in successors.values()}):
        known = own.get(seat) or ConsultantTimesRow(id=at.new_id(), owner_unit=unit.id, unit=unit.id, seat=seat)
        rows.append(msgspec.structs.replace(known, times=tuple(theirs.get(seat, ()))))
    return Writes(rows=tuple(rows), notices=tuple(notices))


def withdraw_slots(unit: Around, ids: tuple[str, ...]) -> Writes:
    """The times taken back; whoever had booked one, or been offered one, is told."""
    area = next((one for one in unit.others.values() if one.kind == "area"), None)
    return joined([taken_back(unit.of(id), area) for id in ids])


def hand_over_hours(unit: Around, successors: Mapping[str, StaffRow]) -> Writes:
    """Each open hour with its new consultant; the line stays as it is."""
    hours = (unit.of(id).get(OpenHourRow, id) for id in successors)
    return Writes(rows=tuple(msgspec.structs.replace(row, consultant=successors[row.id].id) for row in hours))


def close_hours(unit: Around, ids: tuple[str, ...]) -> Writes:
    """The hours closed, their lines told."""
    return joined([closed(unit.of(id).get(OpenHourRow, id), unit.of(id)) for id in ids])


def joined(parts: list[Writes]) -> Writes:
    """Several decisions as one."""
    return Writes(
        rows=tuple(row for one in parts for row in one.rows),
        remove=tuple(id for one in parts for id in one.remove),
        notices=tuple(notice for one in parts for notice in one.notices),
    )
