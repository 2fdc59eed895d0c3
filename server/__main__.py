"""`samled`: the command line. Thin: each command builds the parts it needs and calls one thing."""

from __future__ import annotations

import asyncio
import logging
import sys

import click
import uvicorn

from server import app as composition
from server.demo.build import build, is_built
from server.logs import configure
from server.settings import read_settings


@click.group()
def main() -> None:
    """Samled: one shared place for the child's support."""


@main.command()
def run() -> None:
    """Serve the app (SAMLED_PORT, SAMLED_DATA, SAMLED_DATABASE_URL, SAMLED_DEMO)."""
    settings = read_settings()
    configure(level=logging.getLevelNamesMapping()[settings.log_level.upper()])
    parts = composition.build_parts(settings)
    if settings.demo:
        asyncio.run(_demo(settings))
    uvicorn.run(
        composition.build_app(parts),
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


async def _demo(settings: object) -> None:
    parts = composition.build_parts(settings)  # type: ignore[arg-type]
    async with composition.running(parts):
        async with parts.engine.read() as tx:
            built = await is_built(tx)
        if not built:
            click.echo("Making the demonstration data …", err=True)
            await build(parts.house, parts.house.clock.now())
        click.echo(f"Samled: {parts.settings.origin}", err=True)


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    asyncio.run(_migrate())


async def _migrate() -> None:
    parts = composition.build_parts(read_settings())
    async with composition.running(parts):
        click.echo("The database is up to date.")


if __name__ == "__main__":
    sys.exit(main())
