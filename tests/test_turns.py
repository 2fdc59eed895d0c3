"""A test that measures a time has no other beside it, and waits for no more than those that had begun."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import _dealt
from tests.turns import turn

PATIENCE_S = 20
A_WHILE_S = 0.2
Enter = Callable[[bool], "Turn"]


class Turn:
    """Somebody's turn on a thread of its own, from `inside` to `leave()`."""

    def __init__(self, alone: bool, folder: Path) -> None:
        self.inside, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._take, args=(alone, folder), daemon=True)
        self._thread.start()

    def _take(self, alone: bool, folder: Path) -> None:
        with turn(alone=alone, door=folder / "door", room=folder / "room"):
            self.inside.set()
            self._over.wait(PATIENCE_S)

    def leave(self) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)


@pytest.fixture
def enter(tmp_path: Path) -> Enter:
    """`enter(True)`: somebody who wants to be alone."""
    (tmp_path / "door").mkdir()
    (tmp_path / "room").mkdir()
    return lambda alone: Turn(alone, tmp_path)


def test_others_are_beside_each_other_and_nobody_beside_who_is_alone(enter: Enter, tmp_path: Path) -> None:
    first, second = enter(False), enter(False)
    assert first.inside.wait(PATIENCE_S) and second.inside.wait(PATIENCE_S)
    alone = enter(True)
    while not _is_taken(tmp_path / "door"):
        time.sleep(0.01)
    first.leave()
    assert not alone.inside.wait(A_WHILE_S), "the second is still there"
    late = enter(False)
    second.leave()
    assert alone.inside.wait(PATIENCE_S), "nobody who came later is let in before"
    assert not late.inside.wait(A_WHILE_S)
    alone.leave()
    assert late.inside.wait(PATIENCE_S)
    late.leave()


def _is_taken(folder: Path) -> bool:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


class Item:
    """As much of a test as tells how long it takes."""

    def __init__(self, name: str, about_s: int) -> None:
        self.name, self._mark = name, pytest.mark.long(about_s=about_s).mark if about_s else None

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self._mark if name == "long" else None


def test_long_ones_are_begun_first_one_by_each_process_and_the_others_stay_in_their_order() -> None:
    items = [Item(name, {"c": 40, "g": 30, "h": 20}.get(name, 0)) for name in "abcdefgh"]
    halves = "".join(one.name for one in _dealt(items, 2))  # type: ignore[arg-type]
    assert halves == "cabd" + "ghef"
    assert "".join(one.name for one in _dealt(items, 1)) == "cghabdef"  # type: ignore[arg-type]
    assert "".join(one.name for one in _dealt([items[0], *items[3:6]], 3)) == "adef"  # type: ignore[arg-type]
