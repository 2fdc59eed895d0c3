"""The fingerprint by which a client and the server compare a scope (sync-protocol 7).

Per scope: the number of live rows, and the sum modulo 2^32 over them of FNV-1a-32(UTF-8 of `entity/id`) x version.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

MODULUS = 1 << 32


@lru_cache(maxsize=65536)
def fnv1a(text: str) -> int:
    """FNV-1a, 32 bits, of the UTF-8 bytes of `text`."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) % MODULUS
    return value


def share(entity: str, id: str, version: int) -> int:
    """What one live row adds to its scope's sum."""
    return fnv1a(f"{entity}/{id}") * version % MODULUS


def written(count: int, total: int) -> str:
    """The form on the wire: `<count>:<8 lower-case hex digits>`."""
    return f"{count}:{total % MODULUS:08x}"


def of_rows(rows: Iterable[tuple[str, str, int]]) -> str:
    """The digest of live rows (entity, id, version), computed afresh."""
    count = total = 0
    for entity, id, version in rows:
        count += 1
        total += share(entity, id, version)
    return written(count, total)
