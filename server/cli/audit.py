"""`samled audit verify`: is the log of who did what whole?"""

from __future__ import annotations

import sys

import click

from server.cli import opening
from server.storage import audit as chain


@click.group()
def audit() -> None:
    """The chained log of who did what."""


@audit.command("verify")
@opening.json_option
def verify_chain(as_json: bool) -> None:
    """Check every chain from its first row to its head. Ends with 1 and the first bad row of each."""
    rows, problems = opening.go(_verify())
    opening.say({"ok": not problems, "rows": rows, "problems": problems}, as_json=as_json)
    sys.exit(opening.WRONG if problems else 0)


async def _verify() -> tuple[int, list[str]]:
    async with opening.opened(opening.settings()) as parts, parts.engine.read() as tx:
        return int(await tx.fetch_value("SELECT count(*) FROM audit")), await chain.verify(tx)
