"""Lanes in a run of killed workers: what was posted to a device that was gone, and in a pause that its service asked for.

Only the very same delivery again: the worker that was answered was killed before it could write that down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from server.push.plan import GONE
from tests.push.service import Device, Got


def after_gone(device: Device) -> int:
    """How often something was posted to a device after it had said that it is gone. Raises for anything but the same."""
    gone = [got for got in device.got if got.status in GONE]
    assert gone, device.name
    later = device.got[device.got.index(gone[0]) + 1 :]
    _only_again(gone[0], later)
    return len(later)


def in_a_pause(device: Device) -> int:
    """How often something was posted in a pause that was asked for. Raises for anything but the same."""
    found = 0
    for n, got in enumerate(device.got):
        if got.status == 429:
            # A second less: the server reads its clock before the answer, the service after it.
            until = got.at + timedelta(seconds=int(got.asked_s) - 1)
            within = [one for one in device.got[n + 1 :] if one.at < until]
            _only_again(got, within)
            found += len(within)
    return found


def _only_again(first: Got, later: Iterable[Got]) -> None:
    topic = first.headers["Topic"]
    assert all(one.headers["Topic"] == topic for one in later), f"after {first.status}: something else was posted"
