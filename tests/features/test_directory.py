"""The directory: by function, with a deputy, confirmed twice a year, and never a dead entry without anybody knowing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain.access import may
from server.domain.actors import SYSTEM
from server.domain.instants import to_text
from server.features import belonging
from server.features.around import Around
from server.features.directory import features
from server.features.directory.commands import Confirm, Edit, Remove, Stale, Tally
from server.features.directory.rows import FreeDeputy, FunctionContactRow, TallyRow
from server.features.shape import Writes
from server.features.task import TaskRow
from tests.features import cast
from tests.features.cast import JOHAN, MARIA, REKTOR, SAMIR, SCHOOL
from tests.features.cast_area import (
    AS_ADMIN,
    AS_ELIN,
    AS_LEAD,
    AS_MARIA,
    AS_SAMIR,
    PEOPLE,
    SCOPE_AREA,
    SCOPE_LEAD,
    SCOPE_SCHOOL,
    around_school,
    told,
)
from tests.features.consenting import refused

CONTACT, TALLY = cast.uuid(83), cast.uuid(84)
ROW = FunctionContactRow(
    id=CONTACT, owner_unit=SCHOOL, unit=SCHOOL, function="counsellor", holder=MARIA, deputy_seat=JOHAN,
    hours="vardagar 8–10", offers="Samtal", how_to="Ring", municipality="Mariestad", badge="buse",
    confirmed_on="2026-03-01", confirmed_by="Maria Ekdahl",
)  # fmt: skip
TALLIED = TallyRow(id=TALLY, owner_unit=SCHOOL, unit=SCHOOL, contact=CONTACT, weeks={"2026-W35": 7, "2026-W36": 2})
FEATURE, TALLIES = features


def give(around: Around, command: Any, actor: Any = AS_MARIA, **args: Any) -> Writes:
    return cast.give(around, command, actor, **args)


def kept(writes: Writes) -> FunctionContactRow:
    row = writes.rows[0]
    assert isinstance(row, FunctionContactRow)
    return row


def test_the_area_sees_the_function_and_the_unit_also_the_seats_and_its_counts() -> None:
    area = {
        "id": CONTACT, "unit": SCHOOL, "unit_name": "Lillåns skola", "function": "counsellor",
        "confirmed_on": "2026-03-01", "check_after": "2026-08-28", "name": "Maria Ekdahl", "title": "Skolkurator",
        "phone": "+46701740621", "hours": "vardagar 8–10", "deputy": {"name": "Johan Lind", "title": "Skolsköterska"},
        "offers": "Samtal", "how_to": "Ring", "municipality": "Mariestad", "badge": "buse",
        "holder": MARIA,
    }  # fmt: skip
    unit = {
        "confirmed_by": "Maria Ekdahl", "deputy_seat": JOHAN,
        "tally": [{"week": "2026-W36", "count": 2}, {"week": "2026-W35", "count": 7}],
    }  # fmt: skip
    assert cast.shown(FEATURE, around_school(ROW, TALLIED), ROW) == {SCOPE_AREA: area, SCOPE_SCHOOL: area | unit}


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({}, None),
        ({"holder": None}, ["holder"]),
        ({"holder": None, "name": "Växeln"}, ["holder"]),
        ({"holder": None, "name": "Växeln", "phone": "+46313900600"}, None),
        ({"deputy_seat": None}, ["deputy"]),
        ({"deputy_seat": None, "deputy": FreeDeputy(name="Kim")}, None),
        ({"holder": None, "deputy_seat": None}, ["holder", "deputy"]),
    ],
)
def test_a_row_without_holder_or_deputy_says_so(change: dict[str, Any], gap: list[str] | None) -> None:
    row = msgspec.structs.replace(ROW, **change)
    assert cast.shown(FEATURE, around_school(row), row)[SCOPE_AREA].get("gap") == gap


def test_somebody_who_has_left_is_not_shown() -> None:
    gone = msgspec.structs.replace(PEOPLE[MARIA], ended_at="2026-08-01T08:00:00.000Z")
    shown = cast.shown(FEATURE, around_school(ROW, gone), ROW)[SCOPE_AREA]
    assert shown["gap"] == ["holder"] and "name" not in shown and "phone" not in shown


def test_a_stale_row_reminds_its_holder_else_the_leads_and_becomes_a_task() -> None:
    """Confirmed on 1 March, it counts through 28 August, a Friday: the morning of Monday the 31st."""
    due = "2026-08-31T07:00:00.000Z"
    said = [(one.kind, one.account, to_text(one.due_at)) for one in FEATURE.reminders(ROW, around_school(ROW))]
    assert said == [("act:directory.stale", "", due), ("directory_stale", cast.account(MARIA), due)]
    nobody = msgspec.structs.replace(ROW, holder=None)
    assert [one.account for one in FEATURE.reminders(nobody, around_school(nobody))] == ["", cast.account(REKTOR)]


def test_the_house_makes_one_task_of_a_stale_row_and_confirming_closes_it() -> None:
    around = around_school(ROW)
    writes = give(around, Stale, SYSTEM, record=CONTACT)
    (task,) = writes.rows
    assert isinstance(task, TaskRow)
    assert (task.kind, task.unit, task.by_on, task.about_doc) == ("directory", SCHOOL, "2026-09-15", CONTACT)
    assert told(writes) == [(REKTOR[-2:], "task_new")]
    after = cast.after(around, writes)
    assert give(after, Stale, SYSTEM, record=CONTACT) == Writes()
    confirmed = cast.after(after, give(after, Confirm, AS_ELIN, function_contact=CONTACT))
    row = confirmed.get(FunctionContactRow, CONTACT)
    assert (row.confirmed_on, row.confirmed_by) == ("2026-09-01", "Elin Berg")
    assert confirmed.get(TaskRow, task.id).state == "done"
    assert give(confirmed, Stale, SYSTEM, record=CONTACT) == Writes()


def test_an_edit_leaves_what_it_does_not_name_clears_null_and_confirms() -> None:
    writes = give(
        around_school(ROW), Edit, function_contact=CONTACT, hours=None, phone="0511-123 45", name_shown="Kuratorn",
        deputy={"name": "Kim", "phone": "0313900602"}, deputy_seat=None,
    )  # fmt: skip
    assert kept(writes) == msgspec.structs.replace(
        ROW, hours=None, phone="+4651112345", name="Kuratorn", deputy=FreeDeputy(name="Kim", phone="+46313900602"),
        deputy_seat=None, confirmed_on="2026-09-01",
    )  # fmt: skip
    assert writes.result == {"function_contact": CONTACT}


def test_a_new_row_belongs_to_the_unit() -> None:
    row = kept(give(around_school(), Edit, AS_LEAD, unit=SCHOOL, function="nurse", holder=JOHAN))
    assert (row.owner_unit, row.unit, row.function, row.holder) == (SCHOOL, SCHOOL, "nurse", JOHAN)
    assert (row.confirmed_on, row.confirmed_by) == ("2026-09-01", "Karin Vall")


@pytest.mark.parametrize(
    ("args", "fields"),
    [
        ({"function_contact": CONTACT, "holder": SAMIR}, {"holder": "not_allowed_value"}),
        ({"function_contact": CONTACT, "deputy_seat": SAMIR}, {"deputy_seat": "not_allowed_value"}),
        ({"function_contact": CONTACT, "deputy_seat": MARIA}, {"deputy_seat": "not_allowed_value"}),
        ({"function_contact": CONTACT, "function": None}, {"function": "required"}),
        ({"unit": SCHOOL}, {"function": "required"}),
    ],
)
def test_an_edit_refuses(args: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: give(around_school(ROW), Edit, **args), "invalid", fields)


def test_an_edit_names_a_row_or_a_unit_and_only_a_unit_has_a_directory() -> None:
    for args in ({}, {"unit": SCHOOL, "function_contact": CONTACT}):
        with pytest.raises(ValidationError):
            Edit.model_validate(args)
    refused(lambda: give(cast.around_child(), Edit, unit=SCHOOL, function="nurse"), "not_found")


@pytest.mark.parametrize(
    ("actor", "may_keep"),
    [(AS_ELIN, True), (AS_LEAD, True), (AS_ADMIN, True), (AS_SAMIR, False), (cast.AS_ANNA, False)],
)
def test_the_units_staff_the_areas_lead_and_the_organisations_admin_keep_it(actor: Any, may_keep: bool) -> None:
    for command in (Confirm, Edit, Remove):
        assert (may(actor, belonging.relations(around_school(ROW), actor), command.rule) is None) is may_keep


def test_removing_takes_its_counts_along_and_closes_its_task() -> None:
    around = around_school(ROW, TALLIED)
    around = cast.after(around, give(around, Stale, SYSTEM, record=CONTACT))
    writes = give(around, Remove, function_contact=CONTACT)
    assert writes.remove == (CONTACT, TALLY)
    assert [row.state for row in writes.rows if isinstance(row, TaskRow)] == ["done"]


def test_a_contact_is_counted_in_its_week_also_when_it_is_told_later() -> None:
    around = around_school(ROW)
    for on in (None, "2026-08-31", "2026-08-30"):
        around = cast.after(around, give(around, Tally, function_contact=CONTACT, **({"on": on} if on else {})))
    (row,) = around.all(TallyRow)
    assert row.weeks == {"2026-W35": 1, "2026-W36": 2}


def test_only_half_a_year_of_weeks_is_kept() -> None:
    now, around = datetime(2026, 1, 5, 9, tzinfo=UTC), around_school(ROW)
    for n in range(30):
        around = cast.at(around, now + timedelta(weeks=n))
        around = cast.after(around, give(around, Tally, function_contact=CONTACT))
    (row,) = around.all(TallyRow)
    assert (len(row.weeks), min(row.weeks), max(row.weeks)) == (26, "2026-W06", "2026-W31")


@pytest.mark.parametrize("on", ["2026-09-02", "2026-08-17"])
def test_a_day_too_far_away_is_refused(on: str) -> None:
    refused(
        lambda: give(around_school(ROW), Tally, function_contact=CONTACT, on=on), "invalid", {"on": "not_allowed_value"}
    )


def test_only_a_buse_counts() -> None:
    plain = msgspec.structs.replace(ROW, badge=None)
    refused(lambda: give(around_school(plain), Tally, function_contact=CONTACT), "conflict")


def test_those_who_lead_see_weeks_in_steps_of_five() -> None:
    row = msgspec.structs.replace(TALLIED, weeks={"2026-W34": 9, "2026-W35": 7, "2026-W36": 2})
    assert cast.shown(TALLIES, around_school(ROW, row), row) == {
        SCOPE_LEAD: {
            "id": CONTACT, "unit": SCHOOL, "unit_name": "Lillåns skola", "function": "counsellor", "total": 15,
            "weeks": [{"week": "2026-W36"}, {"week": "2026-W35", "count": 5}, {"week": "2026-W34", "count": 5}],
        }
    }  # fmt: skip
    assert cast.shown(TALLIES, around_school(row), row) == {}
