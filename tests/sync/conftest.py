"""A running site on each engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.site import Site, running_site


@pytest.fixture
async def site(place: Place, tmp_path: Path) -> AsyncIterator[Site]:
    """The whole site with its cast; the test runs once on each engine."""
    async with running_site(place["data"] or tmp_path / "journal", place["database_url"]) as site:
        yield site
