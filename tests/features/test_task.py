"""Tasks: shown to the unit that is to do them, reminded on their day, done once."""

from __future__ import annotations

import msgspec

from server.domain.instants import to_text
from server.features.task import Add, Done, Reopen, TaskRow, done, feature
from tests.features import cast
from tests.features.cast import AREA, REKTOR, SCHOOL
from tests.features.cast_area import (
    AS_ELIN,
    AS_LEAD,
    AS_MARIA,
    KARIN,
    SCOPE_LEAD,
    SCOPE_SCHOOL,
    around_area,
    around_school,
    told,
)
from tests.features.consenting import refused

TASK = TaskRow(
    id=cast.uuid(81), owner_unit=SCHOOL, kind="other", what="Ring Kim på UPH", unit=SCHOOL, by_on="2026-09-05",
    made_on="2026-09-01",
)  # fmt: skip


def test_a_units_task_is_shown_to_the_unit() -> None:
    document = {
        "id": TASK.id, "kind": "other", "what": "Ring Kim på UPH", "unit": SCHOOL, "unit_name": "Lillåns skola",
        "by_on": "2026-09-05", "made_on": "2026-09-01", "state": "open",
    }  # fmt: skip
    assert cast.shown(feature, around_school(TASK), TASK) == {SCOPE_SCHOOL: document}


def test_a_task_of_a_term_meeting_is_shown_to_the_unit_and_to_those_who_lead() -> None:
    row = msgspec.structs.replace(TASK, area=AREA, about_entity="term_meeting", about_doc=cast.uuid(82))
    shown = cast.shown(feature, around_area(row), row)
    assert set(shown) == {SCOPE_SCHOOL, SCOPE_LEAD}
    assert shown[SCOPE_LEAD]["about"] == {"entity": "term_meeting", "doc": cast.uuid(82)}


def test_it_is_reminded_on_the_next_working_day_and_the_one_after() -> None:
    said = [(one.account, one.kind, to_text(one.due_at)) for one in feature.reminders(TASK, around_school(TASK))]
    lead = cast.account(REKTOR)
    assert said == [
        (lead, "task_due", "2026-09-07T07:00:00.000Z"),
        (lead, "task_due", "2026-09-08T07:00:00.000Z"),
    ]
    done = msgspec.structs.replace(TASK, state="done")
    assert list(feature.reminders(done, around_school(done))) == []


def test_done_is_said_once_and_harms_nothing_again() -> None:
    around = around_school(TASK)
    after = cast.after(around, cast.give(around, Done, AS_ELIN, task=TASK.id))
    row = after.get(TaskRow, TASK.id)
    assert (row.state, row.done_on, row.done_by) == ("done", "2026-09-01", "Elin Berg")
    assert cast.after(after, cast.give(after, Done, AS_MARIA, task=TASK.id)) == after


def test_what_was_ticked_is_opened_again_and_reminded_again() -> None:
    around = around_school(TASK)
    ticked = cast.after(around, cast.give(around, Done, AS_ELIN, task=TASK.id))
    assert cast.shown(feature, ticked, ticked.get(TaskRow, TASK.id))[SCOPE_SCHOOL]["ticked"] is True
    again = cast.after(ticked, cast.give(ticked, Reopen, AS_MARIA, task=TASK.id))
    assert again == around and len(list(feature.reminders(again.get(TaskRow, TASK.id), again))) == 2
    assert cast.after(again, cast.give(again, Reopen, AS_ELIN, task=TASK.id)) == around


def test_what_is_done_by_what_it_asked_for_stays_done() -> None:
    planned = done(msgspec.structs.replace(TASK, kind="directory"), cast.moment(), "Elin Berg")
    assert "ticked" not in cast.shown(feature, around_school(planned), planned)[SCOPE_SCHOOL]
    refused(lambda: cast.give(around_school(planned), Reopen, AS_ELIN, task=TASK.id), "conflict")
    assert cast.give(around_school(planned), Done, AS_MARIA, task=TASK.id).rows == (planned,)


def test_one_adds_a_task_to_ones_own_unit_or_area() -> None:
    writes = cast.give(around_school(), Add, AS_MARIA, what=" Boka rummet ", by_on="2026-09-03")
    (row,) = writes.rows
    assert isinstance(row, TaskRow)
    assert (row.what, row.unit, row.area, row.by_on) == ("Boka rummet", SCHOOL, None, "2026-09-03")
    assert told(writes) == [(REKTOR[-2:], "task_new")]
    led = cast.give(around_area(), Add, AS_LEAD, what="Kalla till möte").rows[0]
    assert isinstance(led, TaskRow) and (led.unit, led.area) == (None, AREA)
    assert [
        one.account for one in feature.reminders(msgspec.structs.replace(led, by_on="2026-09-03"), around_area())
    ] == [cast.account(KARIN)] * 2
    assert cast.give(around_area(), Add, AS_LEAD, what="Kalla till möte").notices == ()


def test_a_day_that_has_been_is_refused() -> None:
    refused(
        lambda: cast.give(around_school(), Add, AS_MARIA, what="x", by_on="2026-08-31"), "invalid", {"by_on": "past"}
    )
    assert Add.model_validate({"what": "x"}).targets(AS_MARIA)[0].id == SCHOOL
