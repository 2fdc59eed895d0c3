"""The page and the code agree: every frame, key, reason and close code that PROTOCOL.md names, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from server.domain.version import PROTOCOL
from server.errors import FIELD_CODES, STATUS
from server.sync import frames, session

PAGE = (Path(frames.__file__).parent / "PROTOCOL.md").read_text(encoding="utf-8")


def section(number: int) -> str:
    return PAGE.split(f"\n## {number}. ")[1].split("\n## ")[0]


def table(text: str) -> dict[str, str]:
    """{frame: its row} of the table in a section."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return {name: row for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_client_frames_are_those_of_the_page() -> None:
    assert set(table(section(3))) - {"t"} == set(frames._READERS)


def test_reasons_and_close_codes_are_those_of_the_page() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("- Close codes:"))
    written = {name: int(code) for code, name in re.findall(r"(\d{4}) (\w+)", line)}
    assert written == frames.CLOSE_CODES
    reasons = table(section(4))["bye"].split("`reason`:")[1].split("`retry_after_ms`")[0]
    assert set(re.findall(r"`(\w+)`", reasons)) == set(frames.CLOSE_CODES)


def test_refusals_and_field_codes_are_those_of_the_page() -> None:
    text = section(6)
    for code in set(STATUS) - {"not_signed_in"}:
        assert f"`{code}`" in text, code
    written = next(line for line in text.splitlines() if line.strip().startswith("`fields` codes"))
    assert set(re.findall(r"\w+", written.split("codes: `")[1].split("`")[0])) == FIELD_CODES


def test_limits_are_those_of_the_page() -> None:
    assert f"Version {PROTOCOL}." in PAGE
    assert f"over {frames.MAX_FRAME_BYTES:,} bytes" in PAGE
    assert f"at most {frames.MAX_DELTA_ROWS} rows and {frames.MAX_DELTA_BYTES // 1024} KiB" in PAGE
    assert f"every {session.STILL_EVERY_S:.0f} s" in PAGE and f"within {session.HELLO_WITHIN_S:.0f} s" in PAGE
