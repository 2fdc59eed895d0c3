"""One real server process with the demonstration, and the Python client that plays the others' part."""

from __future__ import annotations

import asyncio
import atexit
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from server.storage.sqlite import FILE
from server.sync.client import Client
from tests.browser.words import ROOT
from tests.ports import free_port

START_S = 180.0
T = TypeVar("T")


class Demonstration:
    """The data of the first server that had to make it, for the others to begin with."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def bring(self, data: Path) -> bool:
        """Puts it where nothing is yet. False when it has not been made, and whoever begins there will make it."""
        if self._folder is None and not data.exists():
            return False
        if self._folder is not None and not data.exists():
            shutil.copytree(self._folder, data)
        return True

    def keep(self, data: Path) -> None:
        """Copies a running server's data, as it is now."""
        folder = Path(tempfile.mkdtemp(prefix="samled-demonstration-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(data, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{FILE}*"))
        with closing(sqlite3.connect(data / FILE)) as source, closing(sqlite3.connect(folder / FILE)) as copy:
            source.backup(copy)
        (folder / FILE).chmod(0o600)
        self._folder = folder


_today = Demonstration()


class Server:
    """`python -m server run` in a folder of its own."""

    def __init__(self, data: Path, port: int, root: Path = ROOT, settings: Mapping[str, str] | None = None) -> None:
        self.data, self.port, self.root, self.settings = data, port, root, settings or {}
        self.origin = f"http://localhost:{port}"
        self.log = data.parent / f"{data.name}.log"
        self.command = [sys.executable, "-m", "server"]
        self.demonstration = _today
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Starts it and returns when it is ready. Raises: `RuntimeError` with its log when it does not come up."""
        is_made = self.demonstration.bring(self.data)
        settings = {"SAMLED_PORT": str(self.port), "SAMLED_DATA": str(self.data), "SAMLED_DEMO": "1", **self.settings}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMLED_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.command, "run"], cwd=self.root, env=kept | settings, stdout=log, stderr=log
            )
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with suppress(OSError, http.client.HTTPException):
                if self.get("/health/ready") == 200:
                    if not is_made:
                        self.demonstration.keep(self.data)
                    return self
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(encoding='utf-8')[-4000:]}")

    def stop(self) -> None:
        """Ends it, and no other process."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

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
