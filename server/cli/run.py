"""`samled run` and `samled demo`: serving the app."""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
from pathlib import Path

import click
import uvicorn

from server import app as composition
from server.cli import opening
from server.demo.build import build, is_built
from server.logs import configure
from server.settings import Settings

GONE_AFTER_MS = 60_000


@click.command()
@click.option("--no-worker", is_flag=True, help="Leave reminders to `samled worker`, run as a process of its own.")
def run(no_worker: bool) -> None:
    """Serve the app on SAMLED_HOST and SAMLED_PORT."""
    serve(opening.settings(), works=not no_worker)


@click.command()
def demo() -> None:
    """Serve fresh demonstration data, thrown away at the end."""
    chosen = opening.settings()
    with tempfile.TemporaryDirectory(prefix="samled-demo-") as folder:
        given = chosen.model_dump() | {"data": Path(folder), "journal": None, "vapid_key": None}
        serve(Settings(**(given | {"database_url": None, "demo": True, "host": "127.0.0.1"})))


def serve(settings: Settings, *, works: bool = True) -> None:
    """Runs the server until it is told to stop. `works` False: another process says the reminders."""
    opening.refuse_while_restoring(settings)
    configure(level=logging.getLevelNamesMapping()[settings.log_level.upper()])
    if settings.demo:
        asyncio.run(_demonstrate(settings))
    parts = composition.build_parts(settings)
    if not works:
        parts.worker.rest()
    app = composition.build_app(parts)
    opening.settle_memory()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=131_072,
        ws_ping_interval=25.0,
        ws_ping_timeout=30.0,
        timeout_graceful_shutdown=5,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        date_header=True,
    )
    uvicorn.Server(config).run(sockets=[_listening(config)])


def _listening(config: uvicorn.Config) -> socket.socket:
    """The socket to serve on. Who acknowledges nothing for a minute is cut off by the system, buffers and all."""
    listening = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER_MS)
    return listening


async def _demonstrate(settings: Settings) -> None:
    parts = composition.build_parts(settings)
    async with composition.running(parts):
        async with parts.engine.read() as tx:
            built = await is_built(tx)
        if not built:
            click.echo("Making the demonstration data …", err=True)
            await build(parts.house, parts.house.clock.now())
        click.echo(f"Samled: {parts.settings.origin}", err=True)
