"""Several workers that are killed: every due reminder is said; none twice, at night, or of what was called off (P7).

Whoever has a dead, a silent or no device gets it by mail or text.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.push.carrying_out import a_run, carry_out


async def test_three_workers_that_are_killed_say_everything_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_file = tmp_path / "clock"
    async with a_run(
        place["data"] or tmp_path / "files", place["database_url"], clock_file, monkeypatch, seed=7
    ) as run:
        figures = await carry_out(run, families=5, meetings=5, days=24, kills=6, trouble=0.03, clock_file=clock_file)
    print(figures)


@pytest.mark.promise(about_s=600)
async def test_p7_ten_thousand_reminders_a_hundred_kills_both_dst_changes_and_new_year(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]
) -> None:
    clock_file, begun = tmp_path / "clock", time.monotonic()
    data = place["data"] or tmp_path / "files"
    async with a_run(data, place["database_url"], clock_file, monkeypatch, seed=20261025) as run:
        figures = await carry_out(
            run,
            families=132,
            meetings=10,
            days=220,
            kills=100,
            trouble=0.015,
            clock_file=clock_file,
            at_most_s=60,
            at_least=10_000,
        )
    tell(f"{figures}, {time.monotonic() - begun:.0f} s")
