"""Push keys: what a browser gives to have pushes sealed for it, in base64url (RFC 8291, section 2)."""

from __future__ import annotations

import base64
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

SECRET_BYTES: Final = 16
UNCOMPRESSED: Final = 4
"""The first byte of an uncompressed point, which is 65 bytes long."""


def public_key(text: str) -> str:
    """`text`, which is an uncompressed point on P-256. Raises ValueError for anything else."""
    point = _bytes(text)
    if point[:1] != bytes([UNCOMPRESSED]):
        raise ValueError("no uncompressed point")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return text


def secret(text: str) -> str:
    """`text`, which is sixteen bytes. Raises ValueError for anything else."""
    if len(_bytes(text)) != SECRET_BYTES:
        raise ValueError("not sixteen bytes")
    return text


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
