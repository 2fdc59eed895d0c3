"""Keeping rows outside any command: set-up, import and restore. Everything is published as after any other commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.domain.instants import to_text
from server.features.publish import publish
from server.features.shape import Row
from server.storage import commit
from server.storage.change import AuditEntry, Change
from server.storage.engine import Tx
from server.storage.lock import create_aggregate, lock_aggregates
from server.sync import load
from server.sync.house import House


async def keep_rows(house: House, tx: Tx, rows: Mapping[str, Sequence[Row]], why: AuditEntry) -> None:
    """Keeps rows by aggregate id and publishes those aggregates, in one transaction of the caller's.

    Aggregates are made where absent, of the kind and owner that their first row names.
    """
    now = house.clock.now()
    for id, kept in rows.items():
        first = kept[0]
        await create_aggregate(tx, id, kind=first.aggregate, owner_unit=first.owner_unit, now=to_text(now))
    locked = await lock_aggregates(tx, rows)
    put = tuple(load.encoded(row, id) for id, kept in rows.items() for row in kept)
    await commit.apply(tx, Change(put=put), to_text(now))
    arounds = await load.around(tx, house.registry, locked, now)
    published = {id: publish(house.registry, one) for id, one in arounds.items()}
    await commit.apply(tx, Change(published=published, audit=(why,)), to_text(now))
