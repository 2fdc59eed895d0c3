"""Ids: UUIDv7 as lower-case text, from an instant that the caller gives.

UUIDv7 sorts by time, so new rows land at the end of an index (RFC 9562, section 5.7). Python 3.11 does not
make them.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime


def new_id(now: datetime) -> str:
    """A new id: the milliseconds of `now` (aware) and 74 random bits. Not a secret; do not use it as one.

    Raises: `ValueError` when `now` has no zone.
    """
    return _uuid7(now, os.urandom(10))


def derived_id(now: datetime, seed: str, n: int) -> str:
    """The id number `n` that follows from `seed` (a command's id): the same arguments always give the same
    id.

    Pure, so that a rule can name the rows it makes. Two seeds never share an id in practice (74 bits of
    SHA-256). Raises: `ValueError` when `now` has no zone.
    """
    return _uuid7(now, hashlib.sha256(f"{n}/{seed}".encode()).digest()[:10])


def _uuid7(now: datetime, tail: bytes) -> str:
    if now.tzinfo is None:
        raise ValueError("an instant needs a zone")
    bits = bytearray(int(now.timestamp() * 1000).to_bytes(6, "big") + tail)
    bits[6] = 0x70 | bits[6] & 0x0F  # version 7
    bits[8] = 0x80 | bits[8] & 0x3F  # variant of RFC 9562
    text = bits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
