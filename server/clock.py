"""Clock: the only module that asks what time it is.

Everything else is given an instant. Rules get it as an argument; engines hold a `Clock`, so that a test can
stand still, cross midnight or leave summer time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The present instant: aware, UTC."""
        ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """The present instant: aware, UTC, to the microsecond."""
        return datetime.now(UTC)
