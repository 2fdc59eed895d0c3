"""Around: all rows of one aggregate, and the units, people and areas they name, at one instant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from server.errors import Refused
from server.features.shape import Row, Writes

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Around:
    """What a decision or a projection may know. `named` holds rows of other aggregates by id; it is read only.

    `reads` and `purges` are the access log and the erasure receipts of this aggregate, where a feature shows them.
    """

    id: str
    kind: str
    owner_unit: str
    now: datetime
    rows: tuple[Row, ...]
    named: Mapping[str, Row] = field(default_factory=dict)
    others: Mapping[str, Around] = field(default_factory=dict)
    purges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """{scope name: (devices that held it, devices that have confirmed erasure)}"""

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """The aggregate's rows of this type, in id order."""
        return tuple(row for row in self.rows if isinstance(row, kind))

    def get(self, kind: type[R], id: str) -> R:
        """The row with this id. Raises `Refused("not_found")`."""
        for row in self.rows:
            if row.id == id and isinstance(row, kind):
                return row
        raise Refused("not_found")

    def first(self, kind: type[R]) -> R | None:
        """The only (or first) row of this type, if there is one."""
        return next(iter(self.all(kind)), None)

    def known(self, kind: type[R], id: str | None) -> R | None:
        """A unit, colleague or area by id, from this aggregate or from those it names."""
        row = self.named.get(id) if id else None
        if isinstance(row, kind):
            return row
        return next((own for own in self.all(kind) if own.id == id), None)

    def of(self, aggregate: str) -> Around:
        """Another locked target of the same command."""
        return self.others[aggregate]

    def after(self, writes: Writes, rows: Iterable[Row]) -> Around:
        """The same aggregate once `rows` (those of the writes that belong to it) are kept."""
        changed = {row.id: row for row in rows}
        gone = set(writes.remove)
        kept = [changed.pop(row.id, row) for row in self.rows if row.id not in gone]
        everything = sorted([*kept, *changed.values()], key=lambda row: row.id)
        return replace(self, rows=tuple(everything))
