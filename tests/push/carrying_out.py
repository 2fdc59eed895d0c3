"""Carries a run of killed workers out: plans, kills, moves, calls off, and holds what came against it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from server import app as composition
from server.domain.instants import from_text, local_wall
from server.features import notice
from server.settings import Settings
from tests.people import make_world
from tests.push import service as push
from tests.push.crew import TIMEOUT_S, Crew, SharedClock
from tests.push.next_way import next_way
from tests.push.run_plan import AHEAD, DAYS, SPECIAL, START, TIMES
from tests.push.runs import Run
from tests.push.service import push_service


@asynccontextmanager
async def a_run(
    data: Path, url: str | None, clock_file: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> AsyncIterator[Run]:
    monkeypatch.setattr(notice, "KEPT_FOR", timedelta(days=1000))  # as in the crew
    clock = SharedClock(clock_file, START)
    async with push_service(clock.now) as service, next_way(clock.now) as way:
        host = service.origin.removeprefix("http://")
        settings = Settings(data=data, database_url=url, push_hosts=(host,), **way.settings)
        parts = composition.build_parts(settings, clock)
        async with composition.running(parts):
            world = await make_world(parts.house, START - timedelta(hours=1))
            world.stage.clock.set(START)
            service.when_taken = way.taken
            yield Run(parts, world, clock, service, way, seed)


async def carry_out(
    run: Run,
    *,
    families: int,
    meetings: int,
    days: int,
    kills: int,
    trouble: float,
    clock_file: Path,
    at_most_s: float = 600,
    at_least: int = 0,
) -> str:
    """Plans, kills, moves, calls off and checks; returns the figures.

    Meetings gather on some days and hours, as they do; among the days are those on which the clocks change, and New Year.
    """
    chance = random.Random(run.seed)
    for n in range(families):
        await run.family(n)
    await run.staff()
    await run.way.confirm(run)
    first, last = (START + timedelta(days=9)).date(), (START + timedelta(days=days)).date()
    special = [day for day in SPECIAL if first <= day <= last]
    others = chance.sample(range((last - first).days), min(DAYS, days // 3))
    on = special + [first + timedelta(days=n) for n in others]

    def some_time() -> datetime:
        return local_wall(chance.choice(on), chance.choice(TIMES))

    for child, relations in run.families:
        for n in range(meetings):
            await run.meeting(child, relations, some_time(), [] if n else [run.world["johan"].seat])
    run.planned = await run.asked("due")
    for device in run.service.devices.values():
        device.answers = [
            chance.choice((500, 503, (429, {"retry-after": "120"}), push.RESET, push.HANG))
            if chance.random() < trouble
            else 201
            for _ in range(200)
        ]
    for n, device in enumerate(run.dying):
        device.answers = [*[201] * chance.randrange(6), *[(404, 410)[n % 2]] * 200]
    host = run.service.origin.removeprefix("http://")
    settings = run.parts.settings
    run.way.trouble(chance, trouble)
    there = (str(settings.data), settings.database_url, host, str(clock_file))
    crew = Crew(3, clock_file.parent, *there, settings.fallback_after_s, TIMEOUT_S, run.way.settings, seed=run.seed)
    run.crew = crew
    until = run.until = START + timedelta(days=days + 2)

    def strike(odds: float, everybody: bool = False) -> None:
        # Spread over the whole run.
        if crew.kills < kills * AHEAD * ((run.clock.now() - START) / (until - START)) + 1 and chance.random() < odds:
            crew.kill(everybody=everybody)
            run.way.kills = crew.kills
            run.way.struck.append(run.clock.now())

    run.way.strike = strike
    try:
        by_meeting: dict[str, list[datetime]] = defaultdict(list)
        for record, _, _, due_at in sorted(run.planned):
            by_meeting[record].append(from_text(due_at))
        changed = sorted(
            (chance.choice(by_meeting[meeting]) - timedelta(seconds=1), meeting)
            for meeting in chance.sample(run.meetings, len(run.meetings) // 8)
        )
        for n, (at, meeting) in enumerate(changed):
            await run.through(at, strike)
            later = some_time()
            await run.change(meeting, later if n % 2 and later > run.clock.now() else None)
        await run.through(until, strike)
        assert crew.kills >= kills, f"killed while there was work: {crew.kills}"
        assert crew.all_live()
    finally:
        crew.stop()
    return f"{await run.check(until, at_most_s, at_least)}, {crew.kills} kills"
