"""What a session that has proved no more than a typed code may see."""

from __future__ import annotations

import pytest

from server.domain import scopes
from server.domain.actors import Assurance
from server.domain.visibility import for_code_only, is_of_child, sees_all

GUARDIAN, YOUNG = scopes.guardian("c", "u"), scopes.young("c")
SUPPORTER = scopes.supporter("c", "u")
COORDINATOR, CONSENTED = scopes.coordinator("c", "x"), scopes.consent("k", "x")
WHOLE = {"id": "1", "text": "Hej", "state": "open", "agenda": []}


@pytest.mark.parametrize("entity", ["contact_request", "message", "voice"])
def test_words_are_seen_where_they_are_ones_own(entity: str) -> None:
    for scope in (GUARDIAN, YOUNG, SUPPORTER, scopes.user("u")):
        assert for_code_only(scope, entity, WHOLE) == WHOLE
    for scope in (COORDINATOR, CONSENTED, scopes.unit("x"), scopes.function("x", "consultant")):
        assert for_code_only(scope, entity, WHOLE) is None


def test_card_and_own_account_are_whole_everywhere() -> None:
    assert for_code_only(COORDINATOR, "coordinator", WHOLE) == WHOLE
    assert for_code_only(scopes.user("u"), "settings", WHOLE) == WHOLE
    assert for_code_only(scopes.PUBLIC, "area", WHOLE) == WHOLE


def test_of_meetings_only_when_and_where_and_of_the_rest_nothing() -> None:
    assert for_code_only(GUARDIAN, "meeting", WHOLE) == {"id": "1", "state": "open"}
    assert for_code_only(GUARDIAN, "consent", WHOLE) is None
    assert for_code_only(COORDINATOR, "waiting", WHOLE) is None


def test_a_childs_rooms_are_known_and_who_has_proved_more_sees_all() -> None:
    assert all(is_of_child(scope) for scope in (GUARDIAN, YOUNG, SUPPORTER, COORDINATOR))
    assert not any(is_of_child(scope) for scope in (CONSENTED, scopes.user("u"), scopes.PUBLIC))
    assert [sees_all(level) for level in Assurance] == [level is not Assurance.CODE for level in Assurance]
