"""`samled migrate`: the schema, brought up to date."""

from __future__ import annotations

import click

from server.cli import opening
from server.storage.migrate import migrate as bring_up
from server.storage.start import prepare


@click.command()
def migrate() -> None:
    """Bring the database up to date. Old and new processes may run meanwhile; `samled run` does this too."""
    click.echo(f"Steps applied: {opening.go(_migrate())}. The database is up to date.")


async def _migrate() -> int:
    async with opening.opened(opening.settings()) as parts:
        count = await bring_up(parts.engine)
        await prepare(parts.engine, parts.house.clock.now())
        return count
