"""Statistics nobody can be found in: small cells are hidden, and whatever would give them back.

A cell of 1 to 4 is hidden, and a zero too unless it is zero by construction. Then further cells are
hidden until no hidden one can be worked out from the sums that are published beside it. Screens, files
and charts all show what comes out of here; there is no other way from counts to readers. Publish one
fixed table per question: tables that share cells must be suppressed together, as lines of one call.
Source: rules.md 4.2, promises.md P12.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Generic, TypeVar

SMALLEST: Final = 5
"""The smallest count that is published."""

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


@dataclass(frozen=True)
class Line(Generic[Key]):
    """A published sum: `total` is the key of the cell that is the sum of the `parts`."""

    total: Key
    parts: tuple[Key, ...]


def suppress_lines(
    counts: Mapping[Key, int],
    lines: Sequence[Line[Key]],
    *,
    smallest: int = SMALLEST,
    structural_zeros: Set[Key] = frozenset(),
) -> dict[Key, int | None]:
    """Every cell with its count, or None where it is hidden.

    After it, in each line with something hidden: at least two cells are, the hidden parts together are not
    small, and no small cell follows from the visible ones and the lines. Raises ValueError for a negative
    count or a line that does not add up.
    """
    _check(counts, lines)
    small = {key for key, count in counts.items() if count < smallest and key not in structural_zeros}
    hidden = set(small)
    while True:
        extra = _exposed(counts, lines, hidden, smallest, structural_zeros)
        if extra is None:
            extra = _solvable(counts, lines, hidden, small, structural_zeros)
        if extra is None:
            return {key: None if key in hidden else count for key, count in counts.items()}
        hidden.add(extra)


def suppress(
    counts: Mapping[Key, int], *, smallest: int = SMALLEST, structural_zeros: Set[Key] = frozenset()
) -> tuple[dict[Key, int | None], int | None]:
    """A list of counts and its total, as they may be published; None where hidden."""
    cells: dict[tuple[str, Key | None], int] = {("cell", key): count for key, count in counts.items()}
    line = Line(("all", None), tuple(cells))
    cells["all", None] = sum(counts.values())
    zeros = {("cell", key) for key in structural_zeros}
    shown = suppress_lines(cells, [line], smallest=smallest, structural_zeros=zeros)
    return {key: shown["cell", key] for key in counts}, shown["all", None]


@dataclass(frozen=True)
class Table(Generic[Row, Column]):
    """A table with its margins as they may be published; None where hidden."""

    cells: dict[tuple[Row, Column], int | None]
    rows: dict[Row, int | None]
    columns: dict[Column, int | None]
    total: int | None


def suppress_table(
    counts: Mapping[tuple[Row, Column], int],
    *,
    smallest: int = SMALLEST,
    structural_zeros: Set[tuple[Row, Column]] = frozenset(),
) -> Table[Row, Column]:
    """A table of counts by row and column with row, column and grand totals. Missing cells are zeros."""
    rows = _unique(row for row, _ in counts)
    columns = _unique(column for _, column in counts)
    cells: dict[tuple[str, object, object], int] = {
        ("cell", row, column): counts.get((row, column), 0) for row in rows for column in columns
    }
    lines: list[Line[tuple[str, object, object]]] = []
    for row in rows:
        parts = tuple(("cell", row, column) for column in columns)
        cells["row", row, None] = sum(cells[part] for part in parts)
        lines.append(Line(("row", row, None), parts))
    for column in columns:
        parts = tuple(("cell", row, column) for row in rows)
        cells["column", None, column] = sum(cells[part] for part in parts)
        lines.append(Line(("column", None, column), parts))
    cells["all", None, None] = sum(counts.values())
    lines.append(Line(("all", None, None), tuple(("row", row, None) for row in rows)))
    lines.append(Line(("all", None, None), tuple(("column", None, column) for column in columns)))
    zeros = {("cell", row, column) for row, column in structural_zeros}
    shown = suppress_lines(cells, lines, smallest=smallest, structural_zeros=zeros)
    return Table(
        {(row, column): shown["cell", row, column] for row in rows for column in columns},
        {row: shown["row", row, None] for row in rows},
        {column: shown["column", None, column] for column in columns},
        shown["all", None, None],
    )


def _check(counts: Mapping[Key, int], lines: Iterable[Line[Key]]) -> None:
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is never negative")
    for line in lines:
        if counts[line.total] != sum(counts[part] for part in line.parts):
            raise ValueError(f"the parts of {line.total!r} do not add up to it")


def _exposed(
    counts: Mapping[Key, int], lines: Iterable[Line[Key]], hidden: Set[Key], smallest: int, zeros: Set[Key]
) -> Key | None:
    """The next cell to hide in a line whose hidden cells can be read off its sum, or None."""
    for line in lines:
        parts = [part for part in line.parts if part in hidden]
        alone = len(parts) + (line.total in hidden) == 1
        few = bool(parts) and line.total not in hidden and sum(counts[part] for part in parts) < smallest
        if alone or few:
            extra = _cheapest(counts, [*line.parts, line.total], hidden, zeros, last=line.total)
            if extra is not None:
                return extra
    return None


def _solvable(
    counts: Mapping[Key, int], lines: Iterable[Line[Key]], hidden: Set[Key], small: Set[Key], zeros: Set[Key]
) -> Key | None:
    """The next cell to hide because a small one follows from several lines together, or None."""
    unknown = [key for key in counts if key in hidden]
    matrix = [
        [Fraction((key in line.parts) - (key == line.total)) for key in unknown]
        for line in lines
        if hidden & {line.total, *line.parts}
    ]
    for row in _reduced(matrix):
        known = [key for key, factor in zip(unknown, row, strict=True) if factor]
        if len(known) == 1 and known[0] in small:
            around = [line for line in lines if known[0] in (line.total, *line.parts)]
            near = [key for line in around for key in (*line.parts, line.total)]
            for keys in (near, list(counts)):
                extra = _cheapest(counts, keys, hidden, zeros)
                if extra is not None:
                    return extra
    return None


def _cheapest(
    counts: Mapping[Key, int],
    keys: Sequence[Key],
    hidden: Set[Key],
    zeros: Set[Key],
    last: Key | None = None,
) -> Key | None:
    """The smallest visible cell of the keys, the line's total only when nothing else is left."""
    free = [key for key in keys if key not in hidden and key not in zeros]
    return min(free, key=lambda key: (key == last, counts[key]), default=None)


def _reduced(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form: a row with one entry is a cell that can be worked out."""
    rows, done = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[column]:
                rows[n] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


def _unique(keys: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys(keys))
