"""Servers that are there at once: forked from one process that has imported everything, which alone takes over a second.

Each does from there on what `python -m server run` does, with an environment, a folder and a log of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.process import parent_process
from pathlib import Path

from server.cli import main
from tests.push.crew import PRELOADED


class Forked:
    """A server's process, to be asked and ended like a `subprocess.Popen`. It ends when this process does."""

    def __init__(
        self, root: Path, environment: Mapping[str, str], log: Path, before: Callable[[], object] | None
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*PRELOADED, "tests.browser.later"])
        self._process = context.Process(target=_live, args=(root, dict(environment), log, before), daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """How it ended: its exit code, or a signal's number below zero. None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, when it has. Raises: `subprocess.TimeoutExpired` after so many seconds."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("server", timeout or 0)
        return code

    def terminate(self) -> None:
        """Asks it to end (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> None:
        """Ends it at once (SIGKILL)."""
        self._process.kill()


def _live(root: Path, environment: dict[str, str], log: Path, before: Callable[[], object] | None) -> None:
    with log.open("ab") as file:
        for standard in (1, 2):
            os.dup2(file.fileno(), standard)
    os.chdir(root)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["server", "run"]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if before is not None:
        before()
    main()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
