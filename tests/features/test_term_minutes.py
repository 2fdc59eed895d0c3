"""Minutes of a term meeting: what was promised becomes tasks, and is asked after the next time."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.domain.instants import to_text
from server.features.task import Done, Reopen, TaskRow
from server.features.term_meeting import feature
from server.features.term_meeting.minutes import Minutes
from server.features.term_meeting.rows import ActionPoint, TermMeetingRow
from tests.features import cast
from tests.features.cast import AREA, MARIA, REKTOR, SAMIR, SCHOOL
from tests.features.cast_area import AS_LEAD, SCOPE_AREA, around_area, told
from tests.features.cast_term import LAST, ROW, STARTS, TASK, TERM, first, give
from tests.features.consenting import refused


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


def test_what_another_lead_has_written_meanwhile_is_not_written_over_unseen() -> None:
    def say(row: TermMeetingRow, text: str, **more: Any) -> TermMeetingRow:
        return first(give(Minutes, AS_LEAD, row, now=ROW.ends, term_meeting=TERM, minutes_text=text, **more))

    mine = say(ROW, "Vi sågs.", over="nothing")
    assert mine.minutes_at == to_text(ROW.ends)
    theirs = msgspec.structs.replace(mine, minutes_by=cast.uuid(98), minutes_text="Vi sågs allihop.")
    for over in ("nothing", STARTS):
        refused(lambda over=over: say(theirs, "Rättat.", over=over), "conflict")
    assert say(theirs, "Rättat.", over=to_text(ROW.ends)).minutes_text == "Rättat."
    # One's own from another device is no news; a client of before does not say what it has seen.
    assert say(mine, "Rättat.", over="nothing").minutes_text == say(theirs, "Rättat.").minutes_text == "Rättat."
    # Minutes that were written before this was kept.
    old = msgspec.structs.replace(mine, minutes_at=None, minutes_by=None)
    refused(lambda: say(old, "Rättat.", over="nothing"), "conflict")
    assert say(old, "Rättat.", over=str(old.held_at)).minutes_text == "Rättat."


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


def test_each_network_has_its_own_last_time() -> None:
    held = msgspec.structs.replace(
        ROW, id=LAST, state="held", network="buse", starts_at="2026-09-03T12:00:00.000Z",
        action_points=(ActionPoint(task=TASK, what="Ring"),),
    )  # fmt: skip
    buse = msgspec.structs.replace(ROW, network="buse")
    assert "promised_last_time" not in cast.shown(feature, around_area(ROW, held), ROW)[SCOPE_AREA]
    assert cast.shown(feature, around_area(buse, held), buse)[SCOPE_AREA]["promised_last_time"][0]["what"] == "Ring"
