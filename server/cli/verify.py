"""`samled verify`: does the database agree with itself?"""

from __future__ import annotations

import sys

import click

from server.cli import checks, opening


@click.command()
@opening.json_option
def verify(as_json: bool) -> None:
    """Check schema, references, rows, feed, grants, digests and the audit chain. Ends with 1 if anything is wrong.

    It reads everything in one snapshot; the server may go on running. The feed is recomputed from the rows.
    """
    report = opening.go(_verify())
    problems = [problem for check in report for problem in check.problems]
    looked_at = {check.name: check.looked_at for check in report}
    opening.say({"ok": not problems, "looked_at": looked_at, "problems": problems}, as_json=as_json)
    sys.exit(opening.WRONG if problems else 0)


async def _verify() -> list[checks.Check]:
    async with opening.opened(opening.settings()) as parts, parts.engine.read() as tx:
        if tx.dialect == "postgres":
            await tx.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        return await checks.run(tx, parts.house.registry, parts.house.clock.now())
