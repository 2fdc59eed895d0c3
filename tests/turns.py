"""Who waits for whom among processes that test the same tree: locks on its folders, which end with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

TESTS = Path(__file__).parent


@contextmanager
def held(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Waits for this folder's lock and holds it, together with others who hold it shared."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


@contextmanager
def turn(*, alone: bool, door: Path = TESTS, room: Path = TESTS / "browser") -> Iterator[None]:
    """One test's turn: beside others, or when every other is done and before the next begins."""
    with ExitStack() as at_door, ExitStack() as inside:
        # Who waits to be alone keeps the door, so that no other slips in meanwhile.
        at_door.enter_context(held(door))
        inside.enter_context(held(room, shared=not alone))
        if not alone:
            at_door.close()
        yield
