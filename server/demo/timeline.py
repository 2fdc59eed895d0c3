"""The order of things: many stories told at once, each event at its own instant, the house's own deeds in between.

A story is an asynchronous generator that yields the instants it waits for. What would happen after today has not
happened: there every story stops.
"""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import AsyncGenerator
from datetime import datetime

from server.demo.stage import Stage
from server.domain.instants import from_text, to_text
from server.storage.planned import ACT
from server.sync import push

Story = AsyncGenerator[datetime, None]


class Timeline:
    """Bound to a stage, whose clock it moves, and to the present."""

    def __init__(self, stage: Stage, now: datetime) -> None:
        self._stage, self._now = stage, now
        self._numbers = itertools.count()
        self._waiting: list[tuple[datetime, int, Story]] = []

    def tell(self, story: Story) -> None:
        """Begins a story at the instant on the stage."""
        self._wait(self._stage.clock.now(), story)

    async def run(self) -> None:
        """Tells every story to its end or to the present, then leaves the stage at the present."""
        while self._waiting:
            when, _, story = heapq.heappop(self._waiting)
            if when > self._now:
                await story.aclose()
                continue
            await self._move_to(when)
            try:
                self._wait(await anext(story), story)
            except StopAsyncIteration:
                continue
        await self._move_to(self._now)
        await self._say_what_was_said()

    def _wait(self, when: datetime, story: Story) -> None:
        heapq.heappush(self._waiting, (when, next(self._numbers), story))

    async def _move_to(self, when: datetime) -> None:
        """The house does what is due until then (escalations, ends), each deed at its own instant."""
        house, clock = self._stage.house, self._stage.clock
        while when > clock.now():
            async with house.engine.read() as tx:
                due = await tx.fetch_one(
                    "SELECT id, record_id, kind, due_at, data FROM reminder WHERE state = 'due' AND due_at <= $1"
                    f" AND kind LIKE '{ACT}%' ORDER BY due_at, id LIMIT 1",
                    to_text(when),
                )
            if due is None:
                break
            id, record, kind, due_at, data = due
            clock.set(max(clock.now(), from_text(due_at)))
            command = house.registry.commands[kind.removeprefix(ACT)]
            await push.act(house, command.model_validate({**json.loads(data), "record": record}), id)
            async with house.engine.write() as tx:
                await tx.execute("UPDATE reminder SET state = 'done', sent_at = due_at WHERE id = $1", id)
        clock.set(max(clock.now(), when))

    async def _say_what_was_said(self) -> None:
        """Reminders of days gone by have been said; nobody is to hear of them now."""
        async with self._stage.house.engine.write() as tx:
            await tx.execute(
                "UPDATE reminder SET state = 'done', sent_at = due_at WHERE state = 'due' AND due_at <= $1",
                to_text(self._now),
            )
