"""Counters for operators, on a registry of our own. Labels are of fixed sets; never a person, unit or child.

Any module may call the small functions here; `server.web.metrics` shows the result.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

_requests = Histogram("samled_request_seconds", "Time to answer", ["method", "route", "status"], registry=registry)
_frames = Counter("samled_sync_frames_total", "Frames by kind", ["direction", "kind"], registry=registry)
_commits = Counter("samled_commits_total", "Commands by outcome", ["outcome"], registry=registry)
_pushes = Counter("samled_pushes_total", "Notifications by answer of the push service", ["outcome"], registry=registry)
_messages = Counter("samled_messages_total", "E-mails and texts by outcome", ["way", "outcome"], registry=registry)
_unreached = Counter("samled_unreached_total", "People whom no way has reached", registry=registry)
_auth = Counter("samled_auth_failures_total", "Refused sign-ins and guards", ["kind"], registry=registry)
_digests = Counter("samled_digest_differs_total", "Replicas that had to start over", registry=registry)
_sockets = Gauge("samled_sockets", "Open sync sockets", registry=registry)
_state = Gauge("samled_state", "What the store says when asked", ["name"], registry=registry)
_latency = Histogram("samled_sync_seconds", "Time to serve a sync step", ["step"], registry=registry)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FRAMES = frozenset(
    {
        *("hello", "welcome", "delta", "drop", "push", "ack", "nack", "ping", "pong", "more"),
        *("reset", "purged", "bye", "error", "read", "settled"),
    }
)
_OUTCOMES = frozenset({"ok", "refused", "repeated", "transient", "failed"})
_AUTH = frozenset({"session", "origin", "host", "code", "passkey", "oidc", "rate", "assurance", "invitation"})
_STEPS = frozenset({"hello", "pull", "push", "fan_out"})


def _one_of(value: str, known: frozenset[str]) -> str:
    return value if value in known else "other"


def request(method: str, route: str, status: int, seconds: float) -> None:
    """One answered request; `route` is the template, never the path."""
    _requests.labels(_one_of(method, _METHODS), route, f"{status // 100}xx").observe(seconds)


def sync_frame(direction: str, kind: str) -> None:
    """One frame `in` or `out`."""
    _frames.labels("out" if direction == "out" else "in", _one_of(kind, _FRAMES)).inc()


def sync_step(step: str, seconds: float) -> None:
    """Time one step of sync took: `hello`, `pull`, `push` or `fan_out`."""
    _latency.labels(_one_of(step, _STEPS)).observe(seconds)


def commit(outcome: str) -> None:
    """One command: `ok`, `refused`, `repeated`, `transient` or `failed`."""
    _commits.labels(_one_of(outcome, _OUTCOMES)).inc()


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
    """One refusal by what refused it."""
    _auth.labels(_one_of(kind, _AUTH)).inc()


def digest_differs() -> None:
    """One replica whose digest was not the server's."""
    _digests.inc()


def socket_opened() -> None:
    """One more sync socket."""
    _sockets.inc()


def socket_closed() -> None:
    """One sync socket less."""
    _sockets.dec()


def state(values: Mapping[str, float]) -> None:
    """What the store says now, by a name fixed in code (`reminders_due`, `outbox_oldest_s` …)."""
    for name, value in values.items():
        _state.labels(name).set(value)
