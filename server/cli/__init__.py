"""The command line: one file for each command, put together here.

A command ends with 0 when all is well, 1 when it found or met something wrong, 2 when it was asked wrongly (an unknown
option, a faulty setting) and 3 when the database did not answer. What destroys or replaces something only says what it
would do until it is given `--yes`.
"""

from __future__ import annotations

import click

from server.cli.area import area
from server.cli.audit import audit
from server.cli.backup import backup
from server.cli.config import config
from server.cli.doctor import doctor
from server.cli.invite import invite
from server.cli.migrate import migrate
from server.cli.opening import Commands
from server.cli.reproject import reproject
from server.cli.restore import restore
from server.cli.run import demo, run
from server.cli.vapid import vapid_rotate
from server.cli.verify import verify
from server.cli.worker import worker


@click.group(cls=Commands)
def main() -> None:
    """Samled: one shared place for the child's support. Settings are variables SAMLED_…; see docs/operations.md."""


for command in (
    *(run, demo, worker, migrate, area, invite),
    *(backup, restore, verify, reproject, audit),
    *(doctor, config, vapid_rotate),
):
    main.add_command(command)
