"""What the house does by itself for those who lead an area: a draft each term, and a count each week."""

from __future__ import annotations

from typing import Any

import msgspec

from server.domain.actors import SYSTEM
from server.domain.instants import to_text
from server.features import area as areas
from server.features.area_figures import AreaFiguresRow, Count
from server.features.area_figures import feature as figures
from server.features.around import Around
from server.features.contact_request.rows import ContactRequestRow
from server.features.directory.rows import FunctionContactRow
from server.features.meeting.rows import Reply
from server.features.person import AreaRow
from server.features.rows import Protection
from server.features.shape import Writes
from server.features.slot import SlotRow
from server.features.task import TaskRow
from server.features.term_meeting import feature as meetings
from server.features.term_meeting.planning import Plan
from server.features.term_meeting.rows import Participant, TermMeetingRow
from server.features.term_meeting.terms import Begin
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW, CLINIC, ELIN, MARIA, NOW, SAMIR, SCHOOL
from tests.features.cast_area import (
    AS_LEAD,
    KARIN,
    LEAD_ROW,
    SCOPE_LEAD,
    around_area,
    told,
)
from tests.features.cast_term import LAST, PLAN, ROW, TERM, first


def deeds(around: Around) -> list[tuple[str, str]]:
    row = around.get(AreaRow, AREA)
    return [(one.kind, to_text(one.due_at)) for one in areas.reminders(row, around)]


def test_each_term_gets_a_draft_and_a_task_for_those_who_lead() -> None:
    around = around_area()
    assert deeds(around)[0] == ("act:term.begin", "2025-12-31T23:00:00.000Z")
    writes = cast.give(around, Begin, SYSTEM, record=AREA)
    begun, draft, task = writes.rows
    assert isinstance(begun, AreaRow) and isinstance(draft, TermMeetingRow) and isinstance(task, TaskRow)
    assert (begun.term_begun, draft.state, draft.term, draft.planned_on) == ("HT 2026", "draft", "HT 2026", None)
    assert draft.proposals == ("2026-10-13T13:00", "2026-10-20T13:00", "2026-11-03T13:00")
    assert (task.kind, task.area, task.by_on, told(writes)) == (
        "plan_term",
        AREA,
        "2026-09-15",
        [(KARIN[-2:], "task_new")],
    )
    after = cast.after(around, writes)
    assert deeds(after)[0] == ("act:term.begin", "2027-01-07T07:00:00.000Z")
    assert cast.after(after, cast.give(after, Begin, SYSTEM, record=AREA)) == after
    planned = cast.give(after, Plan, AS_LEAD, **PLAN, term_meeting=draft.id)
    assert first(planned).id == draft.id and [row.state for row in planned.rows[1:] if isinstance(row, TaskRow)] == [
        "done"
    ]


def test_where_nobody_leads_nothing_is_begun() -> None:
    gone = msgspec.structs.replace(LEAD_ROW, ended_at=to_text(NOW))
    assert deeds(around_area(gone)) == []
    already = around_area(ROW)
    assert cast.give(already, Begin, SYSTEM, record=AREA).rows == (
        msgspec.structs.replace(AREA_ROW, term_begun="HT 2026"),
    )


def contact(n: int, unit: str, confirmed_on: str, **more: Any) -> FunctionContactRow:
    return FunctionContactRow(
        id=cast.uuid(n), owner_unit=unit, unit=unit, function="nurse", confirmed_on=confirmed_on, **more
    )


def test_the_directory_is_counted_every_monday() -> None:
    contacts = (
        contact(94, SCHOOL, "2026-08-01", holder=MARIA, deputy_seat=ELIN, badge="buse"),
        contact(95, CLINIC, "2026-01-01", badge="buse"),
    )
    around = around_area(ROW, named=contacts)
    (row,) = cast.give(around, Count, SYSTEM, record=AREA).rows
    assert isinstance(row, AreaFiguresRow)
    assert row.directory == {"rows": 2, "confirmed": 1, "stale": 1, "without_holder": 1, "without_deputy": 1}
    assert (row.units, row.functions_missing) == ({"all": 2, "without_buse": 1}, ("doctor",))
    assert deeds(around)[1] == ("act:area.count", "2025-12-31T23:00:00.000Z")
    (deed,) = figures.reminders(row, around)
    assert (deed.record, to_text(deed.due_at)) == (AREA, "2026-09-07T04:00:00.000Z")
    again = cast.give(cast.after(around, Writes(rows=(row,))), Count, SYSTEM, record=AREA).rows[0]
    assert again.id == row.id


def test_answers_to_a_term_meeting_are_counted_as_its_own_page_names_them() -> None:
    row = AreaFiguresRow(id=cast.uuid(96), owner_unit="", area=AREA, counted_on="2026-09-01")
    many = tuple(cast.staff(cast.uuid(200 + n), SCHOOL, f"Kollega {n}", "Kurator") for n in range(9))
    answers = {one.id: Reply(answer="digital" if n < 6 else "no", at="x") for n, one in enumerate(many[:8])}
    people = tuple(Participant(seat=one.id, unit=SCHOOL) for one in many)
    big = msgspec.structs.replace(ROW, participants=people, answers=answers)
    draft = msgspec.structs.replace(ROW, id=LAST, state="draft", starts_at="2027-01-01T08:00:00.000Z")
    shown = cast.shown(figures, around_area(big, draft, row, named=many), row)[SCOPE_LEAD]["terms"]
    assert shown == [
        {"term_meeting": TERM, "term": "HT 2026", "state": "planned", "yes": 6, "no": 2, "none": 1, "invited": 9},
        {"term_meeting": LAST, "term": "HT 2026", "state": "draft"},
    ]
    named = cast.shown(meetings, around_area(big, draft, row, named=many), big)[SCOPE_LEAD]["participants"]
    assert sum(one["answer"] == "no" for one in named) == shown[0]["no"]


def request(n: int, unit: str, *, late: bool = False, **more: Any) -> ContactRequestRow:
    answered = "2026-08-25T12:00:00.000Z" if late else "2026-08-20T12:00:00.000Z"
    given = {"answered_at": answered, "state": "answered", **more}
    return ContactRequestRow(
        id=cast.uuid(n), owner_unit=unit, asker=MARIA, account="x", reason="other", asked_at="2026-08-18T12:00:00.000Z",
        due_on="2026-08-20", due_at="2026-08-20T15:00:00.000Z", promise_days=2, remind_on="2026-08-19", **given,
    )  # fmt: skip


def offered(n: int, unit: str, state: str, starts_at: str = "2026-08-21T08:00:00.000Z") -> SlotRow:
    return SlotRow(
        id=cast.uuid(n), owner_unit=unit, consultant=SAMIR, starts_local="2026-08-21T10:00", starts_at=starts_at,
        minutes=30, mode="phone", topics=("sleep",), state=state,
    )  # fmt: skip


def counted(*named: Any) -> AreaFiguresRow:
    (row,) = cast.give(around_area(named=named), Count, SYSTEM, record=AREA).rows
    assert isinstance(row, AreaFiguresRow)
    return row


def test_promises_are_told_by_unit_where_nobody_can_be_found() -> None:
    kept = [request(400 + n, SCHOOL) for n in range(9)]
    late = [request(420 + n, SCHOOL, late=True) for n in range(6)]
    open_late = [request(440, SCHOOL, answered_at=None, state="open")]
    many = [request(450 + n, CLINIC) for n in range(7)] + [request(460 + n, CLINIC, late=True) for n in range(5)]
    row = counted(*kept, *late, *open_late, *many)
    assert row.since == "2026-08-15" and set(row.refers_to()) == {SCHOOL, CLINIC}
    assert {one["unit"]: (one.get("kept"), one.get("late"), one.get("total")) for one in row.promises} == {
        SCHOOL: (9, 7, 16), CLINIC: (7, 5, 12), "all": (16, 12, 28),
    }  # fmt: skip
    shown = cast.shown(figures, around_area(row), row)[SCOPE_LEAD]["promises"]
    assert {one.get("unit_name") for one in shown} == {"Lillåns skola", "Vårdcentralen", None}
    assert "unit_name" not in shown[-1]


def test_a_few_late_ones_are_not_told_nor_what_would_tell_them() -> None:
    """Ten of twelve kept: two late are few, and ten of twelve would tell them."""
    few = (request(430 + n, CLINIC) for n in range(3))
    row = counted(*(request(400 + n, SCHOOL, late=n < 2) for n in range(12)), *few)
    assert row.promises == ({"unit": SCHOOL, "kept": 10}, {"unit": "all", "kept": 10})
    assert row.promises_told[CLINIC] == (0, 0, 0, 0)


def test_what_is_new_is_told_when_there_are_five_of_it() -> None:
    """From one week to the next nothing changes by fewer than five, whoever compares what."""
    kept = [request(400 + n, SCHOOL) for n in range(13)]
    row = counted(*kept[:9])
    for known in (9, 10, 13):
        again = cast.give(around_area(row, named=kept[:known]), Count, SYSTEM, record=AREA).rows[0]
        assert isinstance(again, AreaFiguresRow)
        assert again.promises == ({"unit": SCHOOL, "kept": 9}, {"unit": "all", "kept": 9})
    more = [*kept, request(440, SCHOOL)]
    after = cast.give(around_area(row, named=more), Count, SYSTEM, record=AREA).rows[0]
    assert isinstance(after, AreaFiguresRow) and after.promises[0] == {"unit": SCHOOL, "kept": 14}
    fewer = cast.give(around_area(after, named=more[:3]), Count, SYSTEM, record=AREA).rows[0]
    assert isinstance(fewer, AreaFiguresRow) and fewer.promises == after.promises


def test_a_new_term_is_counted_from_nothing() -> None:
    row = counted(*(request(400 + n, SCHOOL) for n in range(9)))
    old = msgspec.structs.replace(row, since="2026-01-08", promises_told={SCHOOL: (50, 0, 50, 0)})
    again = cast.give(around_area(old, named=[request(400, SCHOOL)]), Count, SYSTEM, record=AREA).rows[0]
    assert isinstance(again, AreaFiguresRow) and again.promises_told[SCHOOL] == (0, 0, 0, 0)


def test_a_child_with_protected_identity_and_what_is_older_than_the_term_are_not_counted() -> None:
    hidden = msgspec.structs.replace(
        cast.CHILD_ROW, id=cast.uuid(499), protection=Protection(alias="K", set_by=MARIA, set_at="x", circle=())
    )
    mine = [request(400 + n, SCHOOL, child=hidden.id) for n in range(9)]
    old = [msgspec.structs.replace(one, child=None, asked_at="2026-08-03T12:00:00.000Z") for one in mine]
    assert not any("kept" in one or "total" in one for one in counted(hidden, *mine).promises)
    assert not any("kept" in one or "total" in one for one in counted(*old).promises)


def test_times_offered_and_used_are_counted_once_they_have_been() -> None:
    used = [offered(500 + n, CLINIC, "held" if n % 2 else "booked") for n in range(6)]
    unused = [offered(520 + n, CLINIC, "open") for n in range(5)]
    rest = [offered(540, CLINIC, "withdrawn"), offered(541, CLINIC, "open", "2026-09-20T08:00:00.000Z")]
    row = counted(*used, *unused, *rest)
    told = {"used": 6, "unused": 5, "total": 11}
    assert row.times == ({"unit": CLINIC, **told}, {"unit": "all", **told})
