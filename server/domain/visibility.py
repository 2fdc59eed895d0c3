"""Visibility: what is cut away from documents for a whole class of readers.

Two rules that hold for every feature: what is known of a child with protected identity never leaves the rooms of that
child, nor memory; and a session that has proved no more than a typed code sees the contact card and when and where the
meetings are, and what it wrote itself. Source: model.md 1 and 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.domain import scopes
from server.domain.actors import Assurance
from server.domain.scopes import ScopeKind

MEMORY: Final = "memory"

_ALWAYS: Final = frozenset({"coordinator", "settings", "device", "notice"})
"""The card, and one's own account."""
_WORDS: Final = frozenset({"contact_request", "message", "voice"})
"""One's own words: whoever may write with a code may see what they wrote. A professional's rooms hold others' words."""
_OWN: Final = frozenset({ScopeKind.USER, ScopeKind.YOUNG, ScopeKind.GUARDIAN, ScopeKind.SUPPORTER})
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "child": frozenset({"id", "display_name", "age_band", "last_word"}),
    "meeting": frozenset(
        {
            "id",
            "child",
            "kind",
            "title",
            "starts_local",
            "zone",
            "starts_at",
            "minutes",
            "place",
            "join_url",
            "phone_in",
            "sequence",
            "state",
            "answer",
            "ends_at",
            "checked_in",
            "new_time_asked",
        }
    ),
}


def is_of_child(scope: str) -> bool:
    """True for a room of one child: its guardians', its own, its supporters' and its coordinator's."""
    return scopes.child_of(scope) is not None


def sees_all(assurance: Assurance) -> bool:
    """True for a session that has proved whose it is."""
    return assurance > Assurance.CODE


def for_code_only(scope: str, entity: str, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The part of a document that a session by code alone may see; None when that is nothing."""
    if scope == scopes.PUBLIC or entity in _ALWAYS:
        return document
    if entity in _WORDS:
        return document if scopes.parse(scope).kind in _OWN else None
    fields = _FIELDS.get(entity)
    return None if fields is None else {key: value for key, value in document.items() if key in fields}
