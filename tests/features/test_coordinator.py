"""A new coordinator: who is told, and who is not."""

from __future__ import annotations

import msgspec
import pytest

from server.errors import Refused
from server.features.coordinator import Assign, Away, SetDeputy
from server.features.person import StaffRow
from server.features.rows import CoordinatorRow
from server.features.shape import Notice, Writes
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    BO,
    CHILD,
    ELIN,
    JOHAN,
    SAMIR,
    STINA,
    around_child,
    colleague,
    give,
    protected,
)
from tests.features.cast_area import around_school


def named(writes: Writes) -> CoordinatorRow:
    return next(row for row in writes.rows if isinstance(row, CoordinatorRow))


def told(writes: Writes) -> list[tuple[str, str]]:
    return [(one.account, one.kind) for one in writes.notices]


def test_the_family_and_the_new_coordinator_are_told() -> None:
    writes = give(around_child(), Assign, cast.AS_MARIA, child=CHILD, person=ELIN, coordinator=True)
    assert (named(writes).seat, named(writes).deputy) == (ELIN, JOHAN)
    family = sorted(cast.account(one) for one in (ANNA, BO, ALVA, STINA))
    assert told(writes) == [*((one, "coordinator_changed") for one in family), (cast.account(ELIN), "successor")]


def test_the_first_coordinator_is_told_of_in_other_words_than_a_new_one() -> None:
    around = around_child()
    row = around.first(CoordinatorRow)
    assert row is not None
    nobody_yet = msgspec.structs.replace(row, seat=None, deputy=None)
    for before, kind in ((nobody_yet, "coordinator_named"), (row, "coordinator_changed")):
        here = around_child(before, without=(row.id,))
        writes = give(here, Assign, cast.AS_JOHAN, child=CHILD, person=ELIN, coordinator=True)
        assert {one for _, one in told(writes)} - {"successor", "taken_over"} == {kind}
    left = msgspec.structs.replace(nobody_yet, earlier=((cast.MARIA, row.since, row.since),))
    writes = give(
        around_child(left, without=(row.id,)), Assign, cast.AS_JOHAN, child=CHILD, person=ELIN, coordinator=True
    )
    assert {one for _, one in told(writes)} - {"successor", "taken_over"} == {"coordinator_changed"}


def test_who_takes_over_by_themselves_is_not_told_by_themselves() -> None:
    writes = give(around_child(), Assign, colleague(JOHAN), child=CHILD, person=JOHAN, coordinator=True)
    assert named(writes).deputy is None
    assert cast.account(JOHAN) not in [account for account, _ in told(writes)]


def test_under_protection_only_the_circle_is_told() -> None:
    writes = give(around_child(protected()), Assign, cast.AS_MARIA, child=CHILD, person=ELIN, coordinator=True)
    assert not [kind for _, kind in told(writes) if kind == "coordinator_changed"]


def test_somebody_of_another_unit_cannot_coordinate() -> None:
    with pytest.raises(Refused, match="conflict"):
        give(around_child(), Assign, cast.AS_MARIA, child=CHILD, person=SAMIR, coordinator=True)


def test_a_new_deputy_is_told_once() -> None:
    here = around_child()
    writes = give(here, SetDeputy, cast.AS_MARIA, child=CHILD, person=ELIN)
    assert Notice(cast.account(ELIN), "stand_in", "child", CHILD) in writes.notices
    again = give(cast.after(here, writes), SetDeputy, cast.AS_MARIA, child=CHILD, person=ELIN)
    assert again.notices == ()


def test_who_was_deputy_and_is_not_any_more_is_told_and_of_no_child() -> None:
    here = around_child()
    johan = Notice(cast.account(JOHAN), "taken_over", "staff", JOHAN)
    assert johan in give(here, SetDeputy, cast.AS_MARIA, child=CHILD, person=ELIN).notices
    own = give(here, SetDeputy, cast.AS_JOHAN, child=CHILD, person=ELIN)
    assert told(own) == [(cast.account(ELIN), "stand_in")]
    left = msgspec.structs.replace(here.known(StaffRow, JOHAN), ended_at="2026-08-31T08:00:00.000Z")
    gone = around_child(left)
    assert johan not in give(gone, SetDeputy, cast.AS_MARIA, child=CHILD, person=ELIN).notices


def test_who_was_coordinator_is_told_unless_they_named_the_next_themselves() -> None:
    writes = give(around_child(), Assign, cast.AS_JOHAN, child=CHILD, person=ELIN, coordinator=True)
    assert Notice(cast.account(cast.MARIA), "taken_over", "staff", cast.MARIA) in writes.notices
    assert cast.account(JOHAN) not in [account for account, _ in told(writes)]


def test_who_answers_while_somebody_is_away_is_told_and_not_again_when_only_the_day_changes() -> None:
    here = around_school()
    writes = give(here, Away, cast.AS_MARIA, until="2026-09-04", person=ELIN)
    assert writes.notices == (Notice(cast.account(ELIN), "stand_in", "staff", cast.MARIA),)
    here = cast.after(here, writes)
    assert give(here, Away, cast.AS_MARIA, until="2026-09-07").notices == ()
    other = give(here, Away, cast.AS_MARIA, until="2026-09-07", person=JOHAN)
    assert told(other) == [(cast.account(JOHAN), "stand_in"), (cast.account(ELIN), "stand_in_ended")]
    home = give(here, Away, cast.AS_MARIA)
    assert home.notices == (Notice(cast.account(ELIN), "stand_in_ended", "staff", ELIN),)
    assert give(cast.after(here, home), Away, cast.AS_MARIA).notices == ()
    back = cast.after(here, home)
    assert told(give(back, Away, cast.AS_MARIA, until="2026-09-09")) == [(cast.account(ELIN), "stand_in")]
