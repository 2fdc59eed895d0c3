"""Secrets handed out once: tokens, typed codes, and the hashes that are kept instead of them.

Nothing here is ever stored or logged as it is. A plain SHA-256 is enough for tokens of 256 bits; for the
typed code (50 bits, at most seven days, single use) whoever can read the hashes can already read what the
code would open.
"""

from __future__ import annotations

import hashlib
import secrets

# Crockford's alphabet: no I, L, O, U, so that a code read aloud or off a printed card is not misread.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
TOKEN_BYTES = 32
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_token() -> str:
    """256 random bits, 43 characters that need no escaping in a URL or cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Ten random Crockford characters (50 bits), without the hyphen people are shown."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """The code a person meant: case, spaces and hyphens do not matter, O is 0, I and L are 1; None if it
    cannot be one.
    """
    code = "".join(typed.split()).replace("-", "").upper().translate(_MISREAD)
    if len(code) != CODE_LENGTH or any(sign not in CODE_ALPHABET for sign in code):
        return None
    return code


def hash_token(token: str) -> str:
    """What is stored of a session or link token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_code(code: str) -> str:
    """What is stored of a typed code; its own domain, so that a code never matches as a token."""
    return hashlib.sha256(b"code:" + code.encode()).hexdigest()
