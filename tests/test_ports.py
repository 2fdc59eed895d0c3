"""No two processes of a test run are given the same port, and no one process the same one twice in a row."""

from __future__ import annotations

import socket

import pytest

from tests import ports


def test_processes_have_ports_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    of_each = []
    for name in ("", "gw0", "gw1", "gw2", "gw8"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", name)
        of_each.append(set(ports._own()))
    assert sum(map(len, of_each)) == len(set[int]().union(*of_each))
    assert max(max(one) for one in of_each) < 32_768, "the system gives those above to outgoing connections"


def test_a_port_that_is_taken_is_passed_over() -> None:
    free = ports.free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free))
        assert free not in {ports.free_port() for _ in range(ports.EACH)}
