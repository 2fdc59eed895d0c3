"""What the tests of sign-in share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.storage.engine import Engine
from tests.auth.house import House
from tests.auth.issuer import running_issuer
from tests.auth.scene import Scene, open_scene
from tests.clock import FrozenClock


@pytest.fixture
def house(engine: Engine, clock: FrozenClock) -> House:
    """A house of nobody yet."""
    return House(engine, clock)


@pytest.fixture
async def scene(engine: Engine, clock: FrozenClock) -> AsyncIterator[Scene]:
    """Anna is known to the provider."""
    async with running_issuer(clock.now) as issuer, open_scene(engine, clock, issuer) as scene:
        yield scene
