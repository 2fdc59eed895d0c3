"""The session core: hello first and once, then frames, nothing after the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.sync.session import Close, Handle, Open, Session
from tests.sync.test_frames import COMMAND, HELLO, OTHERS

SEAT = "00000000-0000-7000-8000-00000000000a"


def session(seats: int = 1) -> Session:
    return Session(seat=SEAT, seats_of_account=seats)


def say(core: Session, frame: Any) -> Any:
    return core.receive(json.dumps(frame))


@pytest.mark.parametrize(
    ("change", "seats", "answer"),
    [
        ({}, 1, None),
        ({"seat": SEAT}, 2, None),
        ({}, 2, Close("bad_frame")),
        ({"seat": "00000000-0000-7000-8000-00000000000b"}, 1, Close("bad_frame")),
        ({"protocol": 2}, 1, Close("upgrade")),
        ({"schema": 99}, 1, Close("restart", 1000)),
    ],
)
def test_hello_is_opened_or_sent_away(change: dict[str, Any], seats: int, answer: Close | None) -> None:
    got = say(session(seats), {**HELLO, **change})
    assert got == answer if answer else isinstance(got, Open)


@pytest.mark.parametrize("frame", [COMMAND, *OTHERS], ids=lambda frame: frame["t"])
def test_frame_before_hello_is_a_bad_frame_and_after_it_is_handled(frame: dict[str, Any]) -> None:
    early = session()
    assert say(early, frame) == Close("bad_frame")
    assert say(early, HELLO) is None
    core = session()
    say(core, HELLO)
    assert isinstance(say(core, frame), Handle)


def test_second_hello_binary_and_lateness_end_it() -> None:
    core = session()
    say(core, HELLO)
    assert core.late() is None
    assert say(core, HELLO) == Close("bad_frame")
    assert core.late() is None
    assert session().receive(None) == session().take(None) == Close("bad_frame")
    assert session().late() == Close("bad_frame")


def test_commands_behind_a_limited_one_wait_for_it() -> None:
    core = session()
    say(core, HELLO)
    first, second = (say(core, {**COMMAND, "n": n}).frame for n in (1, 2))
    core.limited(1)
    assert core.is_limited(second)
    assert not core.is_limited(first)
    assert not core.is_limited(second)
