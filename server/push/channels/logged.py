"""Logged: a channel for the demonstration. Nothing leaves; only that something would have been sent is written down."""

from __future__ import annotations

from server.logs import get_logger

log = get_logger()


class Logging:
    """Stands in for `email` or `sms`. Neither address nor text is logged."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    async def send(self, address: str, text: str, *, id: str, lang: str, calendar: bytes | None = None) -> None:
        log.info("message_logged", channel=self._channel)

    async def close(self) -> None:
        """Nothing is kept open."""
