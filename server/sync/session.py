"""The server's side of one connection, without a socket or a clock of its own. Pure.

`receive` takes what the peer sent and gives back what is to be done; the connection carries it out. A broken peer is
data, not an exception: the answer to it is a `Close`.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.version import PROTOCOL, SCHEMA
from server.sync import frames
from server.sync.frames import ClientFrame, CommandFrame, Hello

HELLO_WITHIN_S = 10.0
STILL_EVERY_S = 25.0


@dataclass(frozen=True, slots=True)
class Open:
    """The hello was right: welcome it and send what it lacks."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class Handle:
    """A frame to be handled, one at a time and in order."""

    frame: ClientFrame


@dataclass(frozen=True, slots=True)
class Close:
    """Say goodbye and close."""

    reason: str
    retry_after_ms: int | None = None


Step = Open | Handle | Close


class Session:
    """Keeps the order of a connection: hello first and once, then frames, and nothing after the end."""

    __slots__ = ("_limited_from", "_schema", "_seat", "_seats", "closed", "opened")

    def __init__(self, *, seat: str, seats_of_account: int, schema: int = SCHEMA) -> None:
        self._seat = seat
        self._seats = seats_of_account
        self._schema = schema
        self.opened = False
        self.closed = False
        self._limited_from: int | None = None

    def receive(self, data: str | bytes | None) -> Step | None:
        """What to do about one message; `None` data is a binary message. None when the connection is already over."""
        if self.closed:
            return None
        try:
            if data is None:
                raise frames.BadFrame
            return self._step(frames.read_frame(data))
        except frames.BadFrame:
            return self._close("bad_frame")

    def take(self, frame: ClientFrame | None) -> Step | None:
        """The same for a frame already read (POST /sync), or None for one that could not be."""
        if self.closed:
            return None
        return self._close("bad_frame") if frame is None else self._step(frame)

    def late(self) -> Step | None:
        """To be called when the time for a hello is up."""
        return None if self.opened or self.closed else self._close("bad_frame")

    def limited(self, n: int) -> None:
        """Notes that command `n` was answered `rate_limited`: the same holds for later ones until `n` comes again."""
        self._limited_from = n if self._limited_from is None else min(n, self._limited_from)

    def is_limited(self, frame: CommandFrame) -> bool:
        """True for a command behind one that was rate limited."""
        if self._limited_from is not None and frame.n == self._limited_from:
            self._limited_from = None
        return self._limited_from is not None and frame.n > self._limited_from

    def _step(self, frame: ClientFrame) -> Step:
        if isinstance(frame, Hello):
            return self._hello(frame)
        return Handle(frame) if self.opened else self._close("bad_frame")

    def _hello(self, hello: Hello) -> Step:
        if self.opened:
            return self._close("bad_frame")
        if hello.protocol != PROTOCOL:
            return self._close("upgrade")
        if hello.schema > self._schema:
            return self._close("restart", 1000)
        if (hello.seat is None and self._seats != 1) or (hello.seat is not None and hello.seat != self._seat):
            return self._close("bad_frame")
        self.opened = True
        return Open(hello)

    def _close(self, reason: str, retry_after_ms: int | None = None) -> Close:
        self.closed = True
        return Close(reason, retry_after_ms)
