"""P1: what feed and grants let each seat see is what an independent reading of the model allows, after any history."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from server.domain import scopes
from server.domain.instants import local_date, to_text
from server.errors import Refused
from server.features import load
from server.storage.engine import Engine, Tx, open_engine
from tests.access.oracle import KNOWN, NOT_SHOWN, Oracle, rows_of
from tests.access.scene import Scene, build, house_on
from tests.promises.walking import wander

PAIRS = 10_000


def test_oracle_knows_every_entity() -> None:
    assert {feature.entity for feature in load().features} == KNOWN | NOT_SHOWN


async def held(tx: Tx, seat: str, account: str, now: str) -> set[tuple[str, str]]:
    """{(entity, id)} that the server would send to this seat."""
    rows = await tx.fetch(
        "SELECT f.entity, f.doc_id FROM feed f JOIN scope s ON s.id = f.scope_id WHERE f.doc IS NOT NULL AND (s.name = $3"
        " OR EXISTS (SELECT 1 FROM grant_ g WHERE g.scope_id = s.id AND g.seat_id = $1 AND g.valid_until > $2))",
        seat,
        now,
        scopes.user(account),
    )
    return set(rows)


async def differences(scene: Scene) -> tuple[int, list[tuple[str, str, str, bool]]]:
    """(pairs compared, [(who, entity, id, does the server show it)])"""
    now = scene.world.stage.clock.now()
    wrong: list[tuple[str, str, str, bool]] = []
    compared = 0
    async with scene.house.engine.read() as tx:
        rows = await rows_of(tx)
        oracle = Oracle(rows, to_text(now), local_date(now).isoformat())
        shown = {(row["entity"], row["id"]) for row in rows if row["entity"] not in NOT_SHOWN}
        for who, person in sorted(scene.people.items()):
            really = await held(tx, person.seat, person.account, to_text(now))
            meant = oracle.visible(person.seat, person.account)
            compared += len(shown)
            wrong += [(who, entity, id, (entity, id) in really) for entity, id in sorted(really ^ meant)]
    return compared, wrong


async def walk(data: Path, seed: int, steps: int) -> int:
    engine = open_engine(data=data, database_url=None)
    await engine.start()
    try:
        async with house_on(engine) as house:
            scene = await build(house)
            rng = random.Random(seed)
            compared = 0
            for _ in range(steps // 10):
                await wander(scene.world, rng, 10)
                pairs, wrong = await differences(scene)
                assert wrong == [], f"seed {seed}"
                compared += pairs
            return compared
    finally:
        await engine.close()


@pytest.mark.parametrize("seed", range(3))
async def test_oracle_agrees_after_a_walk(tmp_path: Path, seed: int) -> None:
    assert await walk(tmp_path, seed, 60) > PAIRS / 2


@pytest.mark.promise(about_s=60)
async def test_oracle_agrees_after_long_walks(tmp_path: Path) -> None:
    compared = 0
    for seed in range(100, 130):
        folder = tmp_path / str(seed)
        folder.mkdir()
        compared += await walk(folder, seed, 150)
    assert compared > PAIRS


async def test_protected_child_is_published_nowhere_else(tmp_path: Path) -> None:
    engine = open_engine(data=tmp_path, database_url=None)
    await engine.start()
    async with house_on(engine) as house:
        scene = await build(house)
        async with engine.read() as tx:
            rooms = await tx.fetch(
                "SELECT DISTINCT s.name, s.store FROM feed f JOIN scope s ON s.id = f.scope_id"
                " WHERE f.aggregate_id = $1 AND f.doc IS NOT NULL",
                scene.ids["signe"],
            )
    await engine.close()
    assert {scopes.parse(name).kind for name, _ in rooms} == {scopes.ScopeKind.COORDINATOR, scopes.ScopeKind.GUARDIAN}
    assert scopes.guardian(scene.ids["signe"], scene.people["petra"].account) not in {name for name, _ in rooms}
    assert {store for _, store in rooms} == {"memory"}


async def test_what_happens_to_a_protected_child_is_news_to_nobody_outside_the_circle(tmp_path: Path) -> None:
    """Petra is a guardian outside, Gun one inside; Birgitta leads the unit and would hear while nobody is there."""
    engine = open_engine(data=tmp_path, database_url=None)
    await engine.start()
    async with house_on(engine) as house:
        scene = await build(house)
        signe, world, stage = scene.ids["signe"], scene.world, scene.world.stage
        rel = world.relations
        await stage.act(world["johan"], "protect.lift", child=signe)
        asked = await stage.act(world["petra"], "contact.request", child=signe, reason="worried")
        await stage.act(world["maria"], "protect.set", child=signe, alias="Kim")
        await stage.act(world["johan"], "protect.add", child=signe, person=rel["gun"])
        before = await _news(engine)
        await stage.act(world["maria"], "contact.answer", contact_request=asked["contact_request"])
        with pytest.raises(Refused, match="invalid"):
            await stage.act(world["maria"], "message.send", child=signe, to=rel["petra"], text="Hej")
        await stage.act(world["maria"], "message.send", child=signe, to=rel["gun"], text="Hej")
        made = await stage.act(
            world["maria"], "meeting.propose", child=signe, kind="network", starts_local="2026-11-20T14:00",
            invited=[rel["petra"], rel["gun"]], invite=True,
        )  # fmt: skip
        meeting = str(made["meeting"])
        await stage.act(world["maria"], "meeting.move", meeting=meeting, starts_local="2026-11-21T14:00")
        for away in ("maria", "johan"):
            await stage.act(world[away], "coordinator.away", until="2026-11-30")
        await stage.act(world["gun"], "message.send", child=signe, text="Hej igen")
        await stage.act(world["maria"], "meeting.cancel", meeting=meeting)
        news = await _news(engine)
    await engine.close()
    heard = {who for who, person in world.people.items() if news[person.account] > before[person.account]}
    assert heard == {"gun", "maria", "johan"}


async def _news(engine: Engine) -> Counter[str]:
    """How many notices each account has had."""
    async with engine.read() as tx:
        rows = await tx.fetch("SELECT aggregate_id FROM record WHERE entity = 'notice'")
    return Counter(account for (account,) in rows)
