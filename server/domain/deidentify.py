"""De-identified text: what in it might tell who the child is, and where it stands.

Numbers of persons, telephone numbers, addresses, e-mail, links and schools are refused for good. A
suspected name is refused once and accepted when the sender confirms exactly those substrings. The text is
judged as a reader sees it (`spelling`), with numbers spelled apart, in words, or with words between. It is
a net, not a proof: the hint that rare circumstances identify stays beside the field.
Source: rules.md 3.5 and 5.1, sync-protocol.md 6.6, promises.md P12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from server.domain import written_numbers, written_words
from server.domain.spelling import plain, utf16_slice

SuspectKind = Literal["personal_number", "phone", "email", "address", "url", "school", "name"]
_FINDERS: Final[tuple[tuple[SuspectKind, Callable[[str], Iterator[tuple[int, int]]]], ...]] = (
    ("personal_number", written_numbers.person_numbers),
    ("phone", written_numbers.phones),
    ("email", written_words.emails),
    ("url", written_words.links),
    ("address", written_words.addresses),
    ("school", written_words.schools),
)
"""What is refused for good, in the order in which an overlap is decided."""
REFUSED_FOR_GOOD: Final[frozenset[SuspectKind]] = frozenset(kind for kind, _ in _FINDERS)
_ORDER: Final[tuple[SuspectKind, ...]] = (*(kind for kind, _ in _FINDERS), "name")


@dataclass(frozen=True)
class Suspect:
    """A part of a text that might identify. `start`, `end` (exclusive) count UTF-16 units."""

    kind: SuspectKind
    start: int
    end: int


def suspects(text: str, *, allowed_names: Iterable[str] = ()) -> list[Suspect]:
    """Everything in the text that might identify, in order, without overlaps.

    `allowed_names` may stand in the text: those of the professionals who ask and answer.
    """
    folded = plain(text)
    found: list[tuple[SuspectKind, int, int]] = list(_found(folded.text, allowed_names))
    found.sort(key=lambda one: (_ORDER.index(one[0]), one[1], -one[2]))
    kept: list[tuple[SuspectKind, int, int]] = []
    for kind, start, end in found:
        if not any(start < other_end and other_start < end for _, other_start, other_end in kept):
            kept.append((kind, start, end))
    return [Suspect(kind, *folded.span(start, end)) for kind, start, end in sorted(kept, key=lambda one: one[1])]


def blocking(text: str, *, confirmed: Sequence[str] = (), allowed_names: Iterable[str] = ()) -> list[Suspect]:
    """What keeps the text from being accepted; empty when it may be.

    Suspected names stop blocking when `confirmed` lists exactly their substrings, in any order. What is
    refused for good cannot be confirmed.
    """
    found = suspects(text, allowed_names=allowed_names)
    names = {substring(text, one) for one in found if one.kind == "name"}
    if names == set(confirmed):
        return [one for one in found if one.kind in REFUSED_FOR_GOOD]
    return found


def substring(text: str, suspect: Suspect) -> str:
    """The characters of the text that the suspect stands for."""
    return utf16_slice(text, suspect.start, suspect.end)


def _found(text: str, allowed_names: Iterable[str]) -> Iterator[tuple[SuspectKind, int, int]]:
    rest = text
    for kind, finder in _FINDERS:
        for start, end in finder(text):
            yield kind, start, end
            rest = f"{rest[:start]}{'0' * (end - start)}{rest[end:]}"
    # A name is looked for beside what is refused anyway, not in it: a street is no surname.
    for start, end in written_words.names(rest, allowed_names):
        yield "name", start, end
