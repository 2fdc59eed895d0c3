"""The sender: deliveries to devices, each tried until it is taken, dead or given up.

1. A delivery is claimed only when there is a place for it, so that a claim never waits long enough to run out.
2. Right before it goes out it is asked once more: still wanted, not read, not in the person's quiet hours?
3. It is posted, and only then marked sent. A crash in between repeats it; its topic and the notice's tag hide that.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime

from server.domain.instants import to_text
from server.logs import get_logger
from server.push import claims, health, payload, plan
from server.push.channels.fault import ChannelFault
from server.push.channels.webpush import Device, WebPush
from server.push.claims import Claim
from server.push.hosts import Services, origin_of
from server.push.saying import quiet_of
from server.push.subscriptions import CONFIRM
from server.push.wanted import is_still_wanted, notice_of, saying, settings_of
from server.storage.engine import TransientFault, Tx
from server.sync.house import House

AT_ONCE = 48
log = get_logger()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A delivery that may go out now."""

    subscription: str
    device: Device
    data: bytes
    attempts: int
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class _Not:
    """A delivery that may not: over for good (`state`), or due again at `at`; neither when it is not ours."""

    state: str = ""
    at: datetime | None = None


class Sender:
    """Bound to the house and to the channel."""

    def __init__(self, house: House, channel: WebPush, origin: str) -> None:
        self._house, self._channel, self._origin = house, channel, origin
        self._services = Services()
        self._slow: dict[str, datetime] = {}
        """Subscriptions whose service asked for a pause, and until when."""

    async def send_due(self) -> int:
        """Sends all that is due now and that its service takes; returns how many were tried."""
        tried = 0
        while batch := await self._claim(AT_ONCE):
            await asyncio.gather(*(self.send(claim) for claim in batch))
            tried += len(batch)
        return tried

    async def run(self, pause_s: float) -> None:
        """Sends for ever; whoever is slow holds up nobody else."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                found: list[Claim] = []
                try:
                    found = await self._claim(AT_ONCE - len(under_way))
                except (TransientFault, OSError) as fault:
                    log.warning("sender_cannot_work", kind=type(fault).__name__)
                except Exception:
                    log.exception("sender_failed")
                under_way |= {asyncio.create_task(self.send(claim)) for claim in found}
                if found or under_way:
                    _, under_way = await asyncio.wait(
                        under_way, timeout=0 if found else pause_s, return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(pause_s)
        finally:
            if under_way:
                await asyncio.wait(under_way, timeout=5)
            for task in under_way:
                task.cancel()

    async def _claim(self, places: int) -> list[Claim]:
        now = self._house.clock.now()
        if places <= 0:
            return []
        found = await claims.deliveries(self._house.engine, now, places, self._services.full(now))
        kept, back = [], []
        for claim in found:
            origin = origin_of(claim.what)
            if self._services.places(origin, now) > 0:
                self._services.began(origin)
                kept.append(claim)
            else:
                back.append(claim)
        if back:
            async with self._house.engine.write() as tx:
                for claim in back:
                    await claims.give_back(tx, claim.id, to_text(now))
        return kept

    async def send(self, claim: Claim) -> None:
        """Tries one claimed delivery. Whatever goes wrong concerns this one alone."""
        origin, answered = origin_of(claim.what), True
        try:
            answered = await self._try(claim)
        except (TransientFault, OSError) as fault:
            log.warning("delivery_put_off", kind=type(fault).__name__)
        except Exception:
            log.exception("delivery_failed")
            with contextlib.suppress(TransientFault, OSError):
                await self._mark(claim, "failed", None)
        finally:
            self._services.ended(origin, self._house.clock.now(), answered=answered)

    async def _try(self, claim: Claim) -> bool:
        async with self._house.engine.read() as tx:
            ready = await self._ready(tx, claim, self._house.clock.now())
        if isinstance(ready, _Not):
            if ready.at is not None:
                async with self._house.engine.write() as tx:
                    await claims.give_back(tx, claim.id, to_text(ready.at))
            elif ready.state:
                await self._mark(claim, ready.state, None)
            return True
        try:
            # The topic is the delivery's own id: it replaces a repetition, and links no two devices of a person.
            topic = claim.id.replace("-", "")
            status = await self._channel.send(ready.device, ready.data, topic=topic, urgent=ready.urgent)
        except ChannelFault as fault:
            await self._failed(claim, ready, fault)
            return fault.permanent or fault.status == 429
        await self._mark(claim, "sent", status)
        return True

    async def _ready(self, tx: Tx, claim: Claim, now: datetime) -> _Ready | _Not:
        row = await tx.fetch_one(
            "SELECT d.reminder_id, d.attempts, d.next_at, p.id, p.endpoint, p.p256dh, p.auth, p.lang, p.confirm_token,"
            " p.confirmed_at, p.account_id FROM delivery d JOIN push_subscription p ON p.id = d.subscription_id"
            " JOIN session s ON s.id = p.session_id WHERE d.id = $1 AND d.state = 'due' AND p.dead_at IS NULL"
            " AND (s.ended_at IS NULL OR s.end_reason = 'expired')",
            claim.id,
        )
        if row is None:
            return _Not("gone")
        reminder, attempts, next_at, subscription, endpoint, p256dh, auth, lang, token, confirmed, account = row
        if next_at != claim.until:
            return _Not()  # another worker has taken it over
        device = Device(endpoint, p256dh, auth)
        pause = self._slow.get(subscription)
        if pause is not None and pause > now:
            return _Not(at=pause)
        if reminder == CONFIRM:
            if confirmed is not None:
                return _Not("seen")
            data = payload.confirmation(token=token, lang=lang, origin=self._origin)
            return _Ready(subscription, device, data, attempts)
        said = await saying(tx, reminder)
        notice = None if said is None else await notice_of(tx, said)
        if said is None or notice is None or notice.account != account or notice.read_at is not None:
            return _Not("superseded")
        if said.is_over(now):
            return _Not("expired")
        if not await is_still_wanted(self._house, tx, said, now):
            return _Not("superseded")
        at = plan.not_before(now, quiet_of(await settings_of(tx, account)), urgent=notice.urgent)
        if at > now:
            return _Not(at=at)
        data = payload.body(
            id=claim.id, notice=notice.id, kind=notice.kind, lang=lang, origin=self._origin, urgent=notice.urgent
        )
        return _Ready(subscription, device, data, attempts, notice.urgent)

    async def _failed(self, claim: Claim, ready: _Ready, fault: ChannelFault) -> None:
        now = self._house.clock.now()
        again = plan.next_try(now, ready.attempts, fault)
        dead = fault.status in plan.GONE
        if again is not None and fault.retry_after_s:
            self._slow = {id: until for id, until in self._slow.items() if until > now} | {ready.subscription: again}
        async with self._house.engine.write() as tx:
            if dead:
                await tx.execute(
                    "UPDATE push_subscription SET dead_at = $2 WHERE id = $1 AND dead_at IS NULL",
                    ready.subscription,
                    to_text(now),
                )
            if again is not None and fault.retry_after_s:
                # What else waits for this device waits as long: the service asked for it.
                await tx.execute(
                    "UPDATE delivery SET next_at = $2 WHERE subscription_id = $1 AND state = 'due' AND next_at < $2",
                    ready.subscription,
                    to_text(again),
                )
            await tx.execute(
                "UPDATE delivery SET state = $2, next_at = $3, status = $4, at = $5 WHERE id = $1 AND state = 'due'",
                claim.id,
                "due" if again else "failed",
                to_text(again or now),
                fault.status,
                to_text(now),
            )
        if dead:
            await health.note(self._house, ready.subscription)

    async def _mark(self, claim: Claim, state: str, status: int | None) -> None:
        async with self._house.engine.write() as tx:
            subscription = await tx.fetch_value("SELECT subscription_id FROM delivery WHERE id = $1", claim.id)
            confirms = await tx.fetch_value(
                "SELECT 1 FROM delivery WHERE id = $1 AND reminder_id = $2", claim.id, CONFIRM
            )
            await tx.execute(
                "UPDATE delivery SET state = $2, status = coalesce($3, status), at = $4"
                " WHERE id = $1 AND state = 'due'",
                claim.id,
                state,
                status,
                to_text(self._house.clock.now()),
            )
        if confirms and state in ("sent", "seen"):
            await health.note(self._house, str(subscription))
