"""A PostgreSQL of the test run's own: made in a temporary folder, on a free port, gone afterwards.

`fsync` stays on: what the tests say of durable commits would otherwise not be true. PostgreSQL refuses to run
as root, so a root test run starts it as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

START_S = 60.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "logging_collector": "off",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class PostgresMissing(Exception):
    """There are no PostgreSQL programs on this machine; `make test` installs them."""


def programs() -> Path:
    """The folder with `initdb` and `postgres`, the newest version first. Raises: `PostgresMissing`."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found.sort(key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise PostgresMissing("no initdb below /usr/lib/postgresql or in PATH")
    return found[0]


class Postgres:
    """One running cluster. `url(name)` addresses a database of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self._bin = programs()
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str = "postgres") -> str:
        """The address of the database `name`."""
        return f"postgresql://samled@127.0.0.1:{self.port}/{name}"

    def init(self) -> None:
        """Makes the cluster's files."""
        if self._owner is not None:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        self._run(
            "initdb", "--pgdata", str(self.data), "--username=samled", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises: `RuntimeError` with its log."""
        command = [
            str(self._bin / "postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            "-k",
            str(self.folder),
        ]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_owner(),
            )
        end = time.monotonic() + START_S
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it: SIGINT breaks off transactions, SIGQUIT is a crash (`pg_ctl stop -m immediate`)."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def reload(self, name: str, value: str) -> None:
        """Sets `name` for every connection, also those that are open, as a switchover would."""
        with (self.data / "postgresql.auto.conf").open("a") as conf:
            conf.write(f"{name} = '{value}'\n")
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def _ready(self) -> bool:
        # The last line of this file says whether connections are accepted (`ready`), not only that the port
        # is open.
        try:
            return (self.data / "postmaster.pid").read_text().rstrip().endswith("ready")
        except OSError:
            return False

    def _run(self, program: str, *args: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            **self._as_owner(),
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace"))

    def _as_owner(self) -> dict[str, object]:
        common: dict[str, object] = {
            "cwd": self.folder,
            "env": {**os.environ, "HOME": str(self.folder), "LC_ALL": "C"},
        }
        if self._owner is not None:
            common |= {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return common


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A running cluster for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="samled-pg-"))  # short: a socket's path may have 107 bytes
    server = Postgres(folder)
    try:
        server.init()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
