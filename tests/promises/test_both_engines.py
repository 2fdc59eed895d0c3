"""The two databases are one house: the same wishes in the same order are answered alike and leave the same behind.

Ids follow from the instant and the order of making, so that two houses made by the same commands are equal to the letter;
what sorts, folds or counts differently in one of the databases shows as a difference. Texts are of the kinds that do.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.auth import people, sessions
from server.errors import Refused
from server.ids import derived_id
from server.sync import importing
from tests.access.scene import Scene, scene_on
from tests.promises.walking import Wish, Wishes, pool_of

STEPS, ALL_STEPS = 150, 1_500
COMPARED = {
    "records": "SELECT id, entity, aggregate_id, owner_unit, body FROM record",
    "feed": "SELECT s.name, f.entity, f.doc_id, f.version, coalesce(f.doc, '') FROM feed f JOIN scope s ON s.id = f.scope_id",
    "scopes": "SELECT name, version, holders_version, live, digest, horizon, store FROM scope",
    "grants": "SELECT g.seat_id, s.name, g.valid_until, g.aggregate_id FROM grant_ g JOIN scope s ON s.id = g.scope_id",
    "reminders": "SELECT record_id, kind, account_id, due_at, state, aggregate_id, data FROM reminder",
}
ODD = (
    "Åsa ÄNGLA öppnar", "ａｂｃ１２３", "I\u0307stanbul ıI", "e\u0301 är é", "\u202eatnaV\u202c", "a\u200bb\u2060c", "\U0001f469\u200d\U0001f467 hos oss",
    "100 % _klart_ \\ 'ja' \"nej\"", "{\"a\": [1]}", "\u0644\u0645\u0631\u062d\u0628\u0627", "x" * 40, "\ufeffdel", "ﬁn ﬂod ẞ",
)  # fmt: skip
"""What sorts, folds, measures or quotes differently from place to place."""
FREE = frozenset({"text", "note", "question", "display_name", "name_shown", "alias", "title", "last_word"})


def odd(wish: Wish, rng: random.Random) -> dict[str, Any]:
    """Its arguments, now and then with a text that is hard on databases."""
    return {
        key: rng.choice(ODD) if key in FREE and isinstance(value, str) and rng.random() < 0.5 else value
        for key, value in wish.args.items()
    }


async def answer(scene: Scene, wish: Wish, args: dict[str, Any]) -> tuple[object, ...]:
    """What is said of it."""
    try:
        said = await scene.world.stage.act(scene.world[wish.who], wish.command, **args)
    except Refused as refused:
        return ("refused", refused.code, refused.fields, refused.data)
    # Invitations tell secrets, which are new every time.
    return ("done", {key: value for key, value in said.items() if key not in ("link", "code", "qr")})


async def left(scene: Scene, what: str) -> list[tuple[object, ...]]:
    """What is in the database, in an order of our own."""
    async with scene.house.engine.read() as tx:
        return sorted(tuple(row) for row in await tx.fetch(COMPARED[what]))


@asynccontextmanager
async def twins(data: Path, url: str) -> AsyncIterator[tuple[Scene, Scene]]:
    """The scene in either database, with the same ids in both."""
    with pytest.MonkeyPatch.context() as patched:
        made = itertools.count()
        for maker in (people, sessions, importing):
            patched.setattr(maker, "new_id", lambda now: derived_id(now, "twin", next(made)))
        async with scene_on(data) as first:
            made = itertools.count()
            async with scene_on(None, url) as second:
                yield first, second


async def side_by_side(data: Path, url: str, seed: int, steps: int) -> int:
    """Walks in both houses; how many wishes were granted."""
    async with twins(data, url) as scenes:
        rng, granted = random.Random(seed), 0
        wishes = Wishes(rng, scenes[0].world)
        for step in range(steps):
            now = scenes[0].world.stage.clock.now() + timedelta(minutes=rng.choice((0, 0, 1, 5, 30, 600)))
            for scene in scenes:
                scene.world.stage.clock.set(now)
            wish = wishes.next(await pool_of(scenes[0].house.engine), now)
            args = odd(wish, rng)
            first, second = await asyncio.gather(*(answer(scene, wish, args) for scene in scenes))
            assert first == second, f"seed {seed}, step {step}: {wish.who} {wish.command} {args}"
            granted += first[0] == "done"
            if step % 50 == 49 or step == steps - 1:
                for what in COMPARED:
                    here, there = await left(scenes[0], what), await left(scenes[1], what)
                    assert here == there, f"seed {seed}, step {step}: {what}"
        return granted


async def test_the_same_wishes_leave_the_same_in_both_databases(tmp_path: Path, postgres_url: str) -> None:
    assert await side_by_side(tmp_path, postgres_url, 7, STEPS) > STEPS / 3


@pytest.mark.promise(about_s=60)
@pytest.mark.timeout(300)
async def test_the_same_wishes_leave_the_same_in_both_databases_at_length(tmp_path: Path, postgres_url: str) -> None:
    assert await side_by_side(tmp_path, postgres_url, 11, ALL_STEPS) > ALL_STEPS / 3
