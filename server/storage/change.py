"""What one decision does to storage: plain data, handed to `commit.apply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DocKey = tuple[str, str, str]
"""(scope name, entity, document id)"""

GrantKey = tuple[str, str]
"""(seat id, scope name)"""

ReminderKey = tuple[str, str, str, str]
"""(record id, kind, account id, due instant as text)"""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One row of `record`; `body` is the JSON text of the feature's own row."""

    id: str
    entity: str
    aggregate_id: str
    owner_unit: str
    body: str


@dataclass(frozen=True, slots=True)
class Publication:
    """All that one aggregate shows the world: computed from its rows alone, never edited.

    `docs` holds JSON text, `grants` the exclusive end (instant text), `stores` only the scopes that are not `keep`,
    `reminders` the data (JSON text) of everything that is to be said or done later.
    """

    docs: Mapping[DocKey, str] = field(default_factory=dict)
    grants: Mapping[GrantKey, str] = field(default_factory=dict)
    stores: Mapping[str, str] = field(default_factory=dict)
    reminders: Mapping[ReminderKey, str] = field(default_factory=dict)


NO_ORGANISATION = "accounts"
"""The audit chain of what concerns no organisation: people's own settings and devices."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what. `detail` never holds what a person wrote."""

    organisation: str
    seat: str
    action: str
    subject: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one commit writes. `published` has one entry for each locked aggregate that is to be re-published."""

    put: tuple[StoredRecord, ...] = ()
    remove: tuple[str, ...] = ()
    published: Mapping[str, Publication] = field(default_factory=dict)
    audit: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit touched: new version per scope name, the seats that lost a scope, and who holds it now.

    `holders` knows only the scopes whose holders follow from the aggregates of this commit.
    """

    versions: Mapping[str, int] = field(default_factory=dict)
    ended: tuple[GrantKey, ...] = ()
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)
