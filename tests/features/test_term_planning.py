"""Planning a term meeting: who is called, by which functions and networks; moving it, calling it off."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain.actors import SYSTEM
from server.domain.instants import to_text
from server.features.meeting.rows import Reply
from server.features.shape import Writes
from server.features.term_meeting import feature
from server.features.term_meeting.planning import Cancel, Move, Plan
from server.features.term_meeting.rows import Participant
from server.features.term_meeting.terms import Gather
from server.sync.push import field_codes
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW, CLINIC, ELIN, MARIA, NOW, SAMIR, SCHOOL
from tests.features.cast_area import AS_LEAD, SCOPE_AREA, told
from tests.features.cast_term import PLAN, ROW, TERM, first, give, with_buse
from tests.features.consenting import refused


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
