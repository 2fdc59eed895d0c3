"""What is stored of a wish for a consultation time, and what the one who waits sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from server.domain import deadlines, scopes
from server.domain.instants import from_text, local_date
from server.features.around import Around
from server.features.shape import Document, Projected, Reminder, Row


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
    consultant: str | None = None
    """By whom the wish is found when the consultant leaves."""


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
    confirmed: tuple[str, ...] = ()
    """Words of the question that the one who waits has said name nobody."""
    state: str = "waiting"
    """`waiting|offered`; a wish that came true or was given up is erased."""
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
    confirmed: tuple[str, ...] = ()
    offer: Offer | None = None
    until: str | None = None
    """The offer's deadline."""
    ahead: int | None = None
    """How many have waited longer for the same topic. While waiting only."""


def project(row: SlotWishRow, around: Around) -> Projected:
    yield (
        scopes.user(row.account),
        SlotWish(
            id=row.id,
            topic=row.topic,
            age_band=row.age_band,
            made_at=row.made_at,
            state=row.state,
            question=row.question,
            confirmed=row.confirmed,
            offer=row.offer,
            until=row.offer.until if row.offer else None,
            ahead=_ahead(row, around) if row.state == "waiting" else None,
        ),
    )


def _ahead(row: SlotWishRow, around: Around) -> int:
    others = (one for one in around.all(SlotWishRow) if one.state == "waiting" and one.topic == row.topic)
    return sum((one.made_at, one.id) < (row.made_at, row.id) for one in others)


def reminders(row: SlotWishRow, around: Around) -> Iterable[Reminder]:
    """At the deadline the time goes to the next; thirty days after it was made a wish is erased."""
    end = deadlines.consultation_note_end(local_date(from_text(row.made_at)))
    if row.state == "waiting":
        yield Reminder(row.id, "act:slot.wish_end", "", end.ends_at)
    if row.state == "offered" and row.offer is not None:
        yield Reminder(row.id, "act:slot.offer_end", "", from_text(row.offer.until), {"slot": row.offer.slot})
