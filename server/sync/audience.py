"""The audience: who of this process is connected, and which scopes each connection is joined to.

A connection joins a scope only in one step, and only if it has read as far as has been sent (PROTOCOL.md 5.4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from server.domain.actors import Actor
from server.sync.pull import HeldScope
from server.sync.receipts import Replica

NEVER = "9999-12-31T23:59:59.999Z"
ANNOUNCED_MOST = 50_000
ANNOUNCED_FOR_S = 300.0


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
class Joined:
    cursor: int
    until: str


@dataclass(slots=True)
class Live:
    """A scope that somebody here is joined to. `sent` is the version that was last sent to its holders."""

    name: str
    sent: int
    store: str
    joined: dict[Listener, Joined] = field(default_factory=dict)


Groups = dict[str, tuple[Listener, ...]]


class Audience:
    """All live connections of this process."""

    def __init__(self) -> None:
        self.live: dict[int, Live] = {}
        # Tuples and lists, because nearly every group has one member and a set weighs four times as much.
        self.seats: Groups = {}
        self.accounts: Groups = {}
        self.sessions: Groups = {}
        self.replicas: dict[str, Listener] = {}
        self.ends = NEVER
        """No grant of anybody joined ends before this instant."""
        self._joined: dict[Listener, list[int]] = {}
        self._announced: dict[int, tuple[int, float]] = {}

    def everybody(self) -> list[Listener]:
        return [one for group in self.seats.values() for one in group]

    @property
    def sockets(self) -> int:
        return sum(len(group) for group in self.seats.values())

    def add(self, listener: Listener) -> None:
        """From now on the connection hears of scopes its seat gains, and of its session's end."""
        for groups, key in self._groups_of(listener):
            groups[key] = (*groups.get(key, ()), listener)

    def remove(self, listener: Listener) -> None:
        if listener.replica is not None and self.replicas.get(listener.replica.id) is listener:
            del self.replicas[listener.replica.id]
        for groups, key in self._groups_of(listener):
            left = tuple(one for one in groups.get(key, ()) if one is not listener)
            if left:
                groups[key] = left
            else:
                groups.pop(key, None)
        for id in self._joined.pop(listener, ()):
            self.leave(id, listener)

    def _groups_of(self, listener: Listener) -> tuple[tuple[Groups, str], ...]:
        return (
            (self.seats, listener.actor.seat),
            (self.accounts, listener.actor.account),
            (self.sessions, listener.session),
        )

    def join(self, listener: Listener, scope: HeldScope, cursor: int) -> bool:
        """Joins in one step; false when more has been sent meanwhile than the connection has read: read again."""
        if self._announced.get(scope.id, (0, 0.0))[0] > cursor:
            return False
        live = self.live.get(scope.id)
        if live is None:
            live = self.live[scope.id] = Live(scope.name, cursor, scope.store)
        elif live.sent > cursor or live.store != scope.store:
            return False
        if listener not in live.joined:
            self._joined.setdefault(listener, []).append(scope.id)
        live.joined[listener] = Joined(cursor, scope.grant_until)
        self.ends = min(self.ends, scope.grant_until)
        return True

    def is_joined(self, listener: Listener, name: str) -> bool:
        """True while live changes of the scope reach the connection."""
        return any(self.live[id].name == name for id in self._joined.get(listener, ()))

    async def take_over(self, replica: str, listener: Listener) -> None:
        """A new hello of a replica ends its older connection, once the command it is deciding is decided."""
        older = self.replicas.get(replica)
        if older is not None and older.actor.seat != listener.actor.seat:
            return  # somebody else's replica: it begins under another name when it is looked up
        self.replicas[replica] = listener
        if older is not None and older is not listener:
            older.close("resync")
            # Who takes this one's place meanwhile waits for both.
            async with listener.deciding, older.deciding:
                pass

    def give_up(self, replica: str, listener: Listener) -> None:
        """It was another seat's replica: its own connection must not find this one in its place."""
        if self.replicas.get(replica) is listener:
            del self.replicas[replica]

    def leave(self, id: int, listener: Listener) -> None:
        """No change of the scope reaches the connection any more."""
        live = self.live.get(id)
        if live is not None:
            live.joined.pop(listener, None)
            if not live.joined:
                del self.live[id]
        joined = self._joined.get(listener)
        if joined is not None and id in joined:
            joined.remove(id)
            if not joined:
                del self._joined[listener]

    def announce(self, versions: Iterable[tuple[int, int]]) -> None:
        """Remembers for a while which (scope, version) there are, for those who are still reading older ones."""
        at = asyncio.get_running_loop().time()
        for id, version in versions:
            self._announced[id] = (version, at)
        if len(self._announced) > ANNOUNCED_MOST:
            self._announced = {id: seen for id, seen in self._announced.items() if seen[1] > at - ANNOUNCED_FOR_S}

    def expired(self, now: str) -> list[tuple[int, Live, Listener]]:
        """Who is joined to a scope by a grant that has ended by itself."""
        if self.ends > now:
            return []
        gone = [
            (id, live, listener)
            for id, live in self.live.items()
            for listener, joined in live.joined.items()
            if joined.until <= now
        ]
        later = (one.until for live in self.live.values() for one in live.joined.values() if one.until > now)
        self.ends = min(later, default=NEVER)
        return gone
