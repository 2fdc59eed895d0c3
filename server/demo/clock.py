"""A clock that the demonstration sets, so that what lies in the past was decided in the past."""

from __future__ import annotations

from datetime import datetime


class SetClock:
    """Stands where it was put."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Moves to another instant."""
        self._now = now
