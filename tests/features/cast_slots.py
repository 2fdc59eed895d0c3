"""A consultant's unit and slots, and colleagues of the area who book them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from server.domain import scopes
from server.domain.actors import Actor, SeatKind
from server.features.around import Around
from server.features.person import StaffRow
from server.features.shape import Row
from server.features.slot import BookingRow, SlotRow
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW, CLINIC, CLINIC_ROW, ELIN, LENA, NOW, SAMIR, SCHOOL_ROW

SLOT, OTHER_SLOT, BOOKING = cast.uuid(51), cast.uuid(52), cast.uuid(53)
JONAS: StaffRow = cast.staff(SAMIR, CLINIC, "Samir Haddad", "Psykolog", functions=("consultant",))
KIM: StaffRow = cast.staff(LENA, CLINIC, "Lena Åkesson", "Arbetsterapeut")
BOOKER: StaffRow = next(one for one in cast.STAFF if one.id == ELIN)
AS_CONSULTANT = Actor(
    SAMIR, cast.account(SAMIR), SeatKind.STAFF, unit=CLINIC, area=AREA, name="Samir Haddad",
    functions=frozenset({"consultant"}),
)  # fmt: skip
AS_COLLEAGUE = Actor(LENA, cast.account(LENA), SeatKind.STAFF, unit=CLINIC, area=AREA, name="Lena Åkesson")
AS_BOOKER = cast.AS_ELIN

SCOPE_AREA = scopes.area_staff(AREA)
SCOPE_CONSULTANTS = scopes.function(CLINIC, "consultant")
SCOPE_BOOKER = scopes.user(cast.account(ELIN))

SLOT_ROW = SlotRow(
    id=SLOT, owner_unit=CLINIC, consultant=SAMIR, starts_local="2026-09-09T13:00", starts_at="2026-09-09T11:00:00.000Z",
    minutes=30, mode="video", topics=("worry", "sleep"), join_url="https://mote.test/a", phone="+46313900601",
)  # fmt: skip
BOOKING_ROW = BookingRow(
    id=BOOKING, owner_unit=CLINIC, slot=SLOT, seat=ELIN, account=cast.account(ELIN), topic="sleep", age_band="13-15",
    booked_at="2026-09-01T08:00:00.000Z", question="Hur kan skolan stötta?",
)  # fmt: skip
BOOKED = msgspec.structs.replace(SLOT_ROW, state="booked")
NAMED: dict[str, Row] = {row.id: row for row in (AREA_ROW, CLINIC_ROW, SCHOOL_ROW, JONAS, KIM, BOOKER)}


def around_slot(*rows: Row, id: str = SLOT, now: datetime = NOW) -> Around:
    return Around(id=id, kind="slot", owner_unit=CLINIC, now=now, rows=rows or (SLOT_ROW,), named=NAMED)


def around_unit(*more: Row, now: datetime = NOW, **unit: Any) -> Around:
    clinic = msgspec.structs.replace(CLINIC_ROW, **unit)
    named = {key: row for key, row in NAMED.items() if key not in (CLINIC, SAMIR, LENA)}
    return Around(id=CLINIC, kind="unit", owner_unit=CLINIC, now=now, rows=(clinic, JONAS, KIM, *more), named=named)
