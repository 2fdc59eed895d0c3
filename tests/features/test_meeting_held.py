"""Meetings: taking part, what is said before, and what is kept afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.features.meeting import feature
from server.features.meeting.documents import CalendarEntry, calendar_entry
from server.features.meeting.holding import DecisionDone, Hold, ToSip
from server.features.meeting.planning import Cancel
from server.features.meeting.reminding import reminders
from server.features.meeting.taking_part import AskNewTime, CheckIn, Respond
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_BO,
    AS_JOHAN,
    AS_LENA,
    AS_MARIA,
    AS_SAMIR,
    BO,
    CHILD,
    CLINIC,
    MARIA,
    SAMIR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
    STINA,
    account,
    around_child,
    give,
    shown,
)  # fmt: skip
from tests.features.meetings import ENDS, STARTS, TOLD, do, meeting, planned, refusal

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
