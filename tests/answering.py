"""Whether a server that a test has started in another process answers yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aiohttp

LOOK_EVERY_S = 0.01


async def answers(address: str, has_ended: Callable[[], bool], within_s: float) -> None:
    """Returns when `address` says 200. Raises: `RuntimeError` when its process has ended, or after so long."""
    try:
        async with asyncio.timeout(within_s), aiohttp.ClientSession() as http:
            while not has_ended():
                with suppress(aiohttp.ClientError, OSError):
                    async with http.get(address) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        raise RuntimeError(f"nothing answers at {address} after {within_s:.0f} s") from None
    raise RuntimeError(f"the server that was to answer at {address} has ended")
