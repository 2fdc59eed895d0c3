"""The hub: from commits to the sockets of this process (PROTOCOL.md 5.4 to 5.6, 8 and 9).

One pump looks at what was touched, reads rows and holders of the scopes concerned in one snapshot, encodes each delta
once and queues the same bytes for every holder, without yielding in between. A hint that was lost is made up for by
looking every second.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from server.auth.sessions import SignedIn, touch
from server.clock import Clock
from server.domain import visibility
from server.domain.instants import to_text
from server.storage import touched
from server.storage.engine import Engine, TransientFault
from server.sync import frames, pull
from server.sync.audience import Audience, Listener, Live
from server.sync.changes import Change, read_changes, sessions_ended
from server.sync.house import name_of

LOOK_EVERY_S = 1.0
BLIND_S, STUCK_S = 1.0, 20.0
"""After how long of failing looks (or of one that does not end) everybody is told to come back later, in seconds."""
AT_ONCE = 4
"""How many catch-ups are read at once: after a restart everybody comes back, and commands must get through too."""
FORGET_EVERY_S = 600.0
REMEMBERED = timedelta(hours=1)
GIVEN_AGAIN = 10_000
"""More numbers than a database that crashed can give out anew: those of transactions it had not written down yet."""
SEEN_AT_ONCE = 100
log = structlog.get_logger()


class Hub(Audience):
    """All live connections of this process, and the pump that tells them what has changed."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__()
        self._engine = engine
        self._clock = clock
        self._again: set[int] = set()
        self._woken = asyncio.Event()
        self._mark = 0
        self._unsure = False
        self._tasks: list[asyncio.Task[None]] = []
        self._noting: asyncio.Task[None] | None = None
        self._looked_s = self._failing_s = self._forgot_s = 0.0
        self._name = name_of(engine)
        self.admission = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Begins to look and to listen."""
        async with self._engine.read() as tx:
            self._mark = await touched.start_mark(tx)
        self._looked_s = self._forgot_s = asyncio.get_running_loop().time()
        await self._engine.listen(self._heard, self._missed)
        self._tasks = [asyncio.create_task(self._pump()), asyncio.create_task(self._keep_time())]

    async def stop(self) -> None:
        """Says goodbye to everybody."""
        for task in (*self._tasks, *filter(None, [self._noting])):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._send_away(None)

    def _heard(self, payload: str) -> None:
        if payload != self._name:  # what this process did, it knows already
            self.wake()

    def _missed(self) -> None:
        self._unsure = True
        self.wake()

    def _send_away(self, retry_after_ms: int | None) -> None:
        for listener in self.everybody():
            listener.close("restart", retry_after_ms)

    def wake(self) -> None:
        """There may be something to look at."""
        self._woken.set()

    # --- the pump

    async def _pump(self) -> None:
        while True:
            # Not `wait_for`: in Python 3.11 it may swallow the cancellation that ends the pump.
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self._look()
                self._failing_s = 0.0
                self._looked_s = asyncio.get_running_loop().time()
            except (TransientFault, OSError) as fault:
                log.warning("hub_cannot_look", error=type(fault).__name__)
                self._unsure = True
                self._failing_s = self._failing_s or asyncio.get_running_loop().time()
                await asyncio.sleep(0.2)
            except Exception as fault:
                # Without the pump nobody hears of a withdrawal: whatever it was, it looks again.
                log.error("hub_failed", error=type(fault).__name__)
                self._unsure = True
                await asyncio.sleep(0.2)

    async def _keep_time(self) -> None:
        """What happens every second, whatever is being looked at."""
        while True:
            await asyncio.sleep(1.0)
            try:
                self._beat(asyncio.get_running_loop().time())
            except Exception as fault:  # one second lost must not end all following ones
                log.error("hub_beat_failed", error=type(fault).__name__)

    def _beat(self, at_s: float) -> None:
        now = self._clock.now()
        for id, live, listener in self.expired(to_text(now)):
            self._lose(id, live, listener)
        if (self._failing_s and at_s - self._failing_s >= BLIND_S) or at_s - self._looked_s >= STUCK_S:
            # Whoever may have lost something cannot be told so now; coming back, they ask.
            self._send_away(2000)
        alive = still(now)
        due = [listener for listener in self.everybody() if listener.beat(at_s, now, alive)]
        forget = at_s - self._forgot_s >= FORGET_EVERY_S
        if (due or forget) and (self._noting is None or self._noting.done()):
            self._forgot_s = at_s if forget else self._forgot_s
            self._noting = asyncio.create_task(self._note(due, now, forget=forget))

    async def _note(self, seen: list[Listener], now: datetime, *, forget: bool) -> None:
        """Sessions of sockets that stay open do not run out; what every process has looked at is forgotten."""
        with suppress(TransientFault, OSError):
            for start in range(0, len(seen), SEEN_AT_ONCE):
                async with self._engine.write() as tx:
                    for one in sorted(seen[start : start + SEEN_AT_ONCE], key=lambda one: one.session):
                        await touch(tx, SignedIn(one.actor, one.session), now)
            if forget:
                async with self._engine.write() as tx:
                    await touched.forget_before(tx, to_text(now - REMEMBERED))

    async def _look(self) -> None:
        mark = max(0, self._mark - GIVEN_AGAIN) if self._unsure else self._mark
        self._unsure = False
        async with self._engine.read() as tx:
            seen = await touched.look(tx, mark)
            ids = seen.scopes | self._again if self.seats else frozenset[int]()
            sent = {id: self.live[id].sent for id in ids if id in self.live}
            changes = await read_changes(tx, ids, sent, self.seats.keys(), to_text(self._clock.now())) if ids else []
            ended = await sessions_ended(tx, self.sessions.keys() & seen.sessions)
        # Nothing is awaited from here on: deltas of one commit are queued without others between.
        self._mark = seen.mark
        self._again.clear()
        self.announce((change.id, change.version) for change in changes)
        for session, reason in ended.items():
            for listener in list(self.sessions.get(session, ())):
                listener.close(reason)
        for change in changes:
            if change.holders is not None:
                self._drop(change)
        # Before anything is delivered: what has moved to memory must not reach a disk in its old place.
        gained: dict[Listener, list[str]] = {}
        for change in changes:
            for listener in self._restored(change):
                gained.setdefault(listener, []).append(change.name)
        now = to_text(self._clock.now())
        for change in changes:
            self._deliver(change, now)
        for change in changes:
            for listener in self._newcomers(change):
                gained.setdefault(listener, []).append(change.name)
        for listener, names in gained.items():
            listener.gained(names)

    def _drop(self, change: Change) -> None:
        live = self.live.get(change.id)
        if live is None or change.holders is None:
            return
        for listener, joined in list(live.joined.items()):
            if joined.cursor >= change.version:
                continue
            until = change.holders.get(listener.actor.seat)
            if until is None:
                self._lose(change.id, live, listener)
            elif until != joined.until:
                joined.until = until
                self.ends = min(self.ends, until)
                lease = pull.lease_until(change.name, self._clock.now())
                renewed = until if lease is None else min(until, lease)
                listener.queue(
                    frames.frame(
                        "scopes", add=[{"scope": change.name, "until": renewed, "store": change.store}], drop=[]
                    )
                )

    def _lose(self, id: int, live: Live, listener: Listener) -> None:
        listener.queue(frames.frame("scopes", add=[], drop=[live.name]))
        self.leave(id, listener)

    def _deliver(self, change: Change, now: str) -> None:
        live = self.live.get(change.id)
        if live is None or change.version <= live.sent:
            return
        if change.since is None or change.since > live.sent:
            # Somebody joined while this snapshot was read: its rows begin too late for them.
            self._again.add(change.id)
            self._woken.set()
            return
        shared: list[bytes] | None = None
        for listener, joined in list(live.joined.items()):
            if joined.cursor >= change.version:
                continue
            if joined.until <= now:
                self._lose(change.id, live, listener)
                continue
            if visibility.sees_all(listener.actor.assurance):
                if shared is None:
                    shared = frames.deltas(change.name, change.rows, since=change.since, to=change.version)
                encoded = shared
            else:
                cut = pull.for_reader(listener.actor, change.name, change.rows)
                encoded = frames.deltas(change.name, cut, since=change.since, to=change.version)
            for data in encoded:
                listener.queue(data)
            joined.cursor = change.version
        live.sent = change.version

    def _restored(self, change: Change) -> list[Listener]:
        """Everybody joined to a scope that moved between disk and memory: they must take it anew."""
        live = self.live.get(change.id)
        if live is None or live.store == change.store:
            return []
        everybody = list(live.joined)
        for listener in everybody:
            self.leave(change.id, listener)
        return everybody

    def _newcomers(self, change: Change) -> list[Listener]:
        """Connections whose seat holds the scope and that are not joined to it."""
        live = self.live.get(change.id)
        inside = live.joined if live is not None else {}
        if change.name.startswith("user:"):
            candidates = set(self.accounts.get(change.name.removeprefix("user:"), ()))
        elif change.holders is not None:
            candidates = {one for seat in change.holders for one in self.seats.get(seat, ())}
        else:
            return []
        return [listener for listener in candidates if listener not in inside]


def still(now: datetime) -> bytes:
    """The keep-alive frame."""
    return frames.frame("still", now=to_text(now))
