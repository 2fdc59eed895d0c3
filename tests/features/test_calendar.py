"""One's own calendar: one subscription in each seat, renewed and turned off by its own person."""

from __future__ import annotations

from server.domain.instants import to_text
from server.features.around import Around
from server.features.calendar import CalendarRow, Close, Open, feature
from tests.features import cast
from tests.features.cast import AS_ANNA, NOW

ACCOUNT, ANNA = AS_ANNA.account, AS_ANNA.seat
ROW = CalendarRow(id=cast.uuid(301), owner_unit="", user=ACCOUNT, seat=ANNA, made_at="2026-08-01T08:00:00.000Z")
OTHER = CalendarRow(id=cast.uuid(302), owner_unit="", user=ACCOUNT, seat=cast.uuid(303), made_at=ROW.made_at)


def around(*rows: CalendarRow) -> Around:
    return Around(ACCOUNT, "user", "", NOW, rows, {})


def test_the_row_tells_when_and_nothing_of_the_address() -> None:
    writes = cast.give(around(OTHER), Open, AS_ANNA)
    (made,) = writes.rows
    assert isinstance(made, CalendarRow)
    assert (made.seat, made.user, made.made_at) == (ANNA, ACCOUNT, to_text(NOW))
    assert [one.name for one in writes.effects] == ["calendar.open"] and set(writes.result or {}) == {"calendar"}
    ((_, shown),) = feature.project(made, around(made))
    assert set(shown.__struct_fields__) == {"id", "seat", "made_at"}


def test_renewing_keeps_the_one_row_of_the_seat() -> None:
    (row,) = cast.give(around(ROW, OTHER), Open, AS_ANNA).rows
    assert row.id == ROW.id and isinstance(row, CalendarRow) and row.made_at == to_text(NOW)


def test_turning_off_takes_away_the_seats_own_and_does_no_harm_twice() -> None:
    writes = cast.give(around(ROW, OTHER), Close, AS_ANNA)
    assert writes.remove == (ROW.id,) and [one.name for one in writes.effects] == ["calendar.close"]
    assert cast.give(around(OTHER), Close, AS_ANNA).remove == ()
