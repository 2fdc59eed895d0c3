"""Drafts of term meetings: proposed when a term begins or when asked for, seen by those who lead, gone unplanned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from server.domain.actors import SYSTEM
from server.domain.instants import from_text
from server.features import area as areas
from server.features.person import AreaRow, OwnTerm
from server.features.task import TaskRow
from server.features.term_meeting import feature
from server.features.term_meeting.planning import Cancel
from server.features.term_meeting.rows import TermMeetingRow
from server.features.term_meeting.terms import Begin, Dates, Propose
from tests.features import cast
from tests.features.cast import AREA, AREA_ROW
from tests.features.cast_area import AS_LEAD, SCOPE_AREA, SCOPE_LEAD, around_area, told
from tests.features.cast_term import ROW, first, give, with_buse
from tests.features.consenting import refused


def test_a_draft_is_seen_by_those_who_lead() -> None:
    draft = msgspec.structs.replace(ROW, state="draft", planned_on=None, told_at=None, proposals=("2026-11-03T13:00",))
    shown = cast.shown(feature, around_area(draft), draft)
    assert set(shown) == {SCOPE_LEAD} and shown[SCOPE_LEAD]["proposals"] == ["2026-11-03T13:00"]
    assert list(feature.reminders(draft, around_area(draft))) == []


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


def test_a_draft_that_nobody_planned_goes_away_when_the_next_term_begins() -> None:
    begun = cast.give(around_area(), Begin, SYSTEM, record=AREA)
    draft = next(row for row in begun.rows if isinstance(row, TermMeetingRow))
    after = replace(cast.after(around_area(), begun), now=from_text("2027-01-08T08:00:00.000Z"))
    writes = cast.give(after, Begin, SYSTEM, record=AREA)
    assert writes.remove == (draft.id,)
    assert [row.state for row in writes.rows if isinstance(row, TaskRow)] == ["done", "open"]


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
