"""Pure code stays pure: no database, clock, chance, network, framework, log or environment in it.

Which layer may import which is import-linter's affair (`pyproject.toml`, `make check`); this is about the rules and the
pure halves of the engines, and about what no module may do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parent.parent / "server"
ENGINES = ("sync", "push", "auth", "web")
"""Folders in which a module is pure when its docstring says so."""
CORES = {"sync/frames.py", "sync/session.py", "push/plan.py", "push/payload.py", "auth/id_token.py"}
"""Those that must say so (Source: architecture.md 1)."""
IMPURE = {
    *("asyncio", "threading", "concurrent", "multiprocessing", "subprocess", "socket", "ssl", "http", "urllib.request"),
    *("os", "pathlib", "tempfile", "sqlite3", "logging", "random", "secrets", "time", "uuid"),
    *("litestar", "piccolo", "asyncpg", "aiohttp", "uvicorn", "websockets", "structlog", "prometheus_client"),
    *(
        "server.storage",
        "server.clock",
        "server.settings",
        "server.logs",
        "server.metrics",
        "server.web",
        "server.auth",
    ),
}
ASKS_THE_TIME = {"now", "utcnow", "today"}


def pure_modules() -> list[Path]:
    engines = (path for folder in ENGINES for path in sorted((SERVER / folder).rglob("*.py")))
    return [*sorted((SERVER / "domain").rglob("*.py")), *filter(says_so, engines)]


def says_so(path: Path) -> bool:
    """Whether the first line of the module ends with "Pure." (and perhaps the standard it follows)."""
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    return re.search(r"\. Pure( \(.*\))?\.$", first) is not None


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_there_is_pure_code_to_look_at() -> None:
    found = {path.relative_to(SERVER).as_posix() for path in pure_modules()}
    assert found >= CORES and any(name.startswith("domain/") for name in found)


@pytest.mark.parametrize("path", pure_modules(), ids=lambda path: str(path.relative_to(SERVER)))
def test_pure_module_imports_nothing_impure(path: Path) -> None:
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert {name for name in names if any(f"{name}.".startswith(f"{banned}.") for banned in IMPURE)} == set()


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(SERVER.rglob("*.py")) if path != SERVER / "clock.py"],
    ids=lambda path: str(path.relative_to(SERVER)),
)
def test_only_the_clock_asks_the_time(path: Path) -> None:
    asked = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ASKS_THE_TIME
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    ]
    assert asked == []
