"""`samled worker`: reminders and deeds of the house, as a process of their own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

import click

from server import app as composition
from server.cli import opening
from server.logs import configure, get_logger
from server.settings import Settings


@click.command()
def worker() -> None:
    """Say reminders and do what is due. Then start the server with `samled run --no-worker`.

    Several may run at once: work is claimed, so nothing is said twice.
    """
    settings = opening.settings()
    opening.refuse_while_restoring(settings)
    configure(level=logging.getLevelNamesMapping()[settings.log_level.upper()])
    opening.go(_work(settings))


async def _work(settings: Settings) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    parts = composition.build_parts(settings)
    async with composition.running(parts):
        opening.settle_memory()
        working = asyncio.create_task(parts.worker.run())
        stopping = asyncio.create_task(stop.wait())
        get_logger().info("worker_started", dialect=parts.engine.dialect)
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
