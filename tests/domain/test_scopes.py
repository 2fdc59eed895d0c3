"""Scopes: names, parts, lease, store and rank, as in the table of model.md 2."""

from __future__ import annotations

import pytest

from server.domain import scopes
from server.domain.scopes import ScopeKind

C, U, X, K = "018f-c", "018f-u", "018f-x", "018f-k"

TABLE = [
    ("user:018f-u", scopes.user(U), ScopeKind.USER, (U,), 14, None),
    ("child:018f-c:young", scopes.young(C), ScopeKind.YOUNG, (C,), 14, C),
    ("child:018f-c:guardian:018f-u", scopes.guardian(C, U), ScopeKind.GUARDIAN, (C, U), 14, C),
    ("child:018f-c:supporter:018f-u", scopes.supporter(C, U), ScopeKind.SUPPORTER, (C, U), 3, C),
    ("child:018f-c:coordinator:018f-x", scopes.coordinator(C, X), ScopeKind.COORDINATOR, (C, X), 3, C),
    ("consent:018f-k:unit:018f-x", scopes.consent(K, X), ScopeKind.CONSENT, (K, X), 3, None),
    ("team:t1", scopes.team("t1"), ScopeKind.TEAM, ("t1",), 14, None),
    (
        "unit:018f-x:function:consultant",
        scopes.function(X, "consultant"),
        ScopeKind.FUNCTION,
        (X, "consultant"),
        14,
        None,
    ),
    ("unit:018f-x", scopes.unit(X), ScopeKind.UNIT, (X,), 14, None),
    ("area:a1:lead", scopes.area_lead("a1"), ScopeKind.AREA_LEAD, ("a1",), 14, None),
    ("area:a1:staff", scopes.area_staff("a1"), ScopeKind.AREA_STAFF, ("a1",), 14, None),
    ("region:public", scopes.PUBLIC, ScopeKind.REGION, (), None, None),
]


@pytest.mark.parametrize(("name", "built", "kind", "ids", "lease", "child"), TABLE)
def test_the_table(
    name: str, built: str, kind: ScopeKind, ids: tuple[str, ...], lease: int | None, child: str | None
) -> None:
    assert built == name
    assert scopes.parse(name) == scopes.Scope(kind, name, ids)
    assert (scopes.lease_days(name), scopes.child_of(name)) == (lease, child)


def test_every_kind_is_in_the_table_in_rank_order() -> None:
    assert [row[2] for row in TABLE] == list(ScopeKind)
    assert [scopes.rank(row[0]) for row in TABLE] == list(range(len(ScopeKind)))


def test_only_the_room_of_a_protected_child_stays_in_memory() -> None:
    kept = {row[2]: (scopes.store(row[0]), scopes.store(row[0], protected=True)) for row in TABLE}
    assert kept == {kind: ("keep", "memory" if kind is ScopeKind.COORDINATOR else "keep") for kind in ScopeKind}


@pytest.mark.parametrize(
    "name",
    [
        "", "user:", "user:A", "user:a b", "child:c", "child:c:guardian", "child:c:guardian:u:x", "consent:k",
        "unit:x:function:", "area:a", "area:a:everyone", "region:private", "user:u\n", " user:u", "user:é",
    ],
)  # fmt: skip
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        scopes.parse(name)


def test_a_part_cannot_smuggle_in_another_scope() -> None:
    with pytest.raises(ValueError):
        scopes.unit("x:function:consultant:y")
    with pytest.raises(ValueError):
        scopes.user("")
