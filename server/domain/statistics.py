"""Statistics nobody can be found in: from how many on they are told. Source: rules.md 4.2, promises.md P12."""

from __future__ import annotations

from typing import Final

SMALLEST: Final = 5
"""The smallest count that is published, and by which one grows."""
