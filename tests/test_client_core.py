"""The client's own tests (pwa/test): its cores against the shared vectors and traces, its stores, tabs and worker."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

NPM = Path(__file__).resolve().parents[1] / "tools" / "npm"


@pytest.mark.long(about_s=30)
def test_the_clients_own_tests_pass() -> None:
    ended = subprocess.run([NPM, "run", "--silent", "test"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert "# pass 0" not in ended.stdout


@pytest.mark.promise(about_s=30)
def test_the_clients_own_walks_converge_over_2_000_seeds() -> None:
    """And a hundred of them are the same to the byte when they are walked again (pwa/test/walk.test.ts)."""
    command = [NPM, "run", "--silent", "test", "--", "walk"]
    env = {**os.environ, "SEEDS": "2000", "SEED": "10001"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert "2000 seeds" in ended.stdout and "# pass 3" in ended.stdout
