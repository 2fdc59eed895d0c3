"""Consent: completeness, life, coverage and what each party may learn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from server.domain import consent
from server.domain.consent import Answer, ConsentException, Party, State, Terms

ANNA, OMAR, NOOR = (
    Party("anna", "guardian"),
    Party("omar", "guardian"),
    Party("noor", "young_person"),
)
YES, NO, NAMELESS = Answer.YES, Answer.NO, Answer.YES_WITHOUT_NAME
TERMS = Terms(
    information_kinds=frozenset({"meeting", "waiting"}),
    to_units=frozenset({"uph"}),
    valid_from=date(2026, 11, 23),
    valid_until=date(2027, 6, 15),
    excludes=frozenset({"waiting"}),
)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
BOTH = (ANNA, OMAR)


def excuse(person: str, kind: consent.ExceptionKind = "prevented") -> ConsentException:
    return ConsentException(kind, person, date(2026, 11, 20), "dnr 1")


def test_it_is_complete_only_when_every_party_has_said_yes() -> None:
    states = {
        (a, b): consent.standing(TERMS, BOTH, {p: x for p, x in (("anna", a), ("omar", b)) if x is not None}, NOW).state
        for a, b in product((None, YES, NO, NAMELESS), repeat=2)
    }
    for (a, b), state in states.items():
        expected = State.REFUSED if NO in (a, b) else State.ASKED if None in (a, b) else State.COMPLETE
        assert state is expected


def test_a_yes_without_name_opens_no_room() -> None:
    found = consent.standing(TERMS, BOTH, {"anna": YES, "omar": NAMELESS}, NOW)
    assert (found.state, found.live, found.without_name) == (State.COMPLETE, False, True)


def test_the_young_persons_no_refuses_and_cannot_be_replaced() -> None:
    answers = {"anna": YES, "noor": NO}
    for exceptions in ((), (excuse("noor", "social_board"),)):
        assert consent.standing(TERMS, (ANNA, NOOR), answers, NOW, exceptions=exceptions).state is State.REFUSED


def test_nobody_asked_is_never_complete() -> None:
    found = consent.standing(TERMS, (), {}, NOW)
    assert (found.state, found.live, found.waiting_for) == (State.ASKED, False, ())


def test_answers_of_others_do_not_count() -> None:
    found = consent.standing(TERMS, BOTH, {"anna": YES, "stranger": YES}, NOW)
    assert (found.state, found.waiting_for) == (State.ASKED, ("omar",))


def test_a_prevented_guardian_is_replaced_beside_one_who_said_yes() -> None:
    assert consent.standing(TERMS, BOTH, {"anna": YES}, NOW, exceptions=[excuse("omar")]).live
    alone = consent.standing(TERMS, BOTH, {}, NOW, exceptions=[excuse("omar")])
    assert alone.waiting_for == ("anna", "omar")
    both = consent.standing(TERMS, BOTH, {}, NOW, exceptions=[excuse("omar"), excuse("anna")])
    assert both.state is State.ASKED


def test_a_no_is_replaced_by_the_social_board_only() -> None:
    answers = {"anna": YES, "omar": NO}
    assert consent.standing(TERMS, BOTH, answers, NOW, exceptions=[excuse("omar")]).state is State.REFUSED
    assert consent.standing(TERMS, BOTH, answers, NOW, exceptions=[excuse("omar", "social_board")]).live
    refused = consent.standing(TERMS, BOTH, {"anna": NO, "omar": NO}, NOW, exceptions=[excuse("omar", "social_board")])
    assert refused.state is State.REFUSED


@pytest.mark.parametrize(
    ("now", "state", "live"),
    [
        ("2026-11-22T22:59:59.999+00:00", State.COMPLETE, False),
        ("2026-11-22T23:00:00+00:00", State.COMPLETE, True),
        ("2027-06-15T21:59:59.999+00:00", State.COMPLETE, True),
        ("2027-06-15T22:00:00+00:00", State.EXPIRED, False),
    ],
)
def test_it_lives_through_its_days_in_swedish_time(now: str, state: State, live: bool) -> None:
    found = consent.standing(TERMS, (ANNA,), {"anna": YES}, datetime.fromisoformat(now))
    assert (found.state, found.live) == (state, live)
    assert consent.ends_at(TERMS) == datetime(2027, 6, 15, 22, tzinfo=UTC)


def test_withdrawal_ends_it_at_once() -> None:
    before = consent.standing(TERMS, (ANNA,), {"anna": YES}, NOW, withdrawn_at=NOW + timedelta(seconds=1))
    at_once = consent.standing(TERMS, (ANNA,), {"anna": YES}, NOW, withdrawn_at=NOW)
    assert (before.live, at_once.live, at_once.state) == (True, False, State.WITHDRAWN)


def test_it_covers_what_it_names_minus_what_it_excludes() -> None:
    assert consent.covers(TERMS, kind="meeting", unit="uph")
    assert not consent.covers(TERMS, kind="waiting", unit="uph")
    assert not consent.covers(TERMS, kind="handover", unit="uph")
    assert not consent.covers(TERMS, kind="meeting", unit="bup")


def test_what_a_party_sees() -> None:
    def seen(own: Answer | None, other: Answer | None) -> str:
        answers = {p: x for p, x in (("anna", own), ("omar", other)) if x is not None}
        return consent.party_state(consent.standing(TERMS, BOTH, answers, NOW), own)

    assert (seen(None, None), seen(None, YES), seen(YES, YES)) == ("asked", "asked", "shared")
    assert (seen(NO, None), seen(NO, YES)) == ("not_shared", "not_shared")


def test_after_answering_nobody_learns_what_another_answered() -> None:
    for own in (YES, NO, NAMELESS):
        seen = {
            consent.party_state(
                consent.standing(TERMS, BOTH, {"anna": own} | ({"omar": other} if other else {}), NOW), own
            )
            for other in (None, NO, NAMELESS)
        }
        assert seen == {"not_shared"}
