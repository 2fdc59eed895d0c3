"""What walks stand on: a database with the cast in it, and the app's own core as it is now."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from server.storage.engine import open_engine
from tests.access.scene import house_on
from tests.conftest import Place
from tests.people import World, make_world
from tests.promises.devices import NPM
from tests.promises.walk import Files


async def cast_at(place: Place) -> World:
    """The cast, made in a database that is then let go of."""
    engine = open_engine(**place)
    await engine.start()
    async with house_on(engine) as house:
        world = await make_world(house)
    await engine.close()
    return world


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A file with the cast in it, copied for each walk."""
    folder = tmp_path_factory.mktemp("cast")
    return folder, asyncio.run(cast_at({"data": folder, "database_url": None}))


@pytest.fixture
def files(cast: tuple[Path, World], tmp_path: Path) -> Files:
    """Where walks take place on SQLite."""
    return Files(cast[1], cast[0], tmp_path)


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's own core for Node, built from the sources as they are now; each process of the test run has its own."""
    made = tmp_path_factory.mktemp("core") / "headless.mjs"
    command = [NPM, "run", "--silent", "headless", "--", f"--outfile={made}"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0 and made.is_file(), built.stdout + built.stderr
    return made
