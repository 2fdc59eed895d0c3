"""The client's own tests (pwa/test): its cores against the shared vectors and traces, its stores, tabs and worker."""

from __future__ import annotations

import subprocess
from pathlib import Path

NPM = Path(__file__).resolve().parents[1] / "tools" / "npm"


def test_the_clients_own_tests_pass() -> None:
    ended = subprocess.run([NPM, "run", "--silent", "test"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert "# pass 0" not in ended.stdout
