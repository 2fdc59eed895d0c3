"""P5 for as long as one likes: `make soak SOAK=3600` walks on until the time is up, `make soak SEED=7` from that seed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises.devices import nodes
from tests.promises.walk import Files, Walks

STEPS = 300


@pytest.mark.soak
async def test_walks_converge_until_the_time_is_up(files: Files, core: Path) -> None:
    """Both cores, seeds in a row from the given or drawn one. A failure says its seed and the last of what happened."""
    for_s = float(os.environ.get("SOAK_SECONDS") or 600)
    given = os.environ.get("SOAK_SEED")
    first = int(given) if given else random.SystemRandom().randrange(10**6, 10**9)
    print(f"\nseed {first}, {STEPS} steps each, for {for_s:g} s. The same again: make soak SOAK={for_s:g} SEED={first}")
    end_s = time.monotonic() + for_s

    def seeds() -> Iterator[int]:
        seed = first
        while seed == first or time.monotonic() < end_s:
            yield seed
            seed += 1

    async with nodes(core) as kept:
        walks = Walks(files, kept, STEPS)
        try:
            await walks.each(seeds())
        except pytest.fail.Exception as failed:
            at = str(failed.msg).split(",", 1)[0].removeprefix("seed ")
            print(f"\n{failed.msg}\nThat one first: make soak SEED={at}")
            raise
    print(f"{walks.counts['walks']} walks, {dict(sorted(walks.counts.items()))}")
