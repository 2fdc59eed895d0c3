"""Consent (samtycke): the only thing that opens a child's room to another unit. A change of terms is a new one.

Every required party answers for themselves, in the app or by word of mouth; any no refuses; a withdrawal ends it at
once. A party sees their own answer and whether anything is shared, never what another answered. What the rooms then
hold is for each feature to publish. Source: rules.md 3.4, model.md 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from server.domain import consent as rules
from server.domain import scopes
from server.features import circle, consent_commands
from server.features import consent_state as state
from server.features.around import Around
from server.features.person import StaffRow, UnitRow
from server.features.rows import ConsentRow, RelationRow
from server.features.shape import Document, Feature, Projected, Reminder

ENDS_SOON = timedelta(days=14)
"""How long before its last day the coordinator is reminded that a consent ends."""


class ConsentTerms(Document, frozen=True, kw_only=True, omit_defaults=True):
    """What a receiving unit sees, and everybody else too."""

    child: str
    purpose: str
    information_kinds: tuple[str, ...]
    from_units: tuple[dict[str, str], ...]
    to_units: tuple[dict[str, str], ...]
    valid_from: str
    valid_until: str
    excludes: tuple[str, ...] = ()


class PartyConsent(ConsentTerms, frozen=True, kw_only=True, omit_defaults=True):
    """What one required party sees: their own answer, and `asked|shared|not_shared`."""

    asked_at: str
    state: str
    form: str
    answer: str | None = None
    answered_at: str | None = None
    withdrawable: bool = False
    purge: dict[str, int] | None = None
    """After the end: how many devices held what was shared, and how many have confirmed that it is erased."""


class CoordinatorConsent(ConsentTerms, frozen=True, kw_only=True, omit_defaults=True):
    """What coordinator and deputy see: everything. `state` is `asked|complete|refused|withdrawn|expired`."""

    asked_at: str
    state: str
    form: str
    required_parties: tuple[dict[str, str | bool], ...]
    waiting_for: tuple[str, ...] = ()
    without_name: bool = False
    exception: dict[str, str] | None = None
    recorded_by: str | None = None
    completed_at: str | None = None
    ended_at: str | None = None
    people: tuple[dict[str, str], ...] = ()
    withdrawable: bool = False
    purge: dict[str, int] | None = None


def project(row: ConsentRow, around: Around) -> Projected:
    found = state.stored(row, around)
    terms = ConsentTerms(
        id=row.id,
        child=row.child,
        purpose=row.purpose,
        information_kinds=row.information_kinds,
        from_units=_units(row.from_units, around),
        to_units=_units(row.to_units, around),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        excludes=row.excludes,
    )
    common: dict[str, Any] = msgspec.structs.asdict(terms)
    common |= {"asked_at": row.asked_at, "form": row.form, "purge": _purge(row, around)}
    for relation in circle.family(around):
        party = state.party_of(row, around, relation)
        if party is None or not relation.account:
            continue
        own = row.answers.get(party)
        shown = rules.party_state(found, rules.Answer(own.answer) if own else None)
        yield (
            circle.scope_of(relation, around.id),
            PartyConsent(
                **common,
                state=shown,
                answer=own.answer if own else None,
                answered_at=own.at if own else None,
                withdrawable=_may_withdraw(row, party, shown),
            ),
        )
    for scope in circle.coordinator_scopes(around):
        yield (
            scope,
            CoordinatorConsent(
                **common,
                state=row.state,
                required_parties=tuple(_party(row, around, party) for party in row.required_parties),
                waiting_for=found.waiting_for,
                without_name=row.without_name,
                exception=row.exception,
                recorded_by=_name(around, row.recorded_by),
                completed_at=row.completed_at,
                ended_at=row.ended_at,
                people=_people(row, around),
                withdrawable=row.state in ("asked", "complete"),
            ),
        )
    if row in circle.live_consents(around):
        for unit in row.to_units:
            yield scopes.consent(row.id, unit), terms


def grants(around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """While a consent is live, each post in a receiving unit holds that unit's room of it, to its exclusive end."""
    for row in circle.live_consents(around):
        for post in circle.posts(around):
            if post.unit in row.to_units and circle.works_in(around, post.seat, post.unit):
                yield post.seat, scopes.consent(row.id, post.unit), circle.consent_ends(row)


def reminders(row: ConsentRow, around: Around) -> Iterable[Reminder]:
    """The end itself, done by the house; and two weeks ahead of it a word to the coordinator."""
    if row.state not in ("asked", "complete"):
        return
    yield Reminder(row.id, "act:consent.expire", "", circle.consent_ends(row))
    if row.state == "complete":
        due_at = circle.morning(around, date.fromisoformat(row.valid_until) - ENDS_SOON)
        for person in circle.answering(around)[:1]:
            yield Reminder(row.id, "consent_ends", person.account, due_at)


def _may_withdraw(row: ConsentRow, party: str, shown: rules.PartyState) -> bool:
    """From what the party itself knows, so that the button says nothing of anybody else's answer."""
    own = row.answers.get(party)
    said_yes = own is not None and own.answer != rules.Answer.NO
    over = party in row.withdrawn_by or row.state == "expired" or state.overruled(row, party)
    return (said_yes or shown == "shared") and not over


def _purge(row: ConsentRow, around: Around) -> dict[str, int] | None:
    if row.completed_at is None or row.without_name or row.ended_at is None:
        return None
    counts = [around.purges.get(scopes.consent(row.id, unit), (0, 0)) for unit in row.to_units]
    return {"devices": sum(held for held, _ in counts), "confirmed": sum(done for _, done in counts)}


def _units(ids: Iterable[str], around: Around) -> tuple[dict[str, str], ...]:
    units = ((id, around.known(UnitRow, id)) for id in ids)
    return tuple({"unit": id, "name": unit.name if unit else ""} for id, unit in units)


def _party(row: ConsentRow, around: Around, party: str) -> dict[str, str | bool]:
    relation = next((one for one in around.all(RelationRow) if one.id == party), None)
    card: dict[str, str | bool] = {
        "party": party,
        "name": relation.name if relation else circle.called(around),
        "kind": state.party_kind(around, party),
    }
    own = row.answers.get(party)
    if own is not None:
        card |= {"answer": own.answer, "at": own.at} | ({"oral": True} if own.oral else {})
    if row.exception is not None and row.exception["party"] == party:
        card["excepted"] = True
    if party in row.withdrawn_by:
        card["withdrawn"] = True
    return card


def _people(row: ConsentRow, around: Around) -> tuple[dict[str, str], ...]:
    people = (around.known(StaffRow, seat) for seat in row.people)
    return tuple({"person": one.id, "name": one.name, "title": one.title} for one in people if one is not None)


def _name(around: Around, seat: str | None) -> str | None:
    person = around.known(StaffRow, seat)
    return person.name if person else None


feature = Feature(
    entity="consent",
    row=ConsentRow,
    project=project,
    documents=(PartyConsent, CoordinatorConsent, ConsentTerms),
    grants=grants,
    reminders=reminders,
    commands=consent_commands.COMMANDS,
    said_in={"consent_asked": ("asked",), "consent_opened": ("complete",), "consent_complete": ("complete",)},
)
