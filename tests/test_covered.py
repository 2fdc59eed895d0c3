"""Pure code is tested by its own tests alone, every branch of it (P1: each function that decides who may)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.texts import ROOT

OWN_TESTS = ("tests/domain", "tests/sync/test_digest.py")


@pytest.mark.long(about_s=20)
def test_every_branch_of_the_domain_is_run_by_its_own_tests(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not promise and not bench and not exhaustive",
            "--cov=server.domain", "--cov-branch", "--cov-report=term-missing", "--cov-fail-under=100", *OWN_TESTS,
        ],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "COVERAGE_FILE": str(tmp_path / "coverage")},
        capture_output=True,
        text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
