"""What the asker sees of a request, and what those who are to answer it see."""

from __future__ import annotations

import msgspec

from server.domain import scopes
from server.domain.actors import SeatKind
from server.features import circle
from server.features.around import Around
from server.features.contact_request.rows import ContactRequestRow, leads_told, owing
from server.features.person import StaffRow, UnitRow
from server.features.rows import RelationRow
from server.features.shape import Document, Projected


class ContactRequest(Document, frozen=True, kw_only=True, omit_defaults=True):
    reason: str
    text: str
    asked_at: str
    due_on: str
    due_at: str
    promise_days: int
    state: str
    child: str | None = None
    callback_phone: str | None = None
    good_times: tuple[str, ...] | None = None
    tried_at: str | None = None
    answered_at: str | None = None
    answered_by: str | None = None
    outcome: str | None = None
    note: str | None = None
    escalated_at: str | None = None
    escalated_to: tuple[str, ...] | None = None
    unit: str | None = None
    unit_name: str | None = None
    function: str | None = None
    remind_on: str | None = None
    """Those who answer only: the day they are reminded."""
    asked_by: dict[str, str | None] | None = None
    """Those who answer only: {name, kind, relation?, phone?, unit_name?}."""


class LatePromise(Document, frozen=True, kw_only=True, omit_defaults=True):
    """What a unit's lead is shown of a promise that was broken: who owes it and since when, nothing of who asked."""

    state: str
    asked_at: str
    due_on: str
    due_at: str
    promise_days: int
    escalated_at: str
    owed_by: tuple[dict[str, str | None], ...]
    """Coordinator and deputy, or those who hold the function: {name, title, phone, away_until}."""
    unit_name: str | None = None
    function: str | None = None


def _seen_by_asker(row: ContactRequestRow, around: Around) -> ContactRequest:
    """Without who asked: in the asker's own room everything is one's own."""
    answered_by = around.known(StaffRow, row.answered_by)
    unit = None if row.child else around.known(UnitRow, row.owner_unit)
    return ContactRequest(
        id=row.id,
        child=row.child,
        reason=row.reason,
        text=row.text,
        callback_phone=row.callback_phone,
        good_times=row.good_times or None,
        asked_at=row.asked_at,
        due_on=row.due_on,
        due_at=row.due_at,
        promise_days=row.promise_days,
        state=row.state,
        tried_at=row.tried_at,
        answered_at=row.answered_at,
        answered_by=answered_by.name if answered_by else None,
        outcome=row.outcome,
        note=row.note,
        escalated_at=row.escalated_at,
        escalated_to=_names(row, around) or None,
        unit=unit.id if unit else None,
        unit_name=unit.name if unit else None,
        function=row.function,
    )


def _names(row: ContactRequestRow, around: Around) -> tuple[str, ...]:
    people = (around.known(StaffRow, seat) for seat in row.escalated_to)
    return tuple(person.name for person in people if person is not None)


def project(row: ContactRequestRow, around: Around) -> Projected:
    own = _seen_by_asker(row, around)
    yield from _to_leads(row, around)
    if row.child is None:
        yield scopes.user(row.account), own
        yield scopes.function(row.owner_unit, row.function or ""), _with_asker(own, row, _professional(row, around))
        return
    asker = next((one for one in (*circle.guardians(around), *circle.young(around)) if one.id == row.asker), None)
    if asker is not None and asker.account:
        yield circle.scope_of(asker, around.id), own
    whole = _with_asker(own, row, _family_member(row, around))
    for scope in circle.keeper_scopes(around, row, still_open=row.state == "open"):
        yield scope, whole


def _to_leads(row: ContactRequestRow, around: Around) -> Projected:
    leads = leads_told(row, around)
    if not leads or row.escalated_at is None:
        return
    unit = around.known(UnitRow, row.owner_unit)
    late = LatePromise(
        id=row.id,
        state=row.state,
        asked_at=row.asked_at,
        due_on=row.due_on,
        due_at=row.due_at,
        promise_days=row.promise_days,
        escalated_at=row.escalated_at,
        owed_by=tuple(
            {"name": one.name, "title": one.title, "phone": one.phone, "away_until": one.away_until}
            for one in owing(row, around)
        ),
        unit_name=unit.name if unit else None,
        function=row.function,
    )
    for lead in leads:
        yield scopes.user(lead.account), late


def _with_asker(document: ContactRequest, row: ContactRequestRow, asked_by: dict[str, str | None]) -> ContactRequest:
    return msgspec.structs.replace(document, remind_on=row.remind_on, asked_by=asked_by)


def _family_member(row: ContactRequestRow, around: Around) -> dict[str, str | None]:
    relation = around.known(RelationRow, row.asker)
    return {
        "name": relation.name if relation else None,
        "kind": relation.kind if relation else None,
        "relation": row.asker,
    }


def _professional(row: ContactRequestRow, around: Around) -> dict[str, str | None]:
    person = around.known(StaffRow, row.asker)
    unit = around.known(UnitRow, person.owner_unit) if person else None
    return {
        "name": person.name if person else None,
        "kind": str(SeatKind.STAFF),
        "phone": person.phone if person else None,
        "unit_name": unit.name if unit else None,
    }
