"""What goes out to one peer: queued within bounds, written by a task that exists only while there is anything to write.

An idle connection weighs little, and no slow reader delays another. What a client catches up with is paced instead of
bounded. Source: sync-protocol 8.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from server.sync import frames

MOST_LIVE_FRAMES = 256
MOST_LIVE_BYTES = 1 << 20
PACED_FRAMES = 64
PACED_BYTES = 128 * 1024
NOTHING_TAKEN_S = 60.0
GOODBYE_S = 5.0
"""How long a goodbye may take to be written before the connection is cut, in seconds."""

Send = Callable[[bytes], Awaitable[None]]
End = Callable[[int], Awaitable[None]]


class Outgoing:
    """A peer's queue and its writer. `cut` ends whoever reads for it, when the peer takes nothing any more."""

    __slots__ = (
        "_bytes",
        "_cut",
        "_drained",
        "_end",
        "_pending",
        "_queue",
        "_retry_after_ms",
        "_send",
        "_writer",
        "closed",
        "collected",
        "goodbye",
        "moved_s",
    )

    def __init__(self, send: Send, end: End, cut: Callable[[], object]) -> None:
        self._send, self._end, self._cut = send, end, cut
        self._queue: list[bytes] = []
        self._pending = self._bytes = 0
        self._drained: asyncio.Event | None = None
        self._writer: asyncio.Task[None] | None = None
        self._retry_after_ms: int | None = None
        self.moved_s = asyncio.get_running_loop().time()
        self.goodbye: str | None = None
        """Why it is to end; empty when the peer is gone, None while it goes on."""
        self.collected: list[bytes] | None = None
        """Where everything is gathered instead, for an answer in one piece."""
        self.closed = False

    def queue(self, data: bytes) -> None:
        """Takes a live frame; closes when there are too many."""
        if self.goodbye is not None:
            return
        self.put(data)
        if self._pending > MOST_LIVE_FRAMES + PACED_FRAMES or self._bytes > MOST_LIVE_BYTES + PACED_BYTES:
            self.close("too_slow")

    def close(self, reason: str, retry_after_ms: int | None = None) -> None:
        """Says goodbye, after what is queued, and ends."""
        if self.goodbye is None:
            self.goodbye, self._retry_after_ms = reason, retry_after_ms
            if reason == "too_slow":
                self._queue.clear()
            self._roomy()
            if reason:
                self._write_soon()

    def leave(self) -> None:
        """The peer is gone: nothing more is written."""
        if self._writer is not None:
            self._writer.cancel()
        self.finish()

    def finish(self) -> None:
        """The peer is gone, or has been told to go."""
        self.goodbye = self.goodbye or ""
        self._roomy()
        self.closed = True

    def is_writing(self, at_s: float) -> bool:
        """True while something is on its way; a peer that takes nothing for too long is cut."""
        if self._writer is None:
            return False
        if at_s - self.moved_s > (NOTHING_TAKEN_S if self.goodbye is None else GOODBYE_S):
            self._writer.cancel()
            self.finish()
            self._cut()
        return True

    def put(self, data: bytes) -> None:
        """Queues it, whatever there is already."""
        if self.collected is not None:
            self.collected.append(data)
            return
        self._queue.append(data)
        self._pending += 1
        self._bytes += len(data)
        self._write_soon()

    async def paced(self, batch: Iterable[bytes]) -> None:
        """Queues one after the other, as the peer takes them."""
        for data in batch:
            while (self._bytes > PACED_BYTES or self._pending > PACED_FRAMES) and self.goodbye is None:
                if self._drained is None:
                    self._drained = asyncio.Event()
                await self._drained.wait()
            if self.goodbye is not None:
                return
            self.put(data)

    def last_word(self) -> bytes | None:
        """The goodbye as a frame, if there is one to be said."""
        return frames.bye(self.goodbye, self._retry_after_ms) if self.goodbye else None

    def _write_soon(self) -> None:
        if self._writer is None and self.collected is None and not self.closed:
            self.moved_s = asyncio.get_running_loop().time()
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """Writes what is queued, and the goodbye if there is one; ends when there is nothing left."""
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                for data in batch:
                    if self.goodbye == "too_slow":
                        break
                    await self._send(data)
                    self.moved_s = asyncio.get_running_loop().time()
                    self._pending -= 1
                    self._bytes -= len(data)
                    if self._bytes < PACED_BYTES and self._pending < PACED_FRAMES:
                        self._roomy()
            if self.goodbye and (last := self.last_word()):
                await self._send(last)
                await self._end(frames.CLOSE_CODES[self.goodbye])
        except Exception:  # whatever a lost peer makes of sending: the connection is over
            self.goodbye = self.goodbye or ""
        finally:
            self._writer = None
        if self.goodbye is not None:
            self.finish()

    def _roomy(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None
