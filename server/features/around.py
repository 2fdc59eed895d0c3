"""Around: all rows of one aggregate, and the units, people and areas they name, at one instant. Pure.

It never changes, and a projection asks the same of it for every row: what has been found once is kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from server.domain.instants import local_date
from server.errors import Refused
from server.features.shape import Row, Writes

R = TypeVar("R", bound=Row)
T = TypeVar("T")


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
    answers: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `answered_once` questions have found."""

    @cached_property
    def today(self) -> date:
        """The calendar day in Sweden."""
        return local_date(self.now)

    @cached_property
    def _by_kind(self) -> Mapping[type[Row], tuple[Row, ...]]:
        found: dict[type[Row], list[Row]] = {}
        for row in self.rows:
            found.setdefault(type(row), []).append(row)
        return {kind: tuple(rows) for kind, rows in found.items()}

    @cached_property
    def _by_id(self) -> Mapping[str, Row]:
        return {row.id: row for row in self.rows}

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """The aggregate's rows of this type, in id order."""
        return self._by_kind.get(kind, ())  # type: ignore[return-value]

    def get(self, kind: type[R], id: str) -> R:
        """The row with this id. Raises `Refused("not_found")`."""
        row = self._by_id.get(id)
        if isinstance(row, kind):
            return row
        raise Refused("not_found")

    def first(self, kind: type[R]) -> R | None:
        """The only (or first) row of this type, if there is one."""
        return next(iter(self.all(kind)), None)

    def known(self, kind: type[R], id: str | None) -> R | None:
        """A unit, colleague or area by id, from this aggregate or from those it names."""
        if id is None:
            return None
        row = self.named.get(id)
        if isinstance(row, kind):
            return row
        own = self._by_id.get(id)
        return own if isinstance(own, kind) else None

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


def answered_once(question: Callable[[Around], T]) -> Callable[[Around], T]:
    """The same question, worked out once for each `Around`. Its answer must not be changed by who gets it."""

    @wraps(question)
    def asked(around: Around) -> T:
        answers = around.answers
        if question not in answers:
            answers[question] = question(around)
        answer: T = answers[question]
        return answer

    return asked
