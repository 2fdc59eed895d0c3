"""The region's help contacts and links in the public scope, kept as the code and the catalogs have them."""

from __future__ import annotations

import msgspec

from server.features.region import REGION, Keep, rows
from server.ids import new_id
from server.sync.house import House
from server.sync.push import act


async def keep_region(house: House) -> bool:
    """Publishes what has changed since the last start, if anything has; true when it had."""
    async with house.engine.read() as tx:
        stored = await tx.fetch("SELECT id, body FROM record WHERE aggregate_id = $1", REGION)
    if {id: msgspec.json.decode(body) for id, body in stored} == {row.id: msgspec.to_builtins(row) for row in rows()}:
        return False
    await act(house, Keep(), new_id(house.clock.now()))
    return True
