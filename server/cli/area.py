"""`samled area`: a local collaboration area, which every unit belongs to. The first thing an installation needs."""

from __future__ import annotations

import re

import click

from server.cli import opening
from server.features.person import AreaRow
from server.ids import new_id
from server.storage.change import AuditEntry
from server.sync.keep import keep_rows

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@click.command()
@click.argument("name")
@click.option("--slug", required=True, help="Its name in addresses: small letters, digits and hyphens.")
@click.option("--days", default=2, show_default=True, type=click.IntRange(1, 10), help="Working days until an answer.")
@opening.json_option
def area(name: str, slug: str, days: int, as_json: bool) -> None:
    """Begin an area. Units are then imported into it by their admins."""
    if not name.strip() or not SLUG.fullmatch(slug):
        raise click.UsageError("Give a name, and a slug of small letters, digits and hyphens.")
    opening.say({"area": opening.go(_begin(name.strip(), slug, days))}, as_json=as_json)


async def _begin(name: str, slug: str, days: int) -> str:
    async with opening.opened(opening.settings()) as parts:
        house = parts.house
        row = AreaRow(id=new_id(house.clock.now()), owner_unit="", name=name, slug=slug, promise_days=days)
        async with house.engine.write() as tx:
            taken = await tx.fetch_value(
                "SELECT 1 FROM record WHERE entity = 'area' AND body LIKE $1 LIMIT 1", f'%"slug":"{slug}"%'
            )
            if taken:
                raise opening.Stopped("There is an area with this slug already.")
            why = AuditEntry("operator", "operator", "area.begin", row.id, "applied")
            await keep_rows(house, tx, {row.id: [row]}, why)
        return row.id
