"""Counters for operators, on a registry of our own. Labels are of fixed sets; never a person, unit or child.

Any module may call the small functions here; `server.web.metrics` shows the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

_requests = Histogram("samled_request_seconds", "Time to answer", ["method", "route", "status"], registry=registry)
_commands = Counter("samled_commands_total", "Commands by outcome", ["outcome"], registry=registry)
_pushes = Counter("samled_pushes_total", "Notifications by answer of the push service", ["outcome"], registry=registry)
_messages = Counter("samled_messages_total", "E-mails and texts by outcome", ["way", "outcome"], registry=registry)
_unreached = Counter("samled_unreached_total", "People whom no way has reached", registry=registry)
_auth = Counter("samled_auth_failures_total", "Refused sign-ins and guards", ["kind"], registry=registry)
_digests = Counter("samled_digest_differs_total", "Replicas that had to start over", registry=registry)
_state = Gauge("samled_state", "What the house says when asked", ["name"], registry=registry)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WAYS_IN = frozenset({"gate", "invitation", "passkey"})


def request(method: str, route: str, status: int, seconds: float) -> None:
    """One answered request; `route` is the template, never the path."""
    _requests.labels(method if method in _METHODS else "other", route, f"{status // 100}xx").observe(seconds)


def command(outcome: Literal["applied", "refused", "repeated"]) -> None:
    """One command of a device; `repeated`: it had been decided before."""
    _commands.labels(outcome).inc()


def push(status: int) -> None:
    """One notification by the HTTP status of the push service; 0 = no answer."""
    _pushes.labels("none" if status == 0 else f"{status // 100}xx").inc()


def message(way: str, outcome: str) -> None:
    """One `email` or `sms`: `sent`, `put_off` or `failed`."""
    _messages.labels(way, outcome).inc()


def unreached() -> None:
    """One person whom neither a device nor a message has reached about something."""
    _unreached.inc()


def auth_failure(kind: str) -> None:
    """One refusal: at the `gate` (another site's page), of an `invitation` or a `passkey`, or at a `door` (e-ID)."""
    _auth.labels(kind if kind in _WAYS_IN else "door").inc()


def digest_differs() -> None:
    """One replica whose digest was not the server's."""
    _digests.inc()


def state(values: Mapping[str, float]) -> None:
    """What the house says now, by a name fixed in code (`sockets`, `reminders_due` …)."""
    for name, value in values.items():
        _state.labels(name).set(value)
