"""The parts a feature is made of: rows, documents, commands, and the one object that binds them.

A feature file declares what is stored (`Row`), what each audience sees (`Document` and `project`), who therefore holds
which scope (`grants`), what is to be said later (`reminders`) and what may be done (`Command`). All of it is pure: no
clock, no database, no randomness. `Feature` at the end of the file binds it; `server.features.load` finds it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.ids import derived_id

if TYPE_CHECKING:
    from server.features.around import Around

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A lower-case UUID."""


def misfit(**fields: str) -> PydanticCustomError:
    """What a command's validator raises when its arguments do not go together: {argument: code of `errors.py`}."""
    return PydanticCustomError("misfit", "the arguments do not go together", {"fields": fields})


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is stored of one thing. A field added later has a default, so that old rows still read."""

    entity: ClassVar[str]
    aggregate: ClassVar[str]
    shows_purges: ClassVar[bool] = False
    """True when its projection tells how many devices have erased something (`Around.purges`)."""

    id: str
    owner_unit: str

    def refers_to(self) -> Iterable[str]:
        """Ids of rows of other aggregates (units, staff, areas) that its projections name."""
        return ()


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one audience sees of a row. A field that is not here cannot leak; None is left out on the wire."""

    id: str


Projected = Iterable[tuple[str, Document]]
"""(scope name, document) pairs."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be said to an account (`kind` names the text) or, with `act:` before it, to be done by the house."""

    record: str
    kind: str
    account: str
    due_at: datetime
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """A consequence outside the rows (an invitation, an ended seat), carried out by `name` in the same transaction."""

    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an account should hear of now. `kind` names a fixed neutral text; `entity` and `doc` are its way in."""

    account: str
    kind: str
    entity: str
    doc: str
    urgent: bool = False
    """True breaks through quiet hours: only for what cannot wait until morning."""


@dataclass(frozen=True, slots=True)
class Writes:
    """What a command decides: rows to keep and remove, an answer, and consequences.

    `rows` may belong to several aggregates as long as each was a target. `result` is stored in the receipt; what an
    effect answers (a secret shown once) is not. `seats_changed` names colleagues whose card has changed: every
    child they stand around is published anew in the same commit.
    """

    rows: tuple[Row, ...] = ()
    remove: tuple[str, ...] = ()
    result: Mapping[str, Any] | None = None
    effects: tuple[Effect, ...] = ()
    notices: tuple[Notice, ...] = ()
    seats_changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What a command acts on.

    With an `entity` it is a document the actor must be able to see now; its aggregate is locked before it is read.
    Without one, `id` is an aggregate itself (one's own account or unit), locked and left to the rule. A `create`
    target is made with that kind if it does not exist. The first target is the one the rule is asked about.
    """

    id: str
    entity: str | None = None
    create: str | None = None


@dataclass(slots=True)
class Moment:
    """The instant of a decision and the ids it makes: the same command always makes the same ids."""

    now: datetime
    seed: str
    made: int = 0

    def new_id(self) -> str:
        """The next id (UUIDv7) of this decision."""
        self.made += 1
        return derived_id(self.now, self.seed, self.made)


class Command(BaseModel, ABC):
    """One intention. The model's fields are its arguments; its class attributes are its contract.

    `offered` says under which conditions on the document a client shows it: a list of {field, in} | {field, present} |
    {until: field} | {from: field, minus_minutes}. `optimistic` is the effect a client may show at once, as data:
    {entity, arg, set: {field: {arg} | {value}}}.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: ClassVar[str]
    rule: ClassVar[Rule]
    confirm: ClassVar[bool] = False
    optimistic: ClassVar[Mapping[str, Any] | None] = None
    on_scope_loss: ClassVar[str] = "keep"
    offered: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    alternatives_entity: ClassVar[str] = ""
    """After `taken`: open documents of this entity that the sender may choose instead."""
    internal: ClassVar[bool] = False
    """True: only the house itself does this (escalation, expiry); it is not in the contract."""
    persons: ClassVar[Mapping[str, str]] = {}
    """{argument naming people: `staff`, `family` or `anyone`}; a user's id there stands for a seat or relation."""
    gathers: ClassVar[tuple[str, ...]] = ()
    """Entities (`unit`, `staff` ..) whose rows in all units of the area the decision reads, in `Around.named`."""
    reach: ClassVar[tuple[str, ...]] = ()
    """Entities by which a row may name the seat of `reaches`."""

    @abstractmethod
    def targets(self, actor: Actor) -> tuple[Target, ...]:
        """What it acts on, first the document the rule is about."""

    def suits(self, document: Mapping[str, Any]) -> bool:
        """Whether this open document of `alternatives_entity` would do as well."""
        return True

    def needs(self) -> tuple[str, ...]:
        """Ids of rows of other aggregates that the decision reads (a unit, a colleague)."""
        return ()

    def reaches(self, actor: Actor) -> str | None:
        """A seat: every aggregate that has a row of `reach` naming it is locked too, and stands in `Around.others`.

        For what concerns all that a person holds, without the sender having to know it (a leaver's children).
        """
        return None

    @abstractmethod
    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        """The writes, or `Refused`. Sees rows, never a database."""


class OfTheHouse(Command):
    """What nobody asks for: the house does it by itself when a reminder `act:…` of that record falls due."""

    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True
    entity: ClassVar[str | None] = None
    """What the record is; None when it is an aggregate itself."""

    record: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.record, self.entity),)


def no_grants(_around: Around) -> Iterable[tuple[str, str, datetime | None]]:
    """For features that open no scope."""
    return ()


def no_reminders(_row: Any, _around: Around) -> Iterable[Reminder]:
    """For features that say nothing later."""
    return ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One synced entity, whole. `grants` gives (seat, scope name, exclusive end or None)."""

    entity: str
    row: type[Row]
    project: Callable[[Any, Around], Projected]
    documents: tuple[type[Document], ...] = ()
    grants: Callable[[Around], Iterable[tuple[str, str, datetime | None]]] = no_grants
    reminders: Callable[[Any, Around], Iterable[Reminder]] = no_reminders
    commands: tuple[type[Command], ...] = ()
    overrides: frozenset[str] = frozenset()
    """Kinds of notice in whose place nothing is said that was told of the same row before: it holds no longer."""
    said_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """{kind of notice: the states of its row in which it is still true}; a kind that is not here always is."""
    missed: Mapping[str, str] = field(default_factory=dict)
    """{kind of notice: the house's command that keeps a row of this entity for whom no way has reached about it}"""
