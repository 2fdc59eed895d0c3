"""The worker: does what is due. Work is claimed by compare-and-set, so that several workers never do it twice.

1. A due reminder is claimed for a minute.
2. A deed of the house (`act:`) is carried out like any command; being late or done already harms nothing.
3. Anything else is checked anew in the transaction that says it: is it still wanted by the rows as they are now?
   Then the account gets a notice, and each of its devices a delivery.
4. A delivery is claimed, sent, and only then marked sent. A crash in between repeats it; the notice's tag hides that.
"""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, time, timedelta

from server.domain import reminders
from server.domain.instants import time_from_text, to_text
from server.errors import Refused
from server.features.notice import NoticeRow, notice_row
from server.features.publish import publish
from server.features.settings import SettingsRow
from server.features.shape import Moment, Notice
from server.logs import get_logger
from server.push.sender import Sender
from server.storage import commit
from server.storage.change import Change, ReminderKey
from server.storage.engine import TransientFault, Tx
from server.storage.lock import create_aggregate, lock_aggregates
from server.storage.planned import ACT
from server.sync import load, push
from server.sync.house import House

CLAIM_FOR = timedelta(minutes=1)
BATCH = 100
PUSH = "push"
EVERY_S = 1.0
log = get_logger()


class Worker:
    """Bound to a house and a sender."""

    def __init__(self, house: House, sender: Sender) -> None:
        self._house, self._sender = house, sender

    async def run(self) -> None:
        """Works for ever; a fault of the database only delays it."""
        while True:
            try:
                busy = await self.tick()
            except (TransientFault, OSError) as fault:
                log.warning("worker_cannot_work", kind=type(fault).__name__)
                busy = 0
            await asyncio.sleep(0.05 if busy else EVERY_S)

    async def tick(self) -> int:
        """Does everything that is due now; returns how much that was."""
        done = 0
        for id in await self._claim():
            await self._do(id)
            done += 1
        return done + await self._sender.send_due()

    async def _claim(self) -> list[str]:
        now = self._house.clock.now()
        at, until = to_text(now), to_text(now + CLAIM_FOR)
        async with self._house.engine.read() as tx:
            rows = await tx.fetch(
                "SELECT id FROM reminder WHERE (state = 'due' AND due_at <= $1)"
                " OR (state = 'claimed' AND claimed_until <= $1) ORDER BY due_at LIMIT $2",
                at,
                BATCH,
            )
        if not rows:
            return []
        async with self._house.engine.write() as tx:
            return [
                id
                for (id,) in rows
                if await tx.execute(
                    "UPDATE reminder SET state = 'claimed', claimed_until = $2, attempts = attempts + 1 WHERE id = $1"
                    " AND (state = 'due' OR (state = 'claimed' AND claimed_until <= $3))",
                    id,
                    until,
                    at,
                )
            ]

    async def _do(self, id: str) -> None:
        async with self._house.engine.read() as tx:
            row = await tx.fetch_one("SELECT kind, record_id, data FROM reminder WHERE id = $1", id)
        if row is None:
            return
        kind, record, data = row
        if kind.startswith(ACT):
            await self._act(id, kind.removeprefix(ACT), record, json.loads(data))
        else:
            await self._say(id)

    async def _act(self, id: str, name: str, record: str, data: dict[str, str]) -> None:
        command = self._house.registry.commands[name].model_validate({"record": record, **data})
        try:
            await push.act(self._house, command, id)
        except Refused as refused:
            log.info("deed_refused", kind=name, status=refused.status)
        async with self._house.engine.write() as tx:
            await tx.execute("UPDATE reminder SET state = 'done' WHERE id = $1", id)

    async def _say(self, id: str) -> None:
        house, now = self._house, self._house.clock.now()
        async with house.engine.write() as tx:
            row = await tx.fetch_one(
                "SELECT aggregate_id, record_id, kind, account_id, due_at, state, data FROM reminder WHERE id = $1", id
            )
            if row is None or row[5] != "claimed":
                return
            aggregate, record, kind, account, due_at, _, data = row
            key = (record, kind, account, due_at)
            state = "done" if await self._still_wanted(tx, aggregate, key, now) else "superseded"
            if state == "done":
                await self._tell(tx, id, aggregate, key, json.loads(data), now)
            await tx.execute("UPDATE reminder SET state = $2, sent_at = $3 WHERE id = $1", id, state, to_text(now))
        await house.committed()

    async def _still_wanted(self, tx: Tx, aggregate: str, key: ReminderKey, now: datetime) -> bool:
        locked = await lock_aggregates(tx, [aggregate])
        arounds = await load.around(tx, self._house.registry, locked, now)
        return aggregate in arounds and key in publish(self._house.registry, arounds[aggregate]).reminders

    async def _tell(
        self, tx: Tx, id: str, aggregate: str, key: ReminderKey, data: dict[str, str], now: datetime
    ) -> None:
        record, kind, account, _ = key
        house = self._house
        await create_aggregate(tx, account, kind="user", owner_unit="", now=to_text(now))
        locked = await lock_aggregates(tx, [account])
        around = (await load.around(tx, house.registry, locked, now))[account]
        notice = next((row for row in around.all(NoticeRow) if row.id == record), None)
        if notice is None:
            entity = data.get("entity") or await tx.fetch_value("SELECT entity FROM record WHERE id = $1", record) or ""
            made = notice_row(
                Notice(account, kind, entity, data.get("doc") or record, urgent=data.get("urgent") == "1"),
                Moment(now, id),
            )
            after = await load.with_named(tx, house.registry, around, [made])
            # The notice is said by this very reminder: its own is planned as already done.
            await commit.apply(
                tx,
                Change(put=(load.encoded(made, account),), published={account: publish(house.registry, after)}),
                to_text(now),
            )
            await tx.execute("UPDATE reminder SET state = 'done' WHERE record_id = $1 AND state = 'due'", made.id)
            notice = made
        settings = around.first(SettingsRow)
        if settings is None or settings.kinds.get(notice.kind, PUSH) == PUSH:
            await self._sender.plan(tx, id, notice, self._quiet_until(settings, notice, now), now)

    def _quiet_until(self, settings: SettingsRow | None, notice: NoticeRow, now: datetime) -> datetime:
        if notice.urgent:
            return now
        quiet = reminders.DEFAULT_QUIET
        if settings is not None:
            quiet = reminders.QuietHours(_time(settings.quiet_from, quiet.starts), _time(settings.quiet_to, quiet.ends))
        return reminders.after_quiet(now, quiet)


def _time(text: str | None, otherwise: time) -> time:
    return time_from_text(text) if text else otherwise
