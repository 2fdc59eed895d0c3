"""Fairness between push services: one that hangs or fails takes neither the places nor the tries of the others. Pure.

Each service (an origin) gets at most a share of what may be under way at once. One that fails several times in a row
rests, longer each time; afterwards a single try shows whether it is back. While a service rests its deliveries wait
untried, so that an outage of hours does not use up their attempts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

SHARE: Final = 64
FAULTS_BEFORE_REST: Final = 5
REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=8)
REMEMBERED: Final = 1000
"""So many services at most whose last word was a fault and where nothing is under way."""


def origin_of(endpoint: str) -> str:
    """The service an address belongs to: scheme, host and port. A channel that is no address is one by itself."""
    if "://" not in endpoint:
        return endpoint
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(slots=True)
class _Service:
    under_way: int = 0
    faults: int = 0
    rests_until: datetime | None = None


class Services:
    """What is known of each service; lives as long as the process."""

    def __init__(self, share: int = SHARE) -> None:
        self._share = share
        self._known: dict[str, _Service] = {}

    def places(self, origin: str, now: datetime) -> int:
        """How many more may be sent there now."""
        service = self._known.get(origin)
        if service is None:
            return self._share
        if service.rests_until is not None:
            return 0 if now < service.rests_until or service.under_way else 1
        return max(0, self._share - service.under_way)

    def resting(self, now: datetime) -> list[str]:
        """The services that take nothing now because they rest, in order."""
        return sorted(
            origin
            for origin, service in self._known.items()
            if service.rests_until is not None and self.places(origin, now) == 0
        )

    def began(self, origin: str) -> None:
        """One more is under way."""
        self._known.setdefault(origin, _Service()).under_way += 1

    def left(self, origin: str) -> None:
        """One that began was not tried after all."""
        service = self._known[origin]
        service.under_way -= 1
        self._forget(origin, service)

    def ended(self, origin: str, now: datetime, *, answered: bool) -> None:
        """One has ended. `answered` False: no answer, or one that speaks of the service's own trouble (5xx)."""
        service = self._known[origin]
        service.under_way -= 1
        if answered:
            service.faults, service.rests_until = 0, None
        else:
            service.faults += 1
            over = service.faults - FAULTS_BEFORE_REST
            if over >= 0:
                service.rests_until = now + min(REST * 2 ** min(over, 10), LONGEST_REST)
        self._forget(origin, service)

    def _forget(self, origin: str, service: _Service) -> None:
        if service.under_way:
            return
        del self._known[origin]
        if service.faults:
            # Now the latest; the one that has been idle longest gives way.
            self._known[origin] = service
            idle = (name for name, one in self._known.items() if not one.under_way)
            if len(self._known) > REMEMBERED:
                del self._known[next(idle)]
