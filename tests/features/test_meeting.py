"""Meetings: who is asked, who sees whose answer, the clock of three weeks, and what is said before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain.access import Refusal, may
from server.domain.instants import wall_from_text
from server.features import belonging
from server.features.meeting import feature
from server.features.meeting.holding import DecisionDone, Hold, ToSip
from server.features.meeting.planning import Cancel, Invite, Move, Propose
from server.features.meeting.reminding import reminders
from server.features.meeting.rows import MeetingRow
from server.features.meeting.taking_part import AskNewTime, CheckIn, Respond
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_ELIN,
    AS_JOHAN,
    AS_LENA,
    AS_MARIA,
    AS_SAMIR,
    AS_STINA,
    BO,
    CHILD,
    CLINIC,
    ELIN,
    JOHAN,
    LENA,
    MARIA,
    SAMIR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
    STINA,
    account,
    around_child,
    give,
    shown,
)  # fmt: skip
from tests.features.meetings import STARTS, TIME, TOLD, do, meeting, planned, refusal

# --- proposing and inviting


def test_a_draft_is_seen_by_the_coordinator_alone() -> None:
    here = planned(invite=False)
    row = meeting(here)
    assert shown(feature, here, row) == {
        SCOPE_COORDINATOR: {
            "id": row.id, "child": CHILD, "kind": "network", "starts_local": TIME, "zone": "Europe/Stockholm",
            "starts_at": "2026-09-16T13:00:00.000Z", "ends_at": "2026-09-16T14:00:00.000Z", "minutes": 60,
            "sequence": 0, "state": "draft", "invited": [ANNA, ALVA], "staff": [MARIA, SAMIR],
            "people": [
                {"name": "Maria Ekdahl", "title": "Skolkurator", "unit": SCHOOL, "unit_name": "Lillåns skola",
                 "answer": "none", "leads": True},
                {"name": "Samir Haddad", "title": "Kurator", "unit": CLINIC, "unit_name": "Vårdcentralen",
                 "answer": "none"},
            ],
            "answers": [
                {"who": ANNA, "name": "Anna", "kind": "guardian", "answer": "none"},
                {"who": ALVA, "name": "Alva", "kind": "young_person", "answer": "none"},
                {"who": MARIA, "name": "Maria Ekdahl", "kind": "staff", "answer": "none"},
                {"who": SAMIR, "name": "Samir Haddad", "kind": "staff", "answer": "none"},
            ],
        }
    }  # fmt: skip
    assert list(reminders(row, here)) == []


def test_each_audience_of_an_invitation_sees_its_own() -> None:
    here = planned(
        title="Hur har Alva det?", place="Rum Eken", join_url="https://video.example/eken", phone_in="0501-39 06 00",
        agenda=[{"title": "Hej", "minutes": 5}], interpreter="so",
    )  # fmt: skip
    here = do(here, Respond, AS_ALVA, answer="digital")
    row = meeting(here)
    documents = shown(feature, here, row)
    assert set(documents) == {SCOPE_ANNA, SCOPE_ALVA, SCOPE_COORDINATOR, SCOPE_CLINIC}
    common = {
        "id": row.id, "child": CHILD, "kind": "network", "title": "Hur har Alva det?", "starts_local": TIME,
        "zone": "Europe/Stockholm", "starts_at": "2026-09-16T13:00:00.000Z", "ends_at": "2026-09-16T14:00:00.000Z",
        "minutes": 60, "place": "Rum Eken", "join_url": "https://video.example/eken", "phone_in": "+46501390600",
        "agenda": [{"title": "Hej", "minutes": 5}], "interpreter": "so", "invited_on": "2026-09-01",
        "due_on": "2026-09-22", "sequence": 0, "state": "invited",
        "people": [
            {"name": "Maria Ekdahl", "title": "Skolkurator", "unit": SCHOOL, "unit_name": "Lillåns skola",
             "answer": "yes", "leads": True},
            {"name": "Samir Haddad", "title": "Kurator", "unit": CLINIC, "unit_name": "Vårdcentralen",
             "answer": "none"},
        ],
    }  # fmt: skip
    answers = [
        {"who": ANNA, "name": "Anna", "kind": "guardian", "answer": "none"},
        {"who": ALVA, "name": "Alva", "kind": "young_person", "answer": "digital", "at": TOLD},
        {"who": MARIA, "name": "Maria Ekdahl", "kind": "staff", "answer": "yes", "at": TOLD},
        {"who": SAMIR, "name": "Samir Haddad", "kind": "staff", "answer": "none"},
    ]
    assert documents[SCOPE_ANNA] == {**common, "answer": "none"}
    assert documents[SCOPE_ALVA] == {
        **common, "answer": "digital", "also_invited": ["Anna"],
        "words_reach": {
            "coordinator": ["Maria Ekdahl", "Johan Lind"],
            "professionals": ["Maria Ekdahl", "Johan Lind", "Samir Haddad"],
            "everyone_invited": ["Maria Ekdahl", "Johan Lind", "Samir Haddad", "Anna"],
        },
    }  # fmt: skip
    assert documents[SCOPE_CLINIC] == {**common, "answers": answers}
    assert documents[SCOPE_COORDINATOR] == {
        **common, "answers": answers, "invited": [ANNA, ALVA], "staff": [MARIA, SAMIR], "limit_on": "2026-09-22",
        "invited_by": "Maria Ekdahl",
    }  # fmt: skip


def test_invitation_tells_everybody_but_the_sender() -> None:
    here = planned(invite=False)
    writes = give(here, Invite, AS_MARIA, meeting=meeting(here).id)
    assert {(one.account, one.kind, one.urgent) for one in writes.notices} == {
        (account(id), "meeting_invited", False) for id in (ANNA, ALVA, SAMIR)
    }
    assert writes.result == {"meeting": meeting(here).id, "due_on": "2026-09-22", "limit_on": "2026-09-22"}


def test_a_confirmed_meeting_does_not_tell_the_family_that_the_others_answered() -> None:
    here = do(planned(), Respond, AS_ANNA, answer="yes")
    here = do(here, Respond, AS_SAMIR, answer="phone")
    before = shown(feature, here, meeting(here))[SCOPE_ANNA]
    here = do(here, Respond, AS_ALVA, answer="no")
    assert meeting(here).state == "confirmed"
    documents = shown(feature, here, meeting(here))
    assert documents[SCOPE_ANNA] == before
    assert [documents[scope]["state"] for scope in (SCOPE_ALVA, SCOPE_CLINIC, SCOPE_COORDINATOR)] == [
        "invited", "confirmed", "confirmed"
    ]  # fmt: skip
    assert meeting(do(here, Respond, AS_ANNA, answer="no")).state == "invited"


def test_whoever_proposes_comes_unless_they_say_otherwise() -> None:
    here = around_child()
    writes = give(
        here, Propose, AS_JOHAN, child=CHILD, kind="young_talk", starts_local=TIME, invited=[ALVA], invite=True
    )
    (row,) = writes.rows
    assert isinstance(row, MeetingRow)
    assert (row.staff, {who: one.answer for who, one in row.answers.items()}) == ((JOHAN,), {JOHAN: "yes"})


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"starts_local": "2026-09-01T09:59"}, ("invalid", {"starts_local": "past"})),
        ({"invited": []}, ("invalid", {"invited": "required"})),
        ({"invited": [STINA]}, ("invalid", {"invited": "not_allowed_value"})),
        ({"invited": [MARIA]}, ("invalid", {"invited": "not_allowed_value"})),
        ({"staff": [ANNA]}, ("invalid", {"staff": "not_allowed_value"})),
        ({"staff": [MARIA, ELIN]}, ("consent_required", {"units": [SCHOOL]})),
        ({"staff": [MARIA, LENA]}, ("consent_required", {"units": [CLINIC]})),
    ],
)
def test_refusals_of_an_invitation(args: dict[str, Any], expected: tuple[str, Any]) -> None:
    assert refusal(lambda: planned(**args)) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"information_kinds": ("waiting",)},
        {"to_units": (SCHOOL,)},
        {"state": "withdrawn"},
        {"valid_until": "2026-08-31"},
        {"valid_from": "2026-09-02"},
    ],
)
def test_a_unit_without_a_live_consent_that_covers_meetings_is_not_invited(change: dict[str, Any]) -> None:
    here = around_child(msgspec.structs.replace(cast.CONSENT_ROW, **change))
    assert refusal(lambda: planned(here)) == ("consent_required", {"units": [CLINIC]})
    assert refusal(lambda: planned(here, invite=False)) == ("consent_required", {"units": [CLINIC]})


def test_a_draft_names_people_of_units_with_consent_before_they_have_a_seat() -> None:
    assert meeting(planned(around_child(without=(cast.POST,)), invite=False)).staff == (MARIA, SAMIR)


def test_a_colleague_of_the_childs_own_family_is_not_invited() -> None:
    here = around_child(msgspec.structs.replace(cast.STAFF[3], account=account(ANNA)))
    assert refusal(lambda: planned(here))[0] == "not_allowed"


def test_a_closed_child_gets_no_meetings() -> None:
    here = around_child(msgspec.structs.replace(cast.CHILD_ROW, state="closed"))
    assert refusal(lambda: planned(here))[0] == "conflict"


@pytest.mark.parametrize(
    "args",
    [
        {"starts_local": "2026-13-01T10:00"},
        {"starts_local": "2026-09-16 15:00"},
        {"minutes": 10},
        {"kind": "party"},
        {"join_url": "http://video.example/a"},
        {"join_url": "javascript:alert(1)"},
        {"title": "x" * 81},
        {"late_reason": "tired"},
        {"agenda": [{"title": "x", "secret": 1}]},
    ],
)
def test_a_meeting_of_another_shape_is_invalid(args: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Propose.model_validate({"child": CHILD, "kind": "network", "starts_local": TIME, **args})


def test_a_wall_time_that_the_clock_change_leaves_out_is_the_one_people_will_see() -> None:
    here = planned(starts_local="2027-03-28T02:30", staff=[MARIA])
    assert (meeting(here).starts_local, meeting(here).starts_at) == ("2027-03-28T03:30", "2027-03-28T01:30:00.000Z")


def test_who_may_do_what() -> None:
    here = planned()
    allowed = {
        rule: [one.account for one in
               (AS_MARIA, AS_JOHAN, AS_SAMIR, AS_LENA, AS_ELIN, AS_ANNA, AS_ALVA, AS_STINA)
               if may(one, belonging.relations(here, one), rule.rule) is None]
        for rule in (Propose, Invite, Move, Cancel, Hold, ToSip, DecisionDone, Respond, CheckIn, AskNewTime)
    }  # fmt: skip
    baton = [account(MARIA), account(JOHAN)]
    everybody = [*baton, account(SAMIR), account(ANNA), account(ALVA)]
    assert list(allowed.values()) == [baton] * 7 + [everybody] * 3
    by_code = replace(AS_MARIA, assurance=cast.Assurance.CODE)
    assert may(by_code, belonging.relations(here, by_code), Cancel.rule) == Refusal("assurance_required")


# --- the clock from the invitation


@pytest.mark.parametrize(
    ("invited_at", "kind", "starts_local", "due_on", "limit_on", "late"),
    [
        ("2026-11-23T09:00", "network", "2026-12-14T15:00", "2026-12-14", "2026-12-14", False),
        ("2026-11-23T09:00", "network", "2026-12-15T08:00", "2026-12-14", "2026-12-14", True),
        ("2026-12-03T09:00", "sip", "2026-12-28T15:00", "2026-12-24", "2026-12-28", False),
        ("2026-12-04T09:00", "sip", "2026-12-29T15:00", "2026-12-25", "2026-12-28", True),
        ("2026-09-01T09:00", "placement", "2026-09-07T15:00", "2026-09-06", "2026-09-07", False),
        ("2026-09-01T09:00", "placement", "2026-09-08T15:00", "2026-09-06", "2026-09-07", True),
    ],
)
def test_late_warns_and_never_blocks(
    invited_at: str, kind: str, starts_local: str, due_on: str, limit_on: str, late: bool
) -> None:
    consent = msgspec.structs.replace(cast.CONSENT_ROW, valid_until="2027-06-15")
    here = around_child(consent, now=wall_from_text(invited_at))
    writes = give(
        here, Propose, AS_MARIA, child=CHILD, kind=kind, starts_local=starts_local, invited=[ANNA], invite=True
    )
    (row,) = writes.rows
    assert isinstance(row, MeetingRow)
    assert (row.due_on, row.limit_on, row.late, row.late_reason) == (due_on, limit_on, late, None)
    assert writes.result == {
        "meeting": row.id,
        "due_on": due_on,
        "limit_on": limit_on,
        **({"late": True} if late else {}),
    }


def test_the_reason_is_given_afterwards_and_asks_nobody_again() -> None:
    here = planned(starts_local="2026-09-23T15:00")
    writes = give(here, Invite, AS_MARIA, meeting=meeting(here).id, late_reason="family_wish")
    assert writes.rows == (msgspec.structs.replace(meeting(here), late_reason="family_wish"),)
    assert writes.notices == ()
    late = [(one.kind, one.account, one.due_at) for one in reminders(meeting(here), here) if one.kind == "meeting_late"]
    assert late == [
        ("meeting_late", account(MARIA), datetime(2026, 9, 15, 6, 0, tzinfo=UTC)),
        ("meeting_late", account(MARIA), datetime(2026, 9, 23, 6, 0, tzinfo=UTC)),
    ]
    assert meeting(do(here, Move, AS_MARIA, starts_local=TIME, late_reason="other")).late_reason is None


# --- changing


def test_moving_asks_everybody_again() -> None:
    here = do(planned(), Respond, AS_ANNA, answer="yes")
    here = do(here, AskNewTime, AS_ALVA, text="Helst efter tre")
    writes = give(here, Move, AS_MARIA, meeting=meeting(here).id, starts_local="2026-09-17T15:30", place="Rum Asken")
    moved = meeting(cast.after(here, writes))
    assert (moved.starts_at, moved.place, moved.sequence, moved.state) == (
        "2026-09-17T13:30:00.000Z", "Rum Asken", 1, "invited"
    )  # fmt: skip
    assert ({who: one.answer for who, one in moved.answers.items()}, moved.new_time) == ({MARIA: "yes"}, {})
    assert {(one.account, one.kind, one.urgent) for one in writes.notices} == {
        (account(id), "meeting_moved", False) for id in (ANNA, ALVA, SAMIR)
    }


def test_another_place_keeps_the_answers() -> None:
    here = do(planned(), Respond, AS_ANNA, answer="yes")
    moved = meeting(do(here, Move, AS_MARIA, starts_local=TIME, place="Rum Asken"))
    assert (moved.place, moved.sequence, moved.answers) == ("Rum Asken", 1, meeting(here).answers)


def test_a_change_just_before_breaks_through_quiet_hours() -> None:
    here = planned()
    late_evening = STARTS - timedelta(hours=11)
    for command, args in ((Move, {"starts_local": "2026-09-17T15:00"}), (Cancel, {})):
        writes = give(here, command, AS_MARIA, late_evening, meeting=meeting(here).id, **args)
        assert {one.urgent for one in writes.notices} == {True}


def test_a_draft_is_moved_in_silence_and_thrown_away() -> None:
    here = planned(invite=False)
    writes = give(here, Move, AS_MARIA, meeting=meeting(here).id, starts_local="2026-09-18T15:00")
    assert (writes.notices, meeting(cast.after(here, writes)).sequence) == ((), 0)
    gone = give(here, Cancel, AS_MARIA, meeting=meeting(here).id)
    assert (gone.remove, gone.rows, gone.notices) == ((meeting(here).id,), (), ())


def test_cancelling_tells_everybody_and_keeps_the_reason() -> None:
    here = planned()
    writes = give(here, Cancel, AS_JOHAN, meeting=meeting(here).id, reason="illness")
    assert {(one.account, one.kind) for one in writes.notices} == {
        (account(id), "meeting_cancelled") for id in (ANNA, ALVA, MARIA, SAMIR)
    }
    here = cast.after(here, writes)
    document = shown(feature, here, meeting(here))[SCOPE_ANNA]
    assert (document["state"], document["cancelled_reason"], document["sequence"]) == ("cancelled", "illness", 1)
    assert list(reminders(meeting(here), here)) == []
    for command, args in ((Cancel, {}), (Move, {"starts_local": TIME}), (Invite, {}), (ToSip, {})):
        assert refusal(lambda command=command, args=args: do(here, command, AS_MARIA, **args))[0] == "conflict"
    assert refusal(lambda: do(here, Respond, AS_ANNA, answer="yes"))[0] == "conflict"


def test_who_is_taken_off_the_list_sees_it_no_more_and_is_told() -> None:
    here = do(planned(), Respond, AS_ALVA, answer="yes")
    writes = give(here, Invite, AS_MARIA, meeting=meeting(here).id, invited=[ANNA, BO])
    assert {(one.account, one.kind) for one in writes.notices} == {
        (account(BO), "meeting_invited"), (account(ALVA), "meeting_cancelled")
    }  # fmt: skip
    here = cast.after(here, writes)
    assert set(shown(feature, here, meeting(here))) == {SCOPE_ANNA, SCOPE_BO, SCOPE_COORDINATOR, SCOPE_CLINIC}
    assert set(meeting(here).answers) == {MARIA}
    assert SCOPE_BO not in shown(feature, planned(), meeting(planned()))


def test_a_withdrawn_consent_takes_the_unit_out() -> None:
    here = planned()
    row = meeting(here)
    ended = around_child(row, msgspec.structs.replace(cast.CONSENT_ROW, state="withdrawn"))
    documents = shown(feature, ended, row)
    assert set(documents) == {SCOPE_ANNA, SCOPE_ALVA, SCOPE_COORDINATOR}
    assert [one["name"] for one in documents[SCOPE_ANNA]["people"]] == ["Maria Ekdahl"]
    assert account(SAMIR) not in {one.account for one in reminders(row, ended)}


def test_the_family_and_the_coordinator_are_told_which_unit_a_withdrawal_left_out() -> None:
    here = planned()
    row = meeting(here)
    assert not any("left_out" in document for document in shown(feature, here, row).values())
    ended = around_child(row, msgspec.structs.replace(cast.CONSENT_ROW, state="withdrawn"))
    documents = shown(feature, ended, row)
    assert [documents[scope]["left_out"] for scope in (SCOPE_ANNA, SCOPE_ALVA, SCOPE_COORDINATOR)] == [
        ["Vårdcentralen"]
    ] * 3
    cancelled = msgspec.structs.replace(row, state="cancelled")
    assert "left_out" not in shown(feature, ended, cancelled)[SCOPE_ANNA]


def test_a_yes_to_the_time_before_a_move_is_no_yes_to_the_new_one() -> None:
    later = "2026-09-18T10:00"
    here = do(planned(), Move, AS_MARIA, starts_local=later)
    assert refusal(lambda: do(here, Respond, AS_ANNA, answer="yes", starts_local=TIME)) == ("conflict", None)
    assert meeting(do(here, Respond, AS_ANNA, answer="yes", starts_local=later)).answers[ANNA].answer == "yes"
    assert meeting(do(here, Respond, AS_ANNA, answer="no")).answers[ANNA].answer == "no", "as older apps send it"
