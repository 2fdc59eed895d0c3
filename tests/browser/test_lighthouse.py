"""What Lighthouse says of a family's home on a slow phone: a 4× slower processor and slow 4G."""

from __future__ import annotations

import http.cookiejar
import json
import os
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.house import Others, Server
from tests.browser.words import ROOT

LIGHTHOUSE = ROOT / "pwa" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
NOT_MEANT = "is-crawlable"
"""No search engine is let in: robots.txt and a header say so."""
TRIES = 5
"""Whatever else the machine does makes a visit slower, never faster: the best of so many counts."""
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


@pytest.mark.promise
@pytest.mark.alone
@pytest.mark.timeout(300)
def test_home_scores_on_a_slow_phone(
    server: Server, others: Others, chromium_path: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    if not LIGHTHOUSE.is_file():
        pytest.fail("lighthouse is not there: run `make promises`, which installs it")
    best: dict[str, int] = {}
    for number in range(TRIES):
        found = measured(server, f"visit-{number}", session_of("anna", others), chromium_path, tmp_path)
        # Only somebody signed in as a guardian fetches these: it was the home that was measured.
        assert any("/assets/family-" in one["url"] for one in found["audits"]["network-requests"]["details"]["items"])
        scores = {name: round(100 * found["categories"][name]["score"]) for name in LEAST}
        tell(f"Lighthouse {found['lighthouseVersion']}: {scores} {times(found)} {weak(found)}")
        best = max(best, scores, key=lambda one: one.get("performance", 0))
        if best["performance"] >= LEAST["performance"]:
            break
    assert all(best[name] >= least for name, least in LEAST.items()), best


def measured(server: Server, name: str, cookie: str, chromium_path: str, folder: Path) -> dict[str, Any]:
    """The report of one visit."""
    report = folder / f"{name}.json"
    subprocess.run(
        [
            "node",
            LIGHTHOUSE,
            f"{server.origin}/",
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(LEAST)}",
            f"--skip-audits={NOT_MEANT}",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ],
        env={**os.environ, "CHROME_PATH": chromium_path},
        check=True,
        capture_output=True,
        timeout=120,
    )
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def times(found: dict[str, Any]) -> dict[str, str]:
    """What was measured, in words."""
    return {name: found["audits"][name]["displayValue"] for name in TIMES}


def weak(found: dict[str, Any]) -> list[str]:
    """Audits that did not pass."""
    audits = found["audits"].items()
    return [name for name, one in audits if (one["score"] or 0) < 0.9 and one["scoreDisplayMode"] == "binary"]


def session_of(persona: str, others: Others) -> str:
    """The cookie of a new session."""
    kept = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(kept))
    body = json.dumps({"persona": persona, "seat": others.seat(persona), "assurance": "eid"}).encode()
    headers = {"Content-Type": "application/json", "Origin": others.origin}
    opener.open(urllib.request.Request(f"{others.origin}/auth/demo", data=body, headers=headers)).close()
    return "; ".join(f"{one.name}={one.value}" for one in kept)
