"""The server as a process that is there at once: forked from a clean one that has imported everything.

What it does from there on is what `samled run` does. Two hundred starts that each import everything take minutes.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.process import BaseProcess

from server.cli import opening
from server.cli.run import serve
from tests.push.crew import PRELOADED


def forked(settings: Mapping[str, str]) -> BaseProcess:
    """A server with these `SAMLED_…` settings, and no others: what it is forked from has none."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_live, args=(dict(settings),), daemon=True)
    process.start()
    return process


def _live(settings: dict[str, str]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.environ.update(settings)
    serve(opening.settings())
