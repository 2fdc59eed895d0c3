"""Actors, seats and assurance."""

from __future__ import annotations

import pytest

from server.domain.actors import FAMILY_SEATS, PROFESSIONAL_SEATS, SEATS, SYSTEM, Actor, Assurance, SeatKind


def test_the_seat_kinds_are_those_of_the_model() -> None:
    assert [kind.value for kind in SEATS] == [
        "guardian", "young_person", "supporter", "staff", "process_lead", "admin",
    ]  # fmt: skip
    assert frozenset(SEATS) == FAMILY_SEATS | PROFESSIONAL_SEATS
    assert not FAMILY_SEATS & PROFESSIONAL_SEATS


def test_assurance_is_ordered_and_has_one_text() -> None:
    assert Assurance.CODE < Assurance.VERIFIED < Assurance.EID
    assert [Assurance.from_text(level.text) for level in Assurance] == list(Assurance)
    with pytest.raises(ValueError):
        Assurance.from_text("EID")


def test_an_actor_is_from_the_family_or_a_professional_or_neither() -> None:
    sides = {kind: (Actor("s", "a", kind).is_family, Actor("s", "a", kind).is_professional) for kind in SeatKind}
    assert sides == {
        SeatKind.GUARDIAN: (True, False),
        SeatKind.YOUNG: (True, False),
        SeatKind.SUPPORTER: (True, False),
        SeatKind.STAFF: (False, True),
        SeatKind.LEAD: (False, True),
        SeatKind.ADMIN: (False, True),
        SeatKind.SYSTEM: (False, False),
    }
    assert SYSTEM.kind is SeatKind.SYSTEM
