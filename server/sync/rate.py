"""How much a seat may send: generous for people, tight for a broken or hostile client."""

from __future__ import annotations

from collections.abc import Callable


class Rate:
    """A bucket for each seat: `burst` at once, refilled at `per_second`."""

    def __init__(self, clock_s: Callable[[], float], *, burst: int = 2_000, per_second: float = 200.0) -> None:
        self._clock_s = clock_s
        self._burst, self._per_second = burst, per_second
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_ms(self, seat: str) -> int:
        """0 when one more is allowed (and counted), else how long to wait, in milliseconds."""
        now = self._clock_s()
        level, at = self._buckets.get(seat, (float(self._burst), now))
        level = min(float(self._burst), level + (now - at) * self._per_second)
        if level < 1:
            self._buckets[seat] = (level, now)
            return max(1, int((1 - level) / self._per_second * 1000))
        self._buckets[seat] = (level - 1, now)
        if len(self._buckets) > 100_000:
            self._buckets = {key: held for key, held in self._buckets.items() if now - held[1] < 60}
        return 0
