"""Meetings: who is asked, who sees whose answer, the clock of three weeks, and what is said before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.domain.access import Refusal, may
from server.domain.instants import wall_from_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.meeting import feature
from server.features.meeting.documents import CalendarEntry, calendar_entry
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
    AS_BO,
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

TIME = "2026-09-16T15:00"
STARTS = datetime(2026, 9, 16, 13, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
TOLD = "2026-09-01T08:00:00.000Z"


def meeting(here: Around) -> MeetingRow:
    (row,) = here.all(MeetingRow)
    return row


def planned(around: Around | None = None, **args: Any) -> Around:
    """A network meeting that Anna, Alva, Maria and Samir are invited to."""
    here = around or around_child()
    wish = {
        "child": CHILD, "kind": "network", "starts_local": TIME, "invited": [ANNA, ALVA], "staff": [MARIA, SAMIR],
        "invite": True, **args,
    }  # fmt: skip
    return cast.after(here, give(here, Propose, AS_MARIA, **wish))


def do(here: Around, command: Any, actor: Any, now: datetime | None = None, /, **args: Any) -> Around:
    return cast.after(here, give(here, command, actor, now, meeting=meeting(here).id, **args))


def refusal(run: Callable[[], object]) -> tuple[str, Any]:
    with pytest.raises(Refused) as refused:
        run()
    return refused.value.code, refused.value.fields or refused.value.data


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
    assert meeting(planned(here, invite=False)).state == "draft"


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
               if may(one, circle.relations(here, one), rule.rule) is None]
        for rule in (Propose, Invite, Move, Cancel, Hold, ToSip, DecisionDone, Respond, CheckIn, AskNewTime)
    }  # fmt: skip
    baton = [account(MARIA), account(JOHAN)]
    everybody = [*baton, account(SAMIR), account(ANNA), account(ALVA)]
    assert list(allowed.values()) == [baton] * 7 + [everybody] * 3
    by_code = replace(AS_MARIA, assurance=cast.Assurance.CODE)
    assert may(by_code, circle.relations(here, by_code), Cancel.rule) == Refusal("assurance_required")


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


# --- taking part


def test_everybody_answers_for_themselves() -> None:
    here = do(planned(), Respond, AS_SAMIR, answer="substitute", substitute="Ines Holm")
    samir = {"name": "Ines Holm", "unit": CLINIC, "unit_name": "Vårdcentralen", "answer": "substitute",
             "substitute_for": "Samir Haddad"}  # fmt: skip
    assert shown(feature, here, meeting(here))[SCOPE_ANNA]["people"][1] == samir
    here = do(here, Respond, AS_SAMIR, answer="no")
    assert [one["name"] for one in shown(feature, here, meeting(here))[SCOPE_ANNA]["people"]] == ["Maria Ekdahl"]
    row = meeting(here)
    for stranger in (AS_BO, AS_JOHAN, AS_LENA):
        code, _ = refusal(lambda stranger=stranger: give(here, Respond, stranger, meeting=row.id, answer="yes"))
        assert code == "not_allowed"


def test_a_no_is_told_to_the_coordinator() -> None:
    here = planned()
    writes = give(here, Respond, AS_ANNA, meeting=meeting(here).id, answer="no")
    assert [(one.account, one.kind) for one in writes.notices] == [(account(MARIA), "meeting_declined")]
    assert give(here, Respond, AS_ANNA, meeting=meeting(here).id, answer="yes").notices == ()


@pytest.mark.parametrize(
    ("actor", "args", "fields"),
    [
        (AS_ANNA, {"answer": "substitute", "substitute": "Farmor"}, {"answer": "not_allowed_value"}),
        (AS_SAMIR, {"answer": "substitute"}, {"substitute": "required"}),
        (AS_SAMIR, {"answer": "yes", "substitute": "Ines"}, {"substitute": "not_allowed_value"}),
    ],
)
def test_only_professionals_send_a_substitute(actor: Any, args: dict[str, str], fields: dict[str, str]) -> None:
    assert refusal(lambda: do(planned(), Respond, actor, **args)) == ("invalid", fields)


def test_answers_are_taken_until_the_end() -> None:
    here = planned()
    assert do(here, Respond, AS_ANNA, ENDS - timedelta(seconds=1), answer="phone")
    assert refusal(lambda: do(here, Respond, AS_ANNA, ENDS, answer="phone"))[0] == "too_late"
    assert refusal(lambda: do(here, CheckIn, AS_ANNA, ENDS))[0] == "too_late"
    assert refusal(lambda: do(here, AskNewTime, AS_ANNA, STARTS))[0] == "too_late"
    assert refusal(lambda: do(planned(invite=False), Respond, AS_MARIA, answer="yes"))[0] == "conflict"


def test_checking_in() -> None:
    here = planned()
    assert refusal(lambda: do(here, CheckIn, AS_ANNA, STARTS - timedelta(minutes=61)))[0] == "conflict"
    here = do(here, CheckIn, AS_ANNA, STARTS - timedelta(minutes=5))
    again = do(here, CheckIn, AS_ANNA, STARTS)
    assert meeting(again).checked_in == {ANNA: "2026-09-16T12:55:00.000Z"}
    documents = shown(feature, again, meeting(again))
    assert (documents[SCOPE_ANNA]["checked_in"], "checked_in" in documents[SCOPE_ALVA]) == (True, False)


def test_another_time_is_asked_of_the_coordinator_alone() -> None:
    here = planned()
    writes = give(here, AskNewTime, AS_ANNA, meeting=meeting(here).id, text="Helst efter fyra")
    assert [(one.account, one.kind) for one in writes.notices] == [(account(MARIA), "meeting_new_time")]
    here = cast.after(here, writes)
    documents = shown(feature, here, meeting(here))
    assert documents[SCOPE_COORDINATOR]["new_time_asks"] == [
        {"who": ANNA, "name": "Anna", "text": "Helst efter fyra", "at": TOLD}
    ]
    assert documents[SCOPE_ANNA]["new_time_asked"] is True
    assert ["Helst" in str(documents[scope]) for scope in (SCOPE_ANNA, SCOPE_ALVA, SCOPE_CLINIC)] == [False] * 3


# --- what is said before


def test_reminders_of_those_invited() -> None:
    here = do(planned(), Respond, AS_ALVA, answer="no")
    here = do(here, Respond, AS_ANNA, answer="yes")
    said = [(one.account, one.kind, one.due_at) for one in reminders(meeting(here), here)]
    week, day, hour = (
        datetime(2026, 9, 9, 7, 0, tzinfo=UTC), datetime(2026, 9, 15, 7, 0, tzinfo=UTC), STARTS - timedelta(hours=1)
    )  # fmt: skip
    assert said == [
        *((account(ANNA), kind, due) for kind, due in
          (("meeting_week", week), ("meeting_day", day), ("meeting_hour", hour))),
        *((account(MARIA), kind, due) for kind, due in
          (("meeting_week", week), ("meeting_day", day), ("meeting_hour", hour))),
        *((account(SAMIR), kind, due) for kind, due in
          (("meeting_week", week), ("meeting_day", day), ("meeting_hour", hour))),
        (account(SAMIR), "meeting_answer", datetime(2026, 9, 8, 7, 0, tzinfo=UTC)),
    ]  # fmt: skip


# --- afterwards

HELD: dict[str, Any] = {
    "child_heard": "Alva var med på länk.", "follow_up_on": "2026-10-17", "main_responsible_unit": SCHOOL,
    "decisions": [
        {"what": "Ringer hem", "who_unit": CLINIC, "by_on": "2026-09-25"}, {"what": "Morgonrutin", "who": "family"},
    ],
}  # fmt: skip


def test_holding_says_how_the_child_was_heard_and_what_was_decided() -> None:
    here = planned()
    writes = give(here, Hold, AS_MARIA, ENDS, meeting=meeting(here).id, **HELD)
    assert {(one.account, one.kind) for one in writes.notices} == {(account(id), "meeting_held") for id in (ANNA, ALVA)}
    here = cast.after(cast.at(here, ENDS), writes)
    document = shown(feature, here, meeting(here))[SCOPE_ANNA]
    names = ("state", "held_at", "child_heard", "decisions", "follow_up_on", "main_responsible_unit",
             "main_responsible_name")  # fmt: skip
    assert {name: document[name] for name in names} == {
        "state": "held", "held_at": "2026-09-16T14:00:00.000Z", "child_heard": "Alva var med på länk.",
        "decisions": [
            {"what": "Ringer hem", "who_unit": CLINIC, "who_unit_name": "Vårdcentralen", "by_on": "2026-09-25",
             "done": False},
            {"what": "Morgonrutin", "who": "family", "done": False},
        ],
        "follow_up_on": "2026-10-17", "main_responsible_unit": SCHOOL, "main_responsible_name": "Lillåns skola",
    }  # fmt: skip
    # The follow-up falls on a Saturday: the coordinator hears on the Monday.
    assert [(one.kind, one.account, one.due_at) for one in reminders(meeting(here), here)] == [
        ("meeting_follow_up", account(MARIA), datetime(2026, 10, 19, 6, 0, tzinfo=UTC))
    ]
    done = do(here, DecisionDone, AS_MARIA, decision=1)
    assert [one.done for one in meeting(done).decisions] == [False, True]
    assert refusal(lambda: do(here, DecisionDone, AS_MARIA, decision=2))[1] == {"decision": "not_allowed_value"}
    assert refusal(lambda: do(here, Respond, AS_ANNA, answer="yes"))[0] == "too_late"
    assert refusal(lambda: do(here, Hold, AS_MARIA, **HELD))[0] == "conflict"
    # A consent that ends afterwards does not rewrite who was there.
    later = around_child(meeting(here), msgspec.structs.replace(cast.CONSENT_ROW, state="withdrawn"), now=ENDS)
    assert [one["name"] for one in shown(feature, later, meeting(here))[SCOPE_ANNA]["people"]] == [
        "Maria Ekdahl", "Samir Haddad"
    ]  # fmt: skip


@pytest.mark.parametrize("heard", [None, "", "  "])
def test_a_meeting_is_not_held_without_the_child(heard: str | None) -> None:
    args = {"meeting": cast.uuid(99), **({} if heard is None else {"child_heard": heard})}
    with pytest.raises(ValidationError):
        Hold.model_validate(args)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"follow_up_on": "2026-09-15"}, ("invalid", {"follow_up_on": "past"})),
        ({"main_responsible_unit": CHILD}, ("invalid", {"main_responsible_unit": "not_allowed_value"})),
        (
            {"decisions": [{"what": "x", "by_on": "2026-09-01", "who_unit": SCHOOL}]},
            ("invalid", {"decisions.0.by_on": "past"}),
        ),
        (
            {"decisions": [{"what": "x", "who_unit": CHILD}]},
            ("invalid", {"decisions.0.who_unit": "not_allowed_value"}),
        ),
    ],
)
def test_refusals_of_holding(args: dict[str, Any], expected: tuple[str, Any]) -> None:
    assert refusal(lambda: do(planned(), Hold, AS_MARIA, ENDS, **{**HELD, **args})) == expected


def test_a_meeting_is_not_held_before_it_starts_or_as_a_draft() -> None:
    assert refusal(lambda: do(planned(), Hold, AS_MARIA, STARTS - timedelta(seconds=1), **HELD))[0] == "conflict"
    assert refusal(lambda: do(planned(invite=False), Hold, AS_MARIA, ENDS, **HELD))[0] == "conflict"


def test_a_network_meeting_becomes_a_sip_and_nothing_is_retyped() -> None:
    here = planned()
    assert meeting(do(here, ToSip, AS_MARIA)) == msgspec.structs.replace(meeting(here), kind="sip")
    held = do(here, Hold, AS_MARIA, ENDS, **HELD)
    sip = do(held, ToSip, AS_MARIA, ENDS)
    assert meeting(sip) == msgspec.structs.replace(meeting(held), kind="sip")
    assert refusal(lambda: do(sip, ToSip, AS_MARIA, ENDS))[0] == "conflict"


def test_a_sip_of_a_held_meeting_names_what_a_plan_still_needs() -> None:
    held = do(planned(), Hold, AS_MARIA, ENDS, child_heard="Ja")
    assert refusal(lambda: do(held, ToSip, AS_MARIA, ENDS)) == (
        "invalid", dict.fromkeys(("decisions", "follow_up_on", "main_responsible_unit"), "required")
    )  # fmt: skip
    held = do(planned(), Hold, AS_MARIA, ENDS, child_heard="Ja", decisions=HELD["decisions"])
    sip = meeting(do(held, ToSip, AS_MARIA, ENDS, follow_up_on="2026-10-01", main_responsible_unit=SCHOOL))
    assert (sip.kind, sip.follow_up_on, sip.main_responsible_unit) == ("sip", "2026-10-01", SCHOOL)


# --- where it is shown


def test_a_coming_meeting_follows_the_baton_and_a_held_one_stays() -> None:
    row = meeting(planned())
    moved = msgspec.structs.replace(cast.COORDINATOR_ROW, owner_unit=CLINIC, seat=SAMIR, deputy=None)
    new = scopes.coordinator(CHILD, CLINIC)
    assert new in shown(feature, around_child(row, moved), row)
    held = msgspec.structs.replace(row, state="held")
    assert new not in shown(feature, around_child(held, moved), held)


def test_guardians_see_nothing_from_the_18th_birthday() -> None:
    row = msgspec.structs.replace(meeting(planned()), state="held")
    of_age = around_child(row, now=datetime.combine(date(2029, 3, 5), datetime.min.time(), tzinfo=UTC))
    assert set(shown(feature, of_age, row)) == {SCOPE_ALVA, SCOPE_COORDINATOR}


def test_the_calendar_holds_only_ones_own_time() -> None:
    here = planned(title="Hur har Alva det?", place="Rum Eken")
    row = meeting(here)
    own = CalendarEntry(row.id, datetime(2026, 9, 16, 15, 0), 60, 0, cancelled=False)
    found = {id: calendar_entry(row, here, account(id)) for id in (ANNA, ALVA, BO, STINA, MARIA, SAMIR)}
    assert found == {ANNA: own, ALVA: own, BO: None, STINA: None, MARIA: None, SAMIR: None}
    cancelled = do(here, Cancel, AS_MARIA)
    entry = calendar_entry(meeting(cancelled), cancelled, account(ANNA))
    assert entry == CalendarEntry(row.id, datetime(2026, 9, 16, 15, 0), 60, 1, cancelled=True)
    assert calendar_entry(meeting(planned(invite=False)), here, account(ANNA)) is None
    assert calendar_entry(row, around_child(cast.protected(), row), account(ANNA)) is None
