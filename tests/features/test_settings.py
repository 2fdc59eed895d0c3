"""Settings: defaults until something is chosen, and only what is given is changed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.features.around import Around
from server.features.settings import Change, SettingsRow, feature
from server.features.shape import Target, Writes
from tests.features import cast
from tests.features.cast import AS_ANNA, NOW

ACCOUNT = AS_ANNA.account


def mine(*rows: Any) -> Around:
    return Around(id=ACCOUNT, kind="user", owner_unit="", now=NOW, rows=rows)


def test_the_first_change_makes_them_and_the_next_leaves_the_rest() -> None:
    writes = cast.give(mine(), Change, AS_ANNA, language="ar", kinds={"waiting_news": "in_app"})
    row = writes.rows[0]
    assert row == SettingsRow(id=row.id, owner_unit="", user=ACCOUNT, language="ar", kinds={"waiting_news": "in_app"})
    around = cast.after(mine(), writes)
    more = cast.give(around, Change, AS_ANNA, quiet_from="19:30", quiet_to="08:00", kinds={"consent_asked": "none"})
    kept = cast.after(around, more)
    assert cast.shown(feature, kept, kept.rows[0]) == {
        scopes.user(ACCOUNT): {
            "id": row.id,
            "language": "ar",
            "quiet_from": "19:30",
            "quiet_to": "08:00",
            "kinds": {"waiting_news": "in_app", "consent_asked": "none"},
        }
    }
    assert cast.give(kept, Change, AS_ANNA) == Writes(rows=kept.rows)


def test_they_are_ones_own() -> None:
    assert Change().targets(AS_ANNA) == (Target(ACCOUNT, create="user"),)


@pytest.mark.parametrize(
    "args", [{"quiet_from": "24:00"}, {"quiet_to": "7:00"}, {"kinds": {"x": "sms"}}, {"kinds": {"X!": "push"}}]
)
def test_the_shape(args: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Change.model_validate(args)
