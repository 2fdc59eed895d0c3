"""What `make` selects is there: each marker is on a test, and what the Makefile hands over is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MARKERS = [
    text.partition(":")[0].partition("(")[0]
    for text in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]["markers"]
]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _tests() -> str:
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    return "\n".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("marker", MARKERS)
def test_each_marker_is_on_a_test(marker: str) -> None:
    assert re.search(rf"\bpytest\.mark\.{marker}\b", _tests())


def test_make_selects_by_markers_that_exist() -> None:
    assert set(re.findall(r" -m (\w+)", MAKEFILE.replace("$(PY) -m", ""))) - {"pytest"} <= set(MARKERS)


def test_what_soak_is_given_is_read() -> None:
    given = set(re.findall(r"\bSOAK_[A-Z]+(?==)", MAKEFILE))
    assert given == set(re.findall(r'environ\.get\("(SOAK_[A-Z]+)"\)', _tests())) == {"SOAK_SECONDS", "SOAK_SEED"}
