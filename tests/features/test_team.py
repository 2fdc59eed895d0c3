"""A team: formed of the area's people, and what is raised to it, named under a whole yes or about nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import SYSTEM, Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features import load
from server.features.around import Around
from server.features.publish import publish
from server.features.rows import ConsentRow
from server.features.shape import Command, Writes
from server.features.team import features
from server.features.team.documents import grants
from server.features.team.forming import Change, Form, Roll
from server.features.team.raising import Raise, Withdraw
from server.features.team.rows import TeamCaseRow, TeamRow, covering, reminders
from server.features.team.scheduling import Schedule
from tests.features import cast
from tests.features.cast import AREA, CHILD, CLINIC, ELIN, MARIA, NOW, SAMIR, SCHOOL
from tests.features.cast_area import AS_ELIN, AS_LEAD, AS_MARIA, AS_SAMIR, PEOPLE, SCOPE_AREA, around_area, told
from tests.features.cast_team import (
    CASE,
    CASE_ROW,
    NAMED_CASE,
    NAMED_ROW,
    SCOPE_TEAM,
    SCOPE_YES,
    SESSIONS,
    TEAM,
    TEAM_ROW,
    YES,
    YES_ROW,
    around_team,
    child_and_team,
)
from tests.features.consenting import refused

TEAMS, CASES = features
FORMED: dict[str, Any] = {
    "called": "SAMBU-team Mariestad", "members": [MARIA], "leaders": [SAMIR], "first_on": "2026-09-08", "at": "13:00",
}  # fmt: skip
NAMELESS: dict[str, Any] = {
    "team": TEAM, "basis": "without_name", "question": CASE_ROW.question, "wanted": "who_helps", "age_band": "10-12",
}  # fmt: skip
NAMED: dict[str, Any] = {
    "team": TEAM, "basis": "consent", "child": CHILD, "question": NAMED_ROW.question, "wanted": "joint_plan",
}  # fmt: skip


def consent(**changed: Any) -> ConsentRow:
    return msgspec.structs.replace(YES_ROW, **changed)


# --- the team


def test_a_team_is_formed_of_the_areas_people_and_takes_their_units() -> None:
    writes = cast.give(around_area(), Form, AS_LEAD, **FORMED)
    (row,) = writes.rows
    assert isinstance(row, TeamRow) and writes.result == {"team": row.id}
    assert (row.units, row.members, row.leaders, row.owner_unit) == ((CLINIC, SCHOOL), (SAMIR, MARIA), (SAMIR,), CLINIC)
    assert len(row.sessions) == 12 and row.sessions[:2] == SESSIONS
    assert Form.model_validate(FORMED).needs() == (MARIA, SAMIR)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"members": [cast.uuid(99)]}, {"members": "not_allowed_value"}),
        ({"first_on": "2026-09-12"}, {"first_on": "not_allowed_value"}),
    ],
)
def test_a_team_of_strangers_or_of_saturdays_is_not_formed(changed: dict[str, Any], fields: dict[str, str]) -> None:
    refused(lambda: cast.give(around_area(), Form, AS_LEAD, **{**FORMED, **changed}), "invalid", fields)


def test_somebody_who_has_left_or_works_in_another_area_is_not_in_it() -> None:
    left = msgspec.structs.replace(PEOPLE[MARIA], ended_at="2026-08-01T08:00:00.000Z")
    moved = msgspec.structs.replace(cast.SCHOOL_ROW, area=cast.uuid(98))
    for row in (left, moved):
        around = around_area(named=(row,))
        refused(
            lambda here=around: cast.give(here, Form, AS_LEAD, **FORMED), "invalid", {"members": "not_allowed_value"}
        )


def test_everybody_in_the_area_sees_the_team_and_its_members_hold_its_room() -> None:
    around = around_team()
    (shown,) = cast.shown(TEAMS, around, TEAM_ROW).items()
    assert shown[0] == SCOPE_AREA
    document = shown[1]
    assert document["units"] == [CLINIC, SCHOOL] and document["leaders"] == [SAMIR] and document["weekday"] == 2
    assert [one["person"] for one in document["members"]] == [SAMIR, MARIA]
    assert sorted(grants(around)) == sorted([(SAMIR, SCOPE_TEAM, None), (MARIA, SCOPE_TEAM, None)])
    left = msgspec.structs.replace(PEOPLE[MARIA], ended_at="2026-08-01T08:00:00.000Z")
    gone = replace(around, named={**around.named, MARIA: left, SAMIR: TEAM_ROW})
    assert list(grants(gone)) == []
    assert [one["person"] for one in cast.shown(TEAMS, gone, TEAM_ROW)[SCOPE_AREA]["members"]] == [MARIA]


def test_those_who_lead_it_change_it_and_others_do_not() -> None:
    writes = cast.give(around_team(), Change, AS_SAMIR, team=TEAM, called="Nytt", members=[SAMIR], place="Rum 2")
    (row,) = writes.rows
    assert isinstance(row, TeamRow)
    assert (row.name, row.members, row.units, row.place, row.at) == ("Nytt", (SAMIR,), (CLINIC,), "Rum 2", "13:00")
    changed = cast.give(around_team(), Change, AS_LEAD, team=TEAM, leaders=[MARIA], at="09:00")
    assert isinstance(changed.rows[0], TeamRow) and changed.rows[0].leaders == (MARIA,)
    assert changed.rows[0].sessions[0] == "2026-09-08T09:00"
    refused(lambda: cast.give(around_team(), Change, AS_MARIA, team=TEAM, called="Nytt"), "not_allowed")
    assert Change.model_validate({"team": TEAM}).needs() == ()


def test_the_house_looks_ahead_when_a_session_is_over() -> None:
    (deed,) = reminders(TEAM_ROW, around_team())
    assert (deed.kind, deed.account, deed.due_at) == ("act:team.sessions", "", datetime(2026, 9, 8, 12, tzinfo=UTC))
    later = around_team(now=deed.due_at)
    (row,) = cast.give(later, Roll, SYSTEM, record=TEAM).rows
    assert isinstance(row, TeamRow) and row.sessions[0] == SESSIONS[1] and len(row.sessions) == 12
    assert list(reminders(msgspec.structs.replace(TEAM_ROW, sessions=()), later)) == []


# --- raised without a name


def test_without_a_name_nothing_leads_to_a_child() -> None:
    writes = cast.give(around_team(), Raise, AS_ELIN, **NAMELESS)
    (row,) = writes.rows
    assert isinstance(row, TeamCaseRow) and writes.result == {"team_case": row.id}
    assert row == msgspec.structs.replace(CASE_ROW, id=row.id, raised_at=to_text(NOW))
    assert (row.child, row.consent, row.units) == (None, None, ())
    assert told(writes) == [(SAMIR[-2:], "team_raised")]
    assert {one.doc for one in writes.notices} == {row.id}


def test_its_leader_is_not_told_of_their_own_question() -> None:
    assert told(cast.give(around_team(), Raise, AS_SAMIR, **NAMELESS)) == []


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"child": CHILD}, {"child": "not_allowed_value"}),
        ({"consent": YES}, {"consent": "not_allowed_value"}),
        ({"age_band": None}, {"age_band": "required"}),
        ({"basis": "consent"}, {"child": "required"}),
    ],
)
def test_a_question_without_a_name_takes_no_child_and_one_with_a_name_needs_one(
    changed: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(ValueError) as caught:
        Raise.model_validate({**NAMELESS, **changed})
    assert caught.value.errors()[0]["ctx"]["fields"] == fields  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "question", ["Eleven i 7B sover inte", "Kan Lova Ek sova?", "Ring 070-174 06 05", "Eleven 811218-9876"]
)
def test_identifying_words_are_refused_with_places_and_without_the_words(question: str) -> None:
    with pytest.raises(Refused) as caught:
        cast.give(around_team(), Raise, AS_ELIN, **{**NAMELESS, "question": question})
    assert caught.value.code == "identifying_text" and caught.value.data
    (suspect,) = caught.value.data["suspects"]
    assert suspect["field"] == "question" and 0 <= suspect["start"] < suspect["end"] <= len(question)
    assert question not in str(caught.value.data)


def test_ones_own_name_may_stand_and_a_word_that_names_nobody_is_confirmed() -> None:
    nameless = replace(AS_ELIN, name="")
    assert cast.give(around_team(), Raise, nameless, **NAMELESS).rows
    lova = {**NAMELESS, "question": "Kan vi prata med Lova?"}
    assert cast.give(around_team(), Raise, AS_ELIN, **lova, confirmed=["Lova"]).rows


def test_the_same_words_twice_are_one_question() -> None:
    refused(lambda: cast.give(around_team(CASE_ROW), Raise, AS_ELIN, **NAMELESS), "conflict")
    taken_up = msgspec.structs.replace(CASE_ROW, state="scheduled")
    assert cast.give(around_team(taken_up), Raise, AS_ELIN, **NAMELESS).rows


def test_without_a_name_the_team_sees_it_whole_and_the_raiser_their_own() -> None:
    shown = cast.shown(CASES, around_team(CASE_ROW), CASE_ROW)
    assert shown.keys() == {SCOPE_TEAM, scopes.user(cast.account(ELIN))}
    whole = shown[SCOPE_TEAM]
    assert whole["question"] == CASE_ROW.question and whole["raised_by"]["name"] == "Elin Berg"
    assert not {"child", "consent", "mine", "withdrawable"} & whole.keys()
    assert shown[scopes.user(cast.account(ELIN))] == {**whole, "mine": True, "withdrawable": True}
    strangers = replace(around_team(CASE_ROW), named={})
    assert "raised_by" not in cast.shown(CASES, strangers, CASE_ROW)[SCOPE_TEAM]


# --- raised with a name


def test_a_child_is_raised_under_a_yes_that_names_the_whole_team() -> None:
    writes = cast.give(child_and_team(YES_ROW), Raise, AS_MARIA, **NAMED)
    (row,) = writes.rows
    assert isinstance(row, TeamCaseRow)
    assert row == msgspec.structs.replace(NAMED_ROW, id=row.id, raised_at=to_text(NOW))
    assert told(writes) == [(SAMIR[-2:], "team_raised")]
    by_consent = {"team": TEAM, "basis": "consent", "consent": YES, "question": NAMED_ROW.question}
    assert cast.give(child_and_team(YES_ROW), Raise, AS_MARIA, **by_consent).rows
    assert [one.entity for one in Raise.model_validate(by_consent).targets(AS_MARIA)] == ["consent", "team"]
    assert [one.entity for one in Raise.model_validate(NAMED).targets(AS_MARIA)] == ["child", "team"]
    refused(lambda: cast.give(child_and_team(YES_ROW, NAMED_ROW), Raise, AS_MARIA, **NAMED), "conflict")


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "coordination"},
        {"to_units": (cast.uuid(97),)},
        {"state": "withdrawn"},
        {"without_name": True},
        {"valid_until": "2026-08-31"},
        {"excludes": ("team",)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_without_a_whole_and_live_yes_a_child_is_not_raised(changed: dict[str, Any]) -> None:
    refused(lambda: cast.give(child_and_team(consent(**changed)), Raise, AS_MARIA, **NAMED), "consent_required")


def test_every_unit_but_the_childs_own_has_to_be_named() -> None:
    third = child_and_team(YES_ROW, units=(CLINIC, SCHOOL, cast.uuid(97)))
    refused(lambda: cast.give(third, Raise, AS_MARIA, **NAMED), "consent_required")
    named_other = {**NAMED, "consent": cast.CONSENT}
    refused(lambda: cast.give(child_and_team(YES_ROW), Raise, AS_MARIA, **named_other), "consent_required")


def test_of_two_the_yes_that_lasts_longest_is_taken() -> None:
    longer = consent(id=cast.uuid(64), valid_until="2027-06-15")
    found = covering(TEAM_ROW, cast.around_child(YES_ROW, longer))
    assert found is not None and found.id == longer.id
    assert covering(TEAM_ROW, cast.around_child(longer, YES_ROW), YES) == YES_ROW


def test_a_closed_or_protected_child_is_not_raised() -> None:
    closed = msgspec.structs.replace(cast.CHILD_ROW, state="closed")
    for child in (closed, cast.protected()):
        around = child_and_team(YES_ROW, child)
        refused(lambda here=around: cast.give(here, Raise, AS_MARIA, **NAMED), "conflict")


def test_with_a_name_the_team_sees_a_stub_and_only_the_consents_rooms_the_whole() -> None:
    around = cast.around_child(YES_ROW, NAMED_ROW)
    shown = cast.shown(CASES, around, NAMED_ROW)
    assert shown.keys() == {SCOPE_TEAM, SCOPE_YES, cast.SCOPE_COORDINATOR}
    assert shown[SCOPE_TEAM] == {
        "id": NAMED_CASE, "team": TEAM, "basis": "consent", "state": "raised", "raised_at": NAMED_ROW.raised_at,
        "area": AREA, "raised_by": {"name": "Maria Ekdahl", "title": "Skolkurator", "phone": "+46701740621"},
    }  # fmt: skip
    assert shown[SCOPE_YES]["child"] == CHILD and shown[SCOPE_YES]["question"] == NAMED_ROW.question
    assert "withdrawable" not in shown[SCOPE_YES]
    assert shown[cast.SCOPE_COORDINATOR] == {**shown[SCOPE_YES], "withdrawable": True}


def test_when_the_yes_ends_the_team_sees_nothing_more_and_the_coordinator_why() -> None:
    around = cast.around_child(consent(state="withdrawn"), NAMED_ROW)
    shown = cast.shown(CASES, around, NAMED_ROW)
    assert shown.keys() == {cast.SCOPE_COORDINATOR}
    assert shown[cast.SCOPE_COORDINATOR]["consent_over"] is True


def test_of_a_protected_child_no_stub_is_left_in_the_teams_room() -> None:
    around = cast.around_child(YES_ROW, NAMED_ROW, cast.protected())
    rooms = {scope for scope, entity, _ in publish(load(), around).docs if entity == "team_case"}
    assert rooms == {cast.SCOPE_COORDINATOR}


# --- taken back, and taken up


def withdraw(around: Around, id: str, actor: Actor) -> Writes:
    return cast.give(around, Withdraw, actor, team_case=id)


def test_what_was_raised_is_taken_back_and_erased_until_it_is_scheduled() -> None:
    assert withdraw(around_team(CASE_ROW), CASE, AS_ELIN).remove == (CASE,)
    refused(lambda: withdraw(around_team(CASE_ROW), CASE, AS_MARIA), "not_allowed")
    assert withdraw(cast.around_child(YES_ROW, NAMED_ROW), NAMED_CASE, cast.AS_JOHAN).remove == (NAMED_CASE,)
    taken_up = msgspec.structs.replace(CASE_ROW, state="scheduled")
    refused(lambda: withdraw(around_team(taken_up), CASE, AS_ELIN), "too_late")


def schedule(around: Around, id: str = CASE, actor: Actor = AS_SAMIR, **more: Any) -> Writes:
    return cast.give(around, Schedule, actor, team=TEAM, team_case=id, **more)


def test_its_leader_takes_it_up_at_the_next_session_and_the_raiser_is_told() -> None:
    writes = schedule(around_team(CASE_ROW))
    assert writes.rows == (msgspec.structs.replace(CASE_ROW, state="scheduled", session=SESSIONS[0]),)
    assert told(writes) == [(ELIN[-2:], "team_scheduled")]
    moved = schedule(around_team(writes.rows[0]), session=SESSIONS[1])
    assert isinstance(moved.rows[0], TeamCaseRow) and moved.rows[0].session == SESSIONS[1]
    own = msgspec.structs.replace(CASE_ROW, account=cast.account(SAMIR))
    assert told(schedule(around_team(own))) == []


def test_only_its_leader_and_only_onto_a_session_to_come() -> None:
    refused(lambda: schedule(around_team(CASE_ROW), actor=AS_MARIA), "not_allowed")
    field = {"session": "not_allowed_value"}
    refused(lambda: schedule(around_team(CASE_ROW), session="2026-09-09T13:00"), "invalid", field)
    over = around_team(CASE_ROW, now=datetime(2026, 9, 8, 12, tzinfo=UTC))
    refused(lambda: schedule(over, session=SESSIONS[0]), "invalid", field)
    refused(lambda: schedule(replace(over, now=NOW + timedelta(weeks=9))), "invalid", field)
    other = msgspec.structs.replace(CASE_ROW, team=cast.uuid(96))
    refused(lambda: schedule(around_team(other)), "not_allowed")
    refused(lambda: schedule(around_team(msgspec.structs.replace(CASE_ROW, state="closed"))), "conflict")


def test_a_child_is_taken_up_only_while_the_yes_holds() -> None:
    def beside(yes: ConsentRow) -> Around:
        return replace(around_team(), others={CHILD: cast.around_child(yes, NAMED_ROW)})

    writes = schedule(beside(YES_ROW), NAMED_CASE)
    assert writes.rows == (msgspec.structs.replace(NAMED_ROW, state="scheduled", session=SESSIONS[0]),)
    refused(lambda: schedule(beside(consent(state="withdrawn")), NAMED_CASE), "consent_required")


def test_what_each_command_acts_on_and_names() -> None:
    ids: dict[type[Command], tuple[Actor, dict[str, Any], list[str]]] = {
        Form: (AS_LEAD, FORMED, [AREA]),
        Change: (AS_LEAD, {"team": TEAM}, [TEAM]),
        Roll: (SYSTEM, {"record": TEAM}, [TEAM]),
        Raise: (AS_ELIN, NAMELESS, [TEAM]),
        Withdraw: (AS_ELIN, {"team_case": CASE}, [CASE]),
        Schedule: (AS_SAMIR, {"team": TEAM, "team_case": CASE}, [TEAM, CASE]),
    }
    for command, (actor, args, wanted) in ids.items():
        assert [one.id for one in command.model_validate(args).targets(actor)] == wanted, command.name
    assert set(TEAM_ROW.refers_to()) == {CLINIC, SAMIR, MARIA} and set(CASE_ROW.refers_to()) == {CLINIC, ELIN}
