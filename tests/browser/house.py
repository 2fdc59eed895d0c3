"""One real server process with the demonstration, and the Python client that plays the others' part."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar
from weakref import WeakSet

from server.storage.sqlite import FILE
from server.sync.client import Client
from tests.browser.nursery import Forked
from tests.browser.words import ROOT
from tests.ports import free_port
from tests.turns import held

START_S = 180.0
T = TypeVar("T")


class Demonstration:
    """What servers begin with: made by the first that needs it, copied by all others of this test run."""

    def __init__(self, name: str) -> None:
        self.name = name

    @contextmanager
    def laid(self, data: Path) -> Iterator[None]:
        """Puts it where nothing is yet. Before it has been made, a server is to make it there meanwhile; others wait."""
        if data.exists():
            yield
            return
        home = _of_all_processes(data) / f"demonstration-{self.name}"
        home.mkdir(exist_ok=True)
        made = home / "data"
        with held(home):
            if not made.exists():
                yield
                part = home / "part"
                if part.exists():  # of one who died
                    shutil.rmtree(part)
                self.keep(data, part)
                part.rename(made)
                return
        self.bring(made, data)
        yield

    def keep(self, data: Path, copy: Path) -> None:
        """Copies a running server's data, as it is now."""
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns(f"{FILE}*"))
        with closing(sqlite3.connect(data / FILE)) as source, closing(sqlite3.connect(copy / FILE)) as target:
            source.backup(target)
        (copy / FILE).chmod(0o600)

    def bring(self, made: Path, data: Path) -> None:
        """Copies it for a server."""
        shutil.copytree(made, data)


def _of_all_processes(data: Path) -> Path:
    """The folder of this test run, which pytest removes some runs later; in it each process has one of its own."""
    own = f"popen-{os.environ.get('PYTEST_XDIST_WORKER')}"
    return next((folder.parent for folder in data.parents if folder.name == own), data.parents[1])


RUNNING: WeakSet[Server] = WeakSet()
WELL = re.compile(r'"method": "GET".*"status": (200|204|304)')


class Server:
    """`python -m server run` in a folder of its own."""

    def __init__(self, data: Path, port: int, root: Path = ROOT, settings: Mapping[str, str] | None = None) -> None:
        self.data, self.port, self.root, self.settings = data, port, root, settings or {}
        self.origin = f"http://localhost:{port}"
        self.log = data.parent / f"{data.name}.log"
        self.command = [sys.executable, "-m", "server"]
        self.before: Callable[[], object] | None = None
        """What a process that is forked does before it serves."""
        self.demonstration = Demonstration("today")
        self._process: subprocess.Popen[bytes] | Forked | None = None
        RUNNING.add(self)

    def start(self) -> Self:
        """Starts it and returns when it is ready. Raises: `RuntimeError` with its log when it does not come up."""
        with self.demonstration.laid(self.data):
            self._process = self._started()
            until = time.monotonic() + START_S
            while time.monotonic() < until and self._process.poll() is None:
                with suppress(OSError, http.client.HTTPException):
                    if self.get("/health/ready") == 200:
                        return self
                time.sleep(0.05)
            self.stop()
            raise RuntimeError(f"the server did not start:\n{self.log.read_text(encoding='utf-8')[-4000:]}")

    def _started(self) -> subprocess.Popen[bytes] | Forked:
        """Its process; forked from one that has imported everything, where that is of the same tree."""
        settings = {"SAMLED_PORT": str(self.port), "SAMLED_DATA": str(self.data), "SAMLED_DEMO": "1", **self.settings}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMLED_")} | settings
        if self.root == ROOT == Path.cwd():
            self.log.touch()
            return Forked(self.root, environment, self.log, self.before)
        with self.log.open("ab") as log:
            return subprocess.Popen([*self.command, "run"], cwd=self.root, env=environment, stdout=log, stderr=log)

    def stop(self) -> None:
        """Ends it, and no other process."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def runs(self) -> bool:
        """It has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def told(self) -> str:
        """The last lines of its log."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return "\n".join([line for line in lines if not WELL.search(line)][-20:])

    def get(self, path: str) -> int:
        """The status of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status
        finally:
            connection.close()


class Others:
    """People without a screen: Python clients on a thread of their own, asked from plain functions."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._clients: dict[str, Client] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns, run on the other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def client(self, persona: str) -> Client:
        """A connected device of a persona; the same one when asked again."""
        if persona not in self._clients:
            self._clients[persona] = self.run(self._connected(persona))
        return self._clients[persona]

    def send(self, persona: str, command: str, **args: Any) -> dict[str, Any]:
        """A command as `persona`; its acknowledgement. Raises: `Refused`."""
        return self.run(self.client(persona).send(command, **args))

    def documents(self, persona: str, entity: str) -> list[dict[str, Any]]:
        """What `persona` sees of one entity now, each with its id."""
        if persona in self._clients:
            # What another device has done may still be on its way to this one; saying hello again asks for all.
            self.run(self._again(self._clients[persona]))
        scopes = self.client(persona).copy.scopes.values()
        found = {
            key: {"id": key, **document}
            for scope in scopes
            for (name, key), (_, document) in scope.rows.items()
            if name == entity
        }
        return list(found.values())

    def seat(self, persona: str) -> str:
        """The first seat of a persona."""
        with urllib.request.urlopen(f"{self.origin}/auth/demo") as answer:
            personas = json.load(answer)["personas"]
        return str(next(one for one in personas if one["key"] == persona)["seats"][0]["id"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Closes every device and ends the thread."""
        for client in self._clients.values():
            self.run(client.leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _again(self, client: Client) -> None:
        await client.close()
        await client.connect()

    async def _connected(self, persona: str) -> Client:
        client = Client(self.origin)
        await client.sign_in(persona)
        await client.connect()
        return client


@contextmanager
def running_server(folder: Path, **settings: str) -> Iterator[Server]:
    """A server of one's own, with the demonstration and `SAMLED_…` settings; ended afterwards."""
    server = Server(folder / "data", free_port(), settings=settings)
    try:
        yield server.start()
    finally:
        server.stop()
