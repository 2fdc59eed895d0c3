"""Spelling: a text as a reader sees it, with the way back to where it stood.

Full-width and circled digits, the digits of other scripts, thin spaces, soft hyphens and characters of no
width all look like, or hide, something plain. `plain` folds them so that a search finds what a person
would read; positions lead back to the original in UTF-16 units, as browsers count.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that are shown as nothing; they separate like a space."""


@dataclass(frozen=True)
class Plain:
    """The folded text. `starts[i]`, `ends[i]`: where its character `i` stood, in UTF-16 units."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The UTF-16 span in the original of the folded characters `start` to `end` (exclusive)."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text with digits as ASCII, dashes as `-`, spaces as one kind and the invisible left out."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for char in text:
        end = at + (2 if ord(char) > 0xFFFF else 1)
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            _compose(chars, ends, char, end)
        elif category != "Cf":
            for one in _folded(char, category):
                chars.append(one)
                starts.append(at)
                ends.append(end)
        at = end
    return Plain("".join(chars), tuple(starts), tuple(ends))


def utf16_slice(text: str, start: int, end: int) -> str:
    """The part of the text between two positions counted in UTF-16 units."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def _compose(chars: list[str], ends: list[int], mark: str, end: int) -> None:
    """Joins a combining mark to the letter before it (a + ring = å), or leaves it out."""
    if not chars:
        return
    joined = unicodedata.normalize("NFC", chars[-1] + mark)
    if len(joined) == 1:
        chars[-1] = joined
        ends[-1] = end


def _folded(char: str, category: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs" or char in _BLANK_LETTERS:
        return " "
    return unicodedata.normalize("NFKC", char)
