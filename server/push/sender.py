"""The sender: deliveries to devices and addresses, each tried until it is taken, dead or given up.

1. A delivery is claimed only when there is a place for it, so that a claim never waits long enough to run out.
2. Right before it goes out it is asked once more (`ready`): still wanted, not read, not in the person's quiet hours?
3. It is posted while its claim holds, and only then marked sent, many in one transaction. A crash in between repeats
   it; its topic and the notice's tag hide that.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server.domain.instants import to_text
from server.errors import Refused
from server.features import addresses
from server.ids import new_id
from server.logs import get_logger
from server.push import claims, fallback, health, payload, plan
from server.push.channels import Channel
from server.push.channels.fault import ChannelFault
from server.push.channels.webpush import WebPush
from server.push.claims import Claim
from server.push.hosts import Services
from server.push.marks import Mark, Marks
from server.push.ready import Later, Not, Ready, look
from server.push.saying import Ways
from server.storage.engine import TransientFault
from server.sync import push
from server.sync.house import House

AT_ONCE = 96
TOGETHER = 24
"""How many places are free before more is claimed, while others are under way."""
log = get_logger()


def six_digits() -> str:
    """A code for an address."""
    return f"{secrets.randbelow(1_000_000):06}"


@dataclass(frozen=True)
class Means:
    """What is sent with: push, the channels that need an address, and how codes are made."""

    webpush: WebPush
    channels: Mapping[str, Channel] = field(default_factory=dict)
    next_after_s: int = 7200
    next_urgent_after_s: int = 900
    make_code: Callable[[], str] = six_digits

    @property
    def ways(self) -> Ways:
        """What those who plan need to know of it."""
        return Ways(frozenset(self.channels), self.next_after_s, self.next_urgent_after_s)


class Sender:
    """Bound to the house and to its means."""

    def __init__(self, house: House, means: Means, origin: str) -> None:
        self._house, self.means, self._origin = house, means, origin
        self._services = Services()
        self._marks = Marks(house)

    async def send_due(self) -> int:
        """Sends all that is due now and that its service takes; returns how many were tried."""
        tried = 0
        while batch := await self._claim(AT_ONCE):
            await asyncio.gather(*(self._send(one) for one in await self._looked(batch)))
            await self._marks.write()
            tried += len(batch)
        return tried

    async def run(self, pause_s: float) -> None:
        """Sends for ever; whoever is slow holds up nobody else."""
        under_way: set[asyncio.Task[None]] = set()
        room = asyncio.Event()

        def look_again() -> None:
            if AT_ONCE - len(under_way) >= wanted:
                room.set()

        def ended(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            look_again()

        wanted, marking = TOGETHER, asyncio.create_task(self._marks.run())
        self._marks.when_written = look_again
        try:
            while True:
                found: list[Ready | Later | Not] = []
                room.clear()
                try:
                    found = await self._looked(await self._claim(AT_ONCE - len(under_way)))
                except (TransientFault, OSError) as fault:
                    log.warning("sender_cannot_work", kind=type(fault).__name__)
                except Exception:
                    log.exception("sender_failed")
                for one in found:
                    task = asyncio.create_task(self._send(one))
                    under_way.add(task)
                    task.add_done_callback(ended)
                # Until some more can begin, or what has ended is marked and so its lane is free.
                wanted = min(AT_ONCE, AT_ONCE - len(under_way) + TOGETHER)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await room.wait()
        finally:
            if under_way:
                await asyncio.wait(under_way, timeout=5)
            for task in tuple(under_way):
                task.cancel()
            marking.cancel()
            with contextlib.suppress(TransientFault, OSError):
                await self._marks.write()

    async def _claim(self, places: int) -> list[Claim]:
        now = self._house.clock.now()
        if places <= 0:
            return []
        begun: list[str] = []

        def takes(where: str) -> bool:
            if self._services.places(where, now) <= 0:
                return False
            self._services.began(where)
            begun.append(where)
            return True

        try:
            found = await claims.deliveries(self._house.engine, now, places, self._services.resting(now), takes)
        except BaseException:
            for where in begun:
                self._services.left(where)
            raise
        for claim in found:
            if not claim.until:
                self._services.left(claim.what)
        return [claim for claim in found if claim.until]

    async def _looked(self, batch: list[Claim]) -> list[Ready | Later | Not]:
        """What is to be done with each. If one cannot be read, they are looked at one by one."""
        if not batch:
            return []
        try:
            async with self._house.engine.read() as tx:
                return await look(self._house, tx, batch, self._origin)
        except (TransientFault, OSError):
            for claim in batch:
                self._services.left(claim.what)
            raise
        except Exception:
            if len(batch) > 1:
                return [found for claim in batch for found in await self._looked([claim])]
            log.exception("delivery_failed")
            return [Not(batch[0], "failed")]

    async def _send(self, found: Ready | Later | Not) -> None:
        """One that was looked at. Whatever goes wrong concerns this one alone."""
        answered = True
        try:
            answered = await self._try(found)
        except (TransientFault, OSError) as fault:
            log.warning("delivery_put_off", kind=type(fault).__name__)
        except Exception:
            log.exception("delivery_failed")
            self._marks.add(Mark(found.claim.id, "failed"))
        finally:
            self._services.ended(found.claim.what, self._house.clock.now(), answered=answered)

    async def _try(self, found: Ready | Later | Not) -> bool:
        if isinstance(found, Not):
            if found.at is not None:
                async with self._house.engine.write() as tx:
                    await claims.give_back(tx, found.claim.id, to_text(found.at))
            elif found.state:
                self._marks.add(Mark(found.claim.id, found.state, confirms=found.confirms))
            return True
        if found.claim.until <= to_text(self._house.clock.now()):
            return True  # we were held up, and another worker may have it
        if isinstance(found, Later):
            await fallback.go_on(self._house, found, self.means.ways)
            return True
        try:
            status = await (self._post(found) if found.device is not None else self._write(found))
        except ChannelFault as fault:
            await self._failed(found, fault)
            return fault.permanent or fault.status == 429
        if status is not None:
            self._marks.add(Mark(found.claim.id, "sent", status, confirms=found.confirms))
        return True

    async def _post(self, ready: Ready) -> int:
        # The topic is the delivery's own id: it replaces a repetition, and links no two devices of a person.
        assert ready.device is not None
        topic = ready.claim.id.replace("-", "")
        return await self.means.webpush.send(ready.device, ready.data, topic=topic, urgent=ready.urgent)

    async def _write(self, ready: Ready) -> int | None:
        """To an address; None when it is no longer wanted. A code is made now, and its hash kept before it leaves."""
        channel = self.means.channels.get(ready.subscription)
        if channel is None:
            raise ChannelFault(permanent=True)
        text = ready.text
        if ready.code_for is not None:
            account, ask = ready.code_for
            code = self.means.make_code()
            try:
                await self._told(account, ready.subscription, ask, addresses.hash_of(ask, code))
            except Refused:
                self._marks.add(Mark(ready.claim.id, "superseded"))
                return None
            text = payload.code_message(code=code, lang=ready.lang)
        await channel.send(ready.address, text, id=ready.claim.id, lang=ready.lang)
        return 200

    async def _told(self, account: str, channel: str, ask: str, code_hash: str | None) -> None:
        args = {"account": account, "channel": channel, "ask": ask, "code_hash": code_hash}
        command = self._house.registry.commands["settings.address_told"].model_validate(args)
        await push.act(self._house, command, new_id(self._house.clock.now()))

    async def _failed(self, ready: Ready, fault: ChannelFault) -> None:
        now = self._house.clock.now()
        again = plan.next_try(now, ready.attempts, fault)
        dead = ready.device is not None and fault.status in plan.GONE
        await self._marks.failed(ready.claim.id, ready.subscription, fault, now, again, dead=dead)
        if dead:
            await health.note(self._house, ready.subscription)
        if again is None and ready.code_for is not None:
            with contextlib.suppress(Refused):
                await self._told(ready.code_for[0], ready.subscription, ready.code_for[1], None)
