"""A time that becomes free is offered to one who waits at a time, each with a deadline, and then to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from server.domain.actors import SYSTEM, Actor
from server.domain.instants import from_text, to_text
from server.features import slot as slots
from server.features.around import Around
from server.features.shape import Writes
from server.features.slot import BookingRow, SlotRow
from server.features.slot_wish import SlotWishRow, feature
from server.features.slot_wish.house import OfferEnd, OfferNext, WishEnd
from server.features.slot_wish.rows import Offer
from server.features.slot_wish.wishing import Decline, Take, Unwish, Wish
from server.features.slot_wish.withdrawing import Withdraw
from tests.features import cast
from tests.features.cast import AREA, CLINIC, ELIN, MARIA, NOW, SAMIR
from tests.features.cast_area import AS_ELIN, AS_MARIA, PEOPLE, around_area, told
from tests.features.cast_slots import AS_CONSULTANT, SCOPE_BOOKER, SLOT, SLOT_ROW, around_slot, around_unit
from tests.features.consenting import refused

FIRST, SECOND = cast.uuid(85), cast.uuid(86)
FREED: SlotRow = msgspec.structs.replace(SLOT_ROW, freed_at="2026-09-01T08:00:00.000Z")
UNTIL = "2026-09-01T12:00:00.000Z"
OFFER = Offer(
    slot=SLOT, unit_name="Vårdcentralen", consultant_title="Psykolog", starts_local="2026-09-09T13:00",
    starts_at="2026-09-09T11:00:00.000Z", minutes=30, mode="video", until=UNTIL, consultant=SAMIR,
)  # fmt: skip


def wish(id: str, seat: str, made_at: str, **more: Any) -> SlotWishRow:
    return SlotWishRow(
        id=id, owner_unit=cast.SCHOOL, area=AREA, seat=seat, account=cast.account(seat), age_band="13-15",
        topic=more.pop("topic", "sleep"), made_at=made_at, question="Hur kan skolan stötta?", **more,
    )  # fmt: skip


ELINS, MARIAS = wish(FIRST, ELIN, "2026-08-30T08:00:00.000Z"), wish(SECOND, MARIA, "2026-08-31T08:00:00.000Z")
OFFERED: SlotWishRow = msgspec.structs.replace(ELINS, state="offered", offer=OFFER)
KEPT: SlotRow = msgspec.structs.replace(SLOT_ROW, state="offered")


def both(slot: SlotRow, *wishes: SlotWishRow, now: Any = NOW) -> Around:
    return replace(around_area(*wishes, now=now), others={SLOT: around_slot(slot, now=now)})


def offer_next(around: Around) -> Writes:
    return cast.give(around, OfferNext, SYSTEM, record=SLOT, area=AREA)


def test_who_waits_sees_the_wish_and_the_offer_alone() -> None:
    document = {
        "id": FIRST, "topic": "sleep", "age_band": "13-15", "made_at": "2026-08-30T08:00:00.000Z", "state": "offered",
        "question": "Hur kan skolan stötta?", "offer": msgspec.to_builtins(OFFER), "until": UNTIL,
    }  # fmt: skip
    assert cast.shown(feature, around_area(OFFERED), OFFERED) == {SCOPE_BOOKER: document}


def test_who_waits_sees_how_many_are_before_with_the_same_topic() -> None:
    other = wish(cast.uuid(79), MARIA, "2026-08-29T08:00:00.000Z", topic="worry")
    around = around_area(ELINS, MARIAS, other)
    shown = [cast.shown(feature, around, row) for row in (ELINS, MARIAS, other)]
    assert [document["ahead"] for one in shown for document in one.values()] == [0, 1, 0]


def test_a_wish_is_one_of_ones_own_and_names_nobody() -> None:
    args: dict[str, Any] = {"topic": "sleep", "age_band": "13-15", "question": "Hur kan skolan stötta?"}
    writes = cast.give(around_area(), Wish, AS_ELIN, **args)
    (row,) = writes.rows
    assert isinstance(row, SlotWishRow) and writes.result == {"slot_wish": row.id}
    assert row == msgspec.structs.replace(ELINS, id=row.id, made_at=to_text(NOW))
    refused(lambda: cast.give(around_area(ELINS), Wish, AS_ELIN, **args), "conflict")
    assert cast.give(around_area(ELINS), Wish, AS_MARIA, **args).rows
    named = {**args, "question": "Det gäller en elev i 7B"}
    refused(lambda: cast.give(around_area(), Wish, AS_ELIN, **named), "identifying_text", {"question": "identifying"})


def test_a_released_time_is_a_deed_of_the_house() -> None:
    (deed,) = (one for one in slots.reminders(FREED, around_slot(FREED)) if one.kind == "act:slot.offer_next")
    assert (deed.record, deed.due_at, dict(deed.data)) == (SLOT, NOW, {"area": AREA})
    assert [one.kind for one in slots.reminders(KEPT, around_slot(KEPT))] == ["act:slot.tidy"]


def test_it_is_kept_for_whoever_has_waited_longest() -> None:
    writes = offer_next(both(FREED, MARIAS, ELINS))
    assert writes.rows == (OFFERED, KEPT)
    assert told(writes) == [(ELIN[-2:], "slot_offered")]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-09-01T16:00:00.000Z", "2026-09-02T05:00:00.000Z"),
        ("2026-09-01T20:00:00.000Z", "2026-09-02T09:00:00.000Z"),
        ("2026-09-09T08:00:00.000Z", "2026-09-09T10:00:00.000Z"),
    ],
)
def test_the_deadline_is_four_waking_hours_and_an_hour_before_the_start(now: str, until: str) -> None:
    row = offer_next(both(FREED, ELINS, now=from_text(now))).rows[0]
    assert isinstance(row, SlotWishRow) and row.offer is not None and row.offer.until == until


@pytest.mark.parametrize(
    "wishes",
    [
        (),
        (wish(FIRST, ELIN, "2026-08-30T08:00:00.000Z", topic="eating"),),
        (wish(FIRST, ELIN, "2026-08-30T08:00:00.000Z", passed=(SLOT,)),),
        (wish(FIRST, SAMIR, "2026-08-30T08:00:00.000Z"),),
        (OFFERED,),
    ],
)
def test_with_nobody_to_ask_it_is_open_to_everybody(wishes: tuple[SlotWishRow, ...]) -> None:
    writes = offer_next(both(FREED, *wishes))
    assert (writes.rows, writes.notices) == ((SLOT_ROW,), ())


def test_who_has_left_and_what_starts_within_the_hour_is_not_asked() -> None:
    gone = msgspec.structs.replace(PEOPLE[ELIN], ended_at="2026-08-31T08:00:00.000Z")
    around = replace(around_area(ELINS, named=(gone,)), others={SLOT: around_slot(FREED)})
    assert offer_next(around).rows == (SLOT_ROW,)
    assert offer_next(both(FREED, ELINS, now=from_text("2026-09-09T10:00:00.000Z"))).rows == (SLOT_ROW,)


def test_what_is_booked_meanwhile_is_left_alone() -> None:
    assert offer_next(both(msgspec.structs.replace(FREED, state="booked"), ELINS)) == Writes()


def on_offer(command: Any, actor: Actor = AS_ELIN, slot: SlotRow = KEPT, *wishes: SlotWishRow, **more: Any) -> Writes:
    around = both(slot, *(wishes or (OFFERED, MARIAS)), **more)
    return cast.give(around, command, actor, slot_wish=FIRST, slot=SLOT)


def test_taking_it_books_with_the_question_of_the_wish_and_erases_the_wish() -> None:
    writes = on_offer(Take)
    booked, booking = writes.rows
    assert booked == msgspec.structs.replace(SLOT_ROW, state="booked") and isinstance(booking, BookingRow)
    assert (booking.slot, booking.seat, booking.topic, booking.question) == (SLOT, ELIN, "sleep", ELINS.question)
    assert (writes.remove, writes.result) == ((FIRST,), {"booking": booking.id})
    assert told(writes) == [(SAMIR[-2:], "slot_booked")]


def test_declining_asks_the_next_and_keeps_the_wish() -> None:
    writes = on_offer(Decline)
    assert writes.rows == (
        msgspec.structs.replace(ELINS, passed=(SLOT,)),
        msgspec.structs.replace(MARIAS, state="offered", offer=OFFER),
        KEPT,
    )
    assert told(writes) == [(MARIA[-2:], "slot_offered")]


def test_at_the_deadline_it_goes_on_and_at_the_end_it_is_open() -> None:
    (deed,) = feature.reminders(OFFERED, around_area(OFFERED))
    assert (deed.kind, to_text(deed.due_at), dict(deed.data)) == ("act:slot.offer_end", UNTIL, {"slot": SLOT})
    around = both(KEPT, OFFERED, now=from_text(UNTIL))
    writes = cast.give(around, OfferEnd, SYSTEM, record=FIRST, slot=SLOT)
    passed = msgspec.structs.replace(ELINS, passed=(SLOT,))
    assert writes.rows == (passed, SLOT_ROW) and told(writes) == [(ELIN[-2:], "slot_offer_gone")]
    assert cast.give(both(KEPT, passed), OfferEnd, SYSTEM, record=FIRST, slot=SLOT) == Writes()
    withdrawn = both(msgspec.structs.replace(KEPT, state="withdrawn"), OFFERED)
    assert cast.give(withdrawn, OfferEnd, SYSTEM, record=FIRST, slot=SLOT).rows == (passed,)


def test_a_time_that_is_taken_back_while_it_is_kept_puts_the_wish_back_in_line() -> None:
    beside = {AREA: around_area(OFFERED, MARIAS), CLINIC: around_unit()}
    writes = cast.give(replace(around_slot(KEPT), others=beside), Withdraw, AS_CONSULTANT, slot=SLOT)
    assert writes.rows == (
        msgspec.structs.replace(SLOT_ROW, state="withdrawn"),
        msgspec.structs.replace(ELINS, passed=(SLOT,)),
    )
    assert told(writes) == [(ELIN[-2:], "slot_offer_gone")]


def test_taking_and_declining_refuse() -> None:
    for command in (Take, Decline):
        refused(lambda command=command: on_offer(command, AS_MARIA), "not_allowed")
        refused(lambda command=command: on_offer(command, AS_ELIN, SLOT_ROW), "taken")
        refused(lambda command=command: on_offer(command, AS_ELIN, KEPT, ELINS), "taken")
    refused(lambda: on_offer(Take, now=from_text(SLOT_ROW.starts_at)), "too_late")


def test_who_waits_no_longer_leaves_nothing_behind() -> None:
    assert cast.give(around_area(ELINS), Unwish, AS_ELIN, slot_wish=FIRST) == Writes(remove=(FIRST,))
    refused(lambda: cast.give(around_area(OFFERED), Unwish, AS_ELIN, slot_wish=FIRST), "conflict")
    refused(lambda: cast.give(around_area(ELINS), Unwish, AS_MARIA, slot_wish=FIRST), "not_allowed")


def test_after_thirty_days_the_house_erases_the_wish() -> None:
    (deed,) = feature.reminders(ELINS, around_area(ELINS))
    assert (deed.kind, to_text(deed.due_at)) == ("act:slot.wish_end", "2026-09-29T22:00:00.000Z")
    assert cast.give(around_area(ELINS), WishEnd, SYSTEM, record=FIRST) == Writes(remove=(FIRST,))
    assert cast.give(around_area(OFFERED), WishEnd, SYSTEM, record=FIRST) == Writes()
    assert deed.due_at - from_text(ELINS.made_at) > timedelta(days=30)
