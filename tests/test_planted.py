"""Every planted bug can still be planted, and the test that is to notice it is there; `make teeth` sees that it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.teeth import ROOT, Bug, bugs


def wrong(bug: Bug) -> Iterator[str]:
    """What keeps `bug` from being planted and noticed."""
    file = ROOT / bug.file
    stands = file.read_text(encoding="utf-8").count(bug.find) if file.is_file() else 0
    if stands != 1:
        yield f"{bug.find!r} stands {stands} times in {bug.file}, not once"
    path, _, name = bug.caught_by.partition("::")
    if f"def {name.partition('[')[0]}(" not in (ROOT / path).read_text(encoding="utf-8"):
        yield f"no test {bug.caught_by}"


@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.what)
def test_a_planted_bug_can_be_planted_and_its_test_is_there(bug: Bug) -> None:
    assert list(wrong(bug)) == []
