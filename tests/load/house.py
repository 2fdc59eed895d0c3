"""The real server in a process of its own: `python -m server run`, with what the machine says of it."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.texts import ROOT
from tests.answering import answers
from tests.ports import free_port

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
STARTS_WITHIN_S = 120.0


class House:
    """A running server; `port` answers."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process
        self.origin = f"http://localhost:{port}"

    def rss_kb(self) -> int:
        """Memory that is resident now, in KiB."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * _PAGE_KB

    def cpu_s(self) -> float:
        """Processor time spent so far, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


@asynccontextmanager
async def running_house(data: Path, database_url: str | None, *, demo: bool = False) -> AsyncIterator[House]:
    """The server over this database, until the end of the block. Raises: `RuntimeError` when it does not start."""
    allow_many_files()
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("SAMLED_")}
    env |= {"SAMLED_PORT": str(port), "SAMLED_DATA": str(data), "SAMLED_LOG_LEVEL": "error"}
    env |= {"SAMLED_DATABASE_URL": database_url} if database_url else {}
    env |= {"SAMLED_DEMO": "1"} if demo else {}
    process = subprocess.Popen([sys.executable, "-m", "server", "run"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        house = House(port, process)
        await answers(f"{house.origin}/health/startup", lambda: process.poll() is not None, STARTS_WITHIN_S)
        yield house
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def allow_many_files(wanted: int = 20_000) -> None:
    """Raises this process's limit of open files, which its children inherit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
