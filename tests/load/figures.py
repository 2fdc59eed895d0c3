"""What was measured, as a table: each figure beside its aim, as a ratio, and what one operation costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ON_POSTGRES, ON_SQLITE = "postgres", "sqlite"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `aim` is an upper bound, or a lower one if `at_least`; `cpu_ms` is of the server, per operation."""

    what: str
    engine: str
    value: float
    unit: str
    aim: float | None = None
    at_least: bool = False
    cpu_ms: float | None = None
    more: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times over the aim it is: 1 or less is well."""
        if self.aim is None or not self.value:
            return None
        return self.aim / self.value if self.at_least else self.value / self.aim


def part(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(figures: Sequence[Figure]) -> list[str]:
    """Lines to print."""
    rows = [("what", "engine", "figure", "aim", "figure/aim", "CPU per op", "")]
    for one in figures:
        bound = "" if one.aim is None else f"{'≥' if one.at_least else '≤'} {one.aim:g}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}{'' if one.ratio <= 1 else ' !'}"
        cpu = "" if one.cpu_ms is None else f"{one.cpu_ms:.2f} ms"
        rows.append((one.what, one.engine, f"{one.value:.3g} {one.unit}", bound, ratio, cpu, one.more))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row[:6], widths, strict=True)) + "  " + row[6]
        for row in rows
    ]
