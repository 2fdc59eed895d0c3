"""Worker processes that are killed and started again, under a clock that all of them share.

The processes are forked from a clean server that has imported everything, so that a new one is there at once. Each notes
what it claims, so that whoever keeps the clock knows whether the worker of a claim lives.
"""

from __future__ import annotations

import asyncio
import mmap
import multiprocessing
import os
import random
import struct
from collections.abc import Awaitable, Callable, Mapping, Set
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from server import app as composition
from server.cli import opening
from server.features import notice
from server.push import claims, tidy, worker
from server.push.channels import webpush
from server.push.claims import Claim
from server.settings import Settings

TIMEOUT_S = 2.0
"""Long enough that only what hangs on purpose is given up: of an answer nobody waits for, nobody hears."""
EVERY_S = 0.03
PRELOADED = ["tests.push.crew", "tests.promises.warm"]
"""One server for forking is shared by all tests in a process, and the first who wants it says what it imports."""


class SharedClock:
    """A clock in a file: one process sets it, all read it."""

    def __init__(self, path: Path, at: datetime | None = None) -> None:
        if at is not None:
            path.write_bytes(struct.pack("d", at.timestamp()))
        with path.open("r+b") as file:
            self._cell = mmap.mmap(file.fileno(), 8)

    def now(self) -> datetime:
        return datetime.fromtimestamp(struct.unpack("d", self._cell[:8])[0], UTC)

    def set(self, at: datetime) -> None:
        self._cell[:8] = struct.pack("d", at.timestamp())


def keep_notices() -> None:
    """Notices and what was sent of them stay for the whole run, so that they can be counted at its end."""
    notice.KEPT_FOR = timedelta(days=1000)
    for table in ("delivery", "reminder"):
        cast(dict[str, timedelta], tidy.KEPT)[table] = timedelta(days=1000)


def note_claims(there: Path) -> None:
    """What this process claims from now on stands in that file, a line for each, as soon as it knows of it."""
    log = os.open(there, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def noted(claim: Callable[..., Awaitable[list[Claim]]]) -> Callable[..., Awaitable[list[Claim]]]:
        async def claimed(*args: Any) -> list[Claim]:
            found = await claim(*args)
            os.write(log, "".join(f"{one.id} {one.until}\n" for one in found).encode())
            return found

        return claimed

    for name in ("reminders", "deliveries"):
        setattr(claims, name, noted(getattr(claims, name)))


def work(
    noted: str,
    data: str,
    url: str | None,
    host: str,
    clock: str,
    fallback_after_s: int = 0,
    timeout_s: float = TIMEOUT_S,
    more: Mapping[str, Any] | None = None,
) -> None:
    """The life of one process: what `samled worker` does, quicker to look and to give up waiting."""
    keep_notices()
    note_claims(Path(noted))
    worker.EVERY_S = EVERY_S
    webpush.TIMEOUT_S = timeout_s
    settings = Settings(
        data=Path(data), database_url=url, push_hosts=(host,), fallback_after_s=fallback_after_s, **(more or {})
    )

    async def live() -> None:
        parts = composition.build_parts(settings, SharedClock(Path(clock)))
        await parts.engine.start()
        opening.settle_memory()
        working = asyncio.create_task(parts.worker.run())
        test = multiprocessing.parent_process()
        while not working.done() and test is not None and test.is_alive():
            await asyncio.sleep(1)
        working.cancel()

    asyncio.run(live())


class Crew:
    """Some workers. `kill` ends one of them, or all, in the middle of whatever they do, and starts others."""

    def __init__(self, size: int, folder: Path, *args: Any, seed: int = 0) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)
        self._folder, self._args, self._random = folder, args, random.Random(seed)
        self._started = 0
        self._noted: dict[BaseProcess, Path] = {}
        self._of_the_dead: set[str] = set()
        self._living: list[BaseProcess] = [self._start() for _ in range(size)]
        self.kills = 0

    def _start(self) -> BaseProcess:
        self._started += 1
        noted = self._folder / f"claims-{self._started}"
        process = self._context.Process(target=work, args=(str(noted), *self._args), daemon=True)
        process.start()
        self._noted[process] = noted
        return process

    def of_the_dead(self, claimed: Set[str]) -> set[str]:
        """Those of these claims whose worker was killed."""
        return claimed & self._of_the_dead

    def of_the_living(self, claimed: Set[str]) -> set[str]:
        """Those whose worker lives. One that neither has is of somebody who has not come to noting it, or never will."""
        return claimed & {line for noted in self._noted.values() for line in _lines(noted)}

    def kill(self, *, everybody: bool = False) -> None:
        places = range(len(self._living)) if everybody else [self._random.randrange(len(self._living))]
        for place in places:
            self._end(self._living[place])
        for place in places:
            self._living[place] = self._start()
            self.kills += 1

    def stop(self) -> None:
        for process in self._living:
            self._end(process)
        self._living.clear()

    def cpu_s(self) -> list[float]:
        """Processor time that each has spent so far."""
        fields = [Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split() for one in self._living]
        return [(int(one[11]) + int(one[12])) / os.sysconf("SC_CLK_TCK") for one in fields]

    def all_live(self) -> bool:
        """False when one has ended by itself."""
        return all(process.is_alive() for process in self._living)

    def _end(self, process: BaseProcess) -> None:
        process.kill()
        process.join()
        self._of_the_dead |= _lines(self._noted.pop(process))
        process.close()


def _lines(noted: Path) -> set[str]:
    return set(noted.read_text().splitlines()) if noted.exists() else set()
