"""Collects what the benches measure and prints one table at the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.load.figures import Figure, table

Note = Callable[..., None]
_FIGURES = pytest.StashKey[list[Figure]]()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Keeps a figure: `note(what, engine, value, unit, …)`, as `Figure`."""
    kept = request.config.stash.setdefault(_FIGURES, [])

    def keep(*args: object, **more: object) -> None:
        kept.append(Figure(*args, **more))  # type: ignore[arg-type]

    return keep


@pytest.fixture
def at(place: Place, tmp_path: Path) -> tuple[Path, str | None]:
    """(folder, database address) for a server on each engine."""
    return place["data"] or tmp_path / "data", place["database_url"]


@pytest.fixture
def kind(at: tuple[Path, str | None]) -> str:
    """The engine's name."""
    return "postgres" if at[1] else "sqlite"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    kept = config.stash.get(_FIGURES, [])
    if kept:
        terminalreporter.section("figures (! = over its aim)")
        for line in table(kept):
            terminalreporter.write_line(line)
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        terminalreporter.write_line(f"{os.cpu_count()} cores; load over the last 1, 5 and 15 minutes: {load}")
