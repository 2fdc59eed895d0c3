"""Ports for what a test starts. Two callers never get the same one, whichever of the test run's processes they are in."""

from __future__ import annotations

import itertools
import os
import random
import re
import socket

FIRST, EACH, PROCESSES = 20_000, 1_200, 10
"""Below the ports that a system gives to outgoing connections, which would take one while its server is down."""


def _own() -> range:
    """The ports of this process: pytest's first, second, … worker, or the one process there is."""
    found = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    number = (1 + int(found[1])) % PROCESSES if found else 0
    return range(FIRST + number * EACH, FIRST + (number + 1) * EACH)


# From somewhere in the middle, so that two test runs on one machine rarely meet.
_begin = random.SystemRandom().randrange(EACH)
_ports = itertools.cycle([*_own()[_begin:], *_own()[:_begin]])


def free_port() -> int:
    """A port nobody uses now. Raises: `OSError` when every one is taken."""
    for port in itertools.islice(_ports, EACH):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port")
