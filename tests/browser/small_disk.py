"""A disk of a few megabytes to keep a browser's profile on, which can really be full."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

SIZE = "96m"
STEPS = (1 << 20, 1 << 12, 1)
PAUSE_S = 0.005


class NotPermitted(Exception):
    """Nobody but root may mount."""


class SmallDisk:
    """`folder` lies on it. While it is full, what the browser gives back is taken at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        self._has_room = threading.Event()
        self._thread: threading.Thread | None = None

    def fill(self) -> Self:
        """Until there is no byte left, and so on."""
        self._has_room.clear()
        self._take()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()
        return self

    def room(self) -> Self:
        """Again."""
        self._has_room.set()
        if self._thread:
            self._thread.join()
        self._thread = None
        self._filler.unlink(missing_ok=True)
        return self

    def _go_on(self) -> None:
        while not self._has_room.wait(PAUSE_S):
            self._take()

    def _take(self) -> None:
        with self._filler.open("ab", buffering=0) as file:
            for step in STEPS:
                with suppress(OSError):
                    while not self._has_room.is_set():
                        file.write(bytes(step))


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Raises: `NotPermitted`."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise NotPermitted(mounted.stderr.decode(errors="replace").strip())
    disk = SmallDisk(folder)
    try:
        yield disk
    finally:
        disk.room()
        subprocess.run(["umount", "-l", str(folder)], check=True)
