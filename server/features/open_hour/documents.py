"""What the area sees of an open hour, and what those in line and the consultants see of a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from server.domain import deadlines, scopes
from server.domain.instants import ZONE_NAME, to_text
from server.features.around import Around
from server.features.open_hour.rows import OpenHourRow, PlaceRow, line
from server.features.person import StaffRow, UnitRow
from server.features.shape import Document, Projected, Reminder
from server.features.slot import CONSULTANT


class OpenHour(Document, frozen=True, kw_only=True, omit_defaults=True):
    unit: str
    unit_name: str
    consultant: str
    consultant_title: str
    weekday: int
    at: str
    minutes: int
    mode: str
    topics: tuple[str, ...]
    state: str
    session_on: str
    starts_local: str
    zone: str
    starts_at: str
    ends_at: str
    waiting: int
    phone: str | None = None


class Place(Document, frozen=True, kw_only=True, omit_defaults=True):
    open_hour: str
    unit_name: str
    consultant_title: str
    session_on: str
    starts_local: str
    zone: str
    starts_at: str
    minutes: int
    mode: str
    topic: str
    age_band: str
    state: str
    question: str | None = None
    ahead: int | None = None
    """How many are before; 0 is next. While waiting only."""
    join_url: str | None = None
    phone_in: str | None = None
    mine: bool = False
    consultant: str | None = None
    booked_by: dict[str, str | None] | None = None
    """To the consultants only: whom to talk to."""


def project(row: OpenHourRow, around: Around) -> Projected:
    unit, person = around.known(UnitRow, row.owner_unit), around.known(StaffRow, row.consultant)
    if unit is None or row.state != "open":
        return
    yield (
        scopes.area_staff(unit.area),
        OpenHour(
            id=row.id,
            unit=unit.id,
            unit_name=unit.name,
            consultant=row.consultant,
            consultant_title=person.title if person else "",
            weekday=row.weekday,
            at=row.at,
            minutes=row.minutes,
            mode=row.mode,
            topics=row.topics,
            state=row.state,
            session_on=row.session_on,
            starts_local=f"{row.session_on}T{row.at}",
            zone=ZONE_NAME,
            starts_at=to_text(row.starts()),
            ends_at=to_text(row.ends),
            waiting=len(line(around, row)),
            phone=row.phone,
        ),
    )


def project_place(row: PlaceRow, around: Around) -> Projected:
    hour = around.get(OpenHourRow, row.open_hour)
    unit, consultant = around.known(UnitRow, hour.owner_unit), around.known(StaffRow, hour.consultant)
    waiting = [one.id for one in line(around, hour)]
    whole = Place(
        id=row.id,
        open_hour=hour.id,
        unit_name=unit.name if unit else "",
        consultant_title=consultant.title if consultant else "",
        session_on=row.session_on,
        starts_local=f"{row.session_on}T{hour.at}",
        zone=ZONE_NAME,
        starts_at=to_text(hour.starts(row.session_on)),
        minutes=hour.minutes,
        mode=hour.mode,
        topic=row.topic,
        age_band=row.age_band,
        state=row.state,
        question=row.question,
        ahead=waiting.index(row.id) if row.id in waiting else None,
        join_url=hour.join_url,
        phone_in=hour.phone,
    )
    own = whole if row.state == "called" else msgspec.structs.replace(whole, join_url=None, phone_in=None)
    yield scopes.user(row.account), msgspec.structs.replace(own, mine=True)
    booker = around.known(StaffRow, row.seat)
    yield (
        scopes.function(hour.owner_unit, CONSULTANT),
        msgspec.structs.replace(
            whole,
            consultant=hour.consultant,
            booked_by={"name": booker.name, "title": booker.title, "phone": booker.phone} if booker else None,
        ),
    )


def reminders(row: OpenHourRow, around: Around) -> Iterable[Reminder]:
    """When the hour is over, the line of the next one opens."""
    if row.state == "open":
        yield Reminder(row.id, "act:open_hour.roll", "", row.ends)


def place_reminders(row: PlaceRow, around: Around) -> Iterable[Reminder]:
    """An hour with a place in line is not forgotten: when it begins. Old places are erased when the line rolls."""
    if row.state == "waiting":
        yield Reminder(row.id, "open_hour_begins", row.account, around.get(OpenHourRow, row.open_hour).starts())


def kept_until(row: PlaceRow) -> date:
    """The last day the question of a place is kept."""
    return deadlines.consultation_note_end(date.fromisoformat(row.session_on)).ends_on
