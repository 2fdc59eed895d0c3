"""The demonstration that browser tests begin with: two test processes share it, also when the one that makes it dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pytest

from server.storage.sqlite import FILE
from tests.browser.house import Demonstration
from tests.browser.nursery import Forked
from tests.ports import free_port
from tests.push.crew import PRELOADED

PATIENCE_S = 20.0
A_WHILE_S = 0.3
ROWS = 4000


class Dying(Demonstration):
    """Its process ends in the middle of keeping it: half a database, and a file that nobody else has."""

    def keep(self, data: Path, copy: Path) -> None:
        super().keep(data, copy)
        os.truncate(copy / FILE, (copy / FILE).stat().st_size // 2)
        (copy / "left").touch()
        os.kill(os.getpid(), signal.SIGKILL)


class Asker:
    """A test process that wants the demonstration. It says `making` when that falls to it, and `has it`."""

    def __init__(self, run: Path, number: int, kind: type[Demonstration] = Demonstration) -> None:
        self.data = run / f"popen-gw{number}" / "house0" / "data"
        self.data.parent.mkdir(parents=True)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_ask, args=(theirs, self.data, number, kind), daemon=True)
        self.process.start()
        theirs.close()

    def says(self, word: str) -> None:
        """Waits until it does."""
        assert self.pipe.poll(PATIENCE_S), f"nothing said, not {word}"
        assert self.pipe.recv() == word

    def goes_on(self) -> None:
        """It has made it now."""
        self.pipe.send("")

    def dies(self) -> None:
        self.process.kill()
        self.process.join()

    def holds_all(self) -> None:
        """Its copy is whole, and nothing else is in it."""
        assert {one.name for one in self.data.iterdir()} - {f"{FILE}-wal", f"{FILE}-shm"} == {FILE, "key"}
        with closing(sqlite3.connect(self.data / FILE)) as copy:
            assert copy.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert copy.execute("select count(*) from row").fetchall() == [(ROWS,)]


def _ask(pipe: Connection, data: Path, number: int, kind: type[Demonstration]) -> None:
    os.environ["PYTEST_XDIST_WORKER"] = f"gw{number}"
    with kind("today").laid(data):
        if not data.exists():
            data.mkdir()
            (data / "key").touch()
            made = sqlite3.connect(data / FILE)
            made.execute("pragma journal_mode = wal")
            made.execute("create table row (text text)")
            made.executemany("insert into row values (?)", [("much to copy " * 20,)] * ROWS)
            made.commit()
            pipe.send("making")
            pipe.recv()
    pipe.send("has it")
    pipe.recv()


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[..., Asker]]:
    """`ask()`: one more process of this test run."""
    askers: list[Asker] = []

    def another(kind: type[Demonstration] = Demonstration) -> Asker:
        askers.append(Asker(tmp_path, len(askers), kind))
        return askers[-1]

    yield another
    for one in askers:
        one.dies()


def maker_of(*askers: Asker) -> tuple[Asker, Asker]:
    """(who makes it, who waits)"""
    (pipe,) = wait([one.pipe for one in askers], PATIENCE_S)
    maker, other = sorted(askers, key=lambda one: one.pipe is not pipe)
    maker.says("making")
    return maker, other


def test_of_two_that_ask_at_once_one_makes_it_and_the_other_has_it_too(ask: Callable[..., Asker]) -> None:
    maker, other = maker_of(ask(), ask())
    assert not other.pipe.poll(A_WHILE_S), "the other does not wait"
    maker.goes_on()
    for one in (maker, other):
        one.says("has it")
        one.holds_all()


def test_when_the_one_that_makes_it_dies_the_one_that_waits_makes_it(ask: Callable[..., Asker]) -> None:
    maker, other = maker_of(ask(), ask())
    maker.dies()
    other.says("making")
    other.goes_on()
    other.says("has it")
    third = ask()
    third.says("has it")
    third.holds_all()


def test_half_of_it_left_by_one_that_died_is_in_nobodys_copy(ask: Callable[..., Asker]) -> None:
    dying = ask(Dying)
    dying.says("making")
    other = ask()
    dying.goes_on()
    other.says("making")
    other.goes_on()
    other.says("has it")
    third = ask()
    third.says("has it")
    third.holds_all()


def _serves(pipe: Connection, root: Path, port: int) -> None:
    settings = {"SAMLED_PORT": str(port), "SAMLED_DATA": str(root / "data"), "SAMLED_LOG_LEVEL": "error"}
    server = Forked(Path.cwd(), {**os.environ, **settings}, root / "log", None)
    pipe.send(server._process.pid)
    pipe.recv()


def test_a_server_ends_with_the_test_process_that_started_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe()
    port = free_port()
    process = context.Process(target=_serves, args=(theirs, tmp_path, port))
    process.start()
    served_by = ours.recv()
    try:
        until(lambda: answers(port), "it does not begin")
        process.kill()
        process.join()
        until(lambda: not answers(port), "it does not end")
    finally:
        process.kill()
        with suppress(ProcessLookupError):
            os.kill(served_by, signal.SIGKILL)


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
