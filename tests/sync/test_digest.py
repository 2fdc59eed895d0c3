"""The vectors shared with the TypeScript client: digests, the order of projections, and what a copy holds after a trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.domain import digest, scopes
from server.sync.replica import Copy, Gap

VECTORS = Path(__file__).parent / "vectors"


def read(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "expected"), read("digest.json")["hash"])
def test_hash_is_the_shared_one(text: str, expected: str) -> None:
    assert f"{digest.fnv1a(text):08x}" == expected


@pytest.mark.parametrize("case", read("digest.json")["digests"], ids=lambda case: case["name"])
def test_digest_is_the_shared_one(case: Any) -> None:
    assert digest.of_rows(tuple(row) for row in case["rows"]) == case["digest"]


def test_order_of_projections_is_the_shared_one() -> None:
    names = [name.lower() for name in read("ranking.json")["order"][:-1]]
    backwards = names[::-1]
    assert sorted(backwards, key=scopes.rank) == names


def traces() -> list[Any]:
    """Those in which only frames change what is held on disk."""
    silent = {"frame", "open", "close", "dump", "command", "read", "discard"}
    return [
        trace
        for trace in read("sessions.json")["traces"]
        if any("dump" in step for step in trace["steps"])
        and all(set(step["in"]) <= silent and step["in"].get("frame", {}).get("t") != "bye" for step in trace["steps"])
    ]


@pytest.mark.parametrize("trace", traces(), ids=lambda trace: trace["name"])
def test_copy_holds_what_the_shared_trace_says(trace: Any) -> None:
    copy = Copy()
    for step in trace["steps"]:
        frame = step["in"].get("frame")
        if frame is not None:
            try:
                copy.apply(frame)
            except Gap:
                break
        for name, held in step.get("dump", {}).items():
            mine = copy.scopes[name]
            rows = [[e, id, v, doc] for (e, id), (v, doc) in sorted(mine.rows.items(), key=lambda row: row[1][0])]
            assert (mine.cursor, rows) == (held["cursor"], held["rows"]), name


def test_there_are_traces() -> None:
    assert len(traces()) >= 3
