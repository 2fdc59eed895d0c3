"""Contact requests: the promise and its clock, who sees what, and what happens when it is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.domain.access import Refusal, may
from server.errors import Refused
from server.features import belonging
from server.features.contact_request import feature
from server.features.contact_request.answering import Answer, Escalate
from server.features.contact_request.asking import Request, Withdraw
from server.features.contact_request.rows import ContactRequestRow, reminders
from server.features.shape import Notice, Reminder
from tests.features import cast
from tests.features.cast import (
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_BO,
    AS_JOHAN,
    AS_LENA,
    AS_MARIA,
    AS_SAMIR,
    AS_STINA,
    CHILD,
    CLINIC,
    JOHAN,
    LENA,
    MARIA,
    NOW,
    REKTOR,
    SAMIR,
    SCOPE_ANNA,
    SCOPE_COORDINATOR,
    account,
    around_child,
    around_clinic,
    give,
    shown,
)  # fmt: skip
from tests.features.contacts import ASKED, DUE, asked, code

# --- asking


def test_request_of_a_guardian_is_seen_by_them_and_the_coordinator_alone() -> None:
    here, row = asked()
    own = {
        "id": row.id, "child": CHILD, "reason": "worried", "text": "Hon sover inte.", "callback_phone": "+46701740621",
        "good_times": ["morning"], "asked_at": ASKED, "due_on": "2026-09-03", "due_at": "2026-09-03T15:00:00.000Z",
        "promise_days": 2, "state": "open",
    }  # fmt: skip
    asked_by = {"name": "Anna", "kind": "guardian", "relation": ANNA}
    assert shown(feature, here, row) == {
        SCOPE_ANNA: own,
        SCOPE_COORDINATOR: {**own, "remind_on": "2026-09-02", "asked_by": asked_by},
    }


def test_request_tells_the_coordinator_and_answers_with_the_date() -> None:
    writes = give(around_child(), Request, AS_ALVA, child=CHILD, reason="question")
    (row,) = writes.rows
    assert writes.result == {
        "contact_request": row.id, "due_on": "2026-09-03", "due_at": "2026-09-03T15:00:00.000Z"
    }  # fmt: skip
    assert writes.notices == (Notice(account(MARIA), "contact_new", "contact_request", row.id),)


@pytest.mark.parametrize(
    ("now", "days", "due_on", "due_at"),
    [
        # Friday 16:00, New Year's Day on the Monday, two working days: Wednesday 17:00 (product.md 2, A).
        (datetime(2028, 12, 29, 15, 0, tzinfo=UTC), 2, "2029-01-03", "2029-01-03T16:00:00.000Z"),
        # Good Friday itself: counted from it, past Easter Monday.
        (datetime(2027, 3, 26, 15, 0, tzinfo=UTC), 2, "2027-03-31", "2027-03-31T15:00:00.000Z"),
        (datetime(2026, 12, 23, 9, 0, tzinfo=UTC), 2, "2026-12-29", "2026-12-29T16:00:00.000Z"),
        (datetime(2027, 5, 5, 9, 0, tzinfo=UTC), 1, "2027-05-07", "2027-05-07T15:00:00.000Z"),
        # Late on Sunday in UTC is already Monday in Sweden.
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), 2, "2026-11-25", "2026-11-25T16:00:00.000Z"),
    ],
)
def test_due_dates(now: datetime, days: int, due_on: str, due_at: str) -> None:
    area = msgspec.structs.replace(cast.AREA_ROW, promise_days=days)
    writes = give(around_child(area), Request, AS_ANNA, now, child=CHILD, reason="worse")
    (row,) = writes.rows
    assert isinstance(row, ContactRequestRow)
    assert (row.due_on, row.due_at, row.promise_days) == (due_on, due_at, days)


def test_the_units_own_shorter_promise_and_closed_days_count() -> None:
    unit = msgspec.structs.replace(cast.SCHOOL_ROW, promise_days=1, closed_days=("2026-09-02",))
    (row,) = give(around_child(unit), Request, AS_ANNA, child=CHILD, reason="worse").rows
    assert isinstance(row, ContactRequestRow)
    assert (row.due_on, row.promise_days, row.remind_on) == ("2026-09-03", 1, "2026-09-01")


def test_the_same_words_again_are_no_second_promise() -> None:
    here, row = asked()
    again: dict[str, Any] = {"child": CHILD, "reason": row.reason, "text": row.text}
    assert code(lambda: give(here, Request, AS_ANNA, **again)) == "conflict"
    assert give(here, Request, AS_ANNA, **{**again, "text": "Något annat"}).rows
    assert give(here, Request, AS_BO, **again).rows
    done = cast.after(here, give(here, Withdraw, AS_ANNA, contact_request=row.id))
    assert give(done, Request, AS_ANNA, child=CHILD, reason="question").rows


def test_a_closed_child_takes_no_requests() -> None:
    closed = around_child(msgspec.structs.replace(cast.CHILD_ROW, state="closed"))
    assert code(lambda: give(closed, Request, AS_ANNA, child=CHILD, reason="question")) == "conflict"


@pytest.mark.parametrize(
    "args",
    [
        {"reason": "question"},
        {"child": CHILD, "unit": CLINIC, "function": "therapist", "reason": "question"},
        {"unit": CLINIC, "reason": "question"},
        {"child": CHILD, "function": "therapist", "reason": "question"},
        {"child": CHILD, "reason": "advice"},
        {"unit": CLINIC, "function": "therapist", "reason": "worried"},
        {"child": CHILD, "reason": "question", "text": "x" * 501},
        {"child": CHILD, "reason": "question", "callback_phone": "12"},
        {"child": CHILD, "reason": "question", "good_times": ["night"]},
    ],
)
def test_request_of_another_shape_is_invalid(args: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Request.model_validate(args)


def test_who_may_ask_and_answer() -> None:
    here, _ = asked()
    asking = {one.seat: may(one, belonging.relations(here, one), Request.rule)
              for one in (AS_ANNA, AS_BO, AS_ALVA, AS_STINA, AS_SAMIR)}  # fmt: skip
    assert [asking[one.seat] for one in (AS_ANNA, AS_BO, AS_ALVA)] == [None, None, None]
    assert asking[AS_STINA.seat] == asking[AS_SAMIR.seat] == Refusal("not_allowed")
    answering = {one.seat: may(one, belonging.relations(here, one), Answer.rule)
                 for one in (AS_MARIA, AS_JOHAN, AS_ANNA, AS_SAMIR)}  # fmt: skip
    assert answering == {
        MARIA: None, JOHAN: None, AS_ANNA.seat: Refusal("not_allowed"), SAMIR: Refusal("not_allowed")
    }  # fmt: skip
    assert code(lambda: give(here, Request, AS_MARIA, child=CHILD, reason="question")) == "not_allowed"


# --- answering and taking back


def test_answer_tells_the_asker_who_and_when() -> None:
    here, row = asked()
    later = NOW + timedelta(hours=3)
    writes = give(here, Answer, AS_JOHAN, later, contact_request=row.id, outcome="meeting_booked", note="Vi ses!")
    assert writes.notices == (Notice(account(ANNA), "contact_answered", "contact_request", row.id),)
    here = cast.after(here, writes)
    own = shown(feature, here, writes.rows[0])[SCOPE_ANNA]
    assert {key: own[key] for key in ("state", "answered_at", "answered_by", "outcome", "note")} == {
        "state": "answered", "answered_at": "2026-09-01T11:00:00.000Z", "answered_by": "Johan Lind",
        "outcome": "meeting_booked", "note": "Vi ses!",
    }  # fmt: skip
    assert list(reminders(here.get(ContactRequestRow, row.id), here)) == []
    assert code(lambda: give(here, Answer, AS_MARIA, contact_request=row.id)) == "conflict"
    assert code(lambda: give(here, Withdraw, AS_ANNA, contact_request=row.id)) == "conflict"


def test_a_try_does_not_keep_the_promise() -> None:
    here, row = asked()
    writes = give(here, Answer, AS_MARIA, contact_request=row.id, outcome="tried")
    assert writes.rows == (msgspec.structs.replace(row, tried_at=ASKED),)
    assert writes.notices == (Notice(account(ANNA), "contact_tried", "contact_request", row.id),)


def test_only_the_asker_takes_it_back() -> None:
    here, row = asked()
    for other in (AS_BO, AS_ALVA, AS_MARIA):
        assert code(lambda other=other: give(here, Withdraw, other, contact_request=row.id)) == "not_allowed"
    writes = give(here, Withdraw, AS_ANNA, contact_request=row.id)
    assert writes.rows == (msgspec.structs.replace(row, state="withdrawn"),)
    assert writes.notices == (Notice(account(MARIA), "contact_withdrawn", "contact_request", row.id),)


# --- the clock


def test_reminders_of_an_open_request() -> None:
    here, row = asked()
    assert list(reminders(row, here)) == [
        Reminder(row.id, "contact_due", account(MARIA), datetime(2026, 9, 2, 6, 0, tzinfo=UTC)),
        Reminder(row.id, "act:contact.escalate", "", DUE),
    ]


def test_the_deputy_is_reminded_while_the_coordinator_is_away_and_the_leads_when_both_are() -> None:
    _, row = asked()
    away = around_child(row, msgspec.structs.replace(cast.STAFF[0], away_until="2026-09-01"))
    assert [one.account for one in reminders(row, away)] == [account(JOHAN), ""]
    back = cast.at(away, NOW + timedelta(days=1))
    assert [one.account for one in reminders(row, back)] == [account(MARIA), ""]
    both = around_child(row, *(msgspec.structs.replace(one, away_until="2026-09-09") for one in cast.STAFF[:2]))
    assert [one.account for one in reminders(row, both)] == [account(REKTOR), ""]


def test_no_morning_reminder_when_the_morning_has_passed() -> None:
    area = msgspec.structs.replace(cast.AREA_ROW, promise_days=1)
    _, row = asked(around_child(area))
    assert [one.kind for one in reminders(row, around_child(area, row))] == ["act:contact.escalate"]


def test_a_broken_promise_is_told_to_deputy_lead_and_asker_once() -> None:
    here, row = asked()
    assert Escalate(record=row.id).decide(cast.at(here, DUE - timedelta(minutes=1)), AS_MARIA, cast.moment()).rows == ()
    writes = Escalate(record=row.id).decide(cast.at(here, DUE), AS_MARIA, cast.moment(DUE))
    late = msgspec.structs.replace(row, escalated_at="2026-09-03T15:00:00.000Z", escalated_to=(JOHAN, REKTOR))
    assert writes.rows == (late,)
    assert writes.notices == (
        Notice(account(JOHAN), "contact_escalated", "contact_request", row.id),
        Notice(account(REKTOR), "contact_escalated", "contact_request", row.id),
        Notice(account(ANNA), "contact_late", "contact_request", row.id),
    )
    here = cast.after(here, writes)
    assert shown(feature, here, late)[SCOPE_ANNA]["escalated_to"] == ["Johan Lind", "Petra Sjögren"]
    again = Escalate(record=row.id).decide(cast.at(here, DUE), AS_MARIA, cast.moment(DUE + timedelta(days=1)))
    assert (again.rows, again.notices) == ((), ())
    done = cast.after(here, give(here, Answer, AS_MARIA, contact_request=row.id))
    assert Escalate(record=row.id).decide(done, AS_MARIA, cast.moment(DUE)).rows == ()


# --- where it is shown


def test_a_member_who_has_left_sees_nothing_more() -> None:
    here, row = asked()
    gone = msgspec.structs.replace(
        here.get(type(cast.relation(ANNA, cast.SeatKind.GUARDIAN, "")), ANNA), ended_at=ASKED
    )
    assert list(shown(feature, around_child(row, gone), row)) == [SCOPE_COORDINATOR]


def test_an_open_request_follows_the_baton_and_an_answered_one_stays() -> None:
    _, row = asked()
    moved = around_child(row, msgspec.structs.replace(cast.COORDINATOR_ROW, owner_unit=CLINIC, seat=SAMIR, deputy=None))
    new = scopes.coordinator(CHILD, CLINIC)
    assert set(shown(feature, moved, row)) == {SCOPE_ANNA, SCOPE_COORDINATOR, new}
    answered = msgspec.structs.replace(row, state="answered")
    assert set(shown(feature, moved, answered)) == {SCOPE_ANNA, SCOPE_COORDINATOR}


# --- between professionals


def test_a_colleague_asks_a_function_and_no_child_is_named() -> None:
    here = around_clinic()
    args = {"unit": CLINIC, "function": "therapist", "reason": "advice", "text": "Kan ni ta emot fler samtal i höst?"}
    writes = give(here, Request, AS_MARIA, **args)
    (row,) = writes.rows
    assert isinstance(row, ContactRequestRow)
    assert [one.account for one in writes.notices] == [account(SAMIR), account(LENA)]
    here = cast.after(here, writes)
    own = {
        "id": row.id, "reason": "advice", "text": args["text"], "asked_at": ASKED, "due_on": "2026-09-03",
        "due_at": "2026-09-03T15:00:00.000Z", "promise_days": 2, "state": "open", "unit": CLINIC,
        "unit_name": "Vårdcentralen", "function": "therapist",
    }  # fmt: skip
    asked_by = {"name": "Maria Ekdahl", "kind": "staff", "phone": "+46701740621", "unit_name": "Lillåns skola"}
    assert shown(feature, here, row) == {
        scopes.user(account(MARIA)): own,
        scopes.function(CLINIC, "therapist"): {**own, "remind_on": "2026-09-02", "asked_by": asked_by},
    }
    assert code(lambda: give(here, Request, AS_MARIA, **args)) == "conflict"
    assert give(here, Answer, AS_LENA, contact_request=row.id).rows
    assert may(AS_LENA, belonging.relations(here, AS_LENA), Answer.rule) is None
    assert may(AS_MARIA, belonging.relations(here, AS_MARIA), Answer.rule) == Refusal("not_allowed")
    assert may(AS_ANNA, belonging.relations(here, AS_ANNA), Request.rule) == Refusal("not_allowed")
    late = Escalate(record=row.id).decide(cast.at(here, DUE), AS_MARIA, cast.moment(DUE))
    assert [(one.account, one.kind) for one in late.notices] == [(account(MARIA), "contact_late")]


def test_refusals_between_professionals() -> None:
    here = around_clinic()
    args = {"unit": CLINIC, "function": "therapist", "reason": "advice", "text": "Kan ni hjälpa oss?"}
    assert code(lambda: give(here, Request, AS_MARIA, **{**args, "function": "nurse"})) == "invalid"
    assert code(lambda: give(here, Request, AS_MARIA, **{**args, "text": " "})) == "invalid"
    assert code(lambda: give(here, Request, replace(AS_MARIA, kind=cast.SeatKind.LEAD), **args)) == "not_allowed"
    with pytest.raises(Refused) as refused:
        give(here, Request, AS_MARIA, **{**args, "text": "Ring 070-174 06 21"})
    assert (refused.value.code, refused.value.data) == (
        "identifying_text", {"suspects": [{"field": "text", "kind": "phone", "start": 5, "end": 18}]}
    )  # fmt: skip
    own = cast.after(here, give(here, Request, AS_SAMIR, **args))
    (row,) = own.all(ContactRequestRow)
    assert code(lambda: give(own, Answer, AS_SAMIR, contact_request=row.id)) == "not_allowed"
