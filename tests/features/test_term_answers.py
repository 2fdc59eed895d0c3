"""Taking part in a term meeting: who comes and what is missing, what is said when, and the time in one's calendar."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.domain.actors import Actor
from server.domain.instants import to_text
from server.features.meeting.rows import Reply
from server.features.shape import Writes
from server.features.term_meeting import feature
from server.features.term_meeting.documents import calendar_entry
from server.features.term_meeting.rows import Participant, TermMeetingRow
from server.features.term_meeting.taking_part import Respond
from tests.features import cast
from tests.features.cast import AREA, CLINIC, ELIN, LENA, MARIA, NOW, SAMIR
from tests.features.cast_area import AS_ELIN, AS_MARIA, AS_SAMIR, KARIN, PEOPLE, SCOPE_AREA, SCOPE_LEAD, around_area
from tests.features.cast_term import ROW, STARTS, TERM, first, give, participant
from tests.features.consenting import refused


def test_the_area_sees_who_comes_and_which_function_is_missing() -> None:
    document = {
        "id": TERM, "area": AREA, "term": "HT 2026", "starts_local": "2026-11-03T13:00", "zone": "Europe/Stockholm",
        "starts_at": STARTS, "ends_at": "2026-11-03T13:30:00.000Z", "minutes": 90, "place": "Mariestad",
        "state": "planned", "sequence": 0, "required_functions": ["counsellor", "consultant", "doctor"],
        "missing_functions": ["doctor"], "planned_on": "2026-09-01",
        "agenda": [{"title": "Kontaktlistan", "minutes": 10}],
        "participants": [participant(MARIA), participant(SAMIR)],
    }  # fmt: skip
    shown = cast.shown(feature, around_area(ROW), ROW)
    assert shown[SCOPE_AREA] == document
    avoid = shown[SCOPE_LEAD].pop("avoid")
    assert shown[SCOPE_LEAD] == document
    assert {"from": "2026-10-26", "to": "2026-11-01", "why": "autumn"} in avoid
    no = msgspec.structs.replace(ROW, answers={SAMIR: Reply(answer="no", at=to_text(NOW))})
    assert cast.shown(feature, around_area(no), no)[SCOPE_AREA]["missing_functions"] == ["consultant", "doctor"]


def test_answering_for_oneself() -> None:
    row = first(give(Respond, AS_MARIA, ROW, term_meeting=TERM, answer="substitute", substitute="Elin"))
    assert row.answers == {MARIA: Reply(answer="substitute", at=to_text(NOW), substitute="Elin")}
    shown = cast.shown(feature, around_area(row), row)[SCOPE_AREA]["participants"]
    assert shown == [participant(MARIA, answer="substitute", substitute="Elin"), participant(SAMIR)]
    fewer = msgspec.structs.replace(ROW, participants=ROW.participants[:1])
    joined = first(give(Respond, AS_SAMIR, fewer, term_meeting=TERM, answer="digital"))
    assert joined.participants == ROW.participants


def test_answering_refuses() -> None:
    def respond(actor: Actor = AS_MARIA, row: TermMeetingRow = ROW, now: Any = NOW, **more: Any) -> Writes:
        return give(Respond, actor, row, now=now, **{"term_meeting": TERM, "answer": "yes", **more})

    refused(lambda: respond(AS_ELIN), "not_allowed")
    refused(lambda: respond(answer="substitute"), "invalid", {"substitute": "required"})
    refused(lambda: respond(substitute="Elin"), "invalid", {"substitute": "not_allowed_value"})
    refused(lambda: respond(now=ROW.ends), "too_late")
    refused(lambda: respond(row=msgspec.structs.replace(ROW, state="held")), "too_late")
    refused(lambda: respond(row=msgspec.structs.replace(ROW, state="cancelled")), "conflict")


def said(row: TermMeetingRow, *more: Any) -> list[tuple[str, str, str]]:
    around = around_area(row, named=more)
    return [(one.kind, one.account[-2:], to_text(one.due_at)) for one in feature.reminders(row, around)]


def test_golden_instants() -> None:
    """One answered no, one yes, one nothing: tuesday 3 November at 13, the clocks change on 25 October."""
    people = (*ROW.participants, Participant(seat=LENA, unit=CLINIC))
    answers = {MARIA: Reply(answer="no", at=to_text(NOW)), SAMIR: Reply(answer="yes", at=to_text(NOW))}
    row = msgspec.structs.replace(ROW, participants=people, answers=answers)
    times = [
        ("term_six_weeks", "2026-09-22T07:00:00.000Z"),
        ("term_two_weeks", "2026-10-20T07:00:00.000Z"),
        ("term_day", "2026-11-02T08:00:00.000Z"),
        ("term_hour", "2026-11-03T11:00:00.000Z"),
    ]
    samir, lena = SAMIR[-2:], LENA[-2:]
    assert said(row) == [
        ("act:term.gather", "", "2026-09-22T05:00:00.000Z"),
        ("act:term.gather", "", "2026-10-20T05:00:00.000Z"),
        ("act:term.gather", "", "2026-11-02T06:00:00.000Z"),
        *((kind, samir, at) for kind, at in times),
        *((kind, lena, at) for kind, at in times),
        ("term_answer", lena, "2026-09-08T07:00:00.000Z"),
    ]


def test_each_unit_has_its_own_closed_days_and_leavers_hear_nothing() -> None:
    closed = msgspec.structs.replace(cast.SCHOOL_ROW, closed_days=("2026-11-02",))
    days = {(who, at) for kind, who, at in said(ROW, closed) if kind == "term_day"}
    assert days == {(MARIA[-2:], "2026-10-30T08:00:00.000Z"), (SAMIR[-2:], "2026-11-02T08:00:00.000Z")}
    gone = msgspec.structs.replace(PEOPLE[MARIA], ended_at=to_text(NOW))
    assert {who for _, who, _ in said(ROW, gone)} == {"", SAMIR[-2:]}


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_nothing_is_said_of_what_is_over(state: str) -> None:
    assert said(msgspec.structs.replace(ROW, state=state)) == []


def test_a_calendar_holds_the_time_of_those_who_are_called() -> None:
    entry = calendar_entry(ROW, around_area(ROW), MARIA)
    assert entry is not None and (entry.id, entry.minutes, entry.sequence, entry.cancelled) == (TERM, 90, 0, False)
    assert str(entry.starts_local) == "2026-11-03 13:00:00"
    assert calendar_entry(ROW, around_area(ROW), ELIN) is None
    assert calendar_entry(msgspec.structs.replace(ROW, planned_on=None), around_area(), MARIA) is None
    cancelled = calendar_entry(msgspec.structs.replace(ROW, state="cancelled"), around_area(), MARIA)
    assert cancelled is not None and cancelled.cancelled


def test_those_who_lead_may_have_every_planned_meeting_in_their_calendar() -> None:
    assert calendar_entry(ROW, around_area(ROW), KARIN) is not None
    draft = msgspec.structs.replace(ROW, planned_on=None)
    assert calendar_entry(draft, around_area(draft), KARIN) is None
