"""Slot wish: somebody waits with a question for a consultation time. A time that becomes free is offered to one at a
time, in the order they asked, each with a deadline. Nothing identifies the child. Source: product.md 4, number 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, Final

import msgspec
from pydantic import Field

from server.domain import reminders as timing
from server.domain import scopes
from server.domain.access import AREA, LEADS, SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.ages import AgeBand
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features.around import Around
from server.features.booking import Confirmed, Question, check_question, to_consultant
from server.features.person import StaffRow, UnitRow
from server.features.shape import (
    Command,
    Document,
    Feature,
    Id,
    Moment,
    Notice,
    Projected,
    Reminder,
    Row,
    Target,
    Writes,
)
from server.features.slot import BookingRow, SlotRow, Topic

OFFERED_FOR: Final = timedelta(hours=4)
NO_OFFER_WITHIN: Final = timedelta(hours=1)
"""A time that starts sooner is offered to nobody: it is free for whoever sees it."""
OPEN: Final = ("waiting", "offered")


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A time kept for one who waits, as it was when it was offered."""

    slot: str
    unit_name: str
    consultant_title: str
    starts_local: str
    starts_at: str
    minutes: int
    mode: str
    until: str


class SlotWishRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "slot_wish"
    aggregate: ClassVar[str] = "area"

    area: str
    seat: str
    account: str
    topic: str
    age_band: str
    made_at: str
    question: str | None = None
    state: str = "waiting"
    """`waiting|offered|taken|ended`"""
    offer: Offer | None = None
    passed: tuple[str, ...] = ()
    """Slots that were offered and not taken."""

    def refers_to(self) -> tuple[str, ...]:
        return (self.seat,)


class SlotWish(Document, frozen=True, kw_only=True, omit_defaults=True):
    topic: str
    age_band: str
    made_at: str
    state: str
    question: str | None = None
    offer: Offer | None = None
    until: str | None = None
    """The offer's deadline."""


def project(row: SlotWishRow, around: Around) -> Projected:
    if row.state in OPEN:
        yield (
            scopes.user(row.account),
            SlotWish(
                id=row.id,
                topic=row.topic,
                age_band=row.age_band,
                made_at=row.made_at,
                state=row.state,
                question=row.question,
                offer=row.offer,
                until=row.offer.until if row.offer else None,
            ),
        )


def reminders(row: SlotWishRow, around: Around) -> Iterable[Reminder]:
    """At the deadline the time goes to the next."""
    if row.state == "offered" and row.offer is not None:
        yield Reminder(row.id, "act:slot.offer_end", "", from_text(row.offer.until), {"slot": row.offer.slot})


class Wish(Command):
    """Waits for a time that becomes free, with a question that identifies nobody."""

    name: ClassVar[str] = "slot.wish"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    topic: Topic
    age_band: AgeBand
    question: Question | None = None
    confirmed: Confirmed = Field(default_factory=list)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        if any(row.seat == actor.seat and row.state in OPEN for row in around.all(SlotWishRow)):
            raise Refused("conflict")
        check_question(self.question, self.confirmed, (actor.name,) if actor.name else ())
        row = SlotWishRow(
            id=at.new_id(),
            owner_unit=actor.unit or "",
            area=around.id,
            seat=actor.seat,
            account=actor.account,
            topic=self.topic,
            age_band=self.age_band,
            question=self.question,
            made_at=to_text(at.now),
        )
        return Writes(rows=(row,), result={"slot_wish": row.id})


class _OnWish(Command):
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    slot_wish: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.slot_wish, "slot_wish"),)

    def own(self, around: Around, actor: Actor) -> SlotWishRow:
        row = around.get(SlotWishRow, self.slot_wish)
        if row.account != actor.account:
            raise Refused("not_allowed")
        if row.state not in OPEN:
            raise Refused("conflict")
        return row


class _OnOffer(_OnWish):
    offered: ClassVar = ({"field": "state", "in": ["offered"]}, {"until": "until"})

    slot: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.slot_wish, "slot_wish"), Target(self.slot, "slot"))

    def both(self, around: Around, actor: Actor) -> tuple[SlotWishRow, SlotRow]:
        """The wish and the time that is kept for it. Refuses `taken` when it is kept no longer."""
        row = self.own(around, actor)
        slot = around.of(self.slot).get(SlotRow, self.slot)
        if row.offer is None or row.offer.slot != self.slot or slot.state != "offered":
            raise Refused("taken")
        return row, slot


class Take(_OnOffer):
    """Books the time that was offered, with the question of the wish."""

    name: ClassVar[str] = "slot.take"
    confirm: ClassVar[bool] = True
    alternatives_entity: ClassVar[str] = "slot"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, slot = self.both(around, actor)
        if from_text(slot.starts_at) <= at.now:
            raise Refused("too_late")
        booking = BookingRow(
            id=at.new_id(),
            owner_unit=slot.owner_unit,
            slot=slot.id,
            seat=actor.seat,
            account=actor.account,
            topic=row.topic,
            age_band=row.age_band,
            question=row.question,
            booked_at=to_text(at.now),
        )
        taken = msgspec.structs.replace(row, state="taken", question=None, offer=None)
        consultant = around.of(slot.id).known(StaffRow, slot.consultant)
        return Writes(
            rows=(taken, msgspec.structs.replace(slot, state="booked"), booking),
            result={"booking": booking.id},
            notices=to_consultant("slot_booked", booking, consultant),
        )


class Decline(_OnOffer):
    """Not this time: it goes to the next, and the wish keeps its place."""

    name: ClassVar[str] = "slot.decline"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, slot = self.both(around, actor)
        return _to_next(_passed(row), slot, around, around.of(slot.id), at)


class Unwish(_OnWish):
    """Waits no longer; the question is erased. A time that was kept goes on at its deadline."""

    name: ClassVar[str] = "slot.unwish"
    offered: ClassVar = ({"field": "state", "in": list(OPEN)},)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = self.own(around, actor)
        if row.state == "offered":
            raise Refused("conflict")
        return Writes(rows=(msgspec.structs.replace(row, state="ended", question=None),))


class OfferNext(Command):
    """The house offers a time that became free to the first who waits for it."""

    name: ClassVar[str] = "slot.offer_next"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id
    area: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.area), Target(self.record, "slot"))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        home = around.of(self.record)
        slot = home.get(SlotRow, self.record)
        return _to_next(None, slot, around, home, at) if slot.state == "open" else Writes()


class OfferEnd(Command):
    """The house: nobody answered in time, so the time goes to the next."""

    name: ClassVar[str] = "slot.offer_end"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    record: Id
    slot: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, "slot_wish"), Target(self.slot, "slot"))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row, home = around.get(SlotWishRow, self.record), around.of(self.slot)
        if row.state != "offered" or row.offer is None or row.offer.slot != self.slot:
            return Writes()
        slot = home.get(SlotRow, self.slot)
        gone = (Notice(row.account, "slot_offer_gone", "slot_wish", row.id),)
        if slot.state != "offered":
            return Writes(rows=(_passed(row),), notices=gone)
        onward = _to_next(_passed(row), slot, around, home, at)
        return Writes(rows=onward.rows, notices=(*gone, *onward.notices))


def _passed(row: SlotWishRow) -> SlotWishRow:
    """The wish as it waits on after an offer that was not taken."""
    passed = (*row.passed, row.offer.slot) if row.offer else row.passed
    return msgspec.structs.replace(row, state="waiting", offer=None, passed=passed)


def _to_next(before: SlotWishRow | None, slot: SlotRow, around: Around, home: Around, at: Moment) -> Writes:
    """The slot kept for the next who waits for it, or open to everybody when there is nobody or no time left."""
    kept: tuple[Row, ...] = (before,) if before else ()
    until = _until(at.now, from_text(slot.starts_at))
    following = _first(around, slot, before) if until is not None else None
    if following is None or until is None:
        return Writes(rows=(*kept, msgspec.structs.replace(slot, state="open", freed_at=None)))
    unit, consultant = home.known(UnitRow, slot.owner_unit), home.known(StaffRow, slot.consultant)
    offer = Offer(
        slot=slot.id,
        unit_name=unit.name if unit else "",
        consultant_title=consultant.title if consultant else "",
        starts_local=slot.starts_local,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        mode=slot.mode,
        until=to_text(until),
    )
    asked = msgspec.structs.replace(following, state="offered", offer=offer)
    return Writes(
        rows=(*kept, asked, msgspec.structs.replace(slot, state="offered", freed_at=None)),
        notices=(Notice(asked.account, "slot_offered", "slot_wish", asked.id),),
    )


def _until(now: datetime, starts_at: datetime) -> datetime | None:
    """The deadline of an offer made now: four waking hours, at the latest an hour before; None if that is now."""
    latest = starts_at - NO_OFFER_WITHIN
    wished = timing.after_quiet(timing.after_quiet(now) + OFFERED_FOR)
    return min(wished, latest) if latest > now else None


def _first(around: Around, slot: SlotRow, before: SlotWishRow | None) -> SlotWishRow | None:
    """Who has waited longest for a time on one of its topics, has not passed it, and still works there."""
    waiting = [
        row
        for row in around.all(SlotWishRow)
        if row.state == "waiting"
        and row.topic in slot.topics
        and slot.id not in row.passed
        and (before is None or row.id != before.id)
        and _works(around, row.seat)
        and row.seat != slot.consultant
    ]
    return min(waiting, key=lambda row: (row.made_at, row.id), default=None)


def _works(around: Around, seat: str) -> bool:
    person = around.known(StaffRow, seat)
    return person is not None and person.ended_at is None


feature = Feature(
    entity="slot_wish",
    row=SlotWishRow,
    project=project,
    documents=(SlotWish,),
    reminders=reminders,
    commands=(Wish, Take, Decline, Unwish, OfferNext, OfferEnd),
)
