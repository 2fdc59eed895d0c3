"""Publishing: from an aggregate's rows to all it shows, grants and plans. Pure, and the only place where it is done.

Two rules of visibility stand here because they hold for every feature at once: whatever is shown of a child with
protected identity stays inside the circle's own scope, in memory; and a grant never outlives its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from server.domain import visibility
from server.domain.instants import to_text
from server.features.around import Around
from server.features.belonging import hears
from server.storage.change import DocKey, GrantKey, Publication, ReminderKey

if TYPE_CHECKING:
    from server.features import Registry

_ENCODER = msgspec.json.Encoder(order="deterministic")
FOR_EVER = "9999-12-31T00:00:00.000Z"


def grants_of(registry: Registry, around: Around) -> dict[GrantKey, str]:
    """Who holds which scope because of this aggregate, and until when (exclusive)."""
    grants: dict[GrantKey, str] = {}
    for feature in registry.features:
        if feature.row.aggregate == around.kind:
            for seat, scope, until in feature.grants(around):
                if until is None or until > around.now:
                    grants[(seat, scope)] = _later(grants.get((seat, scope)), until)
    circle = registry.circle(around)
    if circle is None:
        return grants
    return {key: end for key, end in grants.items() if visibility.is_of_child(key[1]) and key[0] in circle}


def publish(registry: Registry, around: Around, grants: Mapping[GrantKey, str] | None = None) -> Publication:
    """All that this aggregate shows, to whom, and what is to be said later; `grants` if they are known already."""
    grants = grants_of(registry, around) if grants is None else grants
    docs: dict[DocKey, str] = {}
    for row in around.rows:
        feature = registry.by_row[type(row)]
        for scope, document in feature.project(row, around):
            docs[(scope, feature.entity, document.id)] = _ENCODER.encode(document).decode()
    if registry.circle(around) is not None:
        rooms = {scope for _, scope in grants}
        docs = {key: doc for key, doc in docs.items() if key[0] in rooms}
        return Publication(docs, grants, dict.fromkeys(rooms, visibility.MEMORY), reminders_of(registry, around))
    return Publication(docs, grants, {}, reminders_of(registry, around))


def reminders_of(registry: Registry, around: Around) -> dict[ReminderKey, str]:
    """What is to be said or done later, with its data; under protection only to those inside the circle."""
    found: dict[ReminderKey, str] = {}
    for row in around.rows:
        for reminder in registry.by_row[type(row)].reminders(row, around):
            key = (reminder.record, reminder.kind, reminder.account, to_text(reminder.due_at))
            found[key] = _ENCODER.encode(dict(reminder.data)).decode()
    if registry.circle(around) is None:
        return found
    return {key: data for key, data in found.items() if not key[2] or hears(around, key[2])}


def _later(known: str | None, until: datetime | None) -> str:
    end = FOR_EVER if until is None else to_text(until)
    return max(known, end) if known else end
