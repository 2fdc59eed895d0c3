"""The server on another day: `python -m tests.browser.later FILE run`. FILE holds how many seconds its clock is ahead.

A consultation is given on a working day at an hour, and so is an open hour; the tests of them choose theirs. Only
`server.clock` asks the time, so that is all there is to move.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from http.client import HTTPException
from pathlib import Path
from zoneinfo import ZoneInfo

from server.clock import SystemClock
from server.domain.calendar import is_working_day
from tests.browser.house import START_S, Server
from tests.browser.words import ROOT
from tests.site import free_port

HERE = ZoneInfo("Europe/Stockholm")
ENOUGH_DAYS = 5


class LaterServer(Server):
    """A server whose clock is ahead; `now()` is its time. Put it on with `move`."""

    def __init__(self, data: Path, port: int, ahead: timedelta) -> None:
        super().__init__(data, port)
        self._file = data.parent / f"{data.name}.ahead"
        self.ahead = timedelta()
        self.move(ahead)

    def move(self, further: timedelta) -> None:
        """Puts the clock on."""
        self.ahead += further
        self._file.write_text(str(self.ahead.total_seconds()), encoding="utf-8")

    def move_to(self, instant: datetime) -> None:
        """Puts the clock on to a later instant."""
        self.move(max(timedelta(), instant - self.now()))

    def now(self) -> datetime:
        """What time it is there."""
        return datetime.now(UTC) + self.ahead

    def start(self) -> LaterServer:
        """As `Server.start`, with the other clock."""
        settings = {"SAMLED_PORT": str(self.port), "SAMLED_DATA": str(self.data), "SAMLED_DEMO": "1"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMLED_")}
        command = [sys.executable, "-m", "tests.browser.later", str(self._file), "run"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=kept | settings, stdout=log, stderr=log)
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError, HTTPException):
                if self.get("/health/ready") == 200:
                    return self
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(encoding='utf-8')[-4000:]}")


@contextmanager
def running_later(folder: Path, at: datetime) -> Iterator[LaterServer]:
    """A server of one's own with the demonstration, at this instant; ended afterwards."""
    server = LaterServer(folder / "data", free_port(), at - datetime.now(UTC))
    try:
        yield server.start()
    finally:
        server.stop()


def ordinary_morning(hour: wall = wall(8, 30)) -> datetime:
    """The next Tuesday to Thursday at this hour with no holiday in the fortnight around it."""
    day = datetime.now(HERE).date() + timedelta(days=1)
    while day.isoweekday() not in (2, 3, 4) or not all(
        is_working_day(day + timedelta(days=n)) or (day + timedelta(days=n)).isoweekday() > ENOUGH_DAYS
        for n in range(-7, 8)
    ):
        day += timedelta(days=1)
    return datetime.combine(day, hour, HERE).astimezone(UTC)


def _run() -> None:
    file = Path(sys.argv.pop(1))
    real = SystemClock.now

    def now(clock: SystemClock) -> datetime:
        return real(clock) + timedelta(seconds=float(file.read_text(encoding="utf-8") or 0))

    SystemClock.now = now  # type: ignore[assignment,method-assign]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runpy.run_module("server", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _run()
