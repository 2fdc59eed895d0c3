"""Folding a text to what a reader sees, with positions in UTF-16 units."""

from __future__ import annotations

import pytest

from server.domain.spelling import plain, utf16_slice


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("８１１２", "8112"),
        ("٨١١٢", "8112"),
        ("⑧①①②", "8112"),
        ("8\u200b1\u00ad1\u20602", "8112"),
        ("8\ufe0f\u20e31\ufe0f\u20e3", "81"),
        ("8–1—1−2", "8-1-1-2"),
        ("8\u00a01\u20091\u31642", "8 1 1 2"),
        ("A\u030asa", "Åsa"),
        ("\u0301a", "a"),
        ("ﬁn", "fin"),
        ("Hej\n", "Hej\n"),
        ("", ""),
    ],
)
def test_folded_texts(text: str, folded: str) -> None:
    assert plain(text).text == folded


def test_positions_lead_back_in_utf16_units() -> None:
    text = "😀 A\u030asa 8\u200b1"
    found = plain(text)
    at = found.text.index("Åsa")
    assert found.span(at, at + 3) == (3, 7)
    assert utf16_slice(text, 3, 7) == "A\u030asa"
    at = found.text.index("81")
    assert utf16_slice(text, *found.span(at, at + 2)) == "8\u200b1"


def test_one_character_that_folds_to_several_stands_in_one_place() -> None:
    found = plain("½")
    assert {found.span(n, n + 1) for n in range(len(found.text))} == {(0, 1)}
    assert utf16_slice("\ud800x", 0, 1) == "\ud800"
