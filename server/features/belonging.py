"""Belonging: in which relations somebody who asks stands to an aggregate, as `domain.access` wants to know it.

Also who is inside the circle of a child with protected identity, beyond which nothing of the child is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from server.domain.access import Relation, within_circle
from server.domain.actors import Actor, Assurance, SeatKind
from server.features import circle
from server.features.around import Around, answered_once
from server.features.person import StaffRow, UnitRow
from server.features.rows import ChildRow, CoordinatorRow
from server.features.shape import Notice


@answered_once
def protected_circle(around: Around) -> frozenset[str] | None:
    """The seats inside the circle of a child with protected identity; None when the child is not protected."""
    row = around.first(ChildRow)
    if row is None or row.protection is None:
        return None
    holders = around.first(CoordinatorRow)
    baton_seats = {seat for seat in (holders.seat, holders.deputy) if seat} if holders else set()
    if holders is not None and holders.seat is None:
        baton_seats |= circle.holders_meanwhile(around)
    return frozenset(row.protection.circle) | baton_seats | {row.protection.set_by}


def hears(around: Around, account: str | None) -> bool:
    """True when this account may be told something of the child: everybody, or the circle under protection.

    None, for somebody invited who has not come in yet, is nobody the circle could hold.
    """
    inside = protected_circle(around)
    if inside is None:
        return True
    staff = (around.known(StaffRow, seat) for seat in inside)
    accounts = {person.account for person in staff if person is not None}
    return account in accounts | {row.account for row in circle.family(around) if row.seat in inside}


def told(notices: Iterable[Notice], before: Mapping[str, Around], after: Mapping[str, Around]) -> tuple[Notice, ...]:
    """Those that may be told: what happens to a child with protected identity is news to nobody outside the circle.

    `before` and `after` are the aggregates of a decision: a notice may be about a row that is new, or gone.
    """
    shielded = {id: one for id, one in after.items() if protected_circle(one) is not None}
    rows = {id: {id, *(row.id for one in (after[id], before.get(id)) if one for row in one.rows)} for id in shielded}
    return tuple(
        notice
        for notice in notices
        if all(hears(one, notice.account) for id, one in shielded.items() if notice.doc in rows[id])
    )


@answered_once
def staff_in_circle(around: Around) -> frozenset[str]:
    """Staff of the coordinating unit who are in the circle without holding the baton."""
    inside = protected_circle(around) or frozenset()
    return frozenset(seat for seat in inside if circle.works_in(around, seat, around.owner_unit))


def as_known(around: Around, actor: Actor) -> Actor:
    """The actor as surely as they are known around this child.

    A family has one seat for all its children; that somebody has checked the person for one child says nothing of
    another. E-ID does: it says who the person is, wherever they act.
    """
    if actor.assurance is not Assurance.VERIFIED or not actor.is_family or around.first(ChildRow) is None:
        return actor
    row = circle.relation_of(around, actor.account)
    return actor if row is not None and row.verified_at else replace(actor, assurance=Assurance.CODE)


def relations(around: Around, actor: Actor) -> frozenset[Relation]:
    """In which relations the actor stands to this aggregate, as `domain.access` asks for it."""
    found: set[Relation] = set()
    if actor.kind is SeatKind.SYSTEM:
        return frozenset({Relation.SYSTEM})
    if around.id == actor.account or any(row.id == actor.seat for row in around.rows):
        found.add(Relation.ONESELF)
    row = around.first(ChildRow)
    if row is not None:
        found |= _around_child(around, actor)
        protected = protected_circle(around)
        if protected is not None and actor.seat in protected:
            found.add(Relation.CIRCLE)
        return within_circle(found, protected=protected is not None)
    if actor.unit == around.owner_unit and actor.unit is not None:
        found.add(Relation.UNIT_STAFF)
    if actor.kind is SeatKind.ADMIN and around.id == actor.organisation:
        found.add(Relation.UNIT_ADMIN)
    unit = around.known(UnitRow, around.owner_unit)
    if unit is not None and actor.organisation == unit.organisation and actor.kind is SeatKind.ADMIN:
        found.add(Relation.UNIT_ADMIN)
    if actor.area is not None and actor.area in {around.id, unit.area if unit else None}:
        found.add(Relation.PROCESS_LEAD if actor.kind is SeatKind.LEAD else Relation.AREA_STAFF)
    return frozenset(found)


def _around_child(around: Around, actor: Actor) -> set[Relation]:
    found: set[Relation] = set()
    relation = circle.relation_of(around, actor.account)
    if relation is not None and relation.seat == actor.seat:
        found.add(Relation(relation.kind))
    holders = around.first(CoordinatorRow)
    if holders is not None:
        if holders.seat == actor.seat:
            found.add(Relation.COORDINATOR)
        if holders.deputy == actor.seat or (holders.seat is None and actor.seat in circle.holders_meanwhile(around)):
            found.add(Relation.DEPUTY)
    if actor.unit is not None and any(
        post.seat == actor.seat and circle.live_consents(around, unit=post.unit) for post in circle.posts(around)
    ):
        found.add(Relation.CONSENTED_STAFF)
    if actor.unit == around.owner_unit and actor.kind is SeatKind.STAFF:
        found.add(Relation.UNIT_STAFF)
    return found
