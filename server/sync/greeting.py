"""Greeting: what a hello is answered with, and whose copy it is that says hello (PROTOCOL.md 5.1)."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from server.domain.actors import Actor
from server.domain.version import SCHEMA
from server.sync import frames, notes, pull, receipts
from server.sync.frames import Hello
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.outgoing import End, Outgoing, Send
from server.sync.receipts import Replica


class Greeting(Outgoing, ABC):
    """A peer of one session, and the reading it starts with."""

    __slots__ = ("_house", "_hub", "actor", "deciding", "replica", "session")

    def __init__(
        self,
        house: House,
        hub: Hub,
        actor: Actor,
        session_id: str,
        send: Send,
        end: End,
        cut: Callable[[], object],
    ) -> None:
        super().__init__(send, end, cut)
        self._house, self._hub = house, hub
        self.actor, self.session = actor, session_id
        self.replica: Replica | None = None
        self.deciding = asyncio.Lock()

    @abstractmethod
    def gained(self, scopes: Iterable[str]) -> None:
        """The seat holds these scopes now."""

    @abstractmethod
    def beat(self, at_s: float, now: datetime, still: bytes) -> bool:
        """Called every second."""

    async def _begin(self, hello: Hello) -> tuple[Hello, pull.Welcome, bool]:
        """Takes the place of the replica's older connection; (the hello, its answer, whether all was sent anew).

        A replica belongs to one seat. One that another seat's device is known by begins empty, under a name of its own.
        """
        try:
            return (hello, *await self._take_place(hello))
        except pull.AnotherSeats:
            self._hub.give_up(hello.replica, self)
            own = replace(hello, replica=receipts.own_name(self.actor.seat, hello.replica))
            return (own, *await self._take_place(own, borrowed=True))

    async def _take_place(self, hello: Hello, *, borrowed: bool = False) -> tuple[pull.Welcome, bool]:
        self.replica = Replica(hello.replica, self.session)
        await self._hub.take_over(hello.replica, self)
        return await self._greet(hello, borrowed=borrowed)

    async def _greet(self, hello: Hello, *, borrowed: bool) -> tuple[pull.Welcome, bool]:
        """(what the hello is answered with, whether everything had to be sent anew); admitted with a few others."""
        engine, now = self._house.engine, self._house.clock.now()
        async with self._hub.admission:
            known = await pull.greet(engine, self.actor, self.session, hello, now)
            if known is not None:
                return known, False
            lately, anew = await pull.register_replica(engine, self.actor, self.session, hello, now, borrowed=borrowed)
            if not lately:
                await notes.note_device(self._house, self.actor, self.session)
        return await self._welcome(hello, anew), anew

    async def _welcome(self, hello: Hello, anew: bool, *, told: Mapping[str, str] | None = None) -> pull.Welcome:
        async with self._hub.admission:
            now = self._house.clock.now()
            return await pull.welcome(
                self._house.engine, self.actor, hello, now, anew=anew, session=self.session, told=told
            )

    async def _lacking(self, since: Mapping[str, int]) -> tuple[pull.Part, ...]:
        async with self._hub.admission:
            now = self._house.clock.now()
            return await pull.lacking(self._house.engine, self.actor, since, now, session=self.session)

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
