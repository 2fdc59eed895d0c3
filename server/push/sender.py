"""The sender: deliveries to devices, each tried until it is taken, dead or given up."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec

from server.clock import Clock
from server.domain.instants import to_text
from server.features.notice import NoticeRow
from server.ids import derived_id
from server.push import payload, plan
from server.push.channels.fault import ChannelFault
from server.push.channels.webpush import Device, WebPush
from server.push.subscriptions import CONFIRM
from server.storage.engine import Engine, Tx

CLAIM_FOR = timedelta(minutes=2)
BATCH = 200
AT_ONCE = 32


class Sender:
    """Bound to the database and to the channel."""

    def __init__(self, engine: Engine, clock: Clock, channel: WebPush, origin: str) -> None:
        self._engine, self._clock, self._channel, self._origin = engine, clock, channel, origin

    async def plan(self, tx: Tx, reminder: str, notice: NoticeRow, at: datetime, now: datetime) -> int:
        """One delivery for each live device of the notice's account, not before `at`; returns how many."""
        rows = await tx.fetch(
            "SELECT id FROM push_subscription WHERE account_id = $1 AND dead_at IS NULL AND confirmed_at IS NOT NULL",
            notice.account,
        )
        await tx.execute_many(
            "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
            " VALUES ($1, $2, $3, 'due', 0, $4, $5) ON CONFLICT (reminder_id, subscription_id) DO NOTHING",
            [(derived_id(now, f"{reminder}/{id}", 0), f"{notice.id}", id, to_text(at), to_text(now)) for (id,) in rows],
        )
        return len(rows)

    async def send_due(self) -> int:
        """Sends what is due now; returns how many were tried."""
        claimed = await self._claim()
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(id: str) -> None:
            async with gate:
                await self._send(id)

        await asyncio.gather(*(one(id) for id in claimed))
        return len(claimed)

    async def _claim(self) -> list[str]:
        now = self._clock.now()
        async with self._engine.read() as tx:
            ids = [
                id
                for (id,) in await tx.fetch(
                    "SELECT id FROM delivery WHERE state = 'due' AND next_at <= $1 ORDER BY next_at LIMIT $2",
                    to_text(now),
                    BATCH,
                )
            ]
        if not ids:
            return []
        async with self._engine.write() as tx:
            return [
                id
                for id in ids
                if await tx.execute(
                    "UPDATE delivery SET attempts = attempts + 1, next_at = $2"
                    " WHERE id = $1 AND state = 'due' AND next_at <= $3",
                    id,
                    to_text(now + CLAIM_FOR),
                    to_text(now),
                )
            ]

    async def _send(self, id: str) -> None:
        async with self._engine.read() as tx:
            row = await tx.fetch_one(
                "SELECT d.reminder_id, d.attempts, s.id, s.endpoint, s.p256dh, s.auth, s.lang, s.confirm_token, r.body"
                " FROM delivery d JOIN push_subscription s ON s.id = d.subscription_id"
                " LEFT JOIN record r ON r.id = d.reminder_id WHERE d.id = $1 AND s.dead_at IS NULL",
                id,
            )
        if row is None:
            await self._mark(id, "gone", None)
            return
        notice, attempts, subscription, endpoint, p256dh, auth, lang, token, body = row
        data = self._payload(id, notice, lang, token, body)
        if data is None:
            await self._mark(id, "superseded", None)
            return
        try:
            status = await self._channel.send(Device(endpoint, p256dh, auth), data, topic=notice.replace("-", "")[:32])
        except ChannelFault as fault:
            await self._failed(id, subscription, attempts, fault)
        else:
            await self._mark(id, "sent", status)

    def _payload(self, id: str, notice: str, lang: str, token: str, body: str | None) -> bytes | None:
        """The bytes to encrypt; None when the notice is gone or has been read."""
        if notice == CONFIRM:
            return payload.confirmation(token=token, lang=lang, origin=self._origin)
        if body is None:
            return None
        row = msgspec.json.decode(body, type=NoticeRow)
        if row.read_at is not None:
            return None
        return payload.body(id=id, notice=row.id, kind=row.kind, lang=lang, origin=self._origin, urgent=row.urgent)

    async def _failed(self, id: str, subscription: str, attempts: int, fault: ChannelFault) -> None:
        now = self._clock.now()
        again = plan.next_try(now, attempts, fault)
        async with self._engine.write() as tx:
            if fault.status in plan.GONE:
                await tx.execute("UPDATE push_subscription SET dead_at = $2 WHERE id = $1", subscription, to_text(now))
            await tx.execute(
                "UPDATE delivery SET state = $2, next_at = $3, status = $4, at = $5 WHERE id = $1 AND state = 'due'",
                id,
                "due" if again else "failed",
                to_text(again or now),
                fault.status,
                to_text(now),
            )

    async def _mark(self, id: str, state: str, status: int | None) -> None:
        async with self._engine.write() as tx:
            await tx.execute(
                "UPDATE delivery SET state = $2, status = $3, at = $4 WHERE id = $1 AND state = 'due'",
                id,
                state,
                status,
                to_text(self._clock.now()),
            )
