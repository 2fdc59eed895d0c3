"""A whole running site in this process: real server, real sockets, its own database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from server import app as composition
from server.auth.sessions import start_session
from server.demo.stage import Person
from server.settings import Settings
from server.sync.client import Client
from tests.people import World, make_world
from tests.ports import free_port


class Site:
    """Where it answers, its parts, and the cast that lives in it."""

    def __init__(self, origin: str, parts: composition.Parts, world: World) -> None:
        self.origin, self.parts, self.world = origin, parts, world
        self._clients: list[Client] = []

    async def client(self, who: str | Person, *, connect: bool = True) -> Client:
        """A device of somebody in the cast, signed in with e-ID."""
        person = self.world[who] if isinstance(who, str) else who
        async with self.parts.engine.write() as tx:
            session = await start_session(tx, person.actor, "test", self.parts.house.clock.now())
        client = Client(self.origin)
        client.use_cookie("sid", session.token)
        self._clients.append(client)
        if connect:
            await client.connect()
        return client

    async def leave(self) -> None:
        for client in self._clients:
            await client.leave()


@asynccontextmanager
async def running_site(data: Path, database_url: str | None = None, *, demo: bool = False) -> AsyncIterator[Site]:
    """The site with its cast; stopped at the end."""
    port = free_port()
    settings = Settings(data=data, database_url=database_url, port=port, demo=demo)
    parts = composition.build_parts(settings)
    async with composition.running(parts):
        world = await make_world(parts.house, parts.house.clock.now())
    config = uvicorn.Config(
        composition.build_app(parts),
        host="127.0.0.1",
        port=port,
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        lifespan="on",
        ws_max_size=131_072,
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    site = Site(settings.origin, parts, world)
    try:
        yield site
    finally:
        await site.leave()
        server.should_exit = True
        await task
