"""Frames: read strictly, written within their bounds."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sync import frames
from server.sync.frames import BadFrame, CommandFrame

ID = "00000000-0000-7000-8000-000000000001"
AT = "2026-11-02T09:00:00.123+01:00"
HELLO: dict[str, Any] = {
    "t": "hello", "protocol": 1, "schema": 1, "seat": None, "replica": ID, "cursors": {}, "epoch": None, "lang": "sv-SE",
}  # fmt: skip
COMMAND: dict[str, Any] = {"t": "command", "id": ID, "n": 1, "name": "noop", "args": {}, "at": AT}
OTHERS: tuple[dict[str, Any], ...] = (
    {"t": "digest", "scopes": {"user:a": [3, "2:0000beef"]}},
    {"t": "read", "id": ID, "entity": "meeting", "doc": ID, "at": AT},
    {"t": "dropped", "scopes": ["user:a"]},
)


def read(frame: Any) -> frames.ClientFrame:
    return frames.read_frame(json.dumps(frame))


@pytest.mark.parametrize("frame", [HELLO, COMMAND, *OTHERS], ids=lambda frame: frame["t"])
def test_right_frame_is_read_and_one_key_more_or_less_is_not(frame: dict[str, Any]) -> None:
    read(frame)
    if frame is COMMAND:
        return
    with pytest.raises(BadFrame):
        read({**frame, "more": 1})
    for key in frame:
        with pytest.raises(BadFrame):
            read({name: value for name, value in frame.items() if name != key})


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"more": 1}, {"more": "unknown"}),
        ({"name": 1}, {"name": "type"}),
        ({"args": []}, {"args": "type"}),
        ({"at": "today"}, {"at": "type"}),
        ({"args": {"text": "a\x00b"}}, {"text": "not_allowed_value"}),
        ({"args": {"a": [{"b": "\x00"}], "c\x00": 1}}, {"a.0.b": "not_allowed_value", "args": "not_allowed_value"}),
        ({"id": "00000000-0000-4000-8000-000000000001"}, {"id": "not_allowed_value"}),
    ],
)
def test_command_with_readable_number_is_never_a_bad_frame(change: dict[str, Any], fields: dict[str, str]) -> None:
    got = read({**COMMAND, **change})
    assert isinstance(got, CommandFrame) and got.fault == fields


@pytest.mark.parametrize("key", ["id", "n"])
def test_command_without_readable_number_is_a_bad_frame(key: str) -> None:
    for wrong in (None, "x", 0, -1, True, 1.5, 2**53):
        with pytest.raises(BadFrame):
            read({**COMMAND, key: wrong})


@pytest.mark.parametrize(
    "data", ["", "[]", "1", '{"t":1}', '{"t":"later"}', b"\xff", "[" * 100_000, json.dumps(HELLO) + " " * 65_536]
)
def test_unreadable_is_a_bad_frame(data: str | bytes) -> None:
    with pytest.raises(BadFrame):
        frames.read_frame(data)


rows = st.lists(st.tuples(st.integers(0, 70_000), st.booleans()), max_size=40)


@given(rows, st.integers(0, 1000), st.booleans())
def test_deltas_carry_every_row_once_in_order_within_their_bounds(
    shapes: list[tuple[int, bool]], since: int, reset: bool
) -> None:
    given_rows: list[frames.Row] = [
        (
            "thing",
            ID,
            since + n + 1,
            json.dumps({"id": ID, "text": "å" * (size // 2)}, ensure_ascii=False) if live else None,
        )
        for n, (size, live) in enumerate(shapes)
    ]
    to = since + len(given_rows) + 1
    written = frames.deltas("user:a", given_rows, since=0 if reset else since, to=to, reset=reset)
    read_back = [json.loads(data) for data in written]
    assert [row[2] for one in read_back for row in one["rows"]] == [row[2] for row in given_rows]
    assert all(
        len(data) <= frames.MAX_DELTA_BYTES or len(one["rows"]) == 1
        for data, one in zip(written, read_back, strict=True)
    )
    assert [one.get("more", False) for one in read_back] == [True] * (len(written) - 1) + [False]
    assert [one.get("reset", False) for one in read_back] == [reset] + [False] * (len(written) - 1)
    assert read_back[-1]["to"] == to
    for earlier, later in pairwise(read_back):
        assert later["from"] == earlier["to"] == earlier["rows"][-1][2]


def test_five_hundred_rows_are_one_delta_and_one_more_is_two() -> None:
    many: list[frames.Row] = [("thing", ID, n, "{}") for n in range(1, 502)]
    assert len(frames.deltas("user:a", many[:500], since=0, to=500)) == 1
    assert len(frames.deltas("user:a", many, since=0, to=501)) == 2
