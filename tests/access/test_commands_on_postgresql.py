"""P1 on PostgreSQL: the same matrix, with the same answers."""

from __future__ import annotations

import pytest

from tests.access.cases import CASES, SEATS
from tests.access.scene import scene_on
from tests.access.test_commands import filled, nothing, outcome


@pytest.mark.timeout(240)
async def test_every_command_is_open_to_exactly_those_it_is_meant_for(postgres_url: str) -> None:
    wrong = []
    async with scene_on(None, postgres_url) as scene:
        for case, tried in CASES.items():
            there, absent = filled(scene, tried.args), nothing(tried.args)
            answers = {who: await scene.attempt(who, tried.command, there) for who in SEATS}
            got, meant = {who: outcome(answer) for who, answer in answers.items()}, tried.expected()
            wrong += [(case, who, got[who], meant[who]) for who in SEATS if got[who] != meant[who]]
            wrong += [
                (case, who, "differs", "absent")
                for who in SEATS
                if got[who] == "not_found" and await scene.attempt(who, tried.command, absent) != answers[who]
            ]
    assert wrong == []
