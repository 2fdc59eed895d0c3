"""The command that does nothing: it takes the place of one that a client had to set aside (sync-protocol 6.9)."""

from __future__ import annotations

from typing import ClassVar

from server.domain.access import ONESELF, Rule
from server.domain.actors import Actor
from server.features.around import Around
from server.features.shape import Command, Moment, Target, Writes


class Noop(Command):
    """Nothing."""

    name: ClassVar[str] = "noop"
    rule: ClassVar[Rule] = Rule(by=ONESELF)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes()


commands_alone = (Noop,)
