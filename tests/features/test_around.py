"""Around: what it has found once it keeps, and what is made of it begins anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from server.errors import Refused
from server.features import circle
from server.features.around import Around, answered_once
from server.features.person import UnitRow
from server.features.rows import ChildRow, RelationRow
from server.features.shape import Writes
from tests.features import cast


def test_a_question_is_worked_out_once() -> None:
    asked = []

    @answered_once
    def rows(around: Around) -> int:
        asked.append(around.id)
        return len(around.rows)

    around = cast.around_child()
    assert rows(around) == rows(around) == len(around.rows)
    assert len(asked) == 1


def test_what_is_made_of_it_does_not_answer_as_before() -> None:
    around = cast.around_child()
    before = circle.guardians(around)
    gone = [msgspec.structs.replace(row, ended_at="2026-11-02T09:00:00.000Z") for row in before]
    assert circle.guardians(around.after(Writes(), gone)) == ()
    assert circle.guardians(replace(around, rows=())) == ()
    assert circle.guardians(replace(around, now=around.now + timedelta(days=365 * 20))) == ()
    assert circle.guardians(around) == before != ()


def test_rows_are_found_by_kind_and_by_id() -> None:
    around = cast.around_child()
    child = circle.child(around)
    assert around.all(ChildRow) == (child,) and around.get(ChildRow, child.id) is child
    assert [row.id for row in around.all(RelationRow)] == sorted(row.id for row in around.all(RelationRow))
    assert around.known(UnitRow, around.owner_unit) is around.named[around.owner_unit]
    assert around.known(ChildRow, child.id) is child and around.known(RelationRow, child.id) is None
    assert around.known(UnitRow, None) is None
    with pytest.raises(Refused):
        around.get(RelationRow, child.id)
