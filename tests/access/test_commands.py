"""P1: who may do what. Every command, by everybody; what is not classified fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.features import load
from tests.access.cases import CASES, SEATS
from tests.access.scene import NOBODY, Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


def filled(scene: Scene, value: Any) -> Any:
    """The arguments with every `$name` replaced."""
    if isinstance(value, str) and value.startswith("$"):
        return scene.name(value[1:])
    if isinstance(value, dict):
        return {filled(scene, key): filled(scene, item) for key, item in value.items()}
    return [filled(scene, item) for item in value] if isinstance(value, list) else value


def nothing(value: Any) -> Any:
    """The same arguments, where every `$name` is an id that nothing has."""
    if isinstance(value, str) and value.startswith("$"):
        return NOBODY
    if isinstance(value, dict):
        return {nothing(key): nothing(item) for key, item in value.items()}
    return [nothing(item) for item in value] if isinstance(value, list) else value


def outcome(answer: bytes) -> str:
    frame = json.loads(answer)
    return "ok" if frame["ok"] else str(frame["code"])


async def test_every_command_is_classified() -> None:
    offered = {name for name, command in load().commands.items() if not command.internal}
    tried = {case.command for case in CASES.values()}
    assert offered - tried == set(), "write down who may give these commands, in tests/access/cases.py"
    assert tried - offered == set()


@pytest.mark.parametrize("case", CASES)
async def test_command_is_open_to_exactly_those_it_is_meant_for(scene: Scene, case: str) -> None:
    tried = CASES[case]
    args = filled(scene, tried.args)
    got = {who: outcome(await scene.attempt(who, tried.command, args)) for who in SEATS}
    assert got == tried.expected()


@pytest.mark.parametrize("case", CASES)
async def test_forbidden_and_absent_are_answered_alike(scene: Scene, case: str) -> None:
    tried = CASES[case]
    there, absent = filled(scene, tried.args), nothing(tried.args)
    for who in SEATS:
        forbidden = await scene.attempt(who, tried.command, there)
        if outcome(forbidden) == "not_found":
            assert await scene.attempt(who, tried.command, absent) == forbidden, who


async def test_house_commands_are_unknown_to_everybody(scene: Scene) -> None:
    internal = sorted(name for name, command in load().commands.items() if command.internal)
    assert internal
    for name in internal:
        for who in SEATS:
            assert outcome(await scene.attempt(who, name, {"record": scene.ids["consent"]})) == "unknown_command"
