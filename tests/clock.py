"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
"""A Tuesday in term, ten in the morning in Sweden."""


class FrozenClock:
    """A `server.clock.Clock` whose time is what the test says."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant last set: aware, UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Makes it `at` (aware), earlier or later."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        self._at = at.astimezone(UTC)

    def advance(self, **by: float) -> datetime:
        """Moves on by `timedelta(**by)` and says what time it is then."""
        self._at += timedelta(**by)
        return self._at
