"""Who has looked: unit, function and day, once a day for each member of staff, and never a name."""

from __future__ import annotations

from server.domain.actors import SYSTEM
from server.features.access_entry import AccessEntryRow, Noted, feature
from server.features.shape import Writes
from tests.features import cast
from tests.features.cast import CHILD, CLINIC, SAMIR, SCHOOL, SCOPE_ALVA, SCOPE_ANNA, SCOPE_BO
from tests.features.consenting import refused

ARGS = {"child": CHILD, "seat": SAMIR, "on": "2026-09-01"}


def test_a_read_is_noted_once_a_day() -> None:
    around = cast.around_child()
    writes = cast.give(around, Noted, SYSTEM, **ARGS)
    id = writes.rows[0].id
    row = AccessEntryRow(
        id=id, owner_unit=SCHOOL, child=CHILD, seat=SAMIR, unit=CLINIC, title="Kurator", on="2026-09-01"
    )
    assert writes == Writes(rows=(row,))
    later = cast.after(around, writes)
    assert cast.give(later, Noted, SYSTEM, **ARGS) == Writes()
    assert len(cast.give(later, Noted, SYSTEM, **{**ARGS, "on": "2026-09-02"}).rows) == 1
    document = {"id": id, "child": CHILD, "unit_name": "Vårdcentralen", "function": "Kurator", "on": "2026-09-01"}
    assert cast.shown(feature, later, row) == dict.fromkeys((SCOPE_ANNA, SCOPE_BO, SCOPE_ALVA), document)


def test_somebody_unknown_is_not_noted() -> None:
    refused(lambda: cast.give(cast.around_child(), Noted, SYSTEM, **{**ARGS, "seat": cast.uuid(99)}), "not_found")
    assert Noted.internal and Noted.rule.seats == {SYSTEM.kind}
