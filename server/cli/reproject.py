"""`samled reproject`: everything published anew from its rows, after a rule of visibility has changed."""

from __future__ import annotations

import click

from server.cli import opening
from server.cli.recompute import differences
from server.sync.push import republish

AT_ONCE = 20


@click.command()
@opening.yes_option
@opening.json_option
def reproject(yes: bool, as_json: bool) -> None:
    """Make the feed what the rows say. The server may go on running; only what differs is sent to devices."""
    opening.say(opening.go(_reproject(yes)), as_json=as_json)


async def _reproject(yes: bool) -> dict[str, object]:
    async with opening.opened(opening.settings()) as parts:
        house = parts.house
        async with house.engine.read() as tx:
            ids = [str(id) for (id,) in await tx.fetch("SELECT id FROM aggregate ORDER BY id")]
            found = [one async for one in differences(tx, house.registry, ids, house.clock.now())]
        if not yes:
            return {
                "aggregates": len(ids),
                "would change": len({one.aggregate for one in found}),
                "differences": [one.text for one in found[:20]],
            }
        scopes: set[str] = set()
        for start in range(0, len(ids), AT_ONCE):
            async with house.engine.write() as tx:
                committed = await republish(house, tx, ids[start : start + AT_ONCE])
            scopes |= committed.versions.keys()
            await house.committed()
        return {"aggregates": len(ids), "scopes changed": len(scopes)}
