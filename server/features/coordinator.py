"""Coordinator: the one named person a family turns to (samordnare), and the deputy behind them.

Every child has exactly one coordinator document at every instant; it keeps its id through every change, so that no
moment shows none or two. Until a person is named it says who answers meanwhile and by when. Source: model.md 3, S1.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from server.domain import scopes
from server.domain.access import BATON, UNIT, Rule
from server.domain.actors import Actor, Assurance
from server.domain.instants import local_date, to_text
from server.errors import Refused
from server.features import belonging, circle
from server.features.around import Around
from server.features.person import DayText, StaffRow, UnitRow
from server.features.rows import CoordinatorRow, PostRow
from server.features.shape import Command, Document, Feature, Id, Moment, Notice, Projected, Target, Writes


class Coordinator(Document, frozen=True, kw_only=True, omit_defaults=True):
    child: str
    since: str
    unit_name: str
    promise_days: int
    name: str | None = None
    title: str | None = None
    phone: str | None = None
    reach_hours: str | None = None
    away_until: str | None = None
    deputy: dict[str, str | None] | None = None
    state: str | None = None
    answers_by: str | None = None
    unit_phone: str | None = None
    person: str | None = None
    """Coordinator's own scope only: the seats, so that the unit can change them."""
    deputy_person: str | None = None
    people: tuple[dict[str, str | None], ...] | None = None
    """Coordinator's own scope only: professionals with a seat around the child."""


def project(row: CoordinatorRow, around: Around) -> Projected:
    unit = around.known(UnitRow, row.owner_unit)
    person = around.known(StaffRow, row.seat)
    deputy = around.known(StaffRow, row.deputy)
    card = Coordinator(
        id=row.id,
        child=row.child,
        since=row.since,
        unit_name=unit.name if unit else "",
        unit_phone=unit.phone if unit else None,
        promise_days=circle.promise_days(around),
        name=person.name if person else None,
        title=person.title if person else None,
        phone=person.phone if person else None,
        reach_hours=person.reach_hours if person else None,
        away_until=person.away_until if person else None,
        deputy={"name": deputy.name, "phone": deputy.phone, "title": deputy.title} if deputy else None,
        state=None if person else "being_named",
        answers_by=row.answers_by,
    )
    for scope in (*circle.family_scopes(around), *circle.supporter_scopes(around), *circle.consent_scopes(around)):
        yield scope, card
    for scope in circle.coordinator_scopes(around):
        yield (
            scope,
            msgspec.structs.replace(
                card, person=row.seat, deputy_person=row.deputy, people=circle.staff_people(around)
            ),
        )


def grants(around: Around) -> list[tuple[str, str, datetime | None]]:
    """Coordinator and deputy, in the unit that coordinates; with protected identity also the rest of its circle."""
    row = around.first(CoordinatorRow)
    if row is None:
        return []
    scope = scopes.coordinator(around.id, row.owner_unit)
    held = {seat for seat in (row.seat, row.deputy) if seat and circle.works_in(around, seat, row.owner_unit)}
    if row.seat is None:
        held |= circle.holders_meanwhile(around)
    held |= belonging.staff_in_circle(around)
    return [(seat, scope, None) for seat in sorted(held)]


def to_family(around: Around, row: CoordinatorRow) -> tuple[Notice, ...]:
    """Tells everybody of the family who it is now, or that it is another person."""
    kind = "coordinator_changed" if row.earlier else "coordinator_named"
    accounts = sorted({one.account for one in circle.family(around) if one.account})
    return tuple(
        Notice(account, kind, "coordinator", row.id) for account in accounts if belonging.hears(around, account)
    )


def to_former(around: Around, before: CoordinatorRow, after: CoordinatorRow, actor: Actor) -> tuple[Notice, ...]:
    """Tells whoever held the baton and does not any more, unless it is their own doing. It leads to no child."""
    people = (around.known(StaffRow, seat) for seat in (before.seat, before.deputy))
    return tuple(
        Notice(person.account, "taken_over", "staff", person.id)
        for person in people
        if person is not None
        and person.id not in (after.seat, after.deputy)
        and person.ended_at is None
        and person.account != actor.account
    )


def no_documents(_row: PostRow, _around: Around) -> Projected:
    return ()


class _Staffing(Command):
    rule: ClassVar[Rule] = Rule(by=BATON, assurance=Assurance.VERIFIED)
    confirm: ClassVar[bool] = True
    on_scope_loss: ClassVar[str] = "purge"
    persons: ClassVar = {"person": "staff"}

    child: Id
    person: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.child, "child"),)

    def needs(self) -> tuple[str, ...]:
        return (self.person,)

    def colleague(self, around: Around) -> StaffRow:
        """The person meant, who may not be of the child's own family."""
        person = around.known(StaffRow, self.person)
        if person is None or person.ended_at is not None:
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        if person.account in circle.family_accounts(around):
            raise Refused("not_allowed")
        return person


class SetDeputy(_Staffing):
    """Names who stands in: they see what the coordinator sees, and get what is overdue."""

    name: ClassVar[str] = "coordinator.deputy"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = circle.coordinator(around)
        if self.colleague(around).owner_unit != row.owner_unit or self.person == row.seat:
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        person = self.colleague(around)
        is_news = row.deputy != self.person and person.account != actor.account
        told = (Notice(person.account, "stand_in", "child", row.child),) if is_news else ()
        named = msgspec.structs.replace(row, deputy=self.person)
        return Writes(rows=(named,), notices=(*told, *to_former(around, row, named, actor)))


class Assign(_Staffing):
    """Gives a professional a seat around the child; `coordinator` names the coordinator within the same unit.

    The family is told of a new coordinator, and so is that person. A seat in another unit needs a live consent that
    names the unit (`consent_required`).
    """

    name: ClassVar[str] = "seat.assign"

    coordinator: bool = False

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        person = self.colleague(around)
        row = circle.coordinator(around)
        now = to_text(at.now)
        if self.coordinator:
            if person.owner_unit != row.owner_unit:
                raise Refused("conflict")
            earlier = row.earlier if row.seat is None else (*row.earlier, (row.seat, row.since, now))
            named = msgspec.structs.replace(
                row,
                seat=self.person,
                since=now,
                earlier=earlier,
                answers_by=None,
                deputy=None if row.deputy == self.person else row.deputy,
            )
            own = Notice(person.account, "successor", "child", row.child)
            told = (own,) if person.account != actor.account and belonging.hears(around, person.account) else ()
            former = to_former(around, row, named, actor)
            return Writes(rows=(named,), notices=(*to_family(around, named), *told, *former))
        if person.owner_unit != row.owner_unit and not circle.live_consents(around, unit=person.owner_unit):
            raise Refused("consent_required")
        if any(post.seat == self.person and post.ended_at is None for post in around.all(PostRow)):
            raise Refused("conflict")
        post = PostRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            child=around.id,
            seat=self.person,
            unit=person.owner_unit,
            since=now,
        )
        return Writes(rows=(post,), result={"post": post.id})


class EndSeat(_Staffing):
    """Ends a professional's seat around the child; what they held leaves their devices."""

    name: ClassVar[str] = "seat.end"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        post = next((row for row in around.all(PostRow) if row.seat == self.person and row.ended_at is None), None)
        if post is None:
            raise Refused("conflict")
        return Writes(rows=(msgspec.structs.replace(post, ended_at=to_text(at.now)),))


class Away(Command):
    """Says until when one is away (the last day), and who stands in; an empty `until` says one is back."""

    name: ClassVar[str] = "coordinator.away"
    rule: ClassVar[Rule] = Rule(by=UNIT)
    confirm: ClassVar[bool] = True
    persons: ClassVar = {"person": "staff"}

    until: DayText | None = None
    person: Id | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.unit or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if self.until is not None and self.until < local_date(at.now).isoformat():
            raise Refused("invalid", fields={"until": "past"})
        if self.person is not None and (
            self.person == actor.seat or not circle.works_in(around, self.person, around.id)
        ):
            raise Refused("invalid", fields={"person": "not_allowed_value"})
        row = around.get(StaffRow, actor.seat)
        changed = msgspec.structs.replace(row, away_until=self.until, deputy=self.person or row.deputy)
        told = self._to_stand_ins(around, row, changed, at)
        return Writes(rows=(changed,), notices=told, seats_changed=(actor.seat,))

    def _to_stand_ins(self, around: Around, before: StaffRow, now: StaffRow, at: Moment) -> tuple[Notice, ...]:
        """Tells the one who answers meanwhile, and the one who did; nobody when only the last day is another."""
        is_away = (before.away_until or "") >= local_date(at.now).isoformat()
        did, does = before.deputy if is_away else None, now.deputy if self.until else None
        if did == does:
            return ()
        comes, goes = around.known(StaffRow, does), around.known(StaffRow, did)
        told: list[Notice] = []
        if comes is not None and comes.ended_at is None:
            told.append(Notice(comes.account, "stand_in", "staff", now.id))
        if goes is not None and goes.ended_at is None:
            told.append(Notice(goes.account, "stand_in_ended", "staff", goes.id))
        return tuple(told)


features = (
    Feature(
        entity="coordinator",
        row=CoordinatorRow,
        project=project,
        documents=(Coordinator,),
        grants=grants,
        commands=(SetDeputy, Assign, EndSeat, Away),
    ),
    Feature(entity="post", row=PostRow, project=no_documents),
)
