"""Permission: relations count only in their own seat, and assurance comes after being allowed."""

from __future__ import annotations

import pytest

from server.domain import access
from server.domain.access import Refusal, Relation, Rule, may, seat_kinds
from server.domain.actors import SYSTEM, Actor, Assurance, SeatKind


def actor(kind: SeatKind, assurance: Assurance = Assurance.CODE) -> Actor:
    return Actor(seat="s", account="a", kind=kind, assurance=assurance)


def test_one_of_the_relations_is_enough() -> None:
    assert may(actor(SeatKind.STAFF), {Relation.UNIT_STAFF, Relation.DEPUTY}, Rule(access.BATON)) is None


def test_no_relation_is_not_allowed() -> None:
    for relations in (set(), {Relation.UNIT_STAFF}):
        assert may(actor(SeatKind.STAFF), relations, Rule(access.BATON)) == Refusal("not_allowed")


def test_assurance_is_asked_for_after_being_allowed() -> None:
    rule = Rule(access.FAMILY, Assurance.VERIFIED)
    guardian = {Relation.GUARDIAN}
    assert may(actor(SeatKind.GUARDIAN), guardian, rule) == Refusal("assurance_required")
    assert may(actor(SeatKind.GUARDIAN, Assurance.VERIFIED), guardian, rule) is None
    assert may(actor(SeatKind.GUARDIAN, Assurance.EID), guardian, rule) is None
    assert may(actor(SeatKind.GUARDIAN), set(), rule) == Refusal("not_allowed")


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("kind", list(SeatKind))
def test_a_relation_counts_only_in_a_seat_of_its_kind(relation: Relation, kind: SeatKind) -> None:
    rule = Rule(frozenset({relation}))
    verdict = may(actor(kind), {relation}, rule)
    assert (verdict is None) == (kind in rule.seats)


def test_scheduled_work_may_only_what_names_it() -> None:
    every = set(Relation)
    assert may(SYSTEM, every, Rule(access.SCHEDULED)) is None
    assert may(SYSTEM, every, Rule(frozenset(every) - access.SCHEDULED)) == Refusal("not_allowed")
    assert may(actor(SeatKind.ADMIN, Assurance.EID), every, Rule(access.SCHEDULED)) == Refusal("not_allowed")


def test_commands_are_offered_to_the_seats_of_their_rule() -> None:
    assert seat_kinds(Rule(access.FAMILY)) == ("guardian", "young_person")
    assert seat_kinds(Rule(access.BATON | access.GUARDIANS)) == ("guardian", "staff")
    assert seat_kinds(Rule(access.AREA)) == ("staff", "process_lead")
    assert seat_kinds(Rule(access.ADMINS | access.SCHEDULED)) == ("admin",)
    assert seat_kinds(Rule(access.SCHEDULED)) == ()
    assert seat_kinds(Rule(frozenset())) == ()
    assert len(seat_kinds(Rule(access.ONESELF))) == 6


def test_outside_the_circle_no_relation_to_a_protected_child_counts() -> None:
    inside = {Relation.COORDINATOR, Relation.CIRCLE}
    assert access.within_circle(inside, protected=True) == inside
    assert access.within_circle({Relation.GUARDIAN}, protected=True) == set()
    assert access.within_circle({Relation.GUARDIAN}, protected=False) == {Relation.GUARDIAN}


def test_nobody_sits_around_their_own_child_as_a_professional() -> None:
    assert access.may_sit_around("johan", {"johan", "anna"}) == Refusal("not_allowed")
    assert access.may_sit_around("maria", {"johan", "anna"}) is None
