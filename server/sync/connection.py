"""One connection: carries out what its session core decides, over whatever takes its bytes.

The same class serves a WebSocket and one `POST /sync`; only `out` differs. Live frames are queued within bounds and
written by a task of their own, so that no slow reader delays another; what a client catches up with is paced instead.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from server.auth.sessions import SEEN_EVERY, SignedIn, touch
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.domain.version import SCHEMA
from server.domain.visibility import sees_all
from server.storage.engine import TransientFault
from server.sync import frames, notes, pull, push, session
from server.sync.frames import CommandFrame, DigestFrame, DroppedFrame, Hello, ReadFrame
from server.sync.house import House
from server.sync.hub import Hub, still
from server.sync.rate import Rate

MOST_LIVE_FRAMES = 256
MOST_LIVE_BYTES = 1 << 20
PACED_BYTES = 128 * 1024
NOTHING_TAKEN_S = 60.0
LEASE_RENEWED_EVERY = timedelta(hours=6)

Send = Callable[[bytes], Awaitable[None]]
End = Callable[[int], Awaitable[None]]


class Connection:
    """A peer, its scopes and its queue. `run_writer` must run beside it; `closed` is set when it is over."""

    def __init__(
        self, house: House, hub: Hub, rate: Rate, *, actor: Actor, session_id: str, seats: int, send: Send, end: End
    ) -> None:
        self.actor = actor
        self.session = session_id
        self._house, self._hub, self._rate = house, hub, rate
        self._core = session.Session(seat=actor.seat, seats_of_account=seats)
        self._send, self._end = send, end
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._filled, self._drained = asyncio.Event(), asyncio.Event()
        self._goodbye: str | None = None
        self._retry_after_ms: int | None = None
        self._known: set[str] = set()
        self._reading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._compared: dict[str, float] = {}
        self.deciding = asyncio.Lock()
        self.replica: push.Replica | None = None
        self.closed = asyncio.Event()
        self._collected: list[bytes] | None = None
        self._touched: datetime | None = None
        self._leased = house.clock.now()

    # --- what the hub asks

    def queue(self, data: bytes) -> None:
        if self._goodbye is not None:
            return
        if self._collected is not None:
            self._collected.append(data)
            return
        self._queue.append(data)
        self._bytes += len(data)
        self._filled.set()
        if len(self._queue) > MOST_LIVE_FRAMES or self._bytes > MOST_LIVE_BYTES + PACED_BYTES:
            self._queue.clear()
            self._bytes = 0
            self.close("too_slow")

    def close(self, reason: str, retry_after_ms: int | None = None) -> None:
        if self._goodbye is None:
            self._goodbye, self._retry_after_ms = reason, retry_after_ms
            self._core.closed = True
            self._filled.set()
            self._drained.set()

    def gained(self, scopes: Iterable[str]) -> None:
        task = asyncio.create_task(self._take_scopes(list(scopes)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- bytes

    async def run_writer(self) -> None:
        """Writes until the goodbye is written or the peer takes nothing for a minute."""
        with suppress(Exception):
            while self._queue or self._goodbye is None:
                while self._queue:
                    data = self._queue.popleft()
                    self._bytes -= len(data)
                    await asyncio.wait_for(self._send(data), NOTHING_TAKEN_S)
                    if self._bytes < PACED_BYTES:
                        self._drained.set()
                self._filled.clear()
                if self._queue or self._goodbye is not None:
                    continue
                try:
                    await asyncio.wait_for(self._filled.wait(), session.STILL_EVERY_S)
                except TimeoutError:
                    if self._core.opened:
                        self.queue(still(self._house.clock.now()))
                        await self._touch()
            if self._goodbye:
                await asyncio.wait_for(self._send(frames.bye(self._goodbye, self._retry_after_ms)), NOTHING_TAKEN_S)
                await self._end(frames.CLOSE_CODES[self._goodbye])
        self.finish()

    async def _touch(self) -> None:
        """A socket that stays open keeps its session from running out."""
        now = self._house.clock.now()
        if self._touched is not None and now - self._touched < SEEN_EVERY:
            return
        self._touched = now
        with suppress(TransientFault):
            async with self._house.engine.write() as tx:
                await touch(tx, SignedIn(self.actor, self.session), now)
            if now - self._leased > LEASE_RENEWED_EVERY:
                await self._renew_leases(now)

    async def _renew_leases(self, now: datetime) -> None:
        """A connection that stays open for days keeps what it holds: `add` of a held scope only moves its end."""
        self._leased = now
        async with self._house.engine.read() as tx:
            held = await pull.held_scopes(tx, self.actor, now, sorted(self._known))
        joined = [scope.on_wire() for scope in held if self._hub.is_joined(self, scope.name)]
        self.queue(frames.frame("scopes", add=joined, drop=[]))

    def finish(self) -> None:
        """The peer is gone, or has been told to go."""
        self._goodbye = self._goodbye or ""
        self._core.closed = True
        self._hub.remove(self)
        for task in self._tasks:
            task.cancel()
        self._drained.set()
        self.closed.set()

    async def _paced(self, batch: Iterable[bytes]) -> None:
        for data in batch:
            while self._bytes > PACED_BYTES and self._goodbye is None:
                self._drained.clear()
                await self._drained.wait()
            self.queue(data)

    # --- what the peer says

    async def receive(self, data: str | bytes | None) -> None:
        """Handles one message to its end."""
        await self.carry_out(self._core.receive(data))

    async def take(self, frame: frames.ClientFrame) -> None:
        await self.carry_out(self._core.take(frame))

    async def carry_out(self, step: session.Step | None) -> None:
        try:
            if isinstance(step, session.Close):
                self.close(step.reason, step.retry_after_ms)
            elif isinstance(step, session.Open):
                await self._open(step.hello)
            elif isinstance(step, session.Handle):
                await self._handle(step.frame)
        except TransientFault:
            self.close("restart", 1000)
        except frames.BadFrame:
            self.close("bad_frame")
        except push.OutOfStep:
            self.close("resync")
        except push.SessionOver:
            self.close("signed_out")

    def late(self) -> None:
        """The time for a hello is up."""
        step = self._core.late()
        if isinstance(step, session.Close):
            self.close(step.reason)

    async def exchange(self, sent: list[frames.ClientFrame]) -> list[bytes]:
        """One `POST /sync`: welcome, the answers, then everything up to the versions after them (PROTOCOL.md 2)."""
        self._collected = []
        step = self._core.take(sent[0])
        try:
            if isinstance(step, session.Open):
                await self._exchange(step.hello, sent[1:])
            else:
                await self.carry_out(step)
        except TransientFault:
            self.close("restart", 1000)
        except frames.BadFrame:
            self.close("bad_frame")
        finally:
            self._hub.remove(self)
        if self._goodbye:
            self._collected.append(frames.bye(self._goodbye, self._retry_after_ms))
        return self._collected

    async def _exchange(self, hello: Hello, rest: list[frames.ClientFrame]) -> None:
        anew = await self._register(hello)
        first = await pull.welcome(self._house.engine, self.actor, hello, self._house.clock.now(), anew=anew)
        self.queue(self._welcomed(first))
        for frame in rest:
            await self.carry_out(self._core.take(frame))
        if self._goodbye is not None:
            return
        last = first
        if rest:
            last = await pull.welcome(self._house.engine, self.actor, hello, self._house.clock.now(), anew=anew)
            before, after = {one.name for one in first.held}, {one.name for one in last.held}
            if before != after:
                added = [one.on_wire() for one in last.held if one.name not in before]
                self.queue(frames.frame("scopes", add=added, drop=sorted(before - after)))
        for part in last.parts:
            for data in part.frames(self.actor):
                self.queue(data)
        self.queue(frames.frame("synced", at=last.now))

    async def _register(self, hello: Hello) -> bool:
        self.replica = push.Replica(hello.replica, self.session)
        await self._hub.take_over(hello.replica, self)
        now = self._house.clock.now()
        known, anew = await pull.register_replica(self._house.engine, self.actor, self.session, hello, now)
        if not known:
            await notes.note_device(self._house, self.actor, self.session)
        return anew

    def _welcomed(self, welcome: pull.Welcome) -> bytes:
        return frames.frame(
            "welcome",
            user=self.actor.account,
            seat=self.actor.seat,
            epoch=welcome.epoch,
            schema=SCHEMA,
            scopes=[scope.on_wire() for scope in welcome.held],
            now=welcome.now,
            last_n=welcome.last_n,
        )

    async def _open(self, hello: Hello) -> None:
        anew = await self._register(hello)
        self._hub.add(self)
        async with self._reading:
            welcome = await pull.welcome(self._house.engine, self.actor, hello, self._house.clock.now(), anew=anew)
            self._known = {scope.name for scope in welcome.held}
            await self._paced([self._welcomed(welcome)])
            since = {scope.name: scope.version for scope in welcome.held}
            for part in welcome.parts:
                await self._paced(part.frames(self.actor))
            await self._join({scope.name: scope for scope in welcome.held}, since)

    async def _take_scopes(self, names: list[str]) -> None:
        """Scopes gained while connected: announced, sent from the beginning, joined, and `synced` again."""
        try:
            async with self._reading:
                anew = [name for name in names if name in self._known and not self._hub.is_joined(self, name)]
                wanted = [name for name in names if name not in self._known] + anew
                if not wanted or self._goodbye is not None:
                    return
                parts = await pull.lacking(
                    self._house.engine, self.actor, dict.fromkeys(wanted, 0), self._house.clock.now()
                )
                if not parts:
                    return
                self._known |= {part.scope.name for part in parts}
                await self._paced(
                    [
                        frames.frame(
                            "scopes",
                            add=[part.scope.on_wire() for part in parts],
                            drop=[part.scope.name for part in parts if part.scope.name in anew],
                        )
                    ]
                )
                for part in parts:
                    fresh = pull.Part(part.scope, 0, part.to, True, part.rows)
                    await self._paced(fresh.frames(self.actor))
                await self._join({part.scope.name: part.scope for part in parts}, {p.scope.name: p.to for p in parts})
        except TransientFault:
            self.close("restart", 1000)

    async def _join(self, held: dict[str, pull.HeldScope], since: dict[str, int]) -> None:
        """Reads on until every scope could be joined in one step; then all is sent."""
        waiting = dict(since)
        while waiting and self._goodbye is None:
            waiting = {name: at for name, at in waiting.items() if not self._hub.join(self, held[name], at)}
            if not waiting:
                break
            parts = await pull.lacking(self._house.engine, self.actor, waiting, self._house.clock.now())
            lost = sorted(waiting.keys() - {part.scope.name for part in parts})
            if lost:
                self._known -= set(lost)
                await self._paced([frames.frame("scopes", add=[], drop=lost)])
            for part in parts:
                held[part.scope.name] = part.scope
                if part.to > part.since:
                    await self._paced(part.frames(self.actor))
            waiting = {part.scope.name: part.to for part in parts}
        await self._paced([frames.frame("synced", at=to_text(self._house.clock.now()))])

    async def _handle(self, frame: frames.ClientFrame) -> None:
        assert self.replica is not None
        if isinstance(frame, CommandFrame):
            await self._command(frame, self.replica)
        elif isinstance(frame, DigestFrame):
            await self._compare(frame)
        elif isinstance(frame, ReadFrame):
            await notes.note_read(self._house, self.actor, frame)
            await self._paced([frames.frame("noted", id=frame.id)])
        elif isinstance(frame, DroppedFrame):
            await notes.note_dropped(self._house, self.replica, frame)

    async def _command(self, frame: CommandFrame, replica: push.Replica) -> None:
        wait_ms = 500 if self._core.is_limited(frame) else self._rate.wait_ms(self.actor.seat)
        if wait_ms:
            self._core.limited(frame.n)
            await self._paced(
                [
                    frames.frame(
                        "nack",
                        id=frame.id,
                        n=frame.n,
                        ok=False,
                        code="rate_limited",
                        fields=None,
                        data={"retry_after_ms": wait_ms},
                    )
                ]
            )
            return
        async with self.deciding:
            answer = await push.decide(self._house, self.actor, replica, frame)
        await self._paced([answer.frame])

    async def _compare(self, frame: DigestFrame) -> None:
        known = await pull.digests(self._house.engine, self.actor, frame.scopes, self._house.clock.now())
        at = asyncio.get_running_loop().time()
        for name, (version, digest) in frame.scopes.items():
            if name not in known or known[name][0].version != version:
                continue
            if known[name][1] == digest or not sees_all(self.actor.assurance):
                await self._paced([frames.frame("same", scope=name)])
            elif at - self._compared.get(name, -60.0) >= 60.0:
                self._compared[name] = at
                parts = await pull.lacking(self._house.engine, self.actor, {name: 0}, self._house.clock.now())
                await self._paced([frames.frame("differs", scope=name)])
                for part in parts:
                    await self._paced(pull.Part(part.scope, 0, part.to, True, part.rows).frames(self.actor))
