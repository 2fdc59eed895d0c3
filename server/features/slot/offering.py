"""Offering: what a consultant says of times they open (single, weekly, an open hour): how, about what, and where."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypedDict

from pydantic import Field

from server.domain.access import UNIT, Rule
from server.domain.actors import Actor
from server.errors import Refused
from server.features.around import Around
from server.features.person import Phone, StaffRow, VideoLink
from server.features.shape import Command, Target
from server.features.slot.rows import CONSULTANT, Mode, Topic


class Way(TypedDict):
    """How those who come are met, as a row keeps it."""

    mode: str
    topics: tuple[str, ...]
    join_url: str | None
    phone: str | None


class Offer(Command):
    """One's own times, offered to the area by a consultant of the unit."""

    rule: ClassVar[Rule] = Rule(by=UNIT)
    on_scope_loss: ClassVar[str] = "purge"
    reach: ClassVar[tuple[str, ...]] = ("open_hour",)

    mode: Mode
    topics: Annotated[list[Topic], Field(min_length=1, max_length=10)]
    join_url: VideoLink | None = None
    phone: Phone | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.unit or ""),)

    def reaches(self, actor: Actor) -> str | None:
        return actor.seat

    def way(self, around: Around, actor: Actor) -> Way:
        """Refuses `not_allowed` for whoever is no consultant of the unit; `invalid` for video without an address."""
        if CONSULTANT not in around.get(StaffRow, actor.seat).functions:
            raise Refused("not_allowed")
        by_video = self.mode == "video"
        if by_video and self.join_url is None:
            raise Refused("invalid", fields={"join_url": "required"})
        return Way(
            mode=self.mode,
            topics=tuple(dict.fromkeys(self.topics)),
            join_url=self.join_url if by_video else None,
            phone=self.phone,
        )
