"""The versions that the wire names: of the protocol itself, and of commands and documents."""

from __future__ import annotations

from typing import Final

PROTOCOL: Final = 1
SCHEMA: Final = 1
"""Raised when a client needs to know that commands or documents have changed (sync-protocol 3)."""
