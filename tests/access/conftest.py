"""The scene, made once: no attempt leaves anything behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.access.scene import Scene, scene_on


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """Everybody and everything, at half past nine."""
    folder: Path = tmp_path_factory.mktemp("scene")
    async with scene_on(folder) as built:
        yield built
