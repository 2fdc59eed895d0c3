"""What every test may ask for: a clock, a fresh database on each engine, a PostgreSQL of our own, the built client."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypedDict

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from server.storage.engine import Engine, open_engine
from server.storage.migrate import migrate
from server.storage.sqlite import FILE
from server.texts import ROOT
from tests.clock import FrozenClock
from tests.postgres import Postgres, running_postgres
from tests.turns import held

_numbers = itertools.count(1)
FIGURE = "figure"
BROWSER = Path(__file__).parent / "browser"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
WINDOWLESS = "chromium-headless-shell"
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-component-update", "--no-first-run")
CLIENT_SOURCES = {".ts", ".tsx", ".css"}

# How fast a machine is proves nothing: speed is measured by `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", choices=("browser", "plain"), help="only tests with a browser, or only those without")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Spares the other part's files from being read. Paths that were asked for are read, whatever the part."""
    part = config.getoption("part")
    if part is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return None
    is_browser = BROWSER in (collection_path, *collection_path.parents)
    is_other = is_browser if part == "plain" else collection_path.is_file() and not is_browser
    return True if is_other else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of what has been chosen otherwise: the part, in an order in which all processes end at about the same time."""
    part = config.getoption("part")
    if part is not None:
        others = [item for item in items if (BROWSER in item.path.parents) != (part == "browser")]
        config.hook.pytest_deselected(items=others)
        left = set(others)
        items[:] = [item for item in items if item not in left]
    items[:] = _dealt(items, int(getattr(config, "workerinput", {}).get("workercount", 1)))


def _dealt(items: Sequence[pytest.Item], count: int) -> list[pytest.Item]:
    """Each process begins with its share of those that take long, and goes on with its share of the others in a row:
    what a file makes for its tests is made once. xdist lets a process take others' last ones when it is done.
    """
    ranked = sorted(filter(_about_s, items), key=_about_s, reverse=True)
    rest = iter([item for item in items if not _about_s(item)])
    dealt: list[pytest.Item] = []
    for place in range(count):
        own = [one for n, one in enumerate(ranked) if min(n % (2 * count), 2 * count - 1 - n % (2 * count)) == place]
        share = (len(items) - len(dealt)) // (count - place)
        dealt += [*own, *islice(rest, max(0, share - len(own)))]
    return [*dealt, *rest]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`tell("…")` says a figure at the end of the run, whichever process measured it."""
    return lambda words: record_property(FIGURE, words)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests have told."""
    told = [
        f"{report.nodeid.rpartition('::')[2]}: {words}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, words in report.user_properties
        if name == FIGURE
    ]
    if told:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join([*told, ""]))


def _about_s(item: pytest.Item) -> int:
    """How long it takes, when that is long: `@pytest.mark.promise(about_s=300)`, `@pytest.mark.long(about_s=40)`."""
    marks = filter(None, map(item.get_closest_marker, ("promise", "long")))
    return max((int(mark.kwargs.get("about_s", 0)) for mark in marks), default=0)


class Place(TypedDict):
    """What `open_engine` needs."""

    data: Path | None
    database_url: str | None


@pytest.fixture(scope="session")
def client_is_built() -> None:
    """The app as it is served, built anew when a source has changed since."""
    built = ROOT / "pwa" / "dist" / "sw.js"
    if not built.is_file():
        pytest.fail("pwa/dist is not there: run `make build` (or `make test`, which does it)")
    with held(ROOT / "pwa"):
        sources = (path for path in (ROOT / "pwa" / "src").rglob("*") if path.suffix in CLIENT_SOURCES)
        if max(path.stat().st_mtime for path in (ROOT / "pwa" / "sw.ts", *sources)) > built.stat().st_mtime:
            command = [ROOT / "tools" / "npm", "run", "--silent", "build"]
            ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is."""
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return found
    pytest.fail("there is no Chromium on this machine: run `tools/system --for-tests`, or install the package chromium")


@pytest.fixture(scope="session")
def windowless_path() -> str | None:
    """Where Chromium without anything around its pages is: a third of the work for each device. None: not here."""
    return shutil.which(WINDOWLESS)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still."""
    return FrozenClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL of this test run. A test that stops or spoils it starts one of its own:
    `running_postgres()`.
    """
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated database that no test connects to."""

    async def make() -> None:
        await _in_postgres(postgres, "create database template_migrated")
        await _migrated(open_engine(data=None, database_url=postgres.url("template_migrated")))

    asyncio.run(make())
    return "template_migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that no test opens."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    asyncio.run(_migrated(open_engine(data=folder, database_url=None)))
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return folder / FILE


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a fresh, migrated database, dropped after the test."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_in_postgres(postgres, f"create database {name} template {postgres_template}"))
    yield postgres.url(name)
    asyncio.run(_in_postgres(postgres, f"drop database {name} with (force)"))


@pytest.fixture
def sqlite_folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A folder with a fresh, migrated file."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / FILE)
    return folder


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """Where a fresh, migrated database is: `open_engine(**place)`; the test runs once on each kind."""
    if request.param == "sqlite":
        return {"data": request.getfixturevalue("sqlite_folder"), "database_url": None}
    return {"data": None, "database_url": request.getfixturevalue("postgres_url")}


@pytest.fixture
async def engine(place: Place) -> AsyncIterator[Engine]:
    """A started engine on a fresh, migrated database; the test runs once on each kind."""
    opened = open_engine(**place)
    await opened.start()
    yield opened
    await opened.close()


async def _migrated(engine: Engine) -> None:
    await engine.start()
    await migrate(engine)
    await engine.close()


async def _in_postgres(postgres: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(postgres.url())
    await connection.execute(sql)
    await connection.close()
