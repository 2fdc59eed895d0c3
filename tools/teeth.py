"""Teeth: plants each known bug in a copy of the tree and sees that the test named for it fails.

    python -m tools.teeth [WORD...]      only bugs whose description or file contains every WORD

A test that has never failed proves nothing. The bugs stand in `tests/planted/*.toml`:

    [[bug]]
    what = "an acknowledged commit does not wait for the disk"
    file = "server/storage/sqlite.py"
    find = "synchronous=full"            # must stand in the file exactly once
    put = "synchronous=off"
    caught_by = "tests/storage/test_sqlite.py::test_sqlite_file_is_private_and_durable"

Ends with 1 when a bug goes unnoticed, when a text to change is no longer there, or when a named test fails
without it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = (
    ".git",
    ".venv",
    ".node",
    ".stamps",
    "node_modules",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
)
LIMIT_S = 600
FAILED = 1
"""What pytest ends with when a test failed; anything above means that it did not run."""


@dataclass(frozen=True)
class Bug:
    """One planted bug: replace `find` by `put` in `file`, and `caught_by` (a test's address) must fail."""

    what: str
    file: str
    find: str
    put: str
    caught_by: str


def bugs(folder: Path = ROOT / "tests" / "planted") -> list[Bug]:
    """Every planted bug, by file."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        found += [Bug(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["bug"]]
    return found


def _not_copied(folder: str, names: list[str]) -> set[str]:
    left_out = shutil.ignore_patterns(*NOT_COPIED)(folder, names)
    return left_out | {"data"} if Path(folder) == ROOT else left_out


def run_tests(tree: Path, addresses: list[str]) -> subprocess.CompletedProcess[str]:
    """pytest on `addresses` in `tree`, with the interpreter that runs this."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "", *addresses]
    return subprocess.run(
        command,
        cwd=tree,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def plant(tree: Path, bug: Bug) -> str:
    """Puts `bug` into `tree` and says what stood there before. Raises: `ValueError` when it cannot be
    planted.
    """
    path = tree / bug.file
    before = path.read_text(encoding="utf-8")
    if before.count(bug.find) != 1:
        raise ValueError(f"{bug.file}: {bug.find!r} stands there {before.count(bug.find)} times, not once")
    path.write_text(before.replace(bug.find, bug.put), encoding="utf-8")
    return before


def verdict(tree: Path, bug: Bug) -> str | None:
    """None when the named test notices `bug`, otherwise what is wrong. Leaves `tree` as it was."""
    try:
        before = plant(tree, bug)
    except (OSError, ValueError) as error:
        return str(error)
    try:
        ended = run_tests(tree, [bug.caught_by])
    except subprocess.TimeoutExpired:
        return f"the test did not end within {LIMIT_S} s"
    finally:
        (tree / bug.file).write_text(before, encoding="utf-8")
    if ended.returncode == 0:
        return "not noticed"
    return (
        None if ended.returncode == FAILED else f"the test did not run:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}"
    )


def main(words: list[str]) -> int:
    """0 when every bug is noticed."""
    chosen = [bug for bug in bugs() if all(word in f"{bug.file} {bug.what}" for word in words)]
    with tempfile.TemporaryDirectory(prefix="samled-teeth-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_not_copied, symlinks=True)
        for modules in ROOT.glob("*/node_modules"):
            (tree / modules.relative_to(ROOT)).symlink_to(modules)
        healthy = run_tests(tree, sorted({bug.caught_by for bug in chosen}))
        if healthy.returncode != 0:
            print(healthy.stdout[-4000:] + healthy.stderr[-2000:])
            print("The named tests do not pass without a bug, so nothing can be said.")
            return 1
        missed = 0
        for bug in chosen:
            wrong = verdict(tree, bug)
            missed += wrong is not None
            print(f"{'caught' if wrong is None else 'MISSED'}  {bug.what}  ({bug.caught_by})", flush=True)
            if wrong is not None:
                print(f"        {wrong}")
    print(f"{len(chosen) - missed} of {len(chosen)} planted bugs caught")
    return 1 if missed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
