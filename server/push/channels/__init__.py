"""Channels: one file for each way to reach a person. Each has `send`, and a fault that says whether to try again."""

from __future__ import annotations

from typing import Protocol


class Channel(Protocol):
    """A way that needs an address: e-mail, SMS. `id` is the delivery's; the same again means the same message."""

    async def send(self, address: str, text: str, *, id: str, lang: str) -> None:
        """Returns when it was taken. Raises `channels.fault.ChannelFault`."""
        ...

    async def close(self) -> None:
        """Gives back what is open."""
        ...
