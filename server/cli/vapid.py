"""`samled vapid-rotate`: a new key to sign notices with."""

from __future__ import annotations

import click

from server.cli import opening
from server.push.keys import renew_key


@click.command("vapid-rotate")
@opening.yes_option
@opening.json_option
def vapid_rotate(yes: bool, as_json: bool) -> None:
    """Make a new key for push. Every device subscribes anew at its next start; until then it is not reached."""
    opening.say(opening.go(_rotate(yes)), as_json=as_json)


async def _rotate(yes: bool) -> dict[str, object]:
    settings = opening.settings()
    async with opening.opened(settings) as parts:
        async with parts.engine.read() as tx:
            devices = int(await tx.fetch_value("SELECT count(*) FROM push_subscription"))
        if not yes:
            return {"would renew": str(settings.vapid_path), "devices that must subscribe anew": devices}
        renew_key(settings.vapid_path)
        async with parts.engine.write() as tx:
            await tx.execute("DELETE FROM push_subscription")
            await tx.execute("DELETE FROM delivery WHERE state IN ('due', 'claimed', 'paused')")
        return {
            "renewed": str(settings.vapid_path),
            "devices that must subscribe anew": devices,
            "now": "restart `samled run` and `samled worker`, which hold the old key",
        }
