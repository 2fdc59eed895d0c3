"""Consent (samtycke): when it is complete, whether it is live, what it covers, and what each party sees.

Every required party answers; any no refuses; a guardian who is prevented, or overruled by the social
welfare board, is replaced by a recorded exception, a young person never is. Complete and live is the only
thing that opens a room for another unit. This breaks secrecy; it is not the legal basis for the data.
Source: rules.md 3.4, model.md 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from server.domain.instants import end_of_day, start_of_day


class Answer(StrEnum):
    """What a party may answer. `yes_without_name`: the question may be raised, the child not named."""

    YES = "yes"
    NO = "no"
    YES_WITHOUT_NAME = "yes_without_name"


class State(StrEnum):
    """The consent as the coordinator sees it."""

    ASKED = "asked"
    COMPLETE = "complete"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


Capacity = Literal["guardian", "young_person"]
ExceptionKind = Literal["prevented", "social_board"]
PartyState = Literal["asked", "shared", "not_shared"]


@dataclass(frozen=True)
class Party:
    """Somebody whose answer is required, stamped when the consent is asked."""

    person: str
    capacity: Capacity


@dataclass(frozen=True)
class ConsentException:
    """Why one guardian's answer is not needed: `prevented` (FB 6:13) or `social_board` (FB 6:13 a)."""

    kind: ExceptionKind
    person: str
    on: date
    reference: str


@dataclass(frozen=True)
class Terms:
    """What a consent says. Terms never change; a change is a new consent. Days are included."""

    information_kinds: frozenset[str]
    to_units: frozenset[str]
    valid_from: date
    valid_until: date
    excludes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """A consent at an instant. `waiting_for`: parties without an answer, for the coordinator only."""

    state: State
    without_name: bool
    waiting_for: tuple[str, ...]
    live: bool
    """Complete, with the name, inside its days: it opens rooms for the units it names."""


def standing(
    terms: Terms,
    parties: Sequence[Party],
    answers: Mapping[str, Answer],
    now: datetime,
    *,
    exceptions: Iterable[ConsentException] = (),
    withdrawn_at: datetime | None = None,
) -> Standing:
    """Where the consent stands at `now`.

    Withdrawn goes before expired, expired before the answers. An exception replaces the answer of the
    guardian it names, and only beside a guardian who has said yes. Nobody required is never complete.
    """
    excepted = _excepted(parties, answers, exceptions)
    needed = [party.person for party in parties if party.person not in excepted]
    given = [answers[person] for person in needed if person in answers]
    waiting_for = tuple(person for person in needed if person not in answers)
    without_name = Answer.YES_WITHOUT_NAME in given
    if withdrawn_at is not None and withdrawn_at <= now:
        state = State.WITHDRAWN
    elif Answer.NO in given:
        state = State.REFUSED
    elif now >= end_of_day(terms.valid_until):
        state = State.EXPIRED
    else:
        state = State.ASKED if waiting_for or not needed else State.COMPLETE
    live = state is State.COMPLETE and not without_name and now >= start_of_day(terms.valid_from)
    return Standing(state, without_name, waiting_for, live)


def covers(terms: Terms, *, kind: str, unit: str) -> bool:
    """True when the terms let this kind of information reach this unit; an exclusion always wins."""
    return unit in terms.to_units and kind in terms.information_kinds and kind not in terms.excludes


def party_state(found: Standing, own_answer: Answer | None) -> PartyState:
    """What one party sees: `asked` until they have answered, then whether anything is shared.

    Once they have answered it is the same while another has not and after another has said no, so that
    nobody learns what anybody else answered.
    """
    if found.live:
        return "shared"
    return "asked" if own_answer is None and found.state is State.ASKED else "not_shared"


def ends_at(terms: Terms) -> datetime:
    """The instant the terms run out (exclusive): the grants' `valid_until`."""
    return end_of_day(terms.valid_until)


def _excepted(
    parties: Sequence[Party], answers: Mapping[str, Answer], exceptions: Iterable[ConsentException]
) -> frozenset[str]:
    guardians = {party.person for party in parties if party.capacity == "guardian"}
    named = {
        one.person
        for one in exceptions
        if one.person in guardians and (one.kind == "social_board" or answers.get(one.person) is not Answer.NO)
    }
    deciding = guardians - named
    if any(answers.get(person) in (Answer.YES, Answer.YES_WITHOUT_NAME) for person in deciding):
        return frozenset(named)
    return frozenset()
