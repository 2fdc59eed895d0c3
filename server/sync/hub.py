"""The hub: from commits to the sockets of this process (PROTOCOL.md 5.4 to 5.6, 8 and 9).

One pump looks at what was touched, reads rows and holders of the scopes concerned in one snapshot, encodes each delta
once and queues the same bytes for every holder, without yielding in between. A hint that was lost is made up for by
looking every second. A connection joins a scope only in one step, and only if it has read as far as the hub has sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from server.auth.sessions import SignedIn, touch
from server.clock import Clock
from server.domain import visibility
from server.domain.actors import Actor
from server.domain.instants import to_text
from server.storage import touched
from server.storage.engine import Engine, TransientFault, Tx
from server.sync import frames, pull
from server.sync.house import name_of
from server.sync.pull import HeldScope
from server.sync.push import Replica

LOOK_EVERY_S = 1.0
BLIND_S, STUCK_S = 1.0, 20.0
"""After how long of failing looks (or of one that does not end) everybody is told to come back later, in seconds."""
AT_ONCE = 4
"""How many catch-ups are read at once: after a restart everybody comes back, and commands must get through too."""
FORGET_EVERY_S = 600.0
REMEMBERED = timedelta(hours=1)
SEEN_AT_ONCE = 100
NEVER = "9999-12-31T23:59:59.999Z"
ANNOUNCED_MOST = 50_000
ANNOUNCED_FOR_S = 300.0
IMPLIED = ("user:", "region:")
"""Scopes everybody concerned holds without a grant."""
log = structlog.get_logger()


class Listener(Protocol):
    """A connection, as the hub sees it."""

    actor: Actor
    session: str
    deciding: asyncio.Lock
    replica: Replica | None

    def queue(self, data: bytes) -> None:
        """Takes a live frame; closes itself when it has too many."""

    def close(self, reason: str, retry_after_ms: int | None = None) -> None:
        """Says goodbye and ends."""

    def gained(self, scopes: Iterable[str]) -> None:
        """The seat holds these scopes now, or must take them anew: read them and join."""

    def beat(self, at_s: float, now: datetime, still: bytes) -> bool:
        """Keeps itself alive, or ends when stuck. True when its session is to be noted as in use."""


@dataclass(slots=True)
class _Joined:
    cursor: int
    until: str


@dataclass(slots=True)
class _Live:
    """A scope that somebody here is joined to. `sent` is the version that was last sent to its holders."""

    name: str
    sent: int
    store: str
    joined: dict[Listener, _Joined] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Change:
    id: int
    name: str
    version: int
    store: str
    rows: tuple[frames.Row, ...]
    since: int | None
    """The version the rows begin after; None when they were not read because nobody here was joined."""
    holders: dict[str, str] | None
    """{seat: valid until} when they changed; None when they are as before."""


_Groups = dict[str, tuple[Listener, ...]]


class Hub:
    """All live connections of this process."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._live: dict[int, _Live] = {}
        # Tuples and lists, because nearly every group has one member and a set weighs four times as much.
        self._seats: _Groups = {}
        self._accounts: _Groups = {}
        self._sessions: _Groups = {}
        self._joined: dict[Listener, list[int]] = {}
        self._replicas: dict[str, Listener] = {}
        self._announced: dict[int, tuple[int, float]] = {}
        self._again: set[int] = set()
        self._woken = asyncio.Event()
        self._mark = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._noting: asyncio.Task[None] | None = None
        self._ends = NEVER
        self._looked_s = self._failing_s = self._forgot_s = 0.0
        self._name = name_of(engine)
        self.admission = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Begins to look and to listen."""
        async with self._engine.read() as tx:
            self._mark = await touched.start_mark(tx)
        self._looked_s = self._forgot_s = asyncio.get_running_loop().time()
        await self._engine.listen(self._heard, self.wake)
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

    def _send_away(self, retry_after_ms: int | None) -> None:
        for listener in self._everybody():
            listener.close("restart", retry_after_ms)

    def _everybody(self) -> list[Listener]:
        return [one for group in self._seats.values() for one in group]

    def wake(self) -> None:
        """There may be something to look at."""
        self._woken.set()

    @property
    def sockets(self) -> int:
        return sum(len(group) for group in self._seats.values())

    # --- connections

    def add(self, listener: Listener) -> None:
        """From now on the connection hears of scopes its seat gains, and of its session's end."""
        for groups, key in self._groups_of(listener):
            groups[key] = (*groups.get(key, ()), listener)

    def remove(self, listener: Listener) -> None:
        if listener.replica is not None and self._replicas.get(listener.replica.id) is listener:
            del self._replicas[listener.replica.id]
        for groups, key in self._groups_of(listener):
            left = tuple(one for one in groups.get(key, ()) if one is not listener)
            if left:
                groups[key] = left
            else:
                groups.pop(key, None)
        for id in self._joined.pop(listener, ()):
            self._leave(id, listener)

    def _groups_of(self, listener: Listener) -> tuple[tuple[_Groups, str], ...]:
        return (
            (self._seats, listener.actor.seat),
            (self._accounts, listener.actor.account),
            (self._sessions, listener.session),
        )

    def join(self, listener: Listener, scope: HeldScope, cursor: int) -> bool:
        """Joins in one step; false when more has been sent meanwhile than the connection has read: read again."""
        if self._announced.get(scope.id, (0, 0.0))[0] > cursor:
            return False
        live = self._live.get(scope.id)
        if live is None:
            live = self._live[scope.id] = _Live(scope.name, cursor, scope.store)
        elif live.sent > cursor or live.store != scope.store:
            return False
        if listener not in live.joined:
            self._joined.setdefault(listener, []).append(scope.id)
        live.joined[listener] = _Joined(cursor, scope.grant_until)
        self._ends = min(self._ends, scope.grant_until)
        return True

    def is_joined(self, listener: Listener, name: str) -> bool:
        """True while live changes of the scope reach the connection."""
        return any(self._live[id].name == name for id in self._joined.get(listener, ()))

    async def take_over(self, replica: str, listener: Listener) -> None:
        """A new hello of a replica ends its older connection, once the command it is deciding is decided."""
        older = self._replicas.get(replica)
        if older is not None and older.actor.seat != listener.actor.seat:
            return  # somebody else's replica: refused when it is looked up
        self._replicas[replica] = listener
        if older is not None and older is not listener:
            older.close("resync")
            async with older.deciding:
                pass

    def _leave(self, id: int, listener: Listener) -> None:
        live = self._live.get(id)
        if live is not None:
            live.joined.pop(listener, None)
            if not live.joined:
                del self._live[id]
        joined = self._joined.get(listener)
        if joined is not None and id in joined:
            joined.remove(id)
            if not joined:
                del self._joined[listener]

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
                self._failing_s = self._failing_s or asyncio.get_running_loop().time()
                await asyncio.sleep(0.2)
            except Exception as fault:
                # Without the pump nobody hears of a withdrawal: whatever it was, it looks again.
                log.error("hub_failed", error=type(fault).__name__)
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
        self._expire()
        if (self._failing_s and at_s - self._failing_s >= BLIND_S) or at_s - self._looked_s >= STUCK_S:
            # Whoever may have lost something cannot be told so now; coming back, they ask.
            self._send_away(2000)
        alive = still(now)
        due = [listener for listener in self._everybody() if listener.beat(at_s, now, alive)]
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
        async with self._engine.read() as tx:
            seen = await touched.look(tx, self._mark)
            changes = await self._changes(tx, seen.scopes | self._again)
            ended = await self._ended(tx, seen.sessions)
        # Nothing is awaited from here on: deltas of one commit are queued without others between.
        self._mark = seen.mark
        self._again.clear()
        self._announce(changes)
        for session, reason in ended.items():
            for listener in list(self._sessions.get(session, ())):
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

    async def _changes(self, tx: Tx, ids: frozenset[int]) -> list[_Change]:
        if not ids or not self._seats:
            return []
        rows = await tx.fetch(
            "SELECT id, name, version, holders_version, store FROM scope WHERE id = any($1) ORDER BY id", sorted(ids)
        )
        known = {id: self._live[id].sent for id in ids if id in self._live}
        fresh = [row for row in rows if row[0] not in known or row[2] > known[row[0]]]
        found = await pull.rows_after(tx, {row[0]: known[row[0]] for row in fresh if row[0] in known})
        regrouped = [row[0] for row in fresh if row[3] > known.get(row[0], -1)]
        holders: dict[int, dict[str, str]] = {id: {} for id in regrouped}
        if regrouped:
            for id, seat, until in await tx.fetch(
                "SELECT scope_id, seat_id, valid_until FROM grant_ WHERE scope_id = any($1) AND valid_until > $2",
                regrouped,
                to_text(self._clock.now()),
            ):
                if seat in self._seats:
                    holders[id][seat] = until
        return [
            _Change(
                id,
                name,
                version,
                store,
                found.get(id, ()),
                known.get(id),
                None if name.startswith(IMPLIED) else holders.get(id),
            )
            for id, name, version, _, store in fresh
        ]

    def _announce(self, changes: list[_Change]) -> None:
        """Remembers for a while which versions exist, for those who are still reading older ones."""
        at = asyncio.get_running_loop().time()
        for change in changes:
            self._announced[change.id] = (change.version, at)
        if len(self._announced) > ANNOUNCED_MOST:
            self._announced = {id: seen for id, seen in self._announced.items() if seen[1] > at - ANNOUNCED_FOR_S}

    async def _ended(self, tx: Tx, sessions: frozenset[str]) -> dict[str, str]:
        here = [session for session in sessions if session in self._sessions]
        if not here:
            return {}
        rows = await tx.fetch("SELECT id, end_reason FROM session WHERE id = any($1) AND ended_at IS NOT NULL", here)
        return {id: "wipe" if reason == "wipe" else "signed_out" for id, reason in rows}

    def _drop(self, change: _Change) -> None:
        live = self._live.get(change.id)
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
                self._ends = min(self._ends, until)
                lease = pull.lease_until(change.name, self._clock.now())
                renewed = until if lease is None else min(until, lease)
                listener.queue(
                    frames.frame(
                        "scopes", add=[{"scope": change.name, "until": renewed, "store": change.store}], drop=[]
                    )
                )

    def _lose(self, id: int, live: _Live, listener: Listener) -> None:
        listener.queue(frames.frame("scopes", add=[], drop=[live.name]))
        self._leave(id, listener)

    def _deliver(self, change: _Change, now: str) -> None:
        live = self._live.get(change.id)
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

    def _restored(self, change: _Change) -> list[Listener]:
        """Everybody joined to a scope that moved between disk and memory: they must take it anew."""
        live = self._live.get(change.id)
        if live is None or live.store == change.store:
            return []
        everybody = list(live.joined)
        for listener in everybody:
            self._leave(change.id, listener)
        return everybody

    def _newcomers(self, change: _Change) -> list[Listener]:
        """Connections whose seat holds the scope and that are not joined to it."""
        live = self._live.get(change.id)
        inside = live.joined if live is not None else {}
        if change.name.startswith("user:"):
            candidates = set(self._accounts.get(change.name.removeprefix("user:"), ()))
        elif change.holders is not None:
            candidates = {one for seat in change.holders for one in self._seats.get(seat, ())}
        else:
            return []
        return [listener for listener in candidates if listener not in inside]

    def _expire(self) -> None:
        """Ends what a grant's own end has ended, whether or not any job has run."""
        now = to_text(self._clock.now())
        if self._ends > now:
            return
        for id, live in list(self._live.items()):
            for listener, joined in list(live.joined.items()):
                if joined.until <= now:
                    self._lose(id, live, listener)
        self._ends = min((one.until for live in self._live.values() for one in live.joined.values()), default=NEVER)


def still(now: datetime) -> bytes:
    """The keep-alive frame."""
    return frames.frame("still", now=to_text(now))
