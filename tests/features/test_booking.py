"""Bookings: one wins, nobody is named, and only booker and consultants know."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.domain.access import may
from server.domain.actors import SYSTEM, Actor, SeatKind
from server.domain.instants import from_text
from server.errors import Refused
from server.features import belonging
from server.features.around import Around
from server.features.booking import Book, Release, SetOutcome, feature, reminders
from server.features.shape import Notice, Writes
from server.features.slot import BookingRow, SlotRow, Tidy
from tests.features import cast
from tests.features.cast import AREA, ELIN, SAMIR
from tests.features.cast_slots import (
    AS_BOOKER,
    AS_COLLEAGUE,
    AS_CONSULTANT,
    BOOKED,
    BOOKING,
    BOOKING_ROW,
    SCOPE_BOOKER,
    SCOPE_CONSULTANTS,
    SLOT,
    SLOT_ROW,
    around_slot,
)  # fmt: skip
from tests.features.consenting import refused

STARTS = from_text(SLOT_ROW.starts_at)
BOOK: dict[str, Any] = {
    "slot": SLOT,
    "topic": "sleep",
    "age_band": "13-15",
    "question": "Hur kan skolan stötta?",
}
IDENTIFYING = {"question": "identifying"}
TAKEN = around_slot(BOOKED, BOOKING_ROW)


def book(around: Around, **more: Any) -> Writes:
    return cast.give(around, Book, AS_BOOKER, **{**BOOK, **more})


def test_booking_takes_the_slot_and_tells_the_consultant() -> None:
    writes = book(around_slot())
    id = writes.rows[1].id
    assert writes == Writes(
        rows=(BOOKED, msgspec.structs.replace(BOOKING_ROW, id=id)),
        result={"booking": id},
        notices=(Notice(cast.account(SAMIR), "slot_booked", "booking", id),),
    )


def test_the_second_hears_that_it_is_taken() -> None:
    around = cast.after(around_slot(), book(around_slot()))
    for state in ("booked", "held", "withdrawn"):
        row = msgspec.structs.replace(around.get(SlotRow, SLOT), state=state)
        refused(lambda row=row: book(around_slot(row)), "taken")
    assert Book.alternatives_entity == "slot" and Book.confirm


def test_only_booker_and_consultants_see_it() -> None:
    common = {
        "id": BOOKING, "slot": SLOT, "unit_name": "Vårdcentralen", "consultant_title": "Psykolog",
        "starts_local": "2026-09-09T13:00", "zone": "Europe/Stockholm", "starts_at": "2026-09-09T11:00:00.000Z",
        "minutes": 30, "mode": "video", "topic": "sleep", "age_band": "13-15", "state": "booked",
        "question": "Hur kan skolan stötta?", "join_url": "https://mote.test/a", "phone_in": "+46313900601",
    }  # fmt: skip
    assert cast.shown(feature, TAKEN, BOOKING_ROW) == {
        SCOPE_BOOKER: {**common, "mine": True},
        SCOPE_CONSULTANTS: {
            **common,
            "consultant": SAMIR,
            "booked_by": {"name": "Elin Berg", "title": "Specialpedagog", "phone": None},
        },
    }
    tidied = around_slot(msgspec.structs.replace(BOOKED, tidied=True), BOOKING_ROW)
    assert cast.shown(feature, tidied, BOOKING_ROW) == {}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Pojken 811218-9876 behöver hjälp", "personal_number"),
        ("Ring mamman på 070-174 06 05", "phone"),
        ("Skriv till kim@exempel.se", "email"),
    ],
)
def test_what_identifies_is_refused_for_good_with_offsets_only(question: str, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        book(around_slot(), question=question)
    error = caught.value
    assert (error.code, error.fields) == ("identifying_text", {"question": "identifying"})
    (suspect,) = (one for one in (error.data or {})["suspects"] if one["kind"] == kind)
    assert set(suspect) == {"field", "kind", "start", "end"} and suspect["field"] == "question"
    found = question[suspect["start"] : suspect["end"]]
    assert found not in str(error.data)
    refused_again = {"question": question, "confirmed": [found]}
    with pytest.raises(Refused, match="identifying_text"):
        book(around_slot(), **refused_again)


def test_a_suspected_name_is_accepted_when_confirmed_and_colleagues_names_always() -> None:
    question = "Vad gör vi när Anders inte sover?"
    with pytest.raises(Refused, match="identifying_text"):
        book(around_slot(), question=question)
    assert book(around_slot(), question=question, confirmed=["Anders"]).rows
    assert book(around_slot(), question="Jag, Elin Berg, undrar om sömn").rows


def test_booking_refuses() -> None:
    refused(lambda: book(around_slot(), topic="family"), "invalid", {"topic": "not_allowed_value"})
    refused(lambda: book(around_slot(now=STARTS)), "too_late")


def test_staff_of_the_area_book_and_nobody_else() -> None:
    around = around_slot()
    lead = Actor("lead", "lead", SeatKind.LEAD, area=AREA)
    far = Actor("far", "far", SeatKind.STAFF, unit=cast.uuid(98), area=cast.uuid(99))
    assert may(AS_BOOKER, belonging.relations(around, AS_BOOKER), Book.rule) is None
    for actor in (lead, far, cast.AS_ANNA):
        assert may(actor, belonging.relations(around, actor), Book.rule) is not None


def test_giving_it_back_frees_it_at_once() -> None:
    writes = cast.give(TAKEN, Release, AS_BOOKER, booking=BOOKING)
    free = msgspec.structs.replace(SLOT_ROW, freed_at="2026-09-01T08:00:00.000Z")
    assert writes.rows == (msgspec.structs.replace(BOOKING_ROW, state="released"), free)
    assert writes.notices == (Notice(cast.account(SAMIR), "slot_released", "booking", BOOKING),)
    again = cast.after(TAKEN, writes)
    assert cast.after(again, book(again)).get(SlotRow, SLOT).state == "booked"
    refused(lambda: cast.give(again, Release, AS_BOOKER, booking=BOOKING), "conflict")
    refused(lambda: cast.give(TAKEN, Release, AS_CONSULTANT, booking=BOOKING), "not_allowed")
    late = around_slot(BOOKED, BOOKING_ROW, now=STARTS)
    refused(lambda: cast.give(late, Release, AS_BOOKER, booking=BOOKING), "too_late")


def test_the_outcome_is_the_consultants_and_comes_after_the_start() -> None:
    late = around_slot(BOOKED, BOOKING_ROW, now=STARTS)
    args = {"booking": BOOKING, "outcome": "meeting", "feedback_on": "2026-09-19"}
    writes = cast.give(late, SetOutcome, AS_CONSULTANT, **args)
    held = msgspec.structs.replace(BOOKING_ROW, state="held", outcome="meeting", feedback_on="2026-09-19")
    assert writes == Writes(
        rows=(held, msgspec.structs.replace(SLOT_ROW, state="held")),
        notices=(Notice(cast.account(ELIN), "booking_outcome", "booking", BOOKING),),
    )
    refused(lambda: cast.give(TAKEN, SetOutcome, AS_CONSULTANT, **args), "conflict")
    refused(lambda: cast.give(late, SetOutcome, AS_COLLEAGUE, **args), "not_allowed")
    past = {**args, "feedback_on": "2026-09-08"}
    refused(lambda: cast.give(late, SetOutcome, AS_CONSULTANT, **past), "invalid", {"feedback_on": "past"})
    after = cast.after(late, writes)
    refused(lambda: cast.give(after, SetOutcome, AS_CONSULTANT, **args), "conflict")
    assert [(one.kind, one.account, one.due_at) for one in reminders(held, after)] == [
        ("booking_feedback", cast.account(SAMIR), from_text("2026-09-21T07:00:00.000Z"))
    ]


def test_both_are_reminded_the_working_day_before_and_ten_minutes_before() -> None:
    monday = msgspec.structs.replace(BOOKED, starts_local="2026-09-14T13:00", starts_at="2026-09-14T11:00:00.000Z")
    plans = {(one.kind, one.account, one.due_at) for one in reminders(BOOKING_ROW, around_slot(monday, BOOKING_ROW))}
    assert plans == {
        (kind, cast.account(who), from_text(due_at))
        for kind, due_at in (
            ("booking_tomorrow", "2026-09-11T07:00:00.000Z"),
            ("booking_soon", "2026-09-14T10:50:00.000Z"),
        )
        for who in (ELIN, SAMIR)
    }
    released = msgspec.structs.replace(BOOKING_ROW, state="released")
    assert list(reminders(released, around_slot(SLOT_ROW, released))) == []


def test_a_booking_says_nothing_of_the_bookers_school() -> None:
    assert not {"unit", "school"} & set(BookingRow.__struct_fields__)


def test_what_the_booker_has_said_names_nobody_is_kept_with_the_question_for_another_time() -> None:
    asked = {"question": "Vad gör vi när Anders inte sover?", "confirmed": ["Anders"]}
    booked = cast.give(around_slot(), Book, AS_BOOKER, slot=SLOT, topic="sleep", age_band="13-15", **asked)
    row = next(one for one in booked.rows if isinstance(one, BookingRow))
    assert row.confirmed == ("Anders",)
    shown = cast.shown(feature, cast.after(around_slot(), booked), row)
    assert shown[SCOPE_BOOKER]["confirmed"] == ["Anders"] and "confirmed" not in shown[SCOPE_CONSULTANTS]
    again = {"topic": row.topic, "age_band": row.age_band, "question": row.question}
    other = {"slot": SLOT, **again, "confirmed": shown[SCOPE_BOOKER]["confirmed"]}
    assert cast.give(around_slot(), Book, AS_BOOKER, **other).rows
    refused(lambda: cast.give(around_slot(), Book, AS_BOOKER, slot=SLOT, **again), "identifying_text", IDENTIFYING)
    tidied = cast.give(cast.after(around_slot(), booked), Tidy, SYSTEM, record=SLOT)
    assert next(one for one in tidied.rows if isinstance(one, BookingRow)).confirmed == ()
