"""Term meetings: who is called, what is missing, what is said when, and what becomes of what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain.actors import SYSTEM, Actor
from server.domain.instants import from_text, to_text
from server.features import area as areas
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.meeting.rows import AgendaItem, Reply
from server.features.person import AreaRow, OwnTerm
from server.features.shape import Writes
from server.features.task import Done, Reopen, TaskRow
from server.features.term_meeting import feature
from server.features.term_meeting.documents import calendar_entry
from server.features.term_meeting.minutes import Minutes
from server.features.term_meeting.planning import Cancel, Move, Plan
from server.features.term_meeting.rows import ActionPoint, Participant, TermMeetingRow
from server.features.term_meeting.taking_part import Respond
from server.features.term_meeting.terms import Begin, Dates, Gather, Propose
from server.sync.push import field_codes
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW, CLINIC, ELIN, LENA, MARIA, NOW, REKTOR, SAMIR, SCHOOL
from tests.features.cast_area import (
    AS_ELIN,
    AS_LEAD,
    AS_MARIA,
    AS_SAMIR,
    KARIN,
    PEOPLE,
    SCOPE_AREA,
    SCOPE_LEAD,
    around_area,
    told,
)
from tests.features.consenting import refused

TERM, LAST, TASK = cast.uuid(91), cast.uuid(92), cast.uuid(93)
STARTS = "2026-11-03T12:00:00.000Z"
ROW = TermMeetingRow(
    id=TERM, owner_unit="", area=AREA, term="HT 2026", required_functions=("counsellor", "consultant", "doctor"),
    starts_local="2026-11-03T13:00", starts_at=STARTS, minutes=90, state="planned", place="Mariestad",
    agenda=(AgendaItem(title="Kontaktlistan", minutes=10),),
    participants=(Participant(seat=MARIA, unit=SCHOOL), Participant(seat=SAMIR, unit=CLINIC)),
    planned_on="2026-09-01", told_at=to_text(NOW),
)  # fmt: skip
PLAN: dict[str, Any] = {
    "term": "HT 2026", "starts_local": "2026-11-03T13:00", "place": "Mariestad",
    "agenda": [{"title": "Kontaktlistan", "minutes": 10}], "required_functions": ["counsellor", "consultant", "doctor"],
}  # fmt: skip


def give(command: Any, actor: Actor, *rows: Any, now: Any = NOW, **args: Any) -> Writes:
    return cast.give(around_area(*rows, now=now), command, actor, **args)


def first(writes: Writes) -> TermMeetingRow:
    row = writes.rows[0]
    assert isinstance(row, TermMeetingRow)
    return row


def test_planning_calls_everybody_who_holds_a_function_needed() -> None:
    writes = give(Plan, AS_LEAD, **PLAN)
    row = first(writes)
    assert row == msgspec.structs.replace(ROW, id=row.id)
    assert writes.result == {"term_meeting": row.id}
    assert told(writes) == [(MARIA[-2:], "term_planned"), (SAMIR[-2:], "term_planned")]
    assert Plan.model_validate(PLAN).targets(AS_LEAD)[0].id == AREA


def test_a_day_to_avoid_is_told_and_nothing_is_refused() -> None:
    assert (give(Plan, AS_LEAD, **{**PLAN, "starts_local": "2026-10-28T13:00"}).result or {})["avoid"] == "autumn"
    assert give(Move, AS_LEAD, ROW, term_meeting=TERM, starts_local="2026-11-07T13:00").result == {"avoid": "weekend"}


def test_without_functions_those_of_last_time_or_the_areas_own_are_called() -> None:
    args = {key: value for key, value in PLAN.items() if key != "required_functions"}
    assert first(give(Plan, AS_LEAD, **args)).required_functions == AREA_ROW.required_functions
    assert first(give(Plan, AS_LEAD, ROW, **args)).required_functions == ROW.required_functions


def test_only_functions_there_are_can_be_called() -> None:
    with pytest.raises(ValidationError) as raised:
        Plan.model_validate({**PLAN, "required_functions": ["counsellor", "wizard"]})
    assert field_codes(raised.value) == {"required_functions.1": "not_allowed_value"}
    listed = Plan.model_json_schema()["properties"]["required_functions"]["anyOf"][0]["items"]["enum"]
    assert {"counsellor", "consultant", "buse"} <= set(listed)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"term": "2026"}, {"term": "not_allowed_value"}),
        ({"starts_local": "2026-08-03T13:00"}, {"starts_local": "past"}),
        ({"starts_local": "2027-03-28T02:30"}, {"starts_local": "not_allowed_value"}),
        ({"starts_local": "2026-02-30T13:00"}, {"starts_local": "not_allowed_value"}),
    ],
)
def test_planning_refuses(more: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: give(Plan, AS_LEAD, **{**PLAN, **more}), "invalid", fields)
    refused(lambda: give(Plan, AS_LEAD, ROW, **PLAN, term_meeting=TERM), "conflict")


def participant(seat: str, **more: Any) -> dict[str, Any]:
    person = PEOPLE[seat]
    unit = {SCHOOL: "Lillåns skola", CLINIC: "Vårdcentralen"}[person.owner_unit]
    return {
        "who": seat, "name": person.name, "title": person.title, "unit": person.owner_unit, "unit_name": unit,
        "functions": list(person.functions), "answer": "none", **more,
    }  # fmt: skip


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


def test_a_draft_is_seen_by_those_who_lead() -> None:
    draft = msgspec.structs.replace(ROW, state="draft", planned_on=None, told_at=None, proposals=("2026-11-03T13:00",))
    shown = cast.shown(feature, around_area(draft), draft)
    assert set(shown) == {SCOPE_LEAD} and shown[SCOPE_LEAD]["proposals"] == ["2026-11-03T13:00"]
    assert list(feature.reminders(draft, around_area(draft))) == []


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


def test_a_new_time_asks_everybody_again() -> None:
    answered = msgspec.structs.replace(ROW, answers={MARIA: Reply(answer="yes", at=to_text(NOW))})
    writes = give(
        Move, AS_LEAD, answered, term_meeting=TERM, starts_local="2026-11-10T09:00", minutes=60, place="Götene"
    )
    assert first(writes) == msgspec.structs.replace(
        ROW,
        starts_local="2026-11-10T09:00",
        starts_at="2026-11-10T08:00:00.000Z",
        minutes=60,
        place="Götene",
        sequence=1,
    )
    assert {kind for _, kind in told(writes)} == {"term_moved"} and writes.result is None
    refused(
        lambda: give(
            Move,
            AS_LEAD,
            msgspec.structs.replace(ROW, state="held"),
            term_meeting=TERM,
            starts_local="2026-11-10T09:00",
        ),
        "conflict",
    )


def test_calling_off_tells_those_who_were_called() -> None:
    writes = give(Cancel, AS_LEAD, ROW, term_meeting=TERM, reason="illness")
    assert first(writes) == msgspec.structs.replace(ROW, state="cancelled", cancelled_reason="illness", sequence=1)
    assert told(writes) == [(MARIA[-2:], "term_cancelled"), (SAMIR[-2:], "term_cancelled")]
    draft = msgspec.structs.replace(ROW, state="draft")
    assert told(give(Cancel, AS_LEAD, draft, term_meeting=TERM)) == []
    refused(lambda: give(Cancel, AS_LEAD, first(writes), term_meeting=TERM), "conflict")


def test_the_minutes_go_to_all_and_promises_become_tasks() -> None:
    args = {"term_meeting": TERM, "minutes_text": "Vi sågs.", "action_points": [
        {"what": "Ny telefontid", "who_unit": SCHOOL, "by_on": "2026-12-01"}, {"what": "Boka lokal"}]}  # fmt: skip
    writes = give(Minutes, AS_LEAD, ROW, now=ROW.starts, **args)
    held, one, two = writes.rows
    assert isinstance(held, TermMeetingRow) and isinstance(one, TaskRow) and isinstance(two, TaskRow)
    assert (held.state, held.held_at, held.minutes_text) == ("held", STARTS, "Vi sågs.")
    assert (one.unit, one.area, one.by_on, one.about_doc) == (SCHOOL, AREA, "2026-12-01", TERM)
    assert (two.unit, two.area, two.what) == (None, AREA, "Boka lokal")
    assert told(writes) == [
        (MARIA[-2:], "term_minutes"), (SAMIR[-2:], "term_minutes"), (REKTOR[-2:], "task_new"),
    ]  # fmt: skip
    around = cast.after(around_area(ROW, now=ROW.starts), writes)
    points = [
        {"what": "Ny telefontid", "who_unit": SCHOOL, "who_unit_name": "Lillåns skola", "by_on": "2026-12-01",
         "done": False, "task": one.id},
        {"what": "Boka lokal", "done": False, "task": two.id},
    ]  # fmt: skip
    assert cast.shown(feature, around, held)[SCOPE_AREA]["action_points"] == points
    done = cast.after(around, cast.give(around, Done, AS_LEAD, task=two.id))
    points[1]["done"] = True
    assert cast.shown(feature, done, held)[SCOPE_AREA]["action_points"] == points
    again = cast.after(done, cast.give(done, Reopen, AS_LEAD, task=two.id))
    assert cast.shown(feature, again, held)[SCOPE_AREA]["action_points"][1]["done"] is False
    more = first(give(Minutes, AS_LEAD, held, now=ROW.ends, **{**args, "minutes_text": "Rättat."}))
    assert (more.minutes_text, len(more.action_points), more.held_at) == ("Rättat.", 4, STARTS)


@pytest.mark.parametrize(
    ("point", "code"),
    [({"by_on": "2026-11-02"}, "past"), ({"who_unit": cast.uuid(99)}, "not_allowed_value")],
)
def test_minutes_refuse(point: dict[str, Any], code: str) -> None:
    args = {"term_meeting": TERM, "minutes_text": "x", "action_points": [{"what": "y", **point}]}
    refused(lambda: give(Minutes, AS_LEAD, ROW, now=ROW.starts, **args), "invalid", {"action_points": code})
    refused(lambda: give(Minutes, AS_LEAD, ROW, term_meeting=TERM, minutes_text="x"), "conflict")


def test_the_next_meeting_carries_what_was_promised_last_time() -> None:
    last = msgspec.structs.replace(
        ROW, id=LAST, starts_at="2026-03-03T12:00:00.000Z", state="held",
        action_points=(ActionPoint(task=TASK, what="Ny telefontid"),),
    )  # fmt: skip
    shown = cast.shown(feature, around_area(ROW, last), ROW)[SCOPE_AREA]
    assert shown["promised_last_time"] == [{"what": "Ny telefontid", "done": False, "task": TASK}]
    assert "promised_last_time" not in cast.shown(feature, around_area(ROW, last), last)[SCOPE_AREA]


def test_newcomers_are_called_before_a_reminder_and_who_has_answered_stays() -> None:
    row = msgspec.structs.replace(
        ROW, participants=(Participant(seat=ELIN, unit=SCHOOL), Participant(seat=SAMIR, unit=CLINIC)),
        answers={ELIN: Reply(answer="yes", at=to_text(NOW))},
    )  # fmt: skip
    writes = give(Gather, SYSTEM, row, record=TERM)
    assert {one.seat for one in first(writes).participants} == {MARIA, ELIN, SAMIR}
    assert told(writes) == [(MARIA[-2:], "term_planned")]
    again = give(Gather, SYSTEM, first(writes), record=TERM)
    assert (again.rows, again.notices) == (writes.rows, ())
    assert give(Gather, SYSTEM, ROW, now=ROW.starts, record=TERM) == Writes()


def test_a_calendar_holds_the_time_of_those_who_are_called() -> None:
    entry = calendar_entry(ROW, around_area(ROW), MARIA)
    assert entry is not None and (entry.id, entry.minutes, entry.sequence, entry.cancelled) == (TERM, 90, 0, False)
    assert str(entry.starts_local) == "2026-11-03 13:00:00"
    assert calendar_entry(ROW, around_area(ROW), ELIN) is None
    assert calendar_entry(msgspec.structs.replace(ROW, planned_on=None), around_area(), MARIA) is None
    cancelled = calendar_entry(msgspec.structs.replace(ROW, state="cancelled"), around_area(), MARIA)
    assert cancelled is not None and cancelled.cancelled


BUSE_ROW = FunctionContactRow(
    id=cast.uuid(97), owner_unit=SCHOOL, unit=SCHOOL, function="buse", badge="buse", holder=ELIN, confirmed_on="2026-08-01"
)  # fmt: skip


def with_buse(*rows: Any) -> Around:
    return around_area(*rows, named=(BUSE_ROW,))


def test_the_network_of_buses_is_called_by_the_directorys_badge() -> None:
    """Elin holds no function in her unit; the directory says that she is its BUSE."""
    draft = msgspec.structs.replace(ROW, state="draft", planned_on=None, told_at=None, network="buse", participants=())
    args = {**PLAN, "required_functions": ["buse"], "term_meeting": TERM}
    writes = cast.give(with_buse(draft), Plan, AS_LEAD, **args)
    row = first(writes)
    assert row.participants == (Participant(seat=ELIN, unit=SCHOOL, called_as=("buse",)),) and row.network == "buse"
    shown = cast.shown(feature, with_buse(row), row)[SCOPE_AREA]
    assert shown["network"] == "buse" and shown["missing_functions"] == []
    assert shown["participants"][0]["functions"] == ["buse"]


def test_each_network_has_its_own_last_time() -> None:
    held = msgspec.structs.replace(
        ROW, id=LAST, state="held", network="buse", starts_at="2026-09-03T12:00:00.000Z",
        action_points=(ActionPoint(task=TASK, what="Ring"),),
    )  # fmt: skip
    buse = msgspec.structs.replace(ROW, network="buse")
    assert "promised_last_time" not in cast.shown(feature, around_area(ROW, held), ROW)[SCOPE_AREA]
    assert cast.shown(feature, around_area(buse, held), buse)[SCOPE_AREA]["promised_last_time"][0]["what"] == "Ring"


def test_a_term_begins_with_one_draft_of_everybody_and_two_of_the_network() -> None:
    writes = cast.give(with_buse(), Begin, SYSTEM, record=AREA)
    drafts = [row for row in writes.rows if isinstance(row, TermMeetingRow)]
    tasks = [row for row in writes.rows if isinstance(row, TaskRow)]
    assert [one.network for one in drafts] == [None, "buse", "buse"]
    assert [one.about_doc for one in tasks] == [one.id for one in drafts]
    days = [day for one in drafts for day in one.proposals]
    assert len(set(days)) == len(days) and drafts[1].proposals[0] < drafts[2].proposals[0]
    assert drafts[2].proposals[0] >= "2026-11-11"


def test_one_more_draft_is_told_to_nobody_and_can_be_taken_away() -> None:
    writes = give(Propose, AS_LEAD, network="buse")
    draft = first(writes)
    assert (draft.state, draft.network, draft.required_functions) == ("draft", "buse", ("buse",))
    assert len(draft.proposals) == 3 and told(writes) == [] and writes.result == {"term_meeting": draft.id}
    planned = give(Propose, AS_LEAD, msgspec.structs.replace(ROW, starts_at="2026-10-13T11:00:00.000Z"))
    assert "2026-10-13T13:00" not in first(planned).proposals


def test_one_more_draft_is_of_the_next_term_when_this_one_has_no_day_left() -> None:
    """On 29 October the only day with six weeks' notice is 10 December."""
    late = from_text("2026-10-29T09:00:00.000Z")
    assert first(give(Propose, AS_LEAD, now=late)).proposals == ("2026-12-10T13:00",)
    planned = msgspec.structs.replace(ROW, starts_at="2026-12-10T12:00:00.000Z", starts_local="2026-12-10T13:00")
    draft = first(give(Propose, AS_LEAD, planned, now=late))
    assert (draft.term, draft.proposals[0]) == ("VT 2027", "2027-01-12T13:00")


def test_terms_of_which_every_day_is_to_be_avoided_are_passed_over_and_at_last_refused() -> None:
    """An area may state a term that lies wholly in weeks to leave alone."""

    def one_week(label: str) -> OwnTerm:
        first, last = (date.fromisocalendar(int(label[3:]), 51 if label[0] == "H" else 7, day) for day in (1, 7))
        return OwnTerm(term=label, starts_on=first.isoformat(), ends_on=last.isoformat())

    def area(*labels: str) -> AreaRow:
        return msgspec.structs.replace(AREA_ROW, own_terms=tuple(one_week(label) for label in labels))

    late = from_text("2026-11-20T09:00:00.000Z")
    assert first(give(Propose, AS_LEAD, area("VT 2027"), now=late)).term == "HT 2027"
    everything = area("VT 2027", "HT 2027", "VT 2028", "HT 2028", "VT 2029", "HT 2029")
    refused(lambda: give(Propose, AS_LEAD, everything, now=late), "conflict")
    assert [type(row) for row in cast.give(around_area(everything, now=late), Begin, SYSTEM, record=AREA).rows] == [
        AreaRow
    ]


def test_when_the_only_day_left_in_the_term_is_taken_the_next_term_is_proposed() -> None:
    late = from_text("2026-10-29T08:00:00.000Z")
    open_day = first(give(Propose, AS_LEAD, now=late))
    assert (open_day.term, open_day.proposals) == ("HT 2026", ("2026-12-10T13:00",))
    taken = msgspec.structs.replace(ROW, starts_local="2026-12-10T13:00", starts_at="2026-12-10T12:00:00.000Z")
    draft = first(give(Propose, AS_LEAD, taken, now=late))
    assert draft.term == "VT 2027" and len(draft.proposals) == 3


def test_a_draft_that_is_called_off_is_no_longer_to_be_planned() -> None:
    begun = cast.give(around_area(), Begin, SYSTEM, record=AREA)
    draft = next(row for row in begun.rows if isinstance(row, TermMeetingRow))
    after = cast.after(around_area(), begun)
    rows = cast.give(after, Cancel, AS_LEAD, term_meeting=draft.id).rows
    assert [row.state for row in rows if isinstance(row, (TaskRow, TermMeetingRow))] == ["cancelled", "done"]


def test_the_areas_own_days_of_a_term_hold_for_what_is_proposed() -> None:
    begun = cast.give(around_area(), Begin, SYSTEM, record=AREA)
    after = cast.after(around_area(), begun)
    writes = cast.give(after, Dates, AS_LEAD, term="HT 2026", starts_on="2026-10-20", ends_on="2026-12-18")
    area, draft = writes.rows
    assert isinstance(area, AreaRow) and isinstance(draft, TermMeetingRow)
    assert [one.term for one in area.own_terms] == ["HT 2026"]
    assert draft.proposals == ("2026-10-20T13:00", "2026-11-03T13:00", "2026-11-10T13:00")
    again = cast.after(after, writes)
    shown = cast.shown(areas.features[0], again, area)[SCOPE_AREA]
    assert shown["own_terms"] == [{"term": "HT 2026", "starts_on": "2026-10-20", "ends_on": "2026-12-18"}]
    assert shown["usual_terms"]["VT"] == ["01-07", "06-15"]
    assert "own_terms" not in cast.shown(areas.features[0], again, area)["region:public"]
    back = cast.give(again, Dates, AS_LEAD, term="HT 2026").rows[0]
    assert isinstance(back, AreaRow) and back.own_terms == ()


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        ({"starts_on": "2026-08-17"}, {"ends_on": "required"}),
        ({"starts_on": "2026-12-18", "ends_on": "2026-08-17"}, {"ends_on": "not_allowed_value"}),
        ({"starts_on": "2026-06-01", "ends_on": "2026-12-18"}, {"ends_on": "not_allowed_value"}),
        ({"starts_on": "2027-08-17", "ends_on": "2027-12-18"}, {"ends_on": "not_allowed_value"}),
    ],
)
def test_days_of_a_term_are_in_order_and_in_its_half_of_the_year(days: dict[str, str], fields: dict[str, str]) -> None:
    refused(lambda: give(Dates, AS_LEAD, term="HT 2026", **days), "invalid", fields)


def test_those_who_lead_may_have_every_planned_meeting_in_their_calendar() -> None:
    assert calendar_entry(ROW, around_area(ROW), KARIN) is not None
    draft = msgspec.structs.replace(ROW, planned_on=None)
    assert calendar_entry(draft, around_area(draft), KARIN) is None


def test_a_draft_that_nobody_planned_goes_away_when_the_next_term_begins() -> None:
    begun = cast.give(around_area(), Begin, SYSTEM, record=AREA)
    draft = next(row for row in begun.rows if isinstance(row, TermMeetingRow))
    after = replace(cast.after(around_area(), begun), now=from_text("2027-01-08T08:00:00.000Z"))
    writes = cast.give(after, Begin, SYSTEM, record=AREA)
    assert writes.remove == (draft.id,)
    assert [row.state for row in writes.rows if isinstance(row, TaskRow)] == ["done", "open"]
