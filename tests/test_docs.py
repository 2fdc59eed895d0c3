"""The documents are true: commands exist, settings are named, links lead somewhere, the example of a feature works."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from server.cli import main
from server.push.tidy import KEPT
from server.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "server").rglob("*.md"))
    if "node_modules" not in path.parts
)
MADE_LATER = {"docs/picture.png"}
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def code(text: str) -> str:
    """What stands in code: blocks and spans."""
    blocks = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_house_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, part = target.partition("#")
        if target.startswith(("https://", "http://", "mailto:")) or not path:
            continue
        found = (page.parent / path).resolve()
        known = found.exists() or str(found.relative_to(ROOT)) in MADE_LATER
        assert known, f"{page.name}: {target}"
        assert not part, f"{page.name}: links go to pages, not into them"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    for name in re.findall(
        r"(?:server|tests|pwa|docs|locales|tools)/[\w./-]*\w", code(page.read_text(encoding="utf-8"))
    ):
        if name.endswith("_") or name.endswith(("milestone.py", "test_milestone.py")) or name in MADE_LATER:
            continue
        path = ROOT / name
        assert path.exists() or (path.parent.exists() and "*" in name) or name.startswith("locales/"), (page.name, name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_and_commands_that_are_named_exist(page: Path) -> None:
    told = code(page.read_text(encoding="utf-8"))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", told)) <= targets
    named = re.findall(r"^(?:\$ )?samled ([a-z-]+)", told, re.MULTILINE)
    assert set(named) <= main.commands.keys()
    for name, option in re.findall(r"^samled ([a-z-]+)[^\n#]*? (--[a-z-]+)", told, re.MULTILINE):
        if name not in ("audit", "config"):
            assert option in {text for param in main.commands[name].params for text in param.opts}, (name, option)


def test_every_command_is_documented() -> None:
    table = set(re.findall(r"^\| `samled ([a-z-]+)` \|", OPERATIONS, re.MULTILINE))
    assert table == main.commands.keys()


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    found = re.findall(r"^\| `(SAMLED_[A-Z_]+)` \|([^|]*)\|", OPERATIONS, re.MULTILINE)
    rows = {name: default.strip() for name, default in found}
    assert rows.keys() == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, int | str | Path) and str(default) and not isinstance(default, bool):
            assert rows[f"{PREFIX}{name}".upper()] == f"`{default}`", name
    everywhere = {
        name for page in PAGES for name in re.findall(r"SAMLED_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8"))
    }
    assert everywhere <= rows.keys()


def test_how_long_things_are_kept_is_what_is_done() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = {
        name: line
        for line in text.splitlines()
        if line.startswith("| `") or line.startswith("| notices") or line.startswith("| `feed`")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    words = {"tombstone": "feed", "wiped session": "session"}
    for what, kept in KEPT.items():
        told = rows[words.get(what, what)]
        written = f"{kept.days} days" if kept.days else "one hour"
        assert written in told, (what, written, told)


def test_the_sheet_of_requirements_is_answered_and_its_tests_exist() -> None:
    lines = (ROOT / "docs" / "asvs.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# OWASP ASVS 5.0.0")
    rows = list(csv.DictReader(lines[1:]))
    assert len({row["requirement"] for row in rows}) == len(rows)
    assert Counter(row["level"] for row in rows if row["level"] != "3") == {"1": 70, "2": 183}, "all of both levels"
    for row in rows:
        assert re.fullmatch(r"\d+\.\d+\.\d+", row["requirement"]), row
        assert row["status"] in ("test", "document", "n/a", "deviation"), row
        assert row["note"] or row["status"] not in ("n/a", "deviation"), row
        assert (ROOT / row["where"]).is_file() if row["where"] else row["status"] == "n/a", row


def test_the_example_of_a_feature_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "add-a-feature.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copytree(ROOT / "server", tmp_path / "server", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    (tmp_path / "server" / "features" / "milestone.py").write_text(example, encoding="utf-8")
    for name in ("__init__.py", "people.py"):
        (tmp_path / "tests").mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "tests" / name, tmp_path / "tests" / name)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRY],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "seen by 3, then by 0\n"), done.stderr


TRY = """
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from server import app as composition
from server.errors import Refused
from server.settings import Settings
from tests.people import make_world

async def main():
    parts = composition.build_parts(Settings(data=Path("data")))
    async with composition.running(parts):
        world = await make_world(parts.house, datetime(2026, 9, 1, 8, tzinfo=UTC))
        made = await world.stage.act(world["anna"], "milestone.note", child=world.elsa, text="Cyklade till skolan")
        async def seen():
            async with parts.engine.read() as tx:
                return await tx.fetch_value("SELECT count(*) FROM feed WHERE entity = 'milestone' AND doc IS NOT NULL")
        before = await seen()
        for who in ("omar", "jonas"):
            try:
                await world.stage.act(world[who], "milestone.take_back", milestone=made["milestone"])
            except Refused as refused:
                assert refused.code in ("not_allowed", "not_found"), refused.code
            else:
                raise AssertionError(who)
        await world.stage.act(world["anna"], "milestone.take_back", milestone=made["milestone"])
        print(f"seen by {before}, then by {await seen()}")

asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["samled.service", "samled-worker.service"])
def test_units_start_commands_that_exist(name: str) -> None:
    text = (ROOT / "docs" / "deploy" / name).read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=\S+ -m server ([a-z]+)$", text, re.MULTILINE)
    assert command in main.commands
