"""What aggregates publish, grant, plan and have had erased before a commit: all that is compared with what should be.

Their locks are held while this is read and until the commit, so nobody else can change it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from server.storage.change import DocKey, GrantKey, ReminderKey
from server.storage.engine import Tx

CHILD = "child:"


StoredDoc = tuple[str, int]
"""(hash, version) of a document as it is in its scope now."""


class StoredGrant(NamedTuple):
    until: str
    aggregate: str


class StoredReminder(NamedTuple):
    id: str
    state: str


Purges = dict[tuple[str, str], dict[str, str | None]]
"""{(aggregate, scope name): {device: when it confirmed that it has erased the scope}}"""


@dataclass(frozen=True, slots=True)
class Stored:
    """`stores` knows only scopes of children, `scopes` the names of all that are known to exist."""

    docs: dict[DocKey, StoredDoc] = field(default_factory=dict)
    grants: dict[GrantKey, StoredGrant] = field(default_factory=dict)
    stores: dict[str, str] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)
    reminders: dict[tuple[str, ReminderKey], StoredReminder] = field(default_factory=dict)
    purges: Purges = field(default_factory=dict)

    def ended(self, wanted: Iterable[Mapping[GrantKey, str]]) -> list[GrantKey]:
        """The grants that are in none of these, in order."""
        return sorted(self.grants.keys() - {key for grants in wanted for key in grants})


async def read_stored(tx: Tx, aggregates: Iterable[str]) -> Stored:
    """Of these (locked) aggregates, in one exchange with the database."""
    ids = sorted(aggregates)
    if not ids:
        return Stored()
    stored = Stored()
    # Plain rows of one shape, and not `fetch_all`: there may be thousands.
    for what, name, one, two, three, four, five, version in await tx.fetch(
        "SELECT 'doc', s.name, f.entity, f.doc_id, f.hash, NULL, NULL, f.version"
        " FROM feed f JOIN scope s ON s.id = f.scope_id WHERE f.aggregate_id = any($1) AND f.doc IS NOT NULL"
        " UNION ALL SELECT 'grant', s.name, g.seat_id, g.valid_until, g.aggregate_id, s.store, NULL, 0"
        " FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE g.aggregate_id = any($1)"
        " UNION ALL SELECT 'purge', s.name, p.aggregate_id, p.replica_id, p.dropped_at, NULL, NULL, 0"
        " FROM purge p JOIN scope s ON s.id = p.scope_id WHERE p.aggregate_id = any($1)"
        " UNION ALL SELECT state, aggregate_id, record_id, kind, account_id, due_at, id, 0 FROM reminder"
        " WHERE aggregate_id = any($1)",
        ids,
    ):
        if what == "doc":
            stored.docs[name, one, two] = (three, version)
            stored.scopes.add(name)
        elif what == "grant":
            stored.grants[one, name] = StoredGrant(two, three)
            stored.scopes.add(name)
            if name.startswith(CHILD):
                stored.stores[name] = four
        elif what == "purge":
            stored.purges.setdefault((one, name), {})[two] = three
        else:
            stored.reminders[name, (one, two, three, four)] = StoredReminder(five, what)
    return stored


async def purges_after(tx: Tx, stored: Stored, ended: Sequence[GrantKey]) -> Purges:
    """The purges as they will be once these grants have ended: every device of theirs is to erase its copy."""
    devices: dict[str, list[str]] = {}
    for seat, device in await tx.fetch(
        "SELECT seat_id, id FROM replica WHERE seat_id = any($1)", sorted({seat for seat, _ in ended})
    ):
        devices.setdefault(seat, []).append(device)
    after = {key: dict(known) for key, known in stored.purges.items()}
    for seat, name in ended:
        for device in devices.get(seat, ()):
            after.setdefault((stored.grants[seat, name].aggregate, name), {})[device] = None
    return after


def counted(purges: Purges, aggregate: str) -> dict[str, tuple[int, int]]:
    """{scope name: (devices that held it, devices that have confirmed erasure)} of one aggregate."""
    return {
        name: (len(devices), sum(dropped_at is not None for dropped_at in devices.values()))
        for (home, name), devices in purges.items()
        if home == aggregate
    }
