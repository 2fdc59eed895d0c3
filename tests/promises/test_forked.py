"""What is forked begins with no setting of whoever runs the tests, and with everything imported all the same."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from multiprocessing.connection import Connection

from server.settings import Settings
from server.texts import ROOT
from tests.push.crew import PRELOADED


def fork_one() -> None:
    """To be run in a process of its own: prints what a process forked there was born with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe()
    process = context.Process(target=_tell, args=(theirs,))
    process.start()
    print(json.dumps(ours.recv()))
    process.join()


def _tell(pipe: Connection) -> None:
    named = [name for name in os.environ if name.upper().startswith("SAMLED_")]
    pipe.send([named, Settings().fallback_after_s, "tests.promises.warm" in sys.modules])


def test_no_setting_of_the_test_run_reaches_what_is_forked() -> None:
    """Neither one that would be believed nor one that would end the process which imports everything."""
    setting = {"samled_fallback_after_s": "1", "SAMLED_FALLBACK_AFTER_S": "1", "SAMLED_DATABASE_URL": "mysql://nowhere"}
    command = [sys.executable, "-c", "from tests.promises.test_forked import fork_one; fork_one()"]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **setting}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    usual = Settings.model_fields["fallback_after_s"].default
    assert json.loads(ended.stdout) == [[], usual, True]
