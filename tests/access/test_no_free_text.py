"""What is a string by its schema and no free text takes no program: it is checked before it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.cases import CASES
from tests.access.scene import Scene
from tests.access.test_commands import filled, outcome
from tests.browser.free_text import CHECKED, free_texts
from tests.browser.programs import payloads

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEPT_NOWHERE = {"push.unsubscribe endpoint"}


async def test_what_is_checked_is_free_by_its_schema() -> None:
    assert set(CHECKED) <= free_texts()


@pytest.mark.parametrize("field", sorted(set(CHECKED) - KEPT_NOWHERE))
async def test_no_program_is_taken_for_it(scene: Scene, field: str) -> None:
    command, _, path = field.partition(" ")
    case = next(one for one in CASES.values() if one.command == command and one.ok)
    args = filled(scene, case.args)
    outer, _, inner = path.partition(".")
    for program in payloads(300)[::10]:
        value: Any = {"name": "Kim", inner: program[:30]} if inner else program[:30]
        assert outcome(await scene.attempt(case.ok.split()[0], command, {**args, outer: value})) == "invalid", program
