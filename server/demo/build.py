"""Building the demonstration: places and colleagues first, then everything that has happened, in its own order."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from server.auth.demo import PERSONAS_KEY
from server.demo import company
from server.demo.days import Days
from server.demo.empty import filling
from server.demo.phones import phones
from server.demo.play import Play
from server.demo.stage import Stage
from server.demo.stories import all_stories
from server.demo.timeline import Timeline
from server.storage.engine import Tx
from server.sync.house import House

HISTORY = timedelta(days=260)
"""Long enough for last term's meeting to have been planned, whatever the day."""
FIRST = ("anna", "omar", "samira", "noor", "maria", "johan", "jonas", "karin", "lena", "per", "outsider")
"""The personas one meets first; others follow in the order of their stories."""


async def is_built(tx: Tx) -> bool:
    """True when this database has the demonstration already."""
    return await tx.fetch_value("SELECT 1 FROM meta WHERE key = $1", PERSONAS_KEY) is not None


async def build(house: House, now: datetime) -> None:
    """Fills an empty database; one that has the demonstration is left as it is. Dates are relative to `now`.

    Raises: `NotEmpty` when there is anything else in it.
    """
    async with house.engine.read() as tx:
        if await is_built(tx):
            return
    async with filling(house.engine):
        stage = Stage(house, now - HISTORY)
        stage.without_cards()
        timeline = Timeline(stage, now)
        play = Play(stage, timeline, Days(now))
        await company.gather(play)
        play.tell(*all_stories(play))
        await timeline.run()
        await phones(play)
        async with house.engine.write() as tx:
            await tx.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", PERSONAS_KEY, _personas(play))


def _personas(play: Play) -> str:
    """The list that the demo sign-in offers."""
    keys = [*FIRST, *(key for key in play.personas if key not in FIRST)]
    offered = {
        key: {
            "name": play.personas[key][0][0].name,
            "account": play.personas[key][0][0].account,
            "seats": [
                {"id": one.seat, "kind": str(one.actor.kind), "label": label} for one, label in play.personas[key]
            ],
        }
        for key in keys
    }
    return json.dumps(offered, ensure_ascii=False)
