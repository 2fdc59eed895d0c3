"""Consent: who is asked, what each sees, and exactly which rooms are open when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import SYSTEM, SeatKind
from server.domain.instants import end_of_day, from_text
from server.features import load
from server.features.consent import grants, reminders
from server.features.consent_commands import Except, Expire, Give, Record, Withdraw
from server.features.publish import publish
from server.features.rows import Answer, ConsentRow, PostRow
from server.features.shape import Writes
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_BO,
    AS_MARIA,
    AS_STINA,
    BO,
    CHILD,
    CLINIC,
    CONSENT,
    LENA,
    MARIA,
    POST,
    SAMIR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_COORDINATOR,
)  # fmt: skip
from tests.features.consenting import BARE, LAST_DAY, TERMS, answered, asked, complete, docs, give, refused, told


def test_asking_stamps_the_parties_and_the_end_and_opens_nothing() -> None:
    around, row, writes = asked(people=[SAMIR])
    assert row == ConsentRow(
        id=row.id, owner_unit=SCHOOL, child=CHILD, purpose="team", information_kinds=("child", "team"),
        from_units=(SCHOOL,), to_units=(CLINIC,), required_parties=(ANNA, BO), asked_at="2026-09-01T08:00:00.000Z",
        asked_by=MARIA, valid_from="2026-09-01", valid_until=LAST_DAY, people=(SAMIR,),
    )  # fmt: skip
    assert writes.result == {"consent": row.id, "valid_until": LAST_DAY}
    assert told(writes) == {(cast.account(one), "consent_asked", "consent", row.id) for one in (ANNA, BO)}
    assert list(grants(around)) == []
    assert set(docs(around, row)) == {SCOPE_ANNA, SCOPE_BO, SCOPE_COORDINATOR}


def test_each_party_sees_only_their_own_answer_and_the_coordinator_sees_all() -> None:
    around, row, _ = asked(excludes=["skolbyte"])
    around, row, writes = answered(around, row, AS_ANNA, "yes")
    assert told(writes) == set()
    seen = docs(around, row)
    terms = {
        "id": row.id, "child": CHILD, "purpose": "team", "information_kinds": ["child", "team"],
        "from_units": [{"unit": SCHOOL, "name": "Lillåns skola"}],
        "to_units": [{"unit": CLINIC, "name": "Vårdcentralen"}],
        "valid_from": "2026-09-01", "valid_until": LAST_DAY, "excludes": ["skolbyte"],
    }  # fmt: skip
    common = {**terms, "asked_at": "2026-09-01T08:00:00.000Z", "form": "in_app"}
    at = "2026-09-01T08:00:00.000Z"
    assert seen == {
        SCOPE_ANNA: {**common, "state": "not_shared", "answer": "yes", "answered_at": at, "withdrawable": True},
        SCOPE_BO: {**common, "state": "asked"},
        SCOPE_COORDINATOR: {
            **common,
            "state": "asked",
            "required_parties": [
                {"party": ANNA, "name": "Anna", "kind": "guardian", "answer": "yes", "at": at},
                {"party": BO, "name": "Bo", "kind": "guardian"},
            ],
            "waiting_for": [BO],
            "withdrawable": True,
        },
    }


def test_the_second_yes_completes_opens_the_room_and_seats_the_people_named() -> None:
    around, row, writes = complete(people=[SAMIR, LENA])
    assert row.state == "complete"
    posts = {post.seat: post for post in around.all(PostRow)}
    assert {post.unit for post in posts.values()} == {CLINIC}
    until = end_of_day(date.fromisoformat(LAST_DAY))
    room = scopes.consent(row.id, CLINIC)
    assert sorted(grants(around)) == [(SAMIR, room, until), (LENA, room, until)]
    assert told(writes) == {
        (cast.account(MARIA), "consent_complete", "consent", row.id),
        (cast.account(cast.JOHAN), "consent_complete", "consent", row.id),
        (cast.account(SAMIR), "consent_opened", "consent", row.id),
        (cast.account(LENA), "consent_opened", "consent", row.id),
    }
    seen = docs(around, row)
    assert set(seen[room]) == {
        "id", "child", "purpose", "information_kinds", "from_units", "to_units", "valid_from", "valid_until",
    }  # fmt: skip
    assert seen[SCOPE_ANNA]["state"] == seen[SCOPE_BO]["state"] == "shared"
    assert "waiting_for" not in seen[SCOPE_COORDINATOR]


def test_a_seat_around_the_child_alone_opens_nothing_and_other_units_get_nothing() -> None:
    assert list(grants(cast.around_child(without=(CONSENT,)))) == []
    elsewhere, person = cast.uuid(90), cast.uuid(92)
    around, row, _ = complete(people=[SAMIR])
    post = PostRow(id=cast.uuid(91), owner_unit=SCHOOL, child=CHILD, seat=person, unit=elsewhere, since="x")
    named = {**around.named, person: cast.staff(person, elsewhere, "Nils", "Kurator")}
    around = replace(around, rows=(*around.rows, post), named=named)
    assert [(seat, scope) for seat, scope, _ in grants(around)] == [(SAMIR, scopes.consent(row.id, CLINIC))]


def test_who_has_left_the_unit_holds_nothing_and_gets_no_post() -> None:
    around, row, _ = asked(people=[SAMIR, LENA])
    gone = {one.id: one for one in cast.STAFF} | {
        SAMIR: msgspec.structs.replace(around.named[SAMIR], ended_at="2026-09-01T08:00:00.000Z"),
        LENA: msgspec.structs.replace(around.named[LENA], account=cast.account(ANNA)),
    }
    left = replace(around, named={**around.named, **gone})
    left = answered(left, row, AS_ANNA, "yes")[0]
    left, row, _ = answered(left, row, AS_BO, "yes")
    assert row.state == "complete" and left.all(PostRow) == ()
    stayed, row, _ = complete(people=[SAMIR])
    assert list(grants(replace(stayed, named={**stayed.named, **gone}))) == []


@pytest.mark.parametrize("answers", [("no", "yes"), ("yes", "no"), ("no", None)])
def test_any_no_refuses_and_the_other_cannot_tell_whose(answers: tuple[str, str | None]) -> None:
    around, row, _ = asked(people=[SAMIR])
    around, row, writes = answered(around, row, AS_ANNA, answers[0])
    if answers[1] is not None and row.state == "asked":
        around, row, writes = answered(around, row, AS_BO, answers[1])
    assert row.state == "refused" and row.ended_at == "2026-09-01T08:00:00.000Z"
    assert list(grants(around)) == [] and around.all(PostRow) == ()
    assert {kind for _, kind, *_ in told(writes)} == {"consent_refused"}
    seen = docs(around, row)
    assert seen[SCOPE_ANNA]["state"] == seen[SCOPE_BO]["state"] == "not_shared"
    for scope in (SCOPE_ANNA, SCOPE_BO):
        assert not {"required_parties", "waiting_for", "ended_at", "recorded_by"} & set(seen[scope])


def test_while_another_has_yet_to_answer_or_has_said_no_a_party_sees_the_same() -> None:
    around, row, _ = asked()
    around, row, _ = answered(around, row, AS_ANNA, "yes")
    waiting = docs(around, row)[SCOPE_ANNA]
    around, row, _ = answered(around, row, AS_BO, "no")
    assert docs(around, row)[SCOPE_ANNA] == waiting
    writes = give(around, Withdraw, AS_ANNA, consent=row.id)  # not refused either: that would tell
    assert cast.after(around, writes).get(ConsentRow, row.id).state == "refused"
    assert writes.notices == ()


def test_yes_without_the_name_completes_but_opens_no_room() -> None:
    around, row, _ = asked(people=[SAMIR])
    around, row, _ = answered(around, row, AS_ANNA, "yes")
    around, row, writes = answered(around, row, AS_BO, "yes_without_name")
    assert (row.state, row.without_name) == ("complete", True)
    assert list(grants(around)) == [] and around.all(PostRow) == ()
    assert scopes.consent(row.id, CLINIC) not in docs(around, row)
    assert docs(around, row)[SCOPE_COORDINATOR]["without_name"] is True
    assert {kind for _, kind, *_ in told(writes)} == {"consent_complete"}
    ended = give(around, Withdraw, AS_ANNA, consent=row.id)
    assert {kind for _, kind, *_ in told(ended)} == {"consent_withdrawn"}


@pytest.mark.parametrize("actor", [AS_ANNA, AS_BO, AS_MARIA])
def test_any_party_or_the_coordinator_withdraws_at_once(actor: Any) -> None:
    around, row, _ = complete(people=[SAMIR])
    writes = give(around, Withdraw, actor, consent=row.id)
    around = cast.after(around, writes)
    row = around.get(ConsentRow, row.id)
    assert (row.state, row.ended_at) == ("withdrawn", "2026-09-01T08:00:00.000Z")
    assert list(grants(around)) == []
    assert scopes.consent(row.id, CLINIC) not in docs(around, row)
    assert told(writes) == {
        (cast.account(MARIA), "consent_withdrawn", "consent", row.id),
        (cast.account(cast.JOHAN), "consent_withdrawn", "consent", row.id),
        (cast.account(SAMIR), "sharing_ended", "", ""),
    }
    assert all(scope != scopes.consent(row.id, CLINIC) for _, scope in publish(load(), around).grants)
    if actor is not AS_MARIA:
        assert not docs(around, row)[cast.SCOPE_ANNA if actor is AS_ANNA else SCOPE_BO].get("withdrawable")


def test_after_the_end_a_receipt_counts_the_devices_that_have_erased_it() -> None:
    around, row, _ = complete(people=[SAMIR])
    counts = {scopes.consent(row.id, CLINIC): (3, 2), scopes.consent(CONSENT, CLINIC): (9, 9)}
    around = replace(around, purges=counts)
    assert "purge" not in docs(around, row)[SCOPE_ANNA]
    around = cast.after(around, give(around, Withdraw, AS_ANNA, consent=row.id))
    seen = docs(around, around.get(ConsentRow, row.id))
    assert seen[SCOPE_ANNA]["purge"] == seen[SCOPE_COORDINATOR]["purge"] == {"devices": 3, "confirmed": 2}


@pytest.mark.parametrize("end", ["withdrawn", "refused", "expired"])
def test_what_has_ended_is_answered_no_more(end: str) -> None:
    around, row, _ = asked()
    if end == "withdrawn":
        around = cast.after(around, give(around, Withdraw, AS_MARIA, consent=row.id))
    elif end == "refused":
        around, row, _ = answered(around, row, AS_ANNA, "no")
    else:
        around = cast.at(around, end_of_day(date.fromisoformat(LAST_DAY)))
    refused(lambda: give(around, Give, AS_BO, consent=row.id, answer="yes"), "conflict")
    refused(lambda: give(around, Withdraw, AS_MARIA, consent=row.id), "conflict")
    refused(
        lambda: give(
            around, Except, AS_MARIA, consent=row.id, party=BO, kind="prevented", date="2026-08-30", reference="dnr 1"
        ),
        "conflict",
    )


def test_an_answer_may_be_changed_while_asked_and_not_once_complete() -> None:
    around, row, _ = asked()
    around, row, _ = answered(around, row, AS_ANNA, "yes_without_name")
    around, row, _ = answered(around, row, AS_ANNA, "yes")
    around, row, _ = answered(around, row, AS_BO, "yes")
    assert (row.state, row.without_name) == ("complete", False)
    refused(lambda: give(around, Give, AS_BO, consent=row.id, answer="no"), "conflict")


def test_only_required_parties_answer_and_withdraw() -> None:
    around, row, _ = asked()
    for actor in (AS_ALVA, AS_STINA, AS_MARIA):
        refused(lambda actor=actor: give(around, Give, actor, consent=row.id, answer="yes"), "not_allowed")
    refused(lambda: give(around, Withdraw, AS_ALVA, consent=row.id), "not_allowed")
    around, row, _ = asked(also_young=True)
    assert row.required_parties == (ANNA, BO, ALVA)
    around, row, _ = answered(around, row, AS_ALVA, "no")
    assert row.state == "refused"
    assert docs(around, row)[SCOPE_ALVA]["answer"] == "no"


@pytest.mark.parametrize(
    ("args", "code", "fields"),
    [
        ({"to_units": [SCHOOL]}, "invalid", {"to_units": "not_allowed_value"}),
        ({"to_units": [cast.uuid(99)]}, "invalid", {"to_units": "not_allowed_value"}),
        ({"people": [cast.ELIN]}, "invalid", {"people": "not_allowed_value"}),
        ({"people": [cast.uuid(99)]}, "invalid", {"people": "not_allowed_value"}),
        ({"valid_until": "2026-08-31"}, "invalid", {"valid_until": "past"}),
    ],
)
def test_asking_refuses_what_cannot_be(args: dict[str, Any], code: str, fields: dict[str, str]) -> None:
    refused(lambda: asked(**args), code, fields)


def test_asking_refuses_a_closed_or_protected_child_own_family_as_staff_and_nobody_to_ask() -> None:
    closed = msgspec.structs.replace(cast.CHILD_ROW, state="closed")
    refused(lambda: asked(cast.around_child(closed)), "conflict")
    refused(lambda: asked(cast.around_child(cast.protected())), "conflict")
    related = msgspec.structs.replace(next(one for one in cast.STAFF if one.id == SAMIR), account=cast.account(ANNA))
    refused(lambda: asked(cast.around_child(related), people=[SAMIR]), "not_allowed")
    alone = cast.around_child(without=(ANNA, BO))
    refused(lambda: asked(alone), "invalid", {"also_young": "required"})


@pytest.mark.parametrize(
    ("args", "until"),
    [
        ({"valid_until": "2026-09-01"}, "2026-09-01"),
        ({"valid_until": "2030-01-01"}, "2027-09-01"),
        ({"purpose": "ask_for_us"}, "2026-10-01"),
    ],
)
def test_the_last_day(args: dict[str, Any], until: str) -> None:
    _, row, writes = asked(**args)
    assert row.valid_until == until
    sooner = {"shortened": True} if args.get("valid_until", until) != until else {}
    assert writes.result == {"consent": row.id, "valid_until": until, **sooner}


def test_what_guardians_decide_ends_with_the_day_before_the_eighteenth_birthday() -> None:
    soon = msgspec.structs.replace(cast.CHILD_ROW, turns_18_on="2026-11-02")
    assert asked(cast.around_child(soon))[1].valid_until == "2026-11-01"


def test_recorded_word_of_mouth_completes_in_one_step() -> None:
    around = cast.around_child(without=(CONSENT, POST))
    said = {"answers": {ANNA: "yes", BO: "yes"}, "form": "oral", "people": [SAMIR]}
    writes = give(around, Record, AS_MARIA, **TERMS, **said)
    around = cast.after(around, writes)
    row = around.first(ConsentRow)
    assert row is not None and row.state == "complete" and row.recorded_by == MARIA
    assert row.answers[ANNA] == Answer(answer="yes", at="2026-09-01T08:00:00.000Z", oral=True, recorded_by=MARIA)
    assert writes.result == {"consent": row.id, "state": "complete", "valid_until": LAST_DAY}
    assert [seat for seat, *_ in grants(around)] == [SAMIR]
    assert docs(around, row)[SCOPE_COORDINATOR]["recorded_by"] == "Maria Ekdahl"
    assert docs(around, row)[SCOPE_ANNA]["answer"] == "yes"


def test_recording_one_answer_asks_the_other_in_the_app() -> None:
    writes = give(BARE, Record, AS_MARIA, **TERMS, answers={ANNA: "yes"}, form="written")
    assert {(account, kind) for account, kind, *_ in told(writes)} == {(cast.account(BO), "consent_asked")}
    refused(
        lambda: give(BARE, Record, AS_MARIA, **TERMS, answers={cast.STINA: "yes"}, form="oral"),
        "invalid",
        {"answers": "not_allowed_value"},
    )


def test_a_young_person_without_an_account_answers_by_word_of_mouth() -> None:
    around = cast.around_child(without=(CONSENT, POST, ALVA))
    said = {"answers": {ANNA: "yes", BO: "yes", CHILD: "yes"}, "form": "oral", "also_young": True}
    after = cast.after(around, give(around, Record, AS_MARIA, **TERMS, **said))
    row = after.first(ConsentRow)
    assert row is not None and row.required_parties == (ANNA, BO, CHILD) and row.state == "complete"
    names = [one["name"] for one in docs(after, row)[SCOPE_COORDINATOR]["required_parties"]]
    assert names == ["Anna", "Bo", "Alva"]
    joined = replace(after, rows=(*after.rows, cast.relation(ALVA, SeatKind.YOUNG, "Alva")))
    assert docs(joined, row)[SCOPE_ALVA]["answer"] == "yes"


EXCEPTION = {"party": BO, "date": "2026-08-30", "reference": "dnr 17"}


def test_a_prevented_guardian_is_replaced_beside_the_others_yes_and_may_come_back() -> None:
    around, row, _ = asked()
    around = cast.after(around, give(around, Except, AS_MARIA, consent=row.id, kind="prevented", **EXCEPTION))
    assert around.get(ConsentRow, row.id).state == "asked"
    around, row, _ = answered(around, row, AS_ANNA, "yes")
    assert row.state == "complete"
    assert docs(around, row)[SCOPE_BO]["state"] == "shared"
    around, row, writes = answered(around, row, AS_BO, "no")
    assert row.state == "refused" and list(grants(around)) == []
    assert "consent_refused" in {kind for _, kind, *_ in told(writes)}


def test_the_social_board_overrules_one_no_and_the_overruled_cannot_end_it() -> None:
    said = {"answers": {ANNA: "yes", BO: "no"}, "form": "oral", "exception": {"kind": "social_board", **EXCEPTION}}
    around = cast.after(BARE, give(BARE, Record, AS_MARIA, **TERMS, **said))
    row = around.first(ConsentRow)
    assert row is not None and row.state == "complete"
    assert docs(around, row)[SCOPE_COORDINATOR]["exception"] == {"kind": "social_board", **EXCEPTION}
    assert "exception" not in docs(around, row)[SCOPE_ANNA]
    refused(lambda: give(around, Withdraw, AS_BO, consent=row.id), "not_allowed")
    assert not docs(around, row)[SCOPE_BO].get("withdrawable")


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"party": ALVA}, {"party": "not_allowed_value"}),
        ({"party": cast.STINA}, {"party": "not_allowed_value"}),
        ({"date": "2026-09-02"}, {"date": "not_allowed_value"}),
    ],
)
def test_an_exception_names_a_guardian_and_a_day_that_has_been(more: dict[str, str], fields: dict[str, str]) -> None:
    around, row, _ = asked(also_young=True)
    args = {**EXCEPTION, **more}
    refused(lambda: give(around, Except, AS_MARIA, consent=row.id, kind="prevented", **args), "invalid", fields)


def test_expiry_is_planned_and_done_once_however_late() -> None:
    around, row, _ = complete(people=[SAMIR])
    end = end_of_day(date.fromisoformat(LAST_DAY))
    plans = {(one.kind, one.account, one.due_at) for one in reminders(row, around)}
    assert plans == {
        ("act:consent.expire", "", end),
        ("consent_ends", cast.account(MARIA), from_text("2027-06-01T07:00:00.000Z")),
    }
    early = give(around, Expire, SYSTEM, record=row.id)
    assert early == Writes(rows=(row,))
    late = cast.at(around, end + timedelta(days=3))
    assert list(grants(late)) == []
    assert docs(late, row)[SCOPE_ANNA]["state"] == "not_shared"
    writes = give(late, Expire, SYSTEM, record=row.id)
    late = cast.after(late, writes)
    assert late.get(ConsentRow, row.id).state == "expired"
    assert {kind for _, kind, *_ in told(writes)} == {"consent_expired", "sharing_ended"}
    assert give(late, Expire, SYSTEM, record=row.id) == Writes()
    assert list(reminders(late.get(ConsentRow, row.id), late)) == []


def test_a_protected_child_shows_no_consent_outside_its_own_room() -> None:
    around, row, _ = complete(people=[SAMIR])
    hidden = replace(around, rows=tuple(cast.protected() if one.id == CHILD else one for one in around.rows))
    published = publish(load(), hidden)
    assert {scope for scope, *_ in published.docs} == {SCOPE_COORDINATOR}
    assert {scope for _, scope in published.grants} == {SCOPE_COORDINATOR}
    ended = give(hidden, Withdraw, AS_MARIA, consent=row.id)
    assert cast.account(SAMIR) not in {one.account for one in ended.notices}
