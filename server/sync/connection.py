"""One connection: carries out what its session core decides, over whatever takes its bytes.

The same class serves a WebSocket and one `POST /sync`; only where its bytes go differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from server import metrics
from server.auth.sessions import SEEN_EVERY
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.domain.visibility import sees_all
from server.storage.engine import ConstraintFault, TransientFault
from server.sync import frames, notes, pull, push, session
from server.sync.frames import CommandFrame, DigestFrame, DroppedFrame, Hello, ReadFrame
from server.sync.greeting import Greeting
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.outgoing import End, Send
from server.sync.rate import Rate

LEASE_RENEWED_EVERY = timedelta(hours=6)


class Connection(Greeting):
    """A peer, its scopes and its queue."""

    __slots__ = ("_compared", "_core", "_known", "_leased", "_rate", "_reading", "_tasks", "_touched")

    def __init__(
        self,
        house: House,
        hub: Hub,
        rate: Rate,
        *,
        actor: Actor,
        session_id: str,
        seats: int,
        send: Send,
        end: End,
        cut: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(house, hub, actor, session_id, send, end, cut)
        self._rate = rate
        self._core = session.Session(seat=actor.seat, seats_of_account=seats)
        self._known: tuple[str, ...] = ()
        self._reading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] | None = None
        self._compared: dict[str, float] = {}
        self._touched = self._leased = house.clock.now()

    # --- what the hub asks

    def close(self, reason: str, retry_after_ms: int | None = None) -> None:
        self._core.closed = True
        super().close(reason, retry_after_ms)

    def finish(self) -> None:
        self._core.closed = True
        self._hub.remove(self)
        for task in self._tasks or ():
            task.cancel()
        super().finish()

    def gained(self, scopes: Iterable[str]) -> None:
        self._spawn(self._take_scopes(list(scopes)))

    def beat(self, at_s: float, now: datetime, still: bytes) -> bool:
        """Called every second: keeps the connection alive, or cuts it when nothing has been taken for long.

        True when its session is to be noted as in use.
        """
        if self.is_writing(at_s) or at_s - self.moved_s < session.STILL_EVERY_S or not self._core.opened:
            return False
        self.queue(still)
        if now - self._leased > LEASE_RENEWED_EVERY:
            self._leased = now
            self._spawn(self._renew_leases(now))
        if now - self._touched < SEEN_EVERY:
            return False
        self._touched = now
        return True

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        if self._tasks is None:
            self._tasks = set()
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew_leases(self, now: datetime) -> None:
        """A connection that stays open for days keeps what it holds: `add` of a held scope only moves its end."""
        with suppress(TransientFault):
            async with self._house.engine.read() as tx:
                held = await pull.held_scopes(tx, self.actor, now, sorted(self._known))
            joined = [scope.on_wire() for scope in held if self._hub.is_joined(self, scope.name)]
            self.queue(frames.frame("scopes", add=joined, drop=[]))

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
        except pull.SessionOver as over:
            self.close(over.reason)
        except ConstraintFault:
            # Two devices of one seat sent the same command at the same instant: the second asks again.
            self.close("restart", 1000)

    def late(self) -> None:
        """The time for a hello is up."""
        step = self._core.late()
        if isinstance(step, session.Close):
            self.close(step.reason)

    async def exchange(self, sent: Sequence[frames.ClientFrame | None]) -> list[bytes]:
        """One `POST /sync`: welcome, the answers, then everything up to the versions after them (PROTOCOL.md 2).

        None stands for a frame that could not be read: what came before it is answered, then `bye`, as on a socket.
        """
        self.collected = []
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
        except pull.SessionOver as over:
            self.close(over.reason)
        finally:
            self._hub.remove(self)
        last = self.last_word()
        return [*self.collected, last] if last else self.collected

    async def _exchange(self, hello: Hello, rest: Sequence[frames.ClientFrame | None]) -> None:
        hello, first, anew = await self._begin(hello)
        self.put(self._welcomed(first))
        for frame in rest:
            await self.carry_out(self._core.take(frame))
        if self.goodbye is not None:
            return
        last = first
        if rest:
            before = {one.name: one.store for one in first.held}
            last = await self._welcome(hello, anew, told=before)
            after = {one.name: one.store for one in last.held}
            added = [one.on_wire() for one in last.held if before.get(one.name) != one.store]
            gone = sorted(name for name, store in before.items() if after.get(name) != store)
            if added or gone:
                self.put(frames.frame("scopes", add=added, drop=gone))
        for part in last.parts:
            for data in part.frames(self.actor):
                self.put(data)
        self.put(frames.frame("synced", at=last.now))

    async def _open(self, hello: Hello) -> None:
        self._hub.add(self)
        async with self._reading:
            hello, welcome, _ = await self._begin(hello)
            self._known = tuple(scope.name for scope in welcome.held)
            await self.paced([self._welcomed(welcome)])
            since = {scope.name: scope.version for scope in welcome.held}
            for part in welcome.parts:
                await self.paced(part.frames(self.actor))
            await self._join({scope.name: scope for scope in welcome.held}, since)

    async def _take_scopes(self, names: list[str]) -> None:
        """Scopes gained while connected: announced, sent from the beginning, joined, and `synced` again."""
        try:
            async with self._reading:
                known = set(self._known)
                anew = [name for name in names if name in known and not self._hub.is_joined(self, name)]
                wanted = [name for name in names if name not in known] + anew
                if not wanted or self.goodbye is not None:
                    return
                parts = await self._lacking(dict.fromkeys(wanted, 0))
                if not parts:
                    return
                self._known = tuple({*self._known, *(part.scope.name for part in parts)})
                await self.paced(
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
                    await self.paced(fresh.frames(self.actor))
                await self._join({part.scope.name: part.scope for part in parts}, {p.scope.name: p.to for p in parts})
        except TransientFault:
            self.close("restart", 1000)
        except pull.SessionOver as over:
            self.close(over.reason)

    async def _join(self, held: dict[str, pull.HeldScope], since: dict[str, int], *, read: bool = True) -> None:
        """Reads on until every scope could be joined in one step; then all is sent.

        With `read` false there is more than `since`, known but not read.
        """
        waiting = dict(since)
        while waiting and self.goodbye is None:
            if read:
                waiting = {name: at for name, at in waiting.items() if not self._hub.join(self, held[name], at)}
            read = True
            if not waiting:
                break
            parts = await self._lacking(waiting)
            lost = sorted(waiting.keys() - {part.scope.name for part in parts})
            if lost:
                self._known = tuple(set(self._known) - set(lost))
                await self.paced([frames.frame("scopes", add=[], drop=lost)])
            for part in parts:
                held[part.scope.name] = part.scope
                if part.to > part.since:
                    await self.paced(part.frames(self.actor))
            waiting = {part.scope.name: part.to for part in parts}
        await self.paced([frames.frame("synced", at=to_text(self._house.clock.now()))])

    async def _handle(self, frame: frames.ClientFrame) -> None:
        assert self.replica is not None
        if isinstance(frame, CommandFrame):
            await self._command(frame, self.replica)
            return
        # No answer to these says "later": whoever sends very many is heard more slowly, on all their connections.
        wait_ms = self._rate.wait_ms(self.actor.seat)
        while wait_ms:
            await asyncio.sleep(wait_ms / 1000)
            wait_ms = self._rate.wait_ms(self.actor.seat)
        if isinstance(frame, DigestFrame):
            await self._compare(frame)
        elif isinstance(frame, ReadFrame):
            await notes.note_read(self._house, self.actor, self.session, frame)
            await self.paced([frames.frame("noted", id=frame.id)])
        elif isinstance(frame, DroppedFrame):
            await notes.note_dropped(self._house, self.replica, frame)

    async def _command(self, frame: CommandFrame, replica: push.Replica) -> None:
        wait_ms = 500 if self._core.is_limited(frame) else self._rate.wait_ms(self.actor.seat)
        if wait_ms:
            self._core.limited(frame.n)
            await self.paced(
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
        await self.paced([answer.frame])

    async def _compare(self, frame: DigestFrame) -> None:
        now = self._house.clock.now()
        known = await pull.digests(self._house.engine, self.actor, frame.scopes, now, session=self.session)
        if self.collected is None:  # in one exchange the deltas come last
            await self._catch_up({n: (known[n][0], at) for n, (at, _) in frame.scopes.items() if n in known})
        at = asyncio.get_running_loop().time()
        for name, (version, digest) in frame.scopes.items():
            if name not in known or known[name][0].version != version:
                continue
            if known[name][1] == digest or not sees_all(self.actor.assurance):
                await self.paced([frames.frame("same", scope=name)])
            elif at - self._compared.get(name, -60.0) >= 60.0:
                self._compared[name] = at
                metrics.digest_differs()
                parts = await self._lacking({name: 0})
                await self.paced([frames.frame("differs", scope=name)])
                for part in parts:
                    await self.paced(pull.Part(part.scope, 0, part.to, True, part.rows).frames(self.actor))

    async def _catch_up(self, scopes: Mapping[str, tuple[pull.HeldScope, int]]) -> None:
        """A peer that says it is behind gets what it lacks, and no answer (PROTOCOL.md 7)."""
        async with self._reading:
            behind = {
                name: (held, at)
                for name, (held, at) in scopes.items()
                if at < held.version and self._hub.is_joined(self, name)
            }
            for held, _ in behind.values():
                self._hub.leave(held.id, self)
            if behind:
                held_scopes = {name: held for name, (held, _) in behind.items()}
                await self._join(held_scopes, {name: at for name, (_, at) in behind.items()}, read=False)
