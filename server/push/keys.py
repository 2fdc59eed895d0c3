"""The key that signs our pushes (VAPID): made at first start, kept in a file that only we may read."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class PushKey:
    """A P-256 key pair. `public` is what a browser subscribes with (base64url of the uncompressed point)."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @property
    def private_text(self) -> str:
        """The private number, base64url: the form pywebpush's signer takes."""
        number = self.private.private_numbers().private_value.to_bytes(32, "big")
        return base64.urlsafe_b64encode(number).rstrip(b"=").decode()


def load_key(path: Path) -> PushKey:
    """The key in `path`, made there if the file is absent. Raises ValueError for a file that holds another kind."""
    if not path.exists():
        _write(path, ec.generate_private_key(ec.SECP256R1()))
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError(f"{path.name} does not hold a P-256 key")
    return PushKey(key)


def renew_key(path: Path) -> PushKey:
    """A new key in place of the old one; devices subscribe anew at their next start."""
    _write(path, ec.generate_private_key(ec.SECP256R1()))
    return load_key(path)


def _write(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
