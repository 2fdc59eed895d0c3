"""A house with a push service, on each engine; and on SQLite alone where the engine makes no difference."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.clock import FrozenClock
from tests.conftest import Place
from tests.push.house import PushHouse, push_house


@pytest.fixture
async def house(place: Place, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[PushHouse]:
    """The house on each engine."""
    async with push_house(place["data"] or tmp_path / "files", place["database_url"], clock) as house:
        yield house


@pytest.fixture
async def small(sqlite_folder: Path, clock: FrozenClock) -> AsyncIterator[PushHouse]:
    """The house on SQLite."""
    async with push_house(sqlite_folder, None, clock) as house:
        yield house


@pytest.fixture
def silence() -> Iterator[None]:
    """For tests that provoke errors: nothing is printed of them."""
    structlog.configure(processors=[_dropped])
    yield
    structlog.reset_defaults()


def _dropped(_logger: object, _method: str, _event: object) -> dict[str, object]:
    raise structlog.DropEvent
