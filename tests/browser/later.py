"""The server on another day: `python -m tests.browser.later FILE run`. FILE holds how many seconds its clock is ahead.

A consultation is given on a working day at an hour, and so is an open hour; the tests of them choose theirs. Only
`server.clock` asks the time, so that is all there is to move.
"""

from __future__ import annotations

import runpy
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from server.clock import SystemClock
from server.domain.calendar import is_working_day
from tests.browser.house import Demonstration, Server
from tests.ports import free_port

HERE = ZoneInfo("Europe/Stockholm")
ENOUGH_DAYS = 5


class LaterServer(Server):
    """A server whose clock is ahead; `now()` is its time. Put it on with `move`."""

    def __init__(self, data: Path, port: int, ahead: timedelta) -> None:
        super().__init__(data, port)
        self._file = data.parent / f"{data.name}.ahead"
        self.command = [sys.executable, "-m", "tests.browser.later", str(self._file)]
        self.before = partial(_put_on, self._file)
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


class Later(Demonstration):
    """The demonstration of another instant, and the last instant of what is in it."""

    def __init__(self, server: LaterServer, at: datetime) -> None:
        super().__init__(f"{at:%Y-%m-%dT%H%M%S}")
        self._server = server

    def keep(self, data: Path, copy: Path) -> None:
        super().keep(data, copy)
        copy.with_name("until").write_text(self._server.now().isoformat(), encoding="utf-8")

    def bring(self, made: Path, data: Path) -> None:
        """Copies it. No clock there goes back behind what has been done already."""
        super().bring(made, data)
        self._server.move_to(datetime.fromisoformat(made.with_name("until").read_text(encoding="utf-8")))


@contextmanager
def running_later(folder: Path, at: datetime) -> Iterator[LaterServer]:
    """A server of one's own with the demonstration, at this instant; ended afterwards."""
    server = LaterServer(folder / "data", free_port(), at - datetime.now(UTC))
    server.demonstration = Later(server, at)
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


def _put_on(file: Path) -> None:
    """Puts this process's clock on."""
    real = SystemClock.now

    def now(clock: SystemClock) -> datetime:
        return real(clock) + timedelta(seconds=float(file.read_text(encoding="utf-8") or 0))

    SystemClock.now = now  # type: ignore[assignment,method-assign]
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    _put_on(Path(sys.argv.pop(1)))
    runpy.run_module("server", run_name="__main__", alter_sys=True)
