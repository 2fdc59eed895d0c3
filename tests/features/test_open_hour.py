"""The open hour: one line a week, a place known by number, and a question that names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import SYSTEM, Actor
from server.domain.instants import from_text, to_text
from server.features.around import Around
from server.features.open_hour import features
from server.features.open_hour.line import Join, Leave, Next
from server.features.open_hour.opening import Close, Open, Roll
from server.features.open_hour.rows import OpenHourRow, PlaceRow
from server.features.shape import Writes
from server.features.slot import ConsultantTimesRow, TakenTime
from tests.features import cast
from tests.features.cast import AREA, CLINIC, ELIN, LENA, MARIA, NOW, SAMIR
from tests.features.cast_area import told
from tests.features.cast_slots import AS_BOOKER, AS_COLLEAGUE, AS_CONSULTANT, NAMED, SCOPE_AREA, SLOT, around_unit
from tests.features.consenting import refused

HOUR, ONE, TWO = cast.uuid(87), cast.uuid(88), cast.uuid(89)
ROW = OpenHourRow(
    id=HOUR, owner_unit=CLINIC, consultant=SAMIR, weekday=4, at="13:00", minutes=60, mode="video",
    topics=("sleep", "worry"), session_on="2026-09-03", join_url="https://mote.test/o", phone="+46313900601",
)  # fmt: skip
STARTS, ENDS = from_text("2026-09-03T11:00:00.000Z"), from_text("2026-09-03T12:00:00.000Z")
HOURS, PLACES = features
NAMES = {**NAMED, MARIA: next(one for one in cast.STAFF if one.id == MARIA)}


def place(id: str, seat: str, joined: str, state: str = "waiting", **more: Any) -> PlaceRow:
    return PlaceRow(
        id=id, owner_unit=CLINIC, open_hour=HOUR, session_on=more.pop("session_on", "2026-09-03"), seat=seat,
        account=cast.account(seat), topic="sleep", age_band="13-15", joined_at=joined, question="Hur?", state=state,
    )  # fmt: skip


ELINS, MARIAS = place(ONE, ELIN, "2026-09-01T07:00:00.000Z"), place(TWO, MARIA, "2026-09-01T07:30:00.000Z")
CALLED: PlaceRow = msgspec.structs.replace(ELINS, state="called")


def around(*rows: Any, now: Any = NOW, hour: OpenHourRow = ROW) -> Around:
    ordered = tuple(sorted((hour, *rows), key=lambda row: row.id))
    return Around(HOUR, "open_hour", CLINIC, now, ordered, NAMES)


OPEN: dict[str, Any] = {
    "weekday": 4, "at": "13:00", "minutes": 60, "mode": "video", "topics": ["sleep", "worry", "sleep"],
    "join_url": "https://mote.test/o", "phone": "031-390 06 01",
}  # fmt: skip


def open_hour(actor: Actor = AS_CONSULTANT, unit: Around | None = None, **more: Any) -> Writes:
    return cast.give(unit or around_unit(), Open, actor, **{**OPEN, **more})


def test_it_opens_with_the_first_day_that_somebody_works() -> None:
    writes = open_hour()
    (row,) = writes.rows
    assert row == msgspec.structs.replace(ROW, id=row.id)
    assert writes.result == {"open_hour": row.id, "session_on": "2026-09-03"}
    later = open_hour(unit=around_unit(closed_days=("2026-09-03",))).result
    assert later is not None and later["session_on"] == "2026-09-10"
    wished = open_hour(from_on="2026-12-20").result
    assert wished is not None and wished["session_on"] == "2027-01-07"


def test_opening_refuses() -> None:
    refused(lambda: open_hour(AS_COLLEAGUE), "not_allowed")
    refused(lambda: open_hour(join_url=None), "invalid", {"join_url": "required"})
    refused(lambda: open_hour(weekday=6), "invalid", {"weekday": "not_allowed_value"})
    assert Open.model_validate(OPEN).reaches(AS_CONSULTANT) == SAMIR


@pytest.mark.parametrize(("at", "free"), [("13:30", False), ("12:30", False), ("14:00", True), ("12:00", True)])
def test_a_consultant_has_one_hour_at_a_time(at: str, free: bool) -> None:
    unit = replace(around_unit(), others={HOUR: around()})
    if free:
        assert open_hour(unit=unit, at=at).rows
        return
    refused(lambda: open_hour(unit=unit, at=at), "conflict")
    assert open_hour(unit=unit, at=at, weekday=3).rows
    closed = replace(around_unit(), others={HOUR: around(hour=msgspec.structs.replace(ROW, state="closed"))})
    assert open_hour(unit=closed, at=at).rows


@pytest.mark.parametrize(("starts_at", "free"), [("2026-09-10T11:45", False), ("2026-11-19T12:30", False),
    ("2026-09-10T12:00", True), ("2026-09-09T11:00", True)])  # fmt: skip
def test_an_hour_is_not_opened_over_times_of_ones_own(starts_at: str, free: bool) -> None:
    taken = TakenTime(slot=SLOT, starts_at=f"{starts_at}:00.000Z", minutes=30)
    times = ConsultantTimesRow(id=cast.uuid(54), owner_unit=CLINIC, unit=CLINIC, seat=SAMIR, times=(taken,))
    if free:
        assert open_hour(unit=around_unit(times)).rows
        return
    refused(lambda: open_hour(unit=around_unit(times)), "conflict")
    assert open_hour(unit=around_unit(msgspec.structs.replace(times, seat=LENA))).rows
    assert open_hour(unit=around_unit(times), from_on="2026-11-20").rows


def test_the_area_sees_when_and_how_many_wait_and_nobodys_question() -> None:
    assert cast.shown(HOURS, around(ELINS, MARIAS), ROW) == {
        SCOPE_AREA: {
            "id": HOUR, "unit": CLINIC, "unit_name": "Vårdcentralen", "consultant": SAMIR,
            "consultant_title": "Psykolog", "weekday": 4, "at": "13:00", "minutes": 60, "mode": "video",
            "topics": ["sleep", "worry"], "state": "open",
            "session_on": "2026-09-03", "starts_local": "2026-09-03T13:00", "zone": "Europe/Stockholm", "waiting": 2,
            "starts_at": "2026-09-03T11:00:00.000Z", "ends_at": "2026-09-03T12:00:00.000Z", "phone": "+46313900601",
        }
    }  # fmt: skip
    assert scopes.area_staff(AREA) == SCOPE_AREA
    closed = msgspec.structs.replace(ROW, state="closed")
    assert cast.shown(HOURS, around(hour=closed), closed) == {}


def test_a_place_is_seen_by_its_holder_and_the_consultants() -> None:
    shown = cast.shown(PLACES, around(ELINS, MARIAS), MARIAS)
    common = {
        "id": TWO, "open_hour": HOUR, "unit_name": "Vårdcentralen", "consultant_title": "Psykolog",
        "session_on": "2026-09-03", "starts_local": "2026-09-03T13:00", "zone": "Europe/Stockholm",
        "starts_at": "2026-09-03T11:00:00.000Z", "minutes": 60, "mode": "video", "topic": "sleep", "age_band": "13-15",
        "state": "waiting", "question": "Hur?", "ahead": 1,
    }  # fmt: skip
    assert shown == {
        scopes.user(cast.account(MARIA)): common | {"mine": True},
        scopes.function(CLINIC, "consultant"): common
        | {
            "join_url": "https://mote.test/o", "phone_in": "+46313900601", "consultant": SAMIR,
            "booked_by": {"name": "Maria Ekdahl", "title": "Skolkurator", "phone": "+46701740621"},
        },
    }  # fmt: skip
    own = cast.shown(PLACES, around(CALLED), CALLED)[scopes.user(cast.account(ELIN))]
    assert own["join_url"] == "https://mote.test/o" and "ahead" not in own


def join(actor: Actor = AS_BOOKER, here: Around | None = None, **more: Any) -> Writes:
    args = {"open_hour": HOUR, "topic": "sleep", "age_band": "13-15", "question": "Hur?", **more}
    return cast.give(here or around(), Join, actor, **args)


def test_joining_gives_the_last_place() -> None:
    writes = join(here=around(MARIAS))
    (row,) = writes.rows
    assert row == msgspec.structs.replace(ELINS, id=row.id, joined_at=to_text(NOW))
    assert writes.result == {"open_hour_place": row.id, "ahead": 1}


def test_joining_refuses() -> None:
    refused(lambda: join(here=around(ELINS)), "conflict")
    refused(lambda: join(here=around(CALLED)), "conflict")
    refused(lambda: join(topic="eating"), "invalid", {"topic": "not_allowed_value"})
    refused(lambda: join(here=around(now=ENDS)), "too_late")
    refused(lambda: join(here=around(hour=msgspec.structs.replace(ROW, state="closed"))), "conflict")
    refused(lambda: join(question="Det gäller en elev i 7B"), "identifying_text", {"question": "identifying"})


def test_leaving_leaves_nothing() -> None:
    assert cast.give(around(ELINS), Leave, AS_BOOKER, open_hour_place=ONE) == Writes(remove=(ONE,))
    refused(lambda: cast.give(around(ELINS), Leave, AS_COLLEAGUE, open_hour_place=ONE), "not_allowed")
    done = msgspec.structs.replace(ELINS, state="done")
    refused(lambda: cast.give(around(done), Leave, AS_BOOKER, open_hour_place=ONE), "conflict")


def call(*rows: Any, actor: Actor = AS_CONSULTANT, now: Any = STARTS, hour: OpenHourRow = ROW) -> Writes:
    return cast.give(around(*rows, now=now, hour=hour), Next, actor, open_hour=HOUR)


def test_the_next_is_called_and_the_one_after_told_to_be_ready() -> None:
    writes = call(ELINS, MARIAS)
    assert writes.rows == (CALLED,)
    assert told(writes) == [(ELIN[-2:], "open_hour_turn"), (MARIA[-2:], "open_hour_next")]
    writes = call(CALLED, MARIAS)
    assert writes.rows == (
        msgspec.structs.replace(ELINS, state="done"),
        msgspec.structs.replace(MARIAS, state="called"),
    )
    assert told(call(CALLED)) == []


def test_calling_refuses() -> None:
    refused(lambda: call(ELINS, actor=AS_COLLEAGUE), "not_allowed")
    refused(lambda: call(), "conflict")
    refused(lambda: call(ELINS, now=from_text("2026-09-03T10:44:59.000Z")), "conflict")
    assert call(ELINS, now=from_text("2026-09-03T10:45:00.000Z")).rows
    refused(lambda: call(ELINS, now=ENDS), "too_late")


def test_when_the_hour_is_over_the_next_line_opens_and_those_not_reached_are_told() -> None:
    (deed,) = HOURS.reminders(ROW, around())
    assert (deed.kind, deed.due_at) == ("act:open_hour.roll", ENDS)
    old = place(cast.uuid(90), LENA, "2026-08-01T07:00:00.000Z", "done", session_on="2026-08-03")
    here = around(CALLED, MARIAS, old, now=ENDS)
    writes = cast.give(here, Roll, SYSTEM, record=HOUR)
    assert writes.rows == (
        msgspec.structs.replace(ROW, session_on="2026-09-10"),
        msgspec.structs.replace(ELINS, state="done"),
        msgspec.structs.replace(MARIAS, state="not_reached"),
    )
    assert (writes.remove, told(writes)) == ((old.id,), [(MARIA[-2:], "open_hour_missed")])
    assert cast.give(cast.after(here, writes), Roll, SYSTEM, record=HOUR) == Writes()


def test_a_place_is_reminded_when_the_hour_begins() -> None:
    (said,) = PLACES.reminders(ELINS, around(ELINS))
    assert (said.kind, said.account, said.due_at) == ("open_hour_begins", cast.account(ELIN), STARTS)
    assert list(PLACES.reminders(CALLED, around(CALLED))) == []


def test_closing_tells_the_line_and_erases_it() -> None:
    done = place(TWO, MARIA, "2026-09-01T07:30:00.000Z", "done")
    writes = cast.give(around(ELINS, done), Close, AS_CONSULTANT, open_hour=HOUR)
    closed = msgspec.structs.replace(ROW, state="closed")
    assert (writes.rows, writes.remove) == ((closed,), (ONE, TWO))
    assert told(writes) == [(ELIN[-2:], "open_hour_closed")]
    assert list(HOURS.reminders(closed, around(hour=closed))) == []
    refused(lambda: cast.give(around(), Close, AS_COLLEAGUE, open_hour=HOUR), "not_allowed")
    refused(lambda: cast.give(around(hour=closed), Close, AS_CONSULTANT, open_hour=HOUR), "conflict")


def test_an_hour_that_never_comes_again_closes() -> None:
    days = tuple((date(2026, 9, 3) + timedelta(days=n)).isoformat() for n in range(400))
    shut = msgspec.structs.replace(cast.CLINIC_ROW, closed_days=days)
    here = replace(around(ELINS, now=ENDS), named={**NAMES, CLINIC: shut})
    assert cast.give(here, Roll, SYSTEM, record=HOUR).rows == (msgspec.structs.replace(ROW, state="closed"),)
