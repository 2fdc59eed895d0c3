"""Marks: what became of deliveries, written for many in one transaction soon after it is known.

A mark is written after the sending: a crash in between sends again. So none waits longer than a moment.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from server.domain.instants import to_text
from server.logs import get_logger
from server.push import health, plan
from server.push.channels.fault import ChannelFault
from server.push.claims import STILL_OPEN
from server.storage.engine import TransientFault
from server.storage.lock import for_update
from server.sync.house import House

WAIT_S: Final = 0.02
log = get_logger()


@dataclass(frozen=True, slots=True)
class Mark:
    """One delivery is over. `confirms`: its device's push health is shown anew."""

    id: str
    state: str
    status: int | None = None
    confirms: bool = False


class Marks:
    """Those that are not written yet."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._waiting: list[Mark] = []
        self._some = asyncio.Event()
        self.when_written: Callable[[], None] = lambda: None
        """Called when some were: the lanes of these are free."""

    def add(self, mark: Mark) -> None:
        self._waiting.append(mark)
        self._some.set()

    async def run(self) -> None:
        """Writes for ever; what cannot be written now is kept and tried again."""
        while True:
            await self._some.wait()
            await asyncio.sleep(WAIT_S)
            try:
                await self.write()
            except (TransientFault, OSError) as fault:
                log.warning("marks_put_off", kind=type(fault).__name__)
                await asyncio.sleep(1)
            except Exception:
                log.exception("marks_failed")
                await asyncio.sleep(1)

    async def write(self) -> None:
        """Writes what there is."""
        self._some.clear()
        marks, self._waiting = self._waiting, []
        if not marks:
            return
        at = to_text(self._house.clock.now())
        ids, kinds = [mark.id for mark in marks], defaultdict[tuple[str, int | None], list[str]](list)
        for mark in marks:
            kinds[mark.state, mark.status].append(mark.id)
        try:
            async with self._house.engine.write() as tx:
                # All of one kind at once, locked in the order everybody takes them in.
                await tx.fetch(f"SELECT id FROM delivery WHERE id = any($1) ORDER BY id{for_update(tx)}", ids)
                for (state, status), alike in kinds.items():
                    await tx.execute(
                        "UPDATE delivery SET state = $2, status = coalesce($3, status), at = $4"
                        f" WHERE id = any($1) AND {STILL_OPEN}",
                        alike,
                        state,
                        status,
                        at,
                    )
                changed = await tx.fetch(
                    "SELECT subscription_id FROM delivery WHERE id = any($1)",
                    [mark.id for mark in marks if mark.confirms],
                )
        except BaseException:
            self._waiting = [*marks, *self._waiting]
            self._some.set()
            raise
        self.when_written()
        for (subscription,) in changed:
            await health.note(self._house, str(subscription))

    async def failed(
        self, id: str, subscription: str, fault: ChannelFault, now: datetime, again: datetime | None, *, dead: bool
    ) -> None:
        """One that was not taken: due again, or given up; and what follows for its device.

        A service that asked for a pause gets it: until then nothing else goes to this device either.
        """
        pause_s = None if fault.permanent else fault.retry_after_s
        state = "failed" if again is None else "due"
        if pause_s:
            state = "paused"
        async with self._house.engine.write() as tx:
            if dead:
                await tx.execute(
                    "UPDATE push_subscription SET dead_at = $2 WHERE id = $1 AND dead_at IS NULL",
                    subscription,
                    to_text(now),
                )
            await tx.execute(
                "UPDATE delivery SET state = $2, next_at = $3, status = $4, at = $5, attempts = attempts + $6"
                f" WHERE id = $1 AND {STILL_OPEN}",
                id,
                state,
                to_text(again or now + timedelta(seconds=pause_s or 0)),
                fault.status,
                to_text(now),
                plan.OVER if pause_s and again is None else 0,
            )
