"""P19: no input crashes it: fuzzed frames, fuzzed commands, fuzzed requests."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from server.errors import STATUS
from server.features import load
from server.sync import frames
from tests.access.cases import CASES
from tests.access.scene import NOBODY, Scene, scene_on
from tests.access.test_commands import filled
from tests.conftest import Place
from tests.site import running_site
from tests.sync.peer import Town, town_at

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
ODD = (
    None, True, False, 0, -1, 1, 20, 2**31, 2**53, 2**63, -(2**70), 0.5, 1e300, "", " ", "\x00", "a\x00b", "\ud7ff", "🧒" * 400,
    "x" * 70_000, "0001-01-01", "9999-12-31", "2026-02-30", "2028-02-29", "9999-12-31T23:59", "0001-01-01T00:00",
    "2026-03-29T02:30", "2026-10-25T02:30", "00000000-0000-0000-0000-000000000000", "null", "https://", "https://a.b/\x00",
    [], {}, [[]], [{}], {"a": 1}, ["x"] * 100, {"": ""}, {"\x00": "\x00"}, "yes", "sv", "+46701740621", "../../etc", "'; DROP TABLE",
    {"kind": "prevented"}, [None], "2026-11-02T09:00:00.000Z", "٣", "ﷺ", "<script>",
)  # fmt: skip
SEEN = ("anna", "noor", "maria", "jonas", "elin", "lena", "per", "stina")

NAMES = sorted(CASES)

json_values = st.recursive(
    st.sampled_from(ODD) | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    yield so_far
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*so_far, key))


def put(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The value with one part replaced."""
    if not path:
        return odd
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str, Any]:
    """(who, command, arguments that were right until something was done to them)"""
    case = CASES[draw(st.sampled_from(NAMES))]
    args: Any = dict(case.args)
    for _ in range(draw(st.integers(1, 3))):
        if not isinstance(args, dict):
            break
        way = draw(st.sampled_from(list(paths(args))))
        args = put(args, way, draw(json_values))
    if isinstance(args, dict) and draw(st.booleans()):
        fields = sorted(load().commands[case.command].model_fields)
        if fields:
            args = {**args, draw(st.sampled_from(fields)): draw(json_values)}
    who = draw(st.sampled_from((case.ok or case.not_allowed).split() + list(SEEN)))
    return who, case.command, args


def wild(rng: random.Random, depth: int = 3) -> Any:
    """What `json_values` may be, drawn in one go."""
    kind = rng.randrange(10 if depth else 8)
    if kind < 4:
        return copy.deepcopy(rng.choice(ODD))
    if kind < 6:
        return _text(rng)
    if kind == 6:
        return rng.choice((-1, 1)) * rng.getrandbits(rng.choice((3, 8, 16, 40, 70)))
    if kind == 7:
        return rng.choice((-1, 1)) * rng.random() * 10.0 ** rng.randint(-300, 300)
    inner = [wild(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return inner if kind == 8 else {_text(rng): one for one in inner}


def _text(rng: random.Random) -> str:
    last = rng.choice((0x7F, 0xFF, 0xD7FF, 0x10FFFF))
    letters = (chr(rng.randint(0, last)) for _ in range(rng.randint(0, 12)))
    return "".join(letter for letter in letters if not "\ud800" <= letter <= "\udfff")


def spoilt_by(rng: random.Random) -> tuple[str, str, Any]:
    """The same as `spoilt`."""
    case = CASES[rng.choice(NAMES)]
    args: Any = dict(case.args)
    for _ in range(rng.randint(1, 3)):
        if isinstance(args, dict):
            args = put(args, rng.choice(list(paths(args))), wild(rng))
    fields = sorted(load().commands[case.command].model_fields)
    if isinstance(args, dict) and fields and rng.random() < 0.5:
        args = {**args, rng.choice(fields): wild(rng)}
    return rng.choice((case.ok or case.not_allowed).split() + list(SEEN)), case.command, args


class Running:
    """A scene in a loop of its own, for tests that hypothesis runs."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self._opened = scene_on(folder)
        self.scene: Scene = self.runner.run(self._opened.__aenter__())

    def close(self) -> None:
        self.runner.run(self._opened.__aexit__(None, None, None))
        self.runner.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


def answered(running: Running, who: str, name: str, args: Any) -> None:
    """Says it, and fails when nothing sensible comes back."""
    with suppress(KeyError):
        args = filled(running.scene, args)
    frame = {"t": "command", "id": "00000000-0000-7000-8000-000000000001", "n": 1, "name": name, "args": args}
    try:
        sent = frames.from_value({**frame, "at": "2026-11-02T09:00:00Z"})
    except frames.BadFrame:
        return
    assert isinstance(sent, frames.CommandFrame)
    answer = json.loads(running.runner.run(running.scene.say(who, sent)))
    assert answer["t"] == "ack" or answer["code"] in STATUS


@pytest.mark.timeout(110)
def test_fuzzed_commands_are_answered(running: Running) -> None:
    @settings(max_examples=600, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(spoilt())
    def one(wish: tuple[str, str, Any]) -> None:
        answered(running, *wish)

    one()


EDGES = (
    "0001-01-01",
    "9999-12-31",
    "2099-12-31",
    "1900-01-01",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2099-12-31T23:59",
)


def test_ends_of_the_calendar_are_answered(running: Running) -> None:
    for case in CASES.values():
        args = dict(filled(running.scene, case.args))
        who = (case.ok or case.not_allowed or "maria").split()[0]
        for way in paths(args):
            for odd in EDGES:
                frame = {"t": "command", "id": NOBODY, "n": 1, "name": case.command, "args": put(args, way, odd)}
                sent = frames.from_value({**frame, "at": "2026-11-02T09:00:00Z"})
                assert isinstance(sent, frames.CommandFrame)
                running.runner.run(running.scene.say(who, sent))


@pytest.mark.promise(about_s=30)
@pytest.mark.timeout(1200)
def test_100_000_fuzzed_commands_are_answered(running: Running) -> None:
    """Drawn by chance alone: by Hypothesis so many would take six times as long, nearly all of it in Hypothesis."""
    rng = random.Random(19)
    for turn in range(100_000):
        wish = spoilt_by(rng)
        try:
            answered(running, *wish)
        except BaseException as fault:
            fault.add_note(f"turn {turn}: {wish}")
            raise


WHOLE: tuple[dict[str, Any], ...] = (
    {
        "t": "hello", "protocol": 1, "schema": 1, "seat": None, "replica": "00000000-0000-7000-8000-000000000002",
        "cursors": {"user:a": 1}, "epoch": None, "lang": "sv",
    },
    {"t": "command", "id": "00000000-0000-7000-8000-000000000003", "n": 1, "name": "noop", "args": {}, "at": "2026-11-02T09:00:00Z"},
    {"t": "digest", "scopes": {"user:a": [1, "1:00000000"]}},
    {"t": "read", "id": "00000000-0000-7000-8000-000000000004", "entity": "child", "doc": "00000000-0000-7000-8000-000000000005",
     "at": "2026-11-02T09:00:00Z"},
    {"t": "dropped", "scopes": ["user:a"]},
)  # fmt: skip


@st.composite
def spoilt_frame(draw: st.DrawFn) -> Any:
    frame: Any = draw(st.sampled_from(WHOLE))
    for _ in range(draw(st.integers(0, 2))):
        frame = put(frame, draw(st.sampled_from(list(paths(frame)))), draw(json_values))
    return frame


@settings(max_examples=EXAMPLES or 500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(spoilt_frame() | json_values | st.binary(max_size=60) | st.text(max_size=60))
def test_fuzzed_frames_are_read_or_refused(value: Any) -> None:
    data = value if isinstance(value, bytes | str) else json.dumps(value)
    with suppress(frames.BadFrame):
        frames.read_frame(data)


async def test_fuzzed_frames_end_in_an_answer_or_a_goodbye(place: Place) -> None:
    async with town_at(place) as town:
        odd = [put(frame, way, value) for frame in WHOLE for way in paths(frame) for value in ODD]
        for n, frame in enumerate(odd):
            if n % 14 == 0 or "\\u0000" in json.dumps(frame):
                await one_frame(town, frame)


async def one_frame(town: Town, frame: Any) -> None:
    peer = await town.peer("anna", greet=not (isinstance(frame, dict) and frame.get("t") == "hello"))
    await peer.say(json.dumps(frame))
    if peer.connection.actor is not None and isinstance(frame, dict) and frame.get("t") == "command":
        await peer.until(lambda: peer.code is not None or "nack" in peer.kinds() or "ack" in peer.kinds())
    await asyncio.sleep(0)
    assert peer.code in (None, *frames.CLOSE_CODES.values())
    await peer.cut()
    town.peers.remove(peer)


@pytest.fixture
async def origin(tmp_path: Path) -> AsyncIterator[str]:
    async with running_site(tmp_path, demo=True) as site:
        yield site.origin


def fuzz_requests(origin: str, examples: int) -> int:
    """Every operation of the site's own description, with right and wrong requests; how many were made."""
    schema = schemathesis.openapi.from_url(f"{origin}/openapi.json")
    made = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(operation.as_strategy(generation_mode=mode))
            def one(case: Any) -> None:
                nonlocal made
                made += 1
                answer = case.call(headers={"Origin": origin}, allow_redirects=False)
                assert answer.status_code < 500, (case.method, case.path, answer.status_code)
                assert b"Traceback" not in answer.content

            with suppress(Unsatisfiable):  # nothing can be wrong with a request without parts
                one()
    return made


@pytest.mark.timeout(110)
async def test_fuzzed_requests_are_answered(origin: str) -> None:
    assert await asyncio.to_thread(fuzz_requests, origin, 4) > 100
