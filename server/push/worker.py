"""The worker: does what is due. Work is claimed in one statement, so that several workers never do it twice.

1. A due reminder is claimed for some seconds.
2. A deed of the house (`act:`) is carried out like any command; being late or done already harms nothing.
3. Anything else is checked anew in the transaction that says it (`saying`), many at once.
4. Deliveries are sent beside that (`sender`), so that a push service that hangs delays no reminder.
5. Every ten minutes what nobody needs any more is removed (`tidy`).

One piece of work that fails, even by a mistake in the program, never stops the others: it is tried again when its claim
runs out, and given up after some tries.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence

from server.errors import Refused
from server.logs import get_logger
from server.push import claims, fallback, saying
from server.push.claims import Claim
from server.push.sender import Sender
from server.push.tidy import tidy
from server.storage.engine import TransientFault
from server.storage.planned import ACT
from server.sync import push
from server.sync.house import House

CLAIM = 100
"""Reminders claimed at once: said well before the claim runs out."""
BATCH = {"sqlite": 25, "postgres": 100}
"""Reminders said in one transaction. SQLite has one writer, who must not keep people's commands waiting."""
DEEDS_AT_ONCE = 4
TRIES = 8
EVERY_S = 1.0
SETTLE_EVERY_S = 60.0
TIDY_EVERY_S = 600.0
log = get_logger()


class Worker:
    """Bound to a house and a sender."""

    def __init__(self, house: House, sender: Sender) -> None:
        self._house, self._sender = house, sender
        self._rests = False

    def rest(self) -> None:
        """Leaves all work to another process: `run` then only waits."""
        self._rests = True

    async def run(self) -> None:
        """Works until it is cancelled; a fault of the database only delays it."""
        if self._rests:
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(_for_ever("reminders", self._remind, EVERY_S))
            group.create_task(_for_ever("tidying", self._tidy, TIDY_EVERY_S))
            group.create_task(_for_ever("unreached", self._settle, SETTLE_EVERY_S))
            group.create_task(self._sender.run(EVERY_S))

    async def tick(self) -> int:
        """Does everything that is due now; returns how much that was."""
        done = 0
        while count := await self.remind():
            done += count
        return done + await self._sender.send_due()

    async def remind(self) -> int:
        """Does one batch of due reminders; returns how many there were."""
        engine = self._house.engine
        claimed = await claims.reminders(engine, self._house.clock.now(), CLAIM)
        deeds = [claim for claim in claimed if claim.what.startswith(ACT)]
        sayings = [claim for claim in claimed if not claim.what.startswith(ACT)]
        for own in (True, False):
            alike, size = [claim for claim in sayings if claim.own is own], BATCH[engine.dialect]
            for first in range(0, len(alike), size):
                await self._say(alike[first : first + size])
        gate = asyncio.Semaphore(1 if engine.dialect == "sqlite" else DEEDS_AT_ONCE)

        async def one(claim: Claim) -> None:
            async with gate:
                await self._one(claim)

        await asyncio.gather(*(one(claim) for claim in deeds))
        return len(claimed)

    async def _remind(self) -> bool:
        return await self.remind() > 0

    async def _settle(self) -> bool:
        await fallback.settle(self._house)
        return False

    async def _tidy(self) -> bool:
        await tidy(self._house)
        return False

    async def _say(self, batch: Sequence[Claim]) -> None:
        """All in one transaction; if that fails by something other than the database's trouble, one by one."""
        if not batch:
            return
        try:
            await saying.say(self._house, batch, self._sender.means.ways)
        except TransientFault as fault:
            log.warning("reminder_put_off", kind=type(fault).__name__)
        except Exception:
            if len(batch) > 1:
                for claim in batch:
                    await self._say([claim])
                return
            log.exception("reminder_failed")
            with contextlib.suppress(TransientFault, OSError):
                await self._give_up(batch[0])

    async def _one(self, claim: Claim) -> None:
        try:
            await self._act(claim)
        except TransientFault as fault:
            log.warning("reminder_put_off", kind=type(fault).__name__)
        except Exception:
            log.exception("reminder_failed")
            with contextlib.suppress(TransientFault, OSError):
                await self._give_up(claim)

    async def _act(self, claim: Claim) -> None:
        async with self._house.engine.read() as tx:
            row = await tx.fetch_one(
                "SELECT record_id, data FROM reminder WHERE id = $1 AND state = 'claimed' AND claimed_until = $2",
                claim.id,
                claim.until,
            )
        if row is None:
            return
        command = self._house.registry.commands[claim.what.removeprefix(ACT)]
        try:
            await push.act(self._house, command.model_validate({"record": row[0], **json.loads(row[1])}), claim.id)
        except Refused as refused:
            log.info("deed_refused", code=refused.code)
        async with self._house.engine.write() as tx:
            # Also when the deed itself has made its own plan superfluous: it has been done.
            await tx.execute(
                "UPDATE reminder SET state = 'done' WHERE id = $1 AND (state = 'superseded' OR claimed_until = $2)",
                claim.id,
                claim.until,
            )

    async def _give_up(self, claim: Claim) -> None:
        async with self._house.engine.write() as tx:
            await tx.execute(
                "UPDATE reminder SET state = 'failed' WHERE id = $1 AND claimed_until = $2 AND attempts >= $3",
                claim.id,
                claim.until,
                TRIES,
            )


async def _for_ever(what: str, work: Callable[[], Awaitable[bool]], pause_s: float) -> None:
    """Again and again, at once while there was something to do."""
    while True:
        busy = False
        try:
            busy = await work()
        except (TransientFault, OSError) as fault:
            log.warning("worker_cannot_work", step=what, kind=type(fault).__name__)
        except Exception:
            log.exception("worker_failed", step=what)
        await asyncio.sleep(0 if busy else pause_s)
