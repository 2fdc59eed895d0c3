"""What follows from the answer of a push service, and when to try again. Pure (RFC 8030)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from server.domain import reminders
from server.domain.instants import time_from_text
from server.push.channels.fault import ChannelFault

ATTEMPTS: Final = 6
OVER: Final = 1_000
"""More attempts than any delivery has: it waits only so that its device is left alone as long as its service asked."""
TTL_S: Final = 24 * 3600
LONGEST_WAIT_S: Final = 6 * 3600
_BACKOFF_S: Final = (30, 120, 600, 1800, 3600)
GONE: Final = frozenset({404, 410})
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def fault_of(status: int, retry_after: str | None, now: datetime) -> ChannelFault | None:
    """None when the service took it (201, 200, 202, 204); else the fault.

    Gone (404, 410), too large (413) and every other 4xx are for good; 429 and 5xx are tried again, not before the
    service wishes. A redirect is refused for good: it could lead anywhere.
    """
    if status in (200, 201, 202, 204):
        return None
    if status == 429 or status >= 500:
        return ChannelFault(permanent=False, status=status, retry_after_s=seconds_of(retry_after, now))
    return ChannelFault(permanent=True, status=status)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """A `Retry-After` header in seconds from now, at most six hours; None when absent or unreadable."""
    if not retry_after:
        return None
    written = retry_after.strip()
    if written.isascii() and written.isdigit():
        return float(min(int(written[:9]), LONGEST_WAIT_S))
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), float(LONGEST_WAIT_S))


def next_try(now: datetime, attempts: int, fault: ChannelFault) -> datetime | None:
    """When to try again after `attempts` tries; None when it is over."""
    if fault.permanent or attempts >= ATTEMPTS:
        return None
    wait = _BACKOFF_S[min(attempts, len(_BACKOFF_S)) - 1]
    return now + timedelta(seconds=max(wait, fault.retry_after_s or 0))


@lru_cache(maxsize=1024)
def not_before(
    now: datetime, quiet: tuple[str | None, str | None], *, days_off: bool = False, urgent: bool = False
) -> datetime:
    """Now, or the end of the quiet hours (the person's own, and those that nobody can choose away).

    `days_off`: Saturdays, Sundays and public holidays are quiet too.
    """
    if urgent:
        return now
    starts, ends = quiet
    usual = reminders.DEFAULT_QUIET
    own = reminders.QuietHours(
        time_from_text(starts) if starts else usual.starts, time_from_text(ends) if ends else usual.ends
    )
    return reminders.after_quiet(now, own, working_days_only=days_off)


def next_way_at(first: datetime, ends: datetime | None, *, urgent: bool, usual_s: int, urgent_s: int) -> datetime:
    """When the next way is tried for what could first be sent at `first`: sooner when it is urgent or soon over."""
    soon = urgent or (ends is not None and ends - first < timedelta(seconds=2 * usual_s))
    return first + timedelta(seconds=min(usual_s, urgent_s) if soon else usual_s)


def allowed_endpoint(endpoint: str, hosts: tuple[str, ...], *, local: bool) -> bool:
    """True for an https address of a known push service, and nothing that only looks like one.

    `hosts` are exact names, or `*.` and a name. On one's own machine (`local`) an entry `host:port` also allows plain
    http there: the receiver of a test.
    """
    if len(endpoint) > 2048 or _UNSEEN.search(endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or "\\" in endpoint or parts.fragment:
        return False
    if local and parts.scheme == "http" and f"{host}:{port}" in hosts:
        return True
    if parts.scheme != "https" or port not in (None, 443) or not _HOST.fullmatch(host):
        return False
    return any(
        host == known or (known.startswith("*.") and host.endswith(known[1:]) and host != known[2:]) for known in hosts
    )
