"""The law of a copy: taking frames up to any point and going on equals taking them all at once."""

from __future__ import annotations

import copy as copying
import random
from typing import Any

import pytest

from server.sync.replica import Copy, Gap


def held(*names: str) -> list[dict[str, str]]:
    return [{"scope": name, "until": "", "store": "keep"} for name in names]


def history(rng: random.Random) -> list[dict[str, Any]]:
    """Frames as a server would send them over several connections."""
    versions = {"a": 0, "b": 0}
    frames: list[dict[str, Any]] = [{"t": "welcome", "epoch": "e", "last_n": 0, "scopes": held("a", "b")}]
    for _ in range(30):
        name = rng.choice(("a", "b"))
        since = versions[name]
        rows = [
            ["thing", str(rng.randrange(5)), since + n + 1, None if rng.random() < 0.3 else {"v": since + n}]
            for n in range(rng.randrange(4))
        ]
        versions[name] = since + len(rows) + rng.randrange(2)
        kind = rng.random()
        if kind < 0.1:
            frames.append({"t": "scopes", "add": held(name), "drop": [name]})
        reset = kind < 0.2
        frames.append(
            {
                "t": "delta",
                "scope": name,
                "from": 0 if reset else since,
                "to": versions[name],
                "reset": reset,
                "rows": rows,
            }
        )
        if kind > 0.9:
            frames.append({"t": "synced", "at": ""})
    return frames


def take(copy: Copy, frames: list[dict[str, Any]]) -> Copy:
    for frame in frames:
        try:
            copy.apply(frame)
        except Gap:
            copy.apply({**frame, "from": 0, "reset": True})
    return copy


@pytest.mark.parametrize("seed", range(30))
def test_stopping_anywhere_changes_nothing(seed: int) -> None:
    frames = history(random.Random(seed))
    whole = take(Copy(), frames)
    for at in range(len(frames)):
        first = take(Copy(), frames[:at])
        assert take(copying.deepcopy(first), frames[at:]) == whole


@pytest.mark.parametrize("seed", range(30))
def test_delta_taken_twice_changes_nothing(seed: int) -> None:
    once, twice = Copy(), Copy()
    for frame in history(random.Random(seed)):
        take(once, [frame])
        take(twice, [frame])
        if frame["t"] == "delta" and not frame["reset"]:
            take(twice, [frame])
    assert once == twice


def test_gap_is_noticed_and_overlap_is_not_one() -> None:
    copy = take(Copy(), [{"t": "welcome", "epoch": "e", "last_n": 0, "scopes": held("a")}])
    copy.apply({"t": "delta", "scope": "a", "from": 0, "to": 5, "rows": [["thing", "1", 5, {"v": 5}]]})
    copy.apply({"t": "delta", "scope": "a", "from": 3, "to": 6, "rows": [["thing", "1", 4, {"v": 4}]]})
    assert copy.scopes["a"].rows == {("thing", "1"): (5, {"v": 5})} and copy.scopes["a"].cursor == 6
    with pytest.raises(Gap):
        copy.apply({"t": "delta", "scope": "a", "from": 7, "to": 8, "rows": []})


def test_lost_scope_leaves_nothing() -> None:
    copy = take(Copy(), [{"t": "welcome", "epoch": "e", "last_n": 0, "scopes": held("a", "b")}])
    copy.apply({"t": "delta", "scope": "a", "from": 0, "to": 1, "rows": [["thing", "1", 1, {"v": 1}]]})
    assert copy.apply({"t": "welcome", "epoch": "e", "last_n": 0, "scopes": held("b")}) == ["a"]
    assert list(copy.scopes) == ["b"]
    copy.apply({"t": "delta", "scope": "a", "from": 0, "to": 1, "rows": [["thing", "1", 1, {"v": 1}]]})
    assert list(copy.scopes) == ["b"]
