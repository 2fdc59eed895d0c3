"""How every channel says that it could not deliver."""

from __future__ import annotations


class ChannelFault(Exception):
    """Not delivered. `permanent` alone decides whether it is tried again; `retry_after_s` is the receiver's wish."""

    def __init__(self, *, permanent: bool, status: int = 0, retry_after_s: float | None = None) -> None:
        super().__init__(f"status {status}")
        self.permanent = permanent
        self.status = status
        self.retry_after_s = retry_after_s
