"""Publishing: from an aggregate's rows to all it shows, grants and plans. Pure, and the only place where it is done.

Two rules of visibility stand here because they hold for every feature at once: whatever is shown of a child with
protected identity stays inside the circle's own scope, in memory; and a grant never outlives its reason.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from server.domain import visibility
from server.domain.instants import to_text
from server.features.around import Around
from server.features.circle import hears
from server.storage.change import DocKey, GrantKey, Publication, ReminderKey

if TYPE_CHECKING:
    from server.features import Registry

_ENCODER = msgspec.json.Encoder(order="deterministic")
FOR_EVER = "9999-12-31T00:00:00.000Z"


def publish(registry: Registry, around: Around) -> Publication:
    """All that this aggregate shows, to whom, and what is to be said later."""
    docs: dict[DocKey, str] = {}
    reminders: dict[ReminderKey, str] = {}
    for row in around.rows:
        feature = registry.by_row[type(row)]
        for scope, document in feature.project(row, around):
            docs[(scope, feature.entity, document.id)] = _ENCODER.encode(document).decode()
        for reminder in feature.reminders(row, around):
            key = (reminder.record, reminder.kind, reminder.account, to_text(reminder.due_at))
            reminders[key] = json.dumps(dict(reminder.data), sort_keys=True)
    grants: dict[GrantKey, str] = {}
    for feature in registry.features:
        if feature.row.aggregate == around.kind:
            for seat, scope, until in feature.grants(around):
                if until is None or until > around.now:
                    grants[(seat, scope)] = _later(grants.get((seat, scope)), until)
    circle = registry.circle(around)
    if circle is not None:
        grants = {key: end for key, end in grants.items() if visibility.is_of_child(key[1]) and key[0] in circle}
        rooms = {scope for _, scope in grants}
        docs = {key: doc for key, doc in docs.items() if key[0] in rooms}
        reminders = {key: data for key, data in reminders.items() if not key[2] or hears(around, key[2])}
        return Publication(docs, grants, dict.fromkeys(rooms, visibility.MEMORY), reminders)
    return Publication(docs, grants, {}, reminders)


def _later(known: str | None, until: datetime | None) -> str:
    end = FOR_EVER if until is None else to_text(until)
    return max(known, end) if known else end
