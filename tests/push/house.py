"""A house whose pushes go to a service on this machine, with a clock that the test moves."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from server import app as composition
from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.instants import from_text, to_text
from server.ids import new_id
from server.push import subscriptions
from server.settings import Settings
from server.sync import push
from tests.clock import FrozenClock
from tests.people import World, make_world
from tests.push.service import Device, PushService, push_service

_numbers = itertools.count(1)


@dataclass
class PushHouse:
    """The parts, the cast, the clock and the push service."""

    parts: composition.Parts
    world: World
    clock: FrozenClock
    service: PushService
    sessions: dict[str, str] = field(default_factory=dict)

    async def act(self, who: str | Person, name: str, /, **args: Any) -> Mapping[str, Any]:
        """A command as that person's device would send it, now."""
        person = self.world[who] if isinstance(who, str) else who
        command = self.parts.house.registry.commands[name].model_validate(args)
        return await push.act(self.parts.house, command, new_id(self.clock.now()), person.actor)

    async def device(self, who: str | Person, *, lang: str = "sv", confirmed: bool = True) -> Device:
        """A device of that person, signed in and subscribed; its confirmation echoed unless told otherwise."""
        person = self.world[who] if isinstance(who, str) else who
        device = self.service.device(f"{person.name.split()[0].lower()}{next(_numbers)}")
        await self.subscribe(person, device, lang=lang)
        if confirmed:
            await self.tick()
            await self.echo(device)
            await self.tick()
        return device

    async def seen(self, device: Device) -> None:
        """The device's service worker says that it has shown the newest it was given."""
        async with self.parts.engine.write() as tx:
            assert await subscriptions.seen(tx, device.taken[-1]["id"], to_text(self.clock.now()))

    async def subscribe(self, person: Person, device: Device, *, lang: str = "sv") -> Mapping[str, Any]:
        """The command `push.subscribe`, from a session of its own."""
        async with self.parts.engine.write() as tx:
            if device.name not in self.sessions:
                made = await start_session(tx, person.actor, "Firefox · Android", self.clock.now())
                self.sessions[device.name] = made.session_id
                # Somebody who opens the app now and then.
                await tx.execute(
                    "UPDATE session SET idle_until = $2, absolute_until = $2 WHERE id = $1",
                    made.session_id,
                    to_text(self.clock.now() + timedelta(days=400)),
                )
            args = {"endpoint": device.endpoint, **device.keys, "lang": lang, "session": self.sessions[device.name]}
            told: Mapping[str, Any] = (
                await self.parts.house.effects["push.subscribe"](tx, person.actor, args, to_text(self.clock.now()))
                or {}
            )
            return told

    async def echo(self, device: Device) -> None:
        """The device sends back the newest token it was given."""
        async with self.parts.engine.write() as tx:
            assert await subscriptions.confirm(tx, device.tokens[-1], to_text(self.clock.now()))

    async def meeting(self, starts_local: str, *, invited: tuple[str, ...] = ("anna", "omar"), **more: Any) -> str:
        """A meeting about Elsa that Maria has invited to."""
        relations = [self.world.relations[name] for name in invited]
        made = await self.act(
            "maria", "meeting.propose", child=self.world.elsa, kind="network", starts_local=starts_local,
            invited=relations, invite=True, **more,
        )  # fmt: skip
        return str(made["meeting"])

    async def tick(self) -> int:
        """The worker does all that is due."""
        return await self.parts.worker.tick()

    async def go(self, at: datetime) -> None:
        """Moves to `at` and lets the worker work."""
        self.clock.set(at)
        await self.tick()

    async def through(self, until: datetime) -> None:
        """Lets time pass up to `until`, the worker working at every instant at which something is due."""
        while True:
            await self.tick()
            async with self.parts.engine.read() as tx:
                due = [
                    await tx.fetch_value("SELECT min(due_at) FROM reminder WHERE state = 'due'"),
                    await tx.fetch_value("SELECT min(claimed_until) FROM reminder WHERE state = 'claimed'"),
                    await tx.fetch_value(
                        "SELECT min(next_at) FROM delivery WHERE state IN ('due', 'claimed', 'paused')"
                    ),
                ]
            following = min((from_text(at) for at in due if at), default=until)
            # What is due and yet not done waits for a service that rests, or for its turn.
            then = max(following, self.clock.now() + timedelta(seconds=5 * (following <= self.clock.now())))
            if then > until:
                self.clock.set(until)
                await self.tick()
                return
            self.clock.set(then)

    async def states(self, table: str = "delivery") -> dict[str, int]:
        """{state: how many} of deliveries (without those that look later whether anybody was reached) or reminders."""
        only = " WHERE subscription_id <> 'next'" if table == "delivery" else ""
        async with self.parts.engine.read() as tx:
            return dict(await tx.fetch(f"SELECT state, count(*) FROM {table}{only} GROUP BY state"))

    async def health(self, device: Device) -> str:
        """What the owner's list of devices says of it."""
        async with self.parts.engine.read() as tx:
            body = await tx.fetch_value("SELECT doc FROM feed WHERE doc_id = $1", self.sessions[device.name])
        return "" if body is None else next(p for p in ("pending", "ok", "dead", "none") if f'"push":"{p}"' in body)


@asynccontextmanager
async def push_house(data: Path, database_url: str | None, clock: FrozenClock, **more: Any) -> AsyncIterator[PushHouse]:
    """The house, open, with its cast; no server: the test ticks the worker itself."""
    async with push_service(clock.now) as service:
        host = service.origin.removeprefix("http://")
        settings = Settings(data=data, database_url=database_url, push_hosts=(host,), **more)
        parts = composition.build_parts(settings, clock)
        async with composition.running(parts):
            world = await make_world(parts.house, clock.now() - timedelta(hours=1))
            house = PushHouse(parts, world, clock, service)
            await house.tick()
            yield house
        assert service.faults == []
